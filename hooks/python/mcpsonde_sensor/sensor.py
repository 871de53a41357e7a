"""The sensor of this process: what it is made of, and how it starts, forks and ends."""

from __future__ import annotations

import os
import sys
import time
from itertools import count

from . import VERSION, guard
from .channel import Channel
from .config import Config, load
from .event import Event
from .jsontext import encode
from .process import Process
from .spool import Spool
from .writer import LAST, Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: The sensor that runs, or None.
active: Sensor | None = None


class Sensor:
    """Emits events; its parts are the features."""

    def __init__(self, config: Config) -> None:
        self.config = config
        #: Called in a forked child.
        self.forked: list[Callable[[], None]] = []
        self._begin()

    def _begin(self) -> None:
        config = self.config
        self.process = process = Process()
        self.next = count().__next__
        spool = Spool(config.spool, process, config.max_file_bytes, config.max_total_bytes) if config.spool else None
        self.writer = writer = Writer(process, Channel(config.socket), spool, config.max_events, config.max_bytes)
        writer.own = lambda name, content: Event(
            self.next(), time.time_ns(), name, "sensor_lifecycle", None, None, "", "", content
        )
        writer.render = self._render
        self.put = writer.put

    def _render(self, event: Event) -> str:
        """Of the first event: the rules are read when there is one."""
        from .redact import redactor

        self.writer.render = redactor.of(self.config)
        return self.writer.render(event)

    def emit(self, name: str, content: dict, type: str = "event", fixed: str = "") -> None:
        """An event that is not worth a fast path. Within an MCP call it says which."""
        from .mcp.call import current

        call = current.get()
        span, told = (call.span, call.json) if call is not None else (None, None)
        self.put(Event(self.next(), time.time_ns(), name, type, span, told, fixed, "", content))

    def tell_start(self) -> None:
        config = self.config
        features = [name for name in ("mcp", "imports", "audit") if getattr(config, name) is not None]
        argv = [str(each)[:4096] for each in getattr(sys, "orig_argv", sys.argv)[:100]]
        content: dict = {
            "pid": self.process.pid,
            "file_path": sys.executable,
            "argv": argv,
            "runtime": f"python {sys.version.split()[0]}",
            "sensor_version": VERSION,
            "features": features,
        }
        if config.path:
            content["config"] = config.path
        self.emit("sensor_startup", content, "sensor_lifecycle")
        for fault in config.faults[:20]:
            self.emit("python_internal_exception", {"type": "ConfigError", "where": fault})

    def tell_fault(self, type: str, where: str) -> None:
        self.put(
            Event(
                self.next(), time.time_ns(), "python_internal_exception", "event", None, None,
                f'"type":{encode(type)},"where":{encode(where[:1000])}', "", {},
            )
        )  # fmt: skip

    # --- fork ---

    def before_fork(self) -> None:
        self.writer.pause()

    def after_fork_in_parent(self) -> None:
        if self.writer._queue:
            self.writer.wake()

    def after_fork_in_child(self) -> None:
        # What is done here is nobody's: the features are off meanwhile.
        on = dict(guard.on)
        guard.on.update(dict.fromkeys(on, False))
        try:
            old = self.writer
            old.forget()
            self._begin()
            self.writer.sources = old.sources
            for each in self.forked:
                each()
            guard.reset()
        except Exception:
            return
        guard.on.update(on)
        try:
            self.tell_start()
        except Exception as error:
            guard.fault("sensor", "fork", error)

    # --- end ---

    def close(self, seconds: float = LAST) -> None:
        """At the end of the process, which waits at most so long."""
        try:
            writer = self.writer
            writer.flush(seconds)  # so that the queue takes one more
            content = {"events": self.next() + 1, "dropped": sum(writer.dropped.values())}
            # It has taken the number that `events` counts.
            writer.put(
                Event(
                    content["events"] - 1,
                    time.time_ns(),
                    "sensor_shutdown",
                    "sensor_lifecycle",
                    None,
                    None,
                    "",
                    "",
                    content,
                )
            )
            writer.close(seconds)
        except Exception:
            pass


def start() -> bool:
    """See `mcpsonde_sensor.start`."""
    global active
    if active is not None:
        return True
    if os.environ.get("MCPSONDE_OFF") == "1":
        return False
    config = load(os.environ)  # type: ignore[arg-type]
    guard.on.update(mcp=True, imports=True, audit=True, writer=True, redact=True)
    sensor = Sensor(config)
    guard.tell = lambda type, where: active.tell_fault(type, where) if active is not None else None
    active = sensor

    from . import ending

    ending.install(sensor)
    os.register_at_fork(
        before=lambda: sensor.before_fork(),
        after_in_parent=lambda: sensor.after_fork_in_parent(),
        after_in_child=lambda: sensor.after_fork_in_child(),
    )
    sensor.tell_start()
    for feature in ("mcp", "imports", "audit"):
        if getattr(config, feature) is None:
            continue
        try:
            if feature == "mcp":
                from . import mcp

                mcp.install(sensor)
            elif feature == "imports":
                from . import imports

                imports.install(sensor)
            else:
                from . import audit

                audit.install(sensor)
        except Exception as error:
            guard.on[feature] = False
            guard.fault(feature, "start", error)
    return True
