"""fastmcp client and server over stdio."""

import asyncio
import sys
from pathlib import Path

import truth  # noqa: F401
from fastmcp import Client
from fastmcp.client.transports import PythonStdioTransport
from fastmcp.exceptions import FastMCPError, ToolError
from mcp import MCPError


async def main():
    server = PythonStdioTransport(Path(__file__).with_name("server.py"), python_cmd=sys.executable)
    async with Client(server) as client:
        await client.list_tools()
        await client.call_tool("add", {"a": 1, "b": 2})
        await asyncio.gather(*(client.call_tool("add", {"a": 1, "b": b}) for b in range(5)))
        for refused in ("fail", "none"):
            try:
                await client.call_tool(refused, {})
            except (ToolError, MCPError):
                pass
        await client.call_tool("steps", {"count": 3}, progress_handler=progress)
        await client.list_resources()
        await client.read_resource("note://one")
        try:
            await client.get_prompt("none")
        except (FastMCPError, MCPError):
            pass
        await client.get_prompt("greet", {"name": "Ада"})


async def progress(done, total, message):
    pass


asyncio.run(main())
