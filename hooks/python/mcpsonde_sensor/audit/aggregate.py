"""Events that are alike are told once, and at the end of a second with how many more there were."""

from __future__ import annotations

from time import monotonic

from ..mcp.call import current
from .watched import BY_CALLER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..mcp.call import Call
    from ..sensor import Sensor

#: Length of a window, in seconds.
WINDOW = 1.0
#: Different events in a window; what is beyond is counted by name.
MOST = 1000


class Aggregate:
    """Of one process."""

    def __init__(self, sensor: Sensor) -> None:
        self._sensor = sensor
        self._per_second: int = (sensor.config.audit or {}).get("per_second", 50)
        self._begin = monotonic()
        #: How many more there were, by call, name and arguments.
        self._more: dict[tuple[Call | None, str, str], int] = {}
        self._singly: dict[str, int] = {}

    def told(self, event: str, args: list[str]) -> None:
        """An event happened: tells it now if it is the first of its kind in this window and there are not too many."""
        if monotonic() - self._begin > WINDOW:
            self.close()
        call = current.get()
        text = args[-1] if event in BY_CALLER else "\0".join(args)
        key = (call, event, text)
        more = self._more
        if key in more:
            more[key] += 1
            return
        singly = self._singly.get(event, 0)
        if singly >= self._per_second or len(more) >= MOST:
            # The arguments differ, but there are too many of them.
            key = (call, event, "")
            more[key] = more.get(key, 0) + 1
            self._sensor.writer.wake()
            return
        self._singly[event] = singly + 1
        more[key] = 0
        self._sensor.emit("python_audit", {"event": event, "args": args})

    def forked(self) -> None:
        """In a child: what the parent has done, the parent tells."""
        self._more, self._singly = {}, {}

    def close(self) -> None:
        """Tells how many more there were, if the window is over or the process ends."""
        writer = self._sensor.writer
        if writer.is_background and monotonic() - self._begin < WINDOW:
            writer.again = any(self._more.values()) or writer.again
            return
        more, self._more = self._more, {}
        self._singly = {}
        self._begin = monotonic()
        for (call, event, text), count in more.items():
            if count:
                token = current.set(call)
                try:
                    content: dict = {"event": event, "args": text.split("\0") if text else [], "count": count}
                    self._sensor.emit("python_audit", content)
                finally:
                    current.reset(token)
