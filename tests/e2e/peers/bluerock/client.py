"""mcp 1.x client and server over stdio, both under BlueRock's hooks: `python -m bluerock --oss client.py`."""

import asyncio
import os
import sys
from pathlib import Path

import truth  # noqa: F401
from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CreateMessageResult, TextContent

SERVER = StdioServerParameters(
    command=sys.executable,
    args=["-m", "bluerock", "--oss", str(Path(__file__).with_name("server.py"))],
    env={"HOME": os.environ["HOME"]},
)


async def sample(context, params):
    return CreateMessageResult(role="assistant", model="m", content=TextContent(type="text", text="yes"))


async def main():
    async with stdio_client(SERVER) as (read, write):
        async with ClientSession(read, write, sampling_callback=sample) as session:
            await session.initialize()
            await session.list_tools()
            await asyncio.gather(*(session.call_tool("add", {"a": 1, "b": b}) for b in range(5)))
            await session.call_tool("fail", {})
            await session.call_tool("ask", {})
            await session.call_tool("fork", {})
            await session.read_resource("note://one")
            try:
                await session.get_prompt("none")
            except McpError:
                pass
            await session.send_ping()


asyncio.run(main())
