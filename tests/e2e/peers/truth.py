"""Ground truth for the Python peers: every line that goes to or comes from a server process, below the SDK.

Import it first. Each line of the file $TRUTH is {client, server, from, raw}.
"""

import json
import os

import anyio

_open_process = anyio.open_process


def _lines(sender, pid):
    rest = b""

    def feed(data):
        nonlocal rest
        *whole, rest = (rest + data).split(b"\n")
        with open(os.environ["TRUTH"], "a") as file:
            for line in whole:
                record = {"client": os.getpid(), "server": pid, "from": sender, "raw": line.decode()}
                file.write(json.dumps(record) + "\n")

    return feed


async def _open(*args, **kwargs):
    process = await _open_process(*args, **kwargs)
    sent, received = _lines("client", process.pid), _lines("server", process.pid)
    send, receive = process.stdin.send, process.stdout.receive

    async def recording_send(data):
        sent(data)
        await send(data)

    async def recording_receive(*limit):
        data = await receive(*limit)
        received(data)
        return data

    process.stdin.send = recording_send
    process.stdout.receive = recording_receive
    return process


anyio.open_process = _open
