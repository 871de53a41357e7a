"""`mcp` 1.x: sessions are `BaseSession`s over two streams, of `SessionMessage`s with a `JSONRPCMessage` in them.

Changed are `BaseSession.__init__` (puts taps on the streams: all messages pass there once, whatever the transport),
`BaseSession.__aenter__` and `__aexit__` (the session's life), and the low-level server's `_handle_request` (the request
in progress, its handler's time and exception).
"""

from __future__ import annotations

from functools import wraps

from .. import guard
from . import transport as transports
from .address import of_metadata
from .call import Call, current
from .session import Session, handled, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..sensor import Sensor

#: Where a session keeps ours.
OURS = "_mcpsonde_session"


def hooks(sensor: Sensor) -> dict[str, Callable[[Any], None]]:
    return {
        "mcp.shared.session": lambda module: _sessions(module, sensor),
        "mcp.server.lowlevel.server": _server,
    }


def _sessions(module: Any, sensor: Sensor) -> None:
    base = module.BaseSession
    if "_receive_loop" not in vars(base):
        return
    init, enter, leave = base.__init__, base.__aenter__, base.__aexit__

    @wraps(init)
    def __init__(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        init(self, *args, **kwargs)
        if not guard.on["mcp"]:
            return
        try:
            role = "client" if any("Client" in each.__name__ for each in type(self).__mro__) else "server"
            session = Session(sensor, role, transports.of(self._write_stream), None)
            setattr(self, OURS, session)
            self._read_stream = _Received(self._read_stream, session, self)
            self._write_stream = _Sent(self._write_stream, session, self)
        except Exception as error:
            guard.fault("mcp", "BaseSession", error)

    @wraps(enter)
    async def __aenter__(self):  # type: ignore[no-untyped-def]
        _life(self, "created")
        return await enter(self)

    @wraps(leave)
    async def __aexit__(self, *args):  # type: ignore[no-untyped-def]
        try:
            return await leave(self, *args)
        finally:
            _life(self, "terminated")

    base.__init__, base.__aenter__, base.__aexit__ = __init__, __aenter__, __aexit__


def _life(owner: object, what: str) -> None:
    try:
        session = getattr(owner, OURS, None)
        if session is not None:
            _name(session, owner)
            session.lifecycle(what)
    except Exception as error:
        guard.fault("mcp", f"session {what}", error)


def _name(session: Session, owner: object) -> None:
    if session.server_name is None and session.role == "server":
        session.server_name = getattr(getattr(owner, "_init_options", None), "server_name", None)


class _Stream:
    """A stream, as it is, with a look at what passes."""

    def __init__(self, inner: object, session: Session, owner: object) -> None:
        self._inner = inner
        self._session = session
        self._owner = owner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def __aenter__(self) -> object:
        await self._inner.__aenter__()  # type: ignore[attr-defined]
        return self

    async def __aexit__(self, *exc: object) -> object:
        return await self._inner.__aexit__(*exc)  # type: ignore[attr-defined]


class _Sent(_Stream):
    def send(self, item: object) -> object:
        _look(item, self._session, self._owner, False)
        return self._inner.send(item)  # type: ignore[attr-defined]

    def send_nowait(self, item: object) -> object:
        _look(item, self._session, self._owner, False)
        return self._inner.send_nowait(item)  # type: ignore[attr-defined]


class _Received(_Stream):
    def __aiter__(self) -> object:
        return self

    async def __anext__(self) -> object:
        item = await self._inner.__anext__()  # type: ignore[attr-defined]
        _look(item, self._session, self._owner, True)
        return item

    async def receive(self) -> object:
        item = await self._inner.receive()  # type: ignore[attr-defined]
        _look(item, self._session, self._owner, True)
        return item


_KINDS = {
    "JSONRPCRequest": "request",
    "JSONRPCNotification": "notification",
    "JSONRPCResponse": "response",
    "JSONRPCError": "response",
}


def _look(item: object, session: Session, owner: object, received: bool) -> None:
    """Tells of a message; not of exceptions, which a transport gives for bytes that were none."""
    if not guard.on["mcp"] or isinstance(item, Exception):
        return
    try:
        message = item.message  # type: ignore[attr-defined]
        root = message.root
        kind = _KINDS[type(root).__name__]
        if session.server_name is None:
            _name(session, owner)
        if session.role == "server" and received:
            session.address = of_metadata(item.metadata) or session.address  # type: ignore[attr-defined]
        id = getattr(root, "id", None)
        extra = ""
        if kind == "response":
            if session.role == "server" and not received:
                extra = handled(current.get(), session, id)
            elif received and session.server_name is None:
                result = getattr(root, "result", None)
                if isinstance(result, dict) and isinstance(result.get("serverInfo"), dict):
                    session.server_name = result["serverInfo"].get("name")
        text = text_of(message, exclude_none=True)
        session.message(received, kind, id, text, extra)
    except Exception as error:
        guard.fault("mcp", "message", error)


def _server(module: Any) -> None:
    server = module.Server
    handle = vars(server).get("_handle_request")
    if handle is None:
        return  # 2.x

    @wraps(handle)
    async def _handle_request(self, message, req, session, *args, **kwargs):  # type: ignore[no-untyped-def]
        call = token = None
        if guard.on["mcp"]:
            try:
                call, token = _begin(self, message, req, session)
            except Exception as error:
                guard.fault("mcp", "request", error)
        if call is None:
            return await handle(self, message, req, session, *args, **kwargs)
        try:
            return await handle(self, message, req, session, *args, **kwargs)
        finally:
            current.reset(token)
            call.of.span("end", call)

    server._handle_request = _handle_request
    decorate = vars(server).get("call_tool")
    if decorate is not None:
        server.call_tool = _telling_call_tool(decorate)


def _begin(server, message, req, session):  # type: ignore[no-untyped-def]
    ours: Session | None = getattr(session, OURS, None)
    if ours is None:
        return None, None
    params = getattr(req, "params", None)
    name = getattr(params, "name", None) or getattr(params, "uri", None)
    call = Call(message.request_id, req.method, None if name is None else str(name), ours.id)
    call.of = ours
    handlers = server.request_handlers
    handler = handlers.get(type(req))
    if handler is not None and not hasattr(handler, "_mcpsonde"):
        handlers[type(req)] = _timed(handler)
    token = current.set(call)
    ours.span("start", call)
    return call, token


def _timed(handler):  # type: ignore[no-untyped-def]
    @wraps(handler)
    async def timed(req):  # type: ignore[no-untyped-def]
        call = current.get()
        if call is None:
            return await handler(req)
        call.begin()
        try:
            result = await handler(req)
        except BaseException as error:
            call.end(error)
            raise
        call.end()
        return result

    timed._mcpsonde = True  # type: ignore[attr-defined]
    return timed


def _telling_call_tool(decorate):  # type: ignore[no-untyped-def]
    """The low-level server makes a result of what a tool raises; before it does, we note what that was."""

    @wraps(decorate)
    def call_tool(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        decorator = decorate(self, *args, **kwargs)

        @wraps(decorator)
        def decorated(function):  # type: ignore[no-untyped-def]
            decorator(telling(function))
            return function

        return decorated

    return call_tool


def telling(function):  # type: ignore[no-untyped-def]
    """An asynchronous function whose exceptions the call in progress notes."""

    @wraps(function)
    async def tell(*args, **kwargs):  # type: ignore[no-untyped-def]
        try:
            return await function(*args, **kwargs)
        except Exception as error:
            call = current.get()
            if call is not None:
                call.raised(error)
            raise

    return tell
