"""Transports of servers: which streams go over stdio, HTTP or SSE, and with which `Mcp-Session-Id`."""

from __future__ import annotations

from functools import wraps

from .. import guard
from . import transport as transports
from .address import of_scope
from .transport import Entered, Transport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..sensor import Sensor


def hooks(sensor: Sensor) -> dict[str, Callable[[Any], None]]:
    return {
        "mcp.server.stdio": _stdio,
        "mcp.server.streamable_http": _streamable,
        "mcp.server.sse": _sse,
        "mcp.server.websocket": _websocket,
    }


def entering(original, make):  # type: ignore[no-untyped-def]
    """A function like `original`, which gives a context manager of two streams; `make(*args)` says their transport."""

    @wraps(original)
    def enter(*args, **kwargs):  # type: ignore[no-untyped-def]
        manager = original(*args, **kwargs)
        held: list[object] = []

        def entered(streams: object) -> None:
            try:
                stream = streams[1]  # type: ignore[index]
                transports.remember(stream, make(*args, **kwargs))
                held.append(stream)
            except Exception as error:
                guard.fault("mcp", original.__qualname__, error)

        def left() -> None:
            for stream in held:
                transports.forget(stream)

        return Entered(manager, entered, left)

    return enter


def _stdio(module: Any) -> None:
    module.stdio_server = entering(module.stdio_server, lambda *args, **kwargs: Transport("stdio"))


def _streamable(module: Any) -> None:
    def make(self: object) -> Transport:
        # Stateless servers have none: each request is a session of its own.
        return Transport("http", lambda: self.mcp_session_id)  # type: ignore[attr-defined]

    transport = module.StreamableHTTPServerTransport
    transport.connect = entering(transport.connect, make)


def _sse(module: Any) -> None:
    def make(self: object, scope: object, *args: object, **kwargs: object) -> Transport:
        last = next(reversed(self._read_stream_writers), None)  # type: ignore[attr-defined]
        return Transport("sse", lambda: last.hex if last is not None else None, of_scope(scope))

    transport = module.SseServerTransport
    transport.connect_sse = entering(transport.connect_sse, make)


def _websocket(module: Any) -> None:
    def make(scope: object, *args: object, **kwargs: object) -> Transport:
        return Transport("websocket", None, of_scope(scope))

    module.websocket_server = entering(module.websocket_server, make)
