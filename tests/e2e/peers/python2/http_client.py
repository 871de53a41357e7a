"""mcp 2.x as a client, on httpx2, in the newest protocol that both ends know: `http_client.py URL`."""

import asyncio
import os
import sys

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client


async def main():
    async with httpx2.AsyncClient(headers={"x-peer-pid": str(os.getpid())}, timeout=20) as http:
        async with Client(streamable_http_client(sys.argv[1], http_client=http)) as client:
            await client.list_tools()
            await asyncio.gather(*(client.call_tool("add", {"a": 1, "b": b}) for b in range(5)))
            for refused in ("fail", "none"):
                try:
                    await client.call_tool(refused, {})
                except MCPError:
                    pass
            await client.call_tool("steps", {"count": 3}, progress_callback=progress)
            await client.read_resource("note://one")
            await client.get_prompt("greet", {"name": "Ада"})


async def progress(done, total, message):
    pass


asyncio.run(main())
