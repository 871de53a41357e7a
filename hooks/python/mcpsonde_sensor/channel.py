"""The UNIX stream socket of a reader: written without blocking, connected again when it is there again."""

from __future__ import annotations

import _socket  # the module under `socket`, which is slow to load
import os
import time

#: Between attempts to connect, in seconds.
RETRY = 2.0
#: Longest path of a UNIX socket: sun_path less its NUL (unix(7)).
MAX_PATH = 107


class Channel:
    """To the first of some paths where somebody listens."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = [path for path in paths if len(os.fsencode(path)) <= MAX_PATH]
        self._socket: _socket.socket | None = None
        self._not_before = 0.0
        #: What the reader got of the line that stands here is its beginning only: the rest goes first.
        self._rest = b""

    @property
    def open(self) -> bool:
        """Whether somebody reads; tries to connect, at most every two seconds."""
        if self._socket is None and self._paths:
            now = time.monotonic()
            if now >= self._not_before:
                self._not_before = now + RETRY
                self._connect()
        return self._socket is not None

    def send(self, lines: list[bytes]) -> int:
        """How many of the lines are the reader's now. When it closed, `open` is false; what is left is to be sent elsewhere."""
        if not self._flush():
            return 0
        done = 0
        while done < len(lines):
            # As many lines at a time as a socket's buffer may take.
            chunk = lines[done : done + 64]
            data = b"".join(chunk)
            sent = self._send(data)
            if sent == len(data):
                done += len(chunk)
                continue
            for each in chunk:
                if sent <= 0:
                    break
                done += 1
                if sent < len(each):
                    self._rest = each[sent:]
                sent -= len(each)
            break
        return done

    def finished(self) -> bool:
        """Whether no line is cut."""
        return self._flush()

    def close(self) -> None:
        if self._socket is not None:
            try:
                self._socket.close()
            except OSError:
                pass
        self._socket = None
        self._rest = b""

    def _flush(self) -> bool:
        while self._rest and self._socket is not None:
            sent = self._send(self._rest)
            if sent <= 0:
                return False
            self._rest = self._rest[sent:]
        return self._socket is not None

    def _send(self, data: bytes) -> int:
        """Bytes that were taken, 0 if none can be just now. Closes if the reader has gone."""
        if self._socket is None:
            return 0
        try:
            return self._socket.send(data, _socket.MSG_NOSIGNAL)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.close()
            return 0

    def _connect(self) -> None:
        for path in self._paths:
            try:
                os.stat(path)
            except (OSError, ValueError):
                continue
            made = None
            try:
                made = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC)
                made.setblocking(False)
                made.connect(path)
            except OSError:
                if made is not None:
                    made.close()
                continue
            if made.fileno() <= 2:  # a program that was started with a standard stream closed
                made.close()
                continue
            self._socket = made
            return
