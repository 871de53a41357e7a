"""Who this process is: pid, start, name, and the constant parts of its events."""

from __future__ import annotations

import os
import sys
import time

from .jsontext import encode


class Process:
    """Of one process; a forked child has one of its own."""

    __slots__ = ("pid", "ppid", "start", "component", "_name", "_head")

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.ppid = os.getppid()
        #: When it began, in milliseconds since 1970.
        self.start = _start_ms()
        bits = os.urandom(16).hex()
        self.component = f"default/{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-8{bits[17:20]}-{bits[20:]}"
        self._name: str | None = None
        self._head: str | None = None

    @property
    def name(self) -> str:
        """What a person would call the program: `server.py`, `uvicorn`."""
        if self._name is None:
            self._name = program_name()
        return self._name

    @property
    def context(self) -> str:
        """The text of `context.process`."""
        if self._head is None:
            self._head = f'{{"pid":{self.pid},"ppid":{self.ppid},"start":{self.start},"name":{encode(self.name)}}}'
        return self._head


def program_name() -> str:
    """Of this process, from how the interpreter was called: `sys.argv` is not complete when the sensor starts."""
    argv = list(getattr(sys, "orig_argv", sys.argv))
    k = 1
    while k < len(argv):
        each = argv[k]
        if each == "-m" and k + 1 < len(argv):
            return argv[k + 1]
        if each == "-c":
            return "python -c"
        if each in ("-W", "-X", "--check-hash-based-pycs"):
            k += 2
            continue
        if each.startswith("-m") and len(each) > 2 and not each.startswith("--"):
            return each[2:]
        if each.startswith("-") and each != "-":
            k += 1
            continue
        return os.path.basename(each) or each
    return os.path.basename(sys.executable or "python")


def _start_ms() -> int:
    """From /proc/self/stat, field 22: clock ticks after boot (proc(5)). The present time where there is none."""
    try:
        with open("/proc/self/stat", "rb") as file:
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        since_boot = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
        return int((time.time() - since_boot) * 1000)
    except (OSError, ValueError, IndexError, AttributeError):
        return time.time_ns() // 1_000_000
