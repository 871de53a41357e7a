from fastmcp import Context, FastMCP

server = FastMCP("fastmcp2")


@server.tool
def add(a: int, b: int) -> int:
    """a + b"""
    return a + b


@server.tool
async def steps(count: int, ctx: Context) -> str:
    """Reports progress and logs."""
    for i in range(count):
        await ctx.report_progress(i + 1, count)
        await ctx.info(f"step {i + 1} ✓")
    return "done"


@server.tool
def fail() -> str:
    """Fails."""
    raise ValueError("as asked")


@server.resource("note://one")
def note() -> str:
    return "a note\nof two lines"


@server.prompt
def greet(name: str) -> str:
    return f"Greet {name}"


if __name__ == "__main__":
    server.run("stdio", show_banner=False)
