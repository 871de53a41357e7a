"""Gathers what was loaded, and makes events of it on the writer's thread."""

from __future__ import annotations

import sys
from collections import deque
from time import monotonic, time_ns

from .. import guard
from ..event import Event
from ..mcp.call import current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..sensor import Sensor
    from .packages import Packages

#: Bytes of code that are held until they are hashed; of what is beyond, the file is hashed.
MAX_HELD = 48 << 20
#: Loads that wait, and those known at most.
MAX_WAITING = 20000
MAX_FILE = 256 << 20
#: So long at a time, in seconds: the rest waits for the next batch.
SLICE = 0.005
#: Nothing is done while the program loads one thing after another, as at its start, but for so long; in seconds.
CALM = 0.7
MOST_WAIT = 10.0
#: At the end of the process: what is left then is told of without its hash.
LAST = 0.25
CODE = (".py", ".pyc", ".so", ".pyd")


class Loaded:
    """Of one process; a child goes on with it."""

    def __init__(self, sensor: Sensor) -> None:
        self._sensor = sensor
        options = sensor.config.imports or {}
        self._hash = self._wanted = options["hash"]
        self._standard: bool = options["standard_library"]
        self._waiting: deque[tuple] = deque()
        self._held = 0
        self._told: set[tuple[str, str]] = set()
        self._packages: Packages | None = None
        self._begun = monotonic()

    def seen(self, fullname: str, path: str, data: bytes | None) -> None:
        """Called by the loaders: as little as can be."""
        if len(self._waiting) >= MAX_WAITING:
            self._sensor.writer.drop("imports_waiting")
            return
        if data is not None:
            if self._held > MAX_HELD or not self._hash:
                data = None
            else:
                self._held += len(data)
        self._waiting.append((time_ns(), fullname, path, data, False, current.get()))
        self._sensor.writer.wake()

    def forked(self) -> None:
        """In a child: what the parent has loaded, the parent tells."""
        self._waiting.clear()
        self._held = 0

    def earlier(self) -> None:
        """What was loaded before the sensor."""
        for name, module in list(sys.modules.items()):
            spec = getattr(module, "__spec__", None)
            if spec is None or not spec.has_location or name.partition(".")[0] == "mcpsonde_sensor":
                continue
            path = spec.origin
            if isinstance(path, str) and path.endswith(CODE) and "mcpsonde_sensor" not in path:
                self._waiting.append((time_ns(), name, path, None, True, None))

    def tell(self) -> None:
        """Makes events of what waits, for a little while; called by the writer's thread, and at the end."""
        waiting = self._waiting
        if not waiting:
            return
        now, mine = monotonic(), self._sensor.writer.is_background
        if mine and now < self._begun + MOST_WAIT and time_ns() - waiting[-1][0] < CALM * 1e9:
            self._sensor.writer.again = True
            return
        end = now + (SLICE if mine else LAST)
        while waiting:
            ns, name, path, data, before, call = waiting.popleft()
            if data is not None:
                self._held -= len(data)
            if not path.endswith(CODE) or name.partition(".")[0] == "mcpsonde_sensor":
                continue
            try:
                self._one(ns, name, path, data, before, call)
            except Exception as error:
                guard.fault("imports", f"import of {name}", error)
            if monotonic() > end and waiting:
                if mine:
                    self._sensor.writer.again = True
                    return
                self._hash = False

    def _one(self, ns, name, path, data, before, call) -> None:  # type: ignore[no-untyped-def]
        if self._packages is None:
            from .packages import Packages

            self._packages = Packages()
        packages = self._packages
        standard = packages.is_standard(path)
        if (standard and not self._standard) or (name, path) in self._told:
            return
        if len(self._told) < MAX_WAITING:
            self._told.add((name, path))
        source = _source_of(path)
        package = None if standard else packages.of(source)
        content: dict = {
            "fullname": name,
            "pkg": package.name if package else "",
            "version": package.version if package else sys.version.split()[0] if standard else "unknown",
            "file": source,
        }
        if before:
            content["before_sensor"] = True
        if standard:
            content["standard_library"] = True
        if not self._hash:
            if self._wanted:
                content["sha256"] = None
        else:
            if source != path:
                content["loaded"] = path
            sum = packages.sum_of(data) if data is not None else packages.sum_of_file(path, MAX_FILE)
            content["sha256"] = sum
            # RECORD has no sums of .pyc files: there the source is compared, which the loader found it to be made of.
            recorded = package.recorded(source) if package else None
            actual = sum if source == path else packages.sum_of_file(source, MAX_FILE) if recorded else None
            content["hash_changed"] = recorded is not None and actual is not None and recorded != actual
            if recorded is not None:
                content["recorded"] = True
                if content["hash_changed"]:
                    content["recorded_sha256"], content["source_sha256"] = recorded, actual
        sensor = self._sensor
        span, told = (call.span, call.json) if call is not None else (None, None)
        sensor.put(Event(sensor.next(), ns, "python_import", "event", span, told, "", "", content))


def _source_of(path: str) -> str:
    """The `.py` of a `__pycache__/*.pyc` (PEP 3147); the path itself of all else."""
    folder, slash, file = path.rpartition("/")
    if not file.endswith(".pyc") or not folder.endswith("/__pycache__"):
        return path
    return f"{folder[: -len('__pycache__')]}{file.split('.')[0]}.py"
