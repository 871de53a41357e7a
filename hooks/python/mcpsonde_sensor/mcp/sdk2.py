"""`mcp` 2.x: a `JSONRPCDispatcher` drives two streams, for servers and clients alike.

Changed are its `run` (the session's life), `_dispatch` and `_write` (all messages in and out, once each) and
`_handle_request` (the request in progress, its handler's time and exception). HTTP of revision 2026-07-28 does not go
through it: see `sdk2_http.py`.
"""

from __future__ import annotations

from functools import wraps

from .. import guard
from . import transport as transports
from .address import of_metadata
from .call import Call, current, name_of
from .session import Session, handled, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..sensor import Sensor

OURS = "_mcpsonde_session"


def hooks(sensor: Sensor) -> dict[str, Callable[[Any], None]]:
    return {
        "mcp.shared.jsonrpc_dispatcher": lambda module: _dispatcher(module, sensor),
        "mcp.server.runner": _runner,
    }


def _dispatcher(module: Any, sensor: Sensor) -> None:
    base = module.JSONRPCDispatcher
    run, dispatch, write, handle = base.run, base._dispatch, base._write, base._handle_request

    @wraps(run)
    async def run_(self, on_request, on_notify, *args, **kwargs):  # type: ignore[no-untyped-def]
        session = None
        try:
            transport = transports.of(self._write_stream)
            role = _role(on_request)
            session = Session(sensor, role, transport, _servers.pop(id(self._write_stream), None) or _name(on_notify))
            setattr(self, OURS, session)
            session.created()
        except Exception as error:
            guard.fault("mcp", "session created", error)
        try:
            return await run(self, on_request, on_notify, *args, **kwargs)
        finally:
            if session is not None:
                try:
                    session.terminated()
                except Exception as error:
                    guard.fault("mcp", "session terminated", error)

    @wraps(dispatch)
    def _dispatch(self, item, *args, **kwargs):  # type: ignore[no-untyped-def]
        if guard.on["mcp"]:
            _look(self, item, getattr(item, "metadata", None), True)
        return dispatch(self, item, *args, **kwargs)

    @wraps(write)
    def _write(self, message, *args, **kwargs):  # type: ignore[no-untyped-def]
        if guard.on["mcp"]:
            _look(self, message, None, False)
        return write(self, message, *args, **kwargs)

    @wraps(handle)
    async def _handle_request(self, req, dctx, scope, on_request):  # type: ignore[no-untyped-def]
        call = token = None
        if guard.on["mcp"]:
            try:
                session: Session | None = getattr(self, OURS, None)
                if session is not None and session.role == "server":
                    call = Call(req.id, req.method, name_of(req.method, req.params), session.id)
                    call.of = session
                    token = current.set(call)
                    session.span("start", call)
                    on_request = timed(on_request, call)
            except Exception as error:
                guard.fault("mcp", "request", error)
        try:
            return await handle(self, req, dctx, scope, on_request)
        finally:
            if token is not None:
                current.reset(token)
                call.of.span("end", call)  # type: ignore[union-attr]

    base.run, base._dispatch, base._write, base._handle_request = run_, _dispatch, _write, _handle_request


def timed(on_request, call: Call):  # type: ignore[no-untyped-def]
    async def timed(*args):  # type: ignore[no-untyped-def]
        call.begin()
        try:
            result = await on_request(*args)
        except BaseException as error:
            call.end(error)
            raise
        call.end()
        return result

    return timed


_KINDS = {
    "JSONRPCRequest": "request",
    "JSONRPCNotification": "notification",
    "JSONRPCResponse": "response",
    "JSONRPCError": "response",
}


def _look(dispatcher: object, item: object, metadata: object, received: bool) -> None:
    try:
        session: Session | None = getattr(dispatcher, OURS, None)
        message = item.message if received and not isinstance(item, Exception) else item  # type: ignore[attr-defined]
        kind = _KINDS.get(type(message).__name__)
        if session is None or kind is None:
            return
        if received and session.role == "server":
            session.address = of_metadata(metadata) or session.address
        id = getattr(message, "id", None)
        extra = ""
        if kind == "response":
            if session.role == "server" and not received:
                extra = handled(current.get(), session, id)
            elif received and session.server_name is None:
                result = getattr(message, "result", None)
                if isinstance(result, dict):
                    session.server_name = server_of(result)
        session.message(received, kind, id, text_of(message, exclude_unset=True), extra)
    except Exception as error:
        guard.fault("mcp", "message", error)


def server_of(result: dict) -> str | None:
    """The server's name, from the result of `initialize` or, in 2026-07-28, of any request."""
    told = result.get("serverInfo")
    if not isinstance(told, dict):
        meta = result.get("_meta")
        told = meta.get("io.modelcontextprotocol/serverInfo") if isinstance(meta, dict) else None
    name = told.get("name") if isinstance(told, dict) else None
    return name if isinstance(name, str) else None


def _role(on_request: object) -> str:
    owner = getattr(on_request, "__self__", None)
    module = type(owner).__module__ if owner is not None else getattr(on_request, "__module__", "")
    return "client" if module.startswith("mcp.client") else "server"


def _name(on_notify: object) -> str | None:
    return getattr(getattr(getattr(on_notify, "__self__", None), "server", None), "name", None)


#: Names of servers by the identity of the stream that their session is about to write to.
_servers: dict[int, str] = {}


def _runner(module: Any) -> None:
    for name in ("serve_dual_era_loop", "serve_loop"):
        original = getattr(module, name, None)
        if original is not None:
            setattr(module, name, _knowing_server(original))


def _knowing_server(serve):  # type: ignore[no-untyped-def]
    @wraps(serve)
    async def knowing(server, read_stream, write_stream, *args, **kwargs):  # type: ignore[no-untyped-def]
        try:
            _servers[id(write_stream)] = server.name
        except Exception as error:
            guard.fault("mcp", "server's name", error)
        try:
            return await serve(server, read_stream, write_stream, *args, **kwargs)
        finally:
            _servers.pop(id(write_stream), None)

    return knowing
