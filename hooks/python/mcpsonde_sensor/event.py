"""Lines of events, in the envelope that `hooks/README.md` describes."""

from __future__ import annotations

import time

from .process import Process

ORIGIN = "mcpsonde-python"
#: The longest line, with its LF.
MAX_LINE = 1 << 20


class Event:
    """One that waits to be written.

    `fixed` is JSON text of members that need no redaction, `content` that of the others (`content_key` its member, or
    "" if its members stand in the event itself); the parts are put together by the writer.
    """

    __slots__ = ("seq", "ns", "name", "type", "span", "call", "fixed", "content_key", "content")

    def __init__(
        self,
        seq: int,
        ns: int,
        name: str,
        type: str,
        span: str | None,
        call: str | None,
        fixed: str,
        content_key: str,
        content: object,
    ) -> None:
        self.seq = seq
        self.ns = ns
        self.name = name
        self.type = type
        self.span = span
        self.call = call
        self.fixed = fixed
        self.content_key = content_key
        #: JSON text, or a value that the writer makes one of.
        self.content = content


class Stamp:
    """Writes times: RFC 3339, UTC, nanoseconds."""

    __slots__ = ("_second", "_text")

    def __init__(self) -> None:
        self._second = -1
        self._text = ""

    def text(self, ns: int) -> str:
        second, rest = divmod(ns, 1_000_000_000)
        if second != self._second:
            self._second = second
            self._text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._text}.{rest:09d}+00:00"


def line(event: Event, content: str, process: Process, stamp: Stamp) -> str:
    """The line of an event whose content is this JSON text ("" for none)."""
    span = f',"span_id":"{event.span}"' if event.span else ""
    call = f',"call":{event.call}' if event.call else ""
    fixed = f",{event.fixed}" if event.fixed else ""
    if not content:
        body = ""
    elif event.content_key:
        body = f',"{event.content_key}":{content}'
    else:
        body = "" if content == "{}" else f",{content[1:-1]}"
    return (
        f'{{"event":{{"meta":{{"name":"{event.name}","type":"{event.type}","origin":"{ORIGIN}","sensor_id":1,'
        f'"source_event_id":{event.seq},"component_id":"{process.component}"{span}}},'
        f'"context":{{"process":{process.context}{call}}}{fixed}{body}}},"ts":"{stamp.text(event.ns)}"}}\n'
    )
