"""`mcp` 2.x over HTTP of revision 2026-07-28: each POST is an exchange of its own, without a session.

Changed, in `mcp.server._streamable_http_modern`: `handle_modern_request` (whose exchange it is), what reads the request
(`classify_inbound_request`, `_acknowledge_notification`), what runs it (`_to_jsonrpc_response`), and what writes
(`_write`, `_sse_event`).
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps

from .. import guard
from ..jsontext import encode_any
from .address import of_scope
from .call import Call, current, name_of
from .session import Session, handled, text_of
from .transport import Transport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..sensor import Sensor

#: The exchange that this task serves, as a session without an id.
exchange: ContextVar[Session | None] = ContextVar("mcpsonde_exchange", default=None)
#: Its request: method and parameters.
request: ContextVar[dict | None] = ContextVar("mcpsonde_request", default=None)


def hooks(sensor: Sensor) -> dict[str, Callable[[Any], None]]:
    return {"mcp.server._streamable_http_modern": lambda module: _modern(module, sensor)}


def _modern(module: Any, sensor: Sensor) -> None:
    # Not all releases have all of them.
    handle = getattr(module, "handle_modern_request", None)
    classify = getattr(module, "classify_inbound_request", None)
    acknowledge = getattr(module, "_acknowledge_notification", None)
    respond = getattr(module, "_to_jsonrpc_response", None)
    write = getattr(module, "_write", None)
    sse_event = getattr(module, "_sse_event", None)

    async def handle_modern_request(app, *args, **kwargs):  # type: ignore[no-untyped-def]
        token = None
        if guard.on["mcp"]:
            try:
                scope = next(each for each in (*args, *kwargs.values()) if isinstance(each, dict) and "type" in each)
                transport = Transport("http", lambda: None, of_scope(scope))
                token = exchange.set(Session(sensor, "server", transport, getattr(app, "name", None)))
            except Exception as error:
                guard.fault("mcp", "exchange", error)
        try:
            return await handle(app, *args, **kwargs)
        finally:
            if token is not None:
                exchange.reset(token)

    def classify_inbound_request(decoded, *args, **kwargs):  # type: ignore[no-untyped-def]
        _received(decoded, "request")
        return classify(decoded, *args, **kwargs)

    def _acknowledge_notification(decoded, *args, **kwargs):  # type: ignore[no-untyped-def]
        _received(decoded, "notification")
        return acknowledge(decoded, *args, **kwargs)

    async def _to_jsonrpc_response(request_id, coro):  # type: ignore[no-untyped-def]
        call = None
        try:
            session, asked = exchange.get(), request.get()
            if session is not None and asked is not None and guard.on["mcp"]:
                call = Call(request_id, asked["method"], name_of(asked["method"], asked.get("params")), None)
                call.of = session
                current.set(call)  # the task is the exchange's own
                session.span("start", call)
                session.answered = call
                coro = _timed(coro, call)
        except Exception as error:
            guard.fault("mcp", "exchange", error)
        try:
            return await respond(request_id, coro)
        finally:
            if call is not None:
                call.of.span("end", call)  # type: ignore[union-attr]

    def _write(msg, *args, **kwargs):  # type: ignore[no-untyped-def]
        _sent(msg)
        return write(msg, *args, **kwargs)

    def _sse_event(msg):  # type: ignore[no-untyped-def]
        _sent(msg)
        return sse_event(msg)

    for original, changed in (
        (handle, handle_modern_request),
        (classify, classify_inbound_request),
        (acknowledge, _acknowledge_notification),
        (respond, _to_jsonrpc_response),
        (write, _write),
        (sse_event, _sse_event),
    ):
        if original is not None:
            setattr(module, changed.__name__, wraps(original)(changed))


async def _timed(coro, call: Call):  # type: ignore[no-untyped-def]
    call.begin()
    try:
        result = await coro
    except BaseException as error:
        call.end(error)
        raise
    call.end()
    return result


def _received(decoded: dict, kind: str) -> None:
    try:
        session = exchange.get()
        if session is not None and guard.on["mcp"]:
            if kind == "request":
                request.set(decoded)
            session.message(True, kind, decoded.get("id"), encode_any(decoded))
    except Exception as error:
        guard.fault("mcp", "message", error)


def _sent(message: object) -> None:
    try:
        session = exchange.get()
        if session is None or not guard.on["mcp"]:
            return
        kind = "notification" if type(message).__name__ == "JSONRPCNotification" else "response"
        id = getattr(message, "id", None)
        extra, token = "", None
        call = session.answered
        if kind == "response" and call is not None:
            token = current.set(call)  # the answer is written by another task than that which handled
            extra = handled(call, session, id)
        try:
            session.message(False, kind, id, text_of(message, exclude_none=True), extra)
        finally:
            if token is not None:
                current.reset(token)
    except Exception as error:
        guard.fault("mcp", "message", error)
