"""Files in the spool: appended in whole lines, followed by the next at a size, the oldest of ours deleted."""

from __future__ import annotations

import os
import stat
import time

from .process import Process

PREFIX = "mcpsonde-"
SUFFIX = ".ndjson"
#: After a fault nothing is tried for so long, in seconds.
REST = 1.0


class Spool:
    """The files of one process."""

    def __init__(self, folder: str, process: Process, max_file: int, max_total: int) -> None:
        self._folder = folder
        self._process = process
        self.max_file = max_file
        self._max_total = max_total
        self._fd = -1
        self._size = 0
        self._generation = 0
        self._not_before = 0.0
        #: Why the last write failed: the errno's name, or "".
        self.fault = ""

    def write(self, data: bytes) -> int:
        """Appends whole lines. Gives how many bytes of them are in the file, which ends with a whole line."""
        if time.monotonic() < self._not_before:
            return 0
        try:
            if self._fd >= 0 and (self._size >= self.max_file or os.fstat(self._fd).st_nlink == 0):
                self.close()
                self._generation += 1
            if self._fd < 0:
                self._open()
            written = os.write(self._fd, data)
            if written != len(data):  # the disk is full: this process alone writes to the file
                kept = data.rfind(b"\n", 0, written) + 1
                os.ftruncate(self._fd, self._size + kept)
                self._failed("ENOSPC")
                return kept
            self._size += written
            self.fault = ""
            return written
        except OSError as error:
            import errno

            self._failed(errno.errorcode.get(error.errno or 0, "EIO"))
            return 0

    def close(self) -> None:
        if self._fd >= 0:
            try:
                os.close(self._fd)
            except OSError:
                pass
            self._fd = -1

    def _failed(self, reason: str) -> None:
        self.close()
        self.fault = reason
        self._not_before = time.monotonic() + REST

    def _open(self) -> None:
        try:
            os.makedirs(self._folder, 0o700)
        except FileExistsError:
            pass
        self._make_room()
        process = self._process
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        name = f"{PREFIX}python-{process.pid}-{process.start}.{self._generation}{SUFFIX}"
        self._fd = _above_std(os.open(os.path.join(self._folder, name), flags, 0o600))
        self._size = os.fstat(self._fd).st_size

    def _make_room(self) -> None:
        """Deletes the oldest of the sensors' own files until one more fits."""
        files = []
        total = 0
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if not (entry.name.startswith(PREFIX) and entry.name.endswith(SUFFIX)):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError:
                    continue
                if stat.S_ISREG(status.st_mode):
                    files.append((status.st_mtime_ns, entry.path, status.st_size))
                    total += status.st_size
        if total + self.max_file <= self._max_total:
            return
        for _, path, size in sorted(files):
            try:
                os.unlink(path)
            except OSError:
                continue
            total -= size
            if total + self.max_file <= self._max_total:
                return


def _above_std(fd: int) -> int:
    """A program that was started with a standard stream closed must not find our file there."""
    if fd > 2:
        return fd
    import fcntl

    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 3)
    os.close(fd)
    return moved
