"""Mean latency of tool calls over stdio to several servers, which take turns: `latency.py ROUNDS JSON`.

The argument is {name: {command, args, env}}; the client is that of mcp 1.x, without a sensor. Prints
{name: {ms: […], cpu: […]}}: for each round the mean of its calls, and what the server spent on one, on all its threads.
"""

import asyncio
import glob
import json
import os
import sys
import time
from contextlib import AsyncExitStack

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

CALLS = 40
TEXT = "the quick brown fox jumps over the lazy dog " * 5


def cpu(pid):
    """Milliseconds that the threads of a process have run: /proc/PID/task/TID/schedstat."""
    spent = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path) as file:
            spent += int(file.read().split()[0])
    return spent / 1e6


def children():
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return {int(each) for each in file.read().split()}


async def main():
    rounds, servers = int(sys.argv[1]), json.loads(sys.argv[2])
    async with AsyncExitStack() as stack:
        sessions, pids = {}, {}
        for name, how in servers.items():
            before = children()
            streams = await stack.enter_async_context(stdio_client(StdioServerParameters(**how), errlog=sys.stderr))
            pids[name] = (children() - before).pop()
            sessions[name] = await stack.enter_async_context(ClientSession(*streams))
            await sessions[name].initialize()
            for _ in range(50):
                await sessions[name].call_tool("echo", {"text": TEXT})
        times = {name: {"ms": [], "cpu": []} for name in sessions}
        for k in range(rounds):
            order = list(sessions.items())
            for name, session in order if k % 2 == 0 else reversed(order):
                begun, spent = time.perf_counter(), cpu(pids[name])
                for _ in range(CALLS):
                    await session.call_tool("echo", {"text": TEXT})
                times[name]["ms"].append((time.perf_counter() - begun) / CALLS * 1000)
                times[name]["cpu"].append((cpu(pids[name]) - spent) / CALLS)
        print(json.dumps(times), flush=True)


asyncio.run(main())
