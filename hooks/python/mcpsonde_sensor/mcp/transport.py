"""What is known of the transport under a session, found again by the stream that the session writes to."""

from __future__ import annotations

from os import urandom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: Streams that are remembered at most; more have been forgotten by whoever made them.
MOST = 4096


class Transport:
    """`kind` is `stdio`, `http`, `sse`, `websocket` or `memory`."""

    __slots__ = ("kind", "address", "_own", "_ask")

    def __init__(self, kind: str, ask: Callable[[], str | None] | None = None, address: str | None = None) -> None:
        self.kind = kind
        #: Of the client, `host:port`, where it is known from the connection.
        self.address = address
        self._own = ""
        self._ask = ask

    @property
    def session_id(self) -> str | None:
        """`Mcp-Session-Id`, or one made here for a transport that has none."""
        if self._ask is not None:
            return self._ask()
        if not self._own:
            bits = urandom(16).hex()
            self._own = f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-8{bits[17:20]}-{bits[20:]}"
        return self._own


#: By identity of the stream; the stream is kept so that its identity is not another's.
_known: dict[int, tuple[object, Transport]] = {}


def remember(stream: object, transport: Transport) -> None:
    if len(_known) >= MOST:
        _known.pop(next(iter(_known)))
    _known[id(stream)] = (stream, transport)


def forget(stream: object) -> None:
    _known.pop(id(stream), None)


def of(stream: object) -> Transport:
    """Of the session that writes to this stream; streams of nobody are those between tasks of a process."""
    known = _known.get(id(stream))
    return known[1] if known is not None else Transport("memory")


class Entered:
    """An asynchronous context manager, as it is, with something done when it has been entered and left."""

    def __init__(self, manager: object, entered: Callable[[object], None], left: Callable[[], None]) -> None:
        self._manager = manager
        self._entered = entered
        self._left = left

    async def __aenter__(self) -> object:
        value = await self._manager.__aenter__()  # type: ignore[attr-defined]
        self._entered(value)
        return value

    async def __aexit__(self, *exc: object) -> object:
        try:
            return await self._manager.__aexit__(*exc)  # type: ignore[attr-defined]
        finally:
            self._left()

    def __getattr__(self, name: str) -> object:
        return getattr(self._manager, name)

    def __call__(self, function: object) -> object:  # as a decorator, which the original is, too
        return self._manager(function)  # type: ignore[operator]
