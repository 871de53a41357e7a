"""A client of mcp 2.x that is asked for a name, roots and a model's answer: `semantics_client.py (legacy | 2026-07-28)`."""

import asyncio
import os
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters
from mcp_types import CreateMessageResult, ElicitResult, ListRootsResult, Root, TextContent

SERVER = StdioServerParameters(
    command=sys.executable, args=[str(Path(__file__).with_name("semantics_server.py"))], env=dict(os.environ)
)


async def elicited(context, params):
    await asyncio.sleep(0.05)  # a person thinks
    return ElicitResult(action="accept", content={"name": "Ada"})


async def sampled(context, params):
    return CreateMessageResult(role="assistant", model="none", content=TextContent(type="text", text="Hello"))


async def roots(context):
    return ListRootsResult(roots=[Root(uri="file:///tmp", name="tmp")])


async def progress(done, total, message):
    pass


async def main():
    callbacks = {"elicitation_callback": elicited, "sampling_callback": sampled, "list_roots_callback": roots}
    async with Client(SERVER, mode=sys.argv[1], **callbacks) as client:
        await client.list_tools()
        await client.call_tool("ask", {})
        await client.call_tool("steps", {"count": 3}, progress_callback=progress)
        await client.call_tool("fail", {})


asyncio.run(main())
