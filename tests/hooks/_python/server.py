"""A server of mcp 1.x over stdio for the faults: `echo`, and `do`, which runs a line of Python."""

import asyncio
import os
import subprocess
import sys

from mcp.server.fastmcp import FastMCP

server = FastMCP("faults")


@server.tool()
def echo(text: str) -> str:
    return text


@server.tool()
def do(code: str) -> str:
    scope = {"os": os, "sys": sys, "subprocess": subprocess, "asyncio": asyncio}
    exec(code, scope)
    return str(scope.get("result"))


server.run("stdio")
