"""mcp 2.x client and server over stdio; both sides take the newest protocol they share."""

import asyncio
import sys
from pathlib import Path

import truth  # noqa: F401
from mcp import Client, MCPError, StdioServerParameters

SERVER = StdioServerParameters(command=sys.executable, args=[str(Path(__file__).with_name("server.py"))])


async def main():
    async with Client(SERVER) as client:
        await client.list_tools()
        await client.call_tool("add", {"a": 1, "b": 2})
        await asyncio.gather(*(client.call_tool("add", {"a": 1, "b": b}) for b in range(5)))
        for refused in ("fail", "none"):
            try:
                await client.call_tool(refused, {})
            except MCPError:
                pass
        await client.call_tool("steps", {"count": 3}, progress_callback=progress)
        await client.list_resources()
        await client.read_resource("note://one")
        try:
            await client.get_prompt("none")
        except MCPError:
            pass
        await client.get_prompt("greet", {"name": "Ада"})


async def progress(done, total, message):
    pass


asyncio.run(main())
