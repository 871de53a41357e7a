"""A server of mcp 2.x that asks its client for things: in rounds (2026-07-28), or by requests of its own before."""

from typing import Annotated

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.resolve import Elicit, ListRoots, Resolve, Sample
from mcp_types import SamplingMessage, TextContent
from pydantic import BaseModel

server = MCPServer("semantics3")


class Name(BaseModel):
    name: str


def ask_name():
    return Elicit("Name?", Name)


def ask_roots():
    return ListRoots()


def ask_model(who: Annotated[Name, Resolve(ask_name)]):
    return Sample([SamplingMessage(role="user", content=TextContent(type="text", text=f"Greet {who.name}"))], max_tokens=5)


@server.tool()
async def ask(
    who: Annotated[Name, Resolve(ask_name)],
    roots: Annotated[object, Resolve(ask_roots)],
    idea: Annotated[object, Resolve(ask_model)],
) -> str:
    """Needs a name and roots, and with the name a model."""
    return "asked"


@server.tool()
async def steps(count: int, ctx: Context) -> str:
    """Reports progress."""
    for i in range(count):
        await ctx.report_progress(i + 1, count)
    return "done"


@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("as asked")


if __name__ == "__main__":
    server.run("stdio")
