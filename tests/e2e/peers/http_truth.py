"""Ground truth for HTTP servers in Python: every message in a body or an SSE event, above TLS and below the SDK.

Each line of the file $TRUTH is {session, transport, client, server, from, raw}; `client` is the header `x-peer-pid`, and
`session` the session id, or a number for an exchange without one.
"""

import asyncio
import itertools
import json
import os
import re
import socket
from urllib.parse import parse_qs

import uvicorn

_exchanges = itertools.count(1)


class _Exchange:
    def __init__(self, scope):
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = parse_qs(scope["query_string"].decode())
        old = query.get("session_id")
        self.session = headers.get("mcp-session-id") or (old and old[0])
        self.transport = "sse" if old else "http"
        self.client = int(headers.get("x-peer-pid", 0)) or None
        self.post = scope["method"] == "POST"
        self.number = next(_exchanges)
        self.held, self.body, self.text, self.streams = [], b"", b"", False

    def message(self, sender, raw):
        if not _is_message(raw):
            return
        self.held.append({"from": sender, "raw": raw.decode().strip()})
        if sender == "server" or self.session:
            self.flush()

    def flush(self):
        known = {"session": self.session or self.number, "transport": self.transport}
        known |= {"client": self.client, "server": os.getpid()}
        lines = "".join(json.dumps({**known, **message}) + "\n" for message in self.held)
        self.held = []
        if lines:
            with open(os.environ["TRUTH"], "a") as file:
                file.write(lines)

    def received(self, event):
        self.body += event.get("body", b"")
        if event["type"] == "http.request" and not event.get("more_body") and self.post:
            self.message("client", self.body)

    def sent(self, event):
        if event["type"] == "http.response.start":
            headers = {name.decode().lower(): value.decode() for name, value in event["headers"]}
            self.streams = headers.get("content-type", "").startswith("text/event-stream")
            self.session = self.session or headers.get("mcp-session-id")
            if not self.streams or self.session:
                self.flush()
        elif event["type"] == "http.response.body":
            self.text += event.get("body", b"")
            if self.streams:
                *blocks, self.text = self.text.replace(b"\r\n", b"\n").split(b"\n\n")
                for block in blocks:
                    self.event(block)
            elif not event.get("more_body"):
                self.message("server", self.text)

    def event(self, block):
        fields = dict(re.findall(rb"^(\w+): ?(.*)$", block, re.M))
        data = fields.get(b"data", b"")
        if fields.get(b"event") == b"endpoint":
            self.transport = "sse"
            self.session = str(uuid_of(data))
        else:
            self.message("server", data)


def uuid_of(data):
    """The session id as it stands in an endpoint."""
    return re.search(rb"session_id=([^&\s]+)", data)[1].decode()


def _is_message(raw):
    try:
        return json.loads(raw)["jsonrpc"] == "2.0"
    except (ValueError, TypeError, KeyError):
        return False


def recorded(app):
    """The same application, with everything that is said written down."""

    async def wrapper(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        exchange = _Exchange(scope)

        async def recording_receive():
            event = await receive()
            exchange.received(event)
            return event

        async def recording_send(event):
            exchange.sent(event)
            await send(event)

        await app(scope, recording_receive, recording_send)

    return wrapper


def run(app):
    """Serves over http and, given $TLS_KEY and $TLS_CERTIFICATE, over https; prints {pid, http, https}."""
    said, servers = {"pid": os.getpid()}, []
    heard = recorded(app) if os.environ.get("TRUTH") else app

    def add(kind, **options):
        listener = socket.create_server(("127.0.0.1", 0))
        said[kind] = listener.getsockname()[1]
        config = uvicorn.Config(heard, log_level="error", timeout_graceful_shutdown=1, **options)
        servers.append(uvicorn.Server(config).serve([listener]))

    async def main():
        add("http")
        if "TLS_KEY" in os.environ:
            files = {"ssl_keyfile": os.environ["TLS_KEY"], "ssl_certfile": os.environ["TLS_CERTIFICATE"]}
            add("https", lifespan="off", **files)
        print(json.dumps(said), flush=True)
        await asyncio.gather(*servers)

    asyncio.run(main())
