"""fastmcp 2 and 3: client and server over stdio, or with a URL as the argument over HTTP."""

import asyncio
import os
import sys
from pathlib import Path

import truth  # noqa: F401
from fastmcp import Client
from fastmcp.client.transports import PythonStdioTransport, StreamableHttpTransport
from fastmcp.exceptions import ToolError
from mcp import McpError


def transport():
    if len(sys.argv) > 1:
        return StreamableHttpTransport(sys.argv[1], headers={"x-peer-pid": str(os.getpid())})
    return PythonStdioTransport(Path(__file__).with_name("server.py"), python_cmd=sys.executable)


async def main():
    async with Client(transport()) as client:
        await client.list_tools()
        await client.call_tool("add", {"a": 1, "b": 2})
        await asyncio.gather(*(client.call_tool("add", {"a": 1, "b": b}) for b in range(5)))
        for refused in ("fail", "none"):
            try:
                await client.call_tool(refused, {})
            except (ToolError, McpError):
                pass
        await client.call_tool("steps", {"count": 3}, progress_handler=progress)
        await client.list_resources()
        await client.read_resource("note://one")
        try:
            await client.get_prompt("none")
        except McpError:
            pass
        await client.get_prompt("greet", {"name": "Ада"})
        await asyncio.sleep(0.3)  # the client kills its server: what is in there has time to tell


async def progress(done, total, message):
    pass


asyncio.run(main())
