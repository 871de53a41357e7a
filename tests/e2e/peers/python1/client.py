"""mcp 1.x client and server over stdio."""

import asyncio
import sys
from pathlib import Path

import truth  # noqa: F401
from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import stdio_client

SERVER = StdioServerParameters(command=sys.executable, args=[str(Path(__file__).with_name("server.py"))])


async def main():
    async with stdio_client(SERVER) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        await session.list_tools()
        await session.call_tool("add", {"a": 1, "b": 2})
        await asyncio.gather(*(session.call_tool("add", {"a": 1, "b": b}) for b in range(5)))
        await session.call_tool("fail", {})
        await session.call_tool("none", {})
        await session.call_tool("steps", {"count": 3}, progress_callback=progress)
        await session.list_resources()
        await session.read_resource("note://one")
        try:
            await session.get_prompt("none")
        except McpError:
            pass
        await session.get_prompt("greet", {"name": "Ада"})
        await session.send_ping()


async def progress(done, total, message):
    pass


asyncio.run(main())
