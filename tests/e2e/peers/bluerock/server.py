import os

from mcp.server.fastmcp import Context, FastMCP
from mcp.types import SamplingMessage, TextContent

server = FastMCP("bluerock-peer")


@server.tool()
def add(a: int, b: int) -> int:
    """a + b"""
    return a + b


@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("as asked")


@server.tool()
async def ask(ctx: Context) -> str:
    """Asks the client's model."""
    content = TextContent(type="text", text="well?")
    answer = await ctx.session.create_message([SamplingMessage(role="user", content=content)], max_tokens=1)
    return answer.content.text


@server.tool()
def fork() -> int:
    """A child that imports something."""
    child = os.fork()
    if child == 0:
        import colorsys  # noqa: F401

        os._exit(0)
    return os.waitpid(child, 0)[1]


@server.resource("note://one")
def note() -> str:
    return "a note\nof two lines"


if __name__ == "__main__":
    server.run("stdio")
