"""mcp 1.x as a client, on httpx: `http_client.py URL [sse]`."""

import asyncio
import os
import sys

from mcp import ClientSession, McpError
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamablehttp_client

url, old = sys.argv[1], "sse" in sys.argv
connect = sse_client if old else streamablehttp_client


async def main():
    async with connect(url, headers={"x-peer-pid": str(os.getpid())}) as (read, write, *_):
        async with ClientSession(read, write) as session:
            await session.initialize()
            await session.list_tools()
            await asyncio.gather(*(session.call_tool("add", {"a": 1, "b": b}) for b in range(5)))
            await session.call_tool("fail", {})
            await session.call_tool("steps", {"count": 3}, progress_callback=progress)
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
