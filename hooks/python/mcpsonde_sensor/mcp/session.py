"""One MCP session of this process, and the events of its messages."""

from __future__ import annotations

from time import time_ns

from ..event import Event
from ..jsontext import encode
from .call import Call, current, id_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..sensor import Sensor
    from .transport import Transport

#: Messages of more characters are told of without their text: a line has at most 1 MiB.
MAX_MESSAGE = (1 << 20) - 4096


class Session:
    """From its creation to its end; `role` is `server` or `client`."""

    __slots__ = ("sensor", "role", "id", "transport", "server_name", "address", "answered", "_tail", "_seen")

    def __init__(self, sensor: Sensor, role: str, transport: Transport, server_name: str | None) -> None:
        self.sensor = sensor
        self.role = role
        self.transport = transport
        #: `Mcp-Session-Id` once there is one; before, and over stdio, one of the sensor's own.
        self.id = transport.session_id
        self.server_name = server_name
        #: Of the client, `host:port`.
        self.address = transport.address
        #: Of an exchange over HTTP of 2026-07-28: its call, once it is being handled.
        self.answered: Call | None = None
        self._tail = ""
        self._seen: object = None

    def created(self) -> None:
        self.lifecycle("created")

    def terminated(self) -> None:
        self.lifecycle("terminated")

    def lifecycle(self, what: str) -> None:
        sensor = self.sensor
        sensor.put(
            Event(
                sensor.next(), time_ns(), f"python_mcp_session_{what}", "nonactionable", None, None,
                self.tail()[1:], "", "{}",
            )
        )  # fmt: skip

    def tail(self) -> str:
        """Members that say which session, each after a comma."""
        transport = self.transport
        seen = (transport.session_id, self.server_name, self.address)
        if seen != self._seen:
            self._seen = seen
            self.id = transport.session_id
            parts = [f',"session_id":{encode(self.id)}' if self.id else "", f',"transport":"{transport.kind}"']
            parts.append(f',"role":"{self.role}"')
            if self.server_name:
                parts.append(f',"server_name":{encode(str(self.server_name))}')
            if self.address:
                parts.append(f',"client_address":{encode(self.address)}')
            self._tail = "".join(parts)
        return self._tail

    def message(self, received: bool, kind: str, id: object, text: str, extra: str = "") -> None:
        """A protocol message; `kind` is `request`, `response` or `notification`, `text` all of it in JSON.

        Without its text, "", it is told as one whose text is left out.
        """
        sensor = self.sensor
        if sensor.config.mcp is None or not sensor.config.mcp["messages"]:
            return
        call: Call | None = current.get()
        if call is not None and call.of is not self:
            call = None
        shown = f',"id":{id_text(id)}' if kind != "notification" else ""
        fixed = f'"event":"{self.role}_{"received" if received else "send"}_{kind}"{shown}{self.tail()}{extra}'
        if len(text) > MAX_MESSAGE or not text:
            fixed += f',"truncated":true,"message_bytes":{len(text)}'
            text = "{}"
        sensor.put(
            Event(
                sensor.next(), time_ns(), "python_mcp_event", "event",
                call.span if call is not None else None, call.json if call is not None else None,
                fixed, "message", text,
            ),
            len(text) + 256,
        )  # fmt: skip
        if kind == "response" and sensor.writer.starting:
            sensor.writer.started()

    def span(self, what: str, call: Call) -> None:
        sensor = self.sensor
        if sensor.config.mcp is None or not sensor.config.mcp["spans"]:
            return
        sensor.put(
            Event(
                sensor.next(), time_ns(), f"python_span_{what}", "event", call.span, call.json,
                f'"name":"mcp_server_message","own_span_id":"{call.span}"', "", "{}",
            )
        )  # fmt: skip


def handled(call: Call | None, session: object, id: object) -> str:
    """Members of a server's response that tell of the handler."""
    if call is None or call.of is not session or call.id != id or call.duration < 0:
        return ""
    exception = f',"exception":{encode(call.exception)}' if call.exception else ""
    return f',"duration_ms":{call.duration / 1e6:.3f}{exception}'


def text_of(message: object, **options: bool) -> str:
    """JSON text of a message, as the SDK makes it; "" where there is none, as of a text with half a character."""
    try:
        return message.model_dump_json(by_alias=True, **options)  # type: ignore[attr-defined]
    except (ValueError, TypeError, RecursionError):
        return ""
