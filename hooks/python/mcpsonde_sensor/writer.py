"""Takes events from the program's threads and writes them from one of its own, in batches.

`put` is all that the program's threads do. The thread sleeps until there is something, waits a little for more, and
writes what there is. It is started with the first event, ends before a fork, and is no `threading.Thread`, so that the
program's counts of threads stay as they were.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
from _thread import allocate_lock, get_ident, start_new_thread
from collections import deque
from time import monotonic, sleep  # as they are now: some programs change them

from . import guard
from .channel import Channel
from .event import MAX_LINE, Event, Stamp, line
from .jsontext import encode_any
from .pace import pace
from .process import Process
from .spool import Spool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: How long the first event of a batch waits for more, in seconds.
GATHER = 0.025
#: The same while the program starts: until it has answered, or waits for more than half of the time, or for `START`.
GATHER_FIRST = 0.25
START = 5.0
#: Between looks at what has more to do, where no event waits, in seconds.
AGAIN = 0.1
#: Bytes of one write to a file, but for a line that is longer.
CHUNK = 256 * 1024
#: At the end of the process, and before a fork: at most so long, in seconds.
LAST = 0.5
FORK = 0.2
#: So many times longer the end waits for the writer's thread, which has little to do, but on a busy machine no processor.
PATIENCE = 10


class Writer:
    """Of one process."""

    def __init__(
        self, process: Process, channel: Channel, spool: Spool | None, max_events: int, max_bytes: int
    ) -> None:
        self._process = process
        self._channel = channel
        self._spool = spool
        self._chunk = CHUNK if spool is None else min(CHUNK, spool.max_file)
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._queue: deque[Event] = deque()
        self._bytes = 0
        #: Lines that are made but not taken yet, at most `_max_bytes` of them.
        self._lines: deque[bytes] = deque()
        self._lines_bytes = 0
        self._stamp = Stamp()
        self._busy = allocate_lock()
        self._wake = allocate_lock()
        self._wake.acquire()
        self._asleep = False
        self._stop = False
        self._begun = monotonic()
        #: Whether the program is still about to start.
        self.starting = True
        self._thread = 0
        self._flusher = 0
        self.written = 0
        #: Events that were dropped, by reason, and what was told of them.
        self.dropped: dict[str, int] = {}
        self._told = 0
        #: Makes the JSON text of an event's content, without what is secret; set by the sensor.
        self.render: Callable[[Event], str] = lambda event: (
            event.content if isinstance(event.content, str) else encode_any(event.content)
        )
        #: Called by the thread before each batch: makes events of what was gathered cheaply.
        self.sources: list[Callable[[], None]] = []
        #: Set by a source that has more to do.
        self.again = False
        #: Makes a number and a time for an event of the writer's own; set by the sensor.
        self.own: Callable[[str, dict], Event] | None = None

    def put(self, event: Event, size: int = 256) -> None:
        """Hands over an event; drops it if too much is waiting. `size` is about what it takes in memory."""
        if len(self._queue) >= self._max_events or self._bytes + size > self._max_bytes:
            self.drop("queue_full")
            return
        self._bytes += size
        self._queue.append(event)
        if self._asleep or not self._thread:
            self.wake()

    def drop(self, reason: str, count: int = 1) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + count

    def wake(self) -> None:
        """Says that there is something to do."""
        if self._stop:
            return
        if not self._thread:
            self._start()
        elif self._asleep:
            self._asleep = False
            self._release()

    def started(self) -> None:
        """The program has started: from here on events are written at once."""
        self.starting = False
        self._release()

    @property
    def is_mine(self) -> bool:
        """Whether the calling thread is the writer's own, or writes in its stead."""
        me = get_ident()
        return me == self._thread or me == self._flusher

    @property
    def is_background(self) -> bool:
        """Whether the calling thread is the writer's own, which has time."""
        return get_ident() == self._thread

    def flush(self, seconds: float) -> bool:
        """Writes all that waits, in the calling thread. False if the reader took longer."""
        if self.is_mine:
            return False
        pace.hurry = True
        if not self._busy.acquire(timeout=seconds * PATIENCE):
            pace.hurry = False
            return False
        self._flusher = get_ident()
        try:
            end = monotonic() + seconds
            for source in self.sources:
                source()
            while True:
                self._drain()
                if not self._lines and not self._queue:
                    if self._channel.finished() or not self._channel.open:
                        return True
                if monotonic() >= end:
                    return False
                sleep(0.002)
        except Exception as error:
            guard.fault("writer", "flush", error)
            return False
        finally:
            pace.hurry = False
            self._flusher = 0
            self._busy.release()

    def close(self, seconds: float = LAST) -> None:
        """The end of the process: what no reader takes goes to the spool."""
        if not self.flush(seconds) and self._busy.acquire(False):
            self._flusher = get_ident()
            try:
                self._channel.close()
                self._channel = Channel([])
                self._drain()
            except Exception as error:
                guard.fault("writer", "close", error)
            finally:
                self._flusher = 0
                self._busy.release()
        self._stop = True
        self._release()

    def pause(self) -> None:
        """Ends the thread; the next event starts another. What waits stays. For forks: the child has one thread."""
        thread = self._thread
        if not thread or self.is_mine:
            return
        self._stop = True
        self._asleep = False
        self._release()
        end = monotonic() + FORK
        while self._thread and monotonic() < end:
            sleep(0.0002)
        self._stop = False

    def forget(self) -> None:
        """In a forked child: nothing of the parent's is written or closed twice."""
        self._channel.close()
        if self._spool is not None:
            self._spool.close()

    # --- the thread ---

    def _start(self) -> None:
        self._thread = -1  # until the thread says which it is
        try:
            start_new_thread(self._run, ())
        except RuntimeError:
            self._thread = 0  # no thread can be had now, as at the interpreter's end

    def _release(self) -> None:
        try:
            self._wake.release()
        except RuntimeError:
            pass

    def _run(self) -> None:
        self._thread = get_ident()
        try:
            # The program's signals are for its own threads.
            _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
            while not self._stop:
                if not self._queue and not self._lines and not self.again:
                    self._asleep = True
                    if not self._queue:
                        self._wake.acquire()
                    self._asleep = False
                if self.starting:
                    wait = GATHER_FIRST
                else:
                    wait = GATHER if self._queue or self._lines else AGAIN
                busy = _wanted_ms() if self.starting else 0.0
                if self._wake.acquire(timeout=wait):  # somebody wants it to end
                    continue
                if self.starting and monotonic() - self._begun < START:
                    if _wanted_ms() - busy > wait * 500 and len(self._queue) < self._max_events / 2:
                        continue
                    self.starting = False
                if not self._busy.acquire(False):
                    continue
                try:
                    pace.begin()
                    self.again = False
                    for source in self.sources:
                        source()
                    self._drain()
                finally:
                    self._busy.release()
        except Exception as error:
            guard.fault("writer", "thread", error)
        finally:
            self._asleep = False
            self._thread = 0

    # --- with `_busy` held ---

    def _drain(self) -> None:
        self._make_lines()
        self._deliver()
        total = sum(self.dropped.values())
        if total > self._told and self.own is not None and not self._lines:
            self._told = total
            reasons = dict(self.dropped)
            self._add(self.own("sensor_drops", {"dropped": total, "reasons": reasons}))
            self._deliver()

    def _make_lines(self) -> None:
        queue = self._queue
        while queue and self._lines_bytes < self._max_bytes:
            event = queue.popleft()
            content = event.content
            # Not exact: other threads add to it meanwhile. It is exact again whenever nothing waits.
            self._bytes -= len(content) + 256 if isinstance(content, str) else 256
            if not queue:
                self._bytes = 0
            self._add(event)
            pace()

    def _add(self, event: Event) -> None:
        try:
            made = line(event, self.render(event), self._process, self._stamp).encode("utf-8", "backslashreplace")
        except Exception as error:
            self.drop("not_written")
            guard.fault("writer", f"line of {event.name}", error)
            return
        if len(made) > MAX_LINE:
            event.content_key, event.content = "", {"truncated": True, "bytes": len(made)}
            made = line(event, encode_any(event.content), self._process, self._stamp).encode(
                "utf-8", "backslashreplace"
            )
        self._lines.append(made)
        self._lines_bytes += len(made)

    def _deliver(self) -> None:
        lines = self._lines
        while lines:
            if self._channel.open:
                batch = [lines[k] for k in range(min(len(lines), 1024))]
                done = self._channel.send(batch)
                self._take(done)
                if done == len(batch):
                    continue
                if self._channel.open:
                    return  # slow: later
            size = count = 0
            while count < len(lines) and size < self._chunk:
                size += len(lines[count])
                count += 1
            if self._spool is None:
                self._take(count, "no_reader")
                continue
            kept = self._spool.write(b"".join(lines[k] for k in range(count)))
            done = 0
            while done < count and kept >= len(lines[0]):
                kept -= len(lines[0])
                self._take(1)
                done += 1
            self._take(count - done, f"spool_{self._spool.fault or 'resting'}")

    def _take(self, count: int, dropped: str = "") -> None:
        """Takes so many lines out: they are written, or dropped for a reason."""
        for _ in range(count):
            self._lines_bytes -= len(self._lines.popleft())
        if not dropped:
            self.written += count
        elif count:
            self.drop(dropped, count)


def _wanted_ms() -> float:
    """How long the main thread has run or waited for a processor: /proc/PID/schedstat. 0 where there is none."""
    try:
        with open("/proc/self/schedstat", "rb") as file:
            ran, waited = file.read().split()[:2]
        return (int(ran) + int(waited)) / 1e6
    except (OSError, ValueError):
        return 0.0
