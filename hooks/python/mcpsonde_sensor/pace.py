"""Lets the program go first: work in the background is done in short stretches, with rests between.

The interpreter's lock goes from thread to thread every 5 ms only, unless it is given up: a program that waits for it after
each of its system calls would be slowed many times over.
"""

from __future__ import annotations

from time import sleep, thread_time

#: Processor time of a stretch, in seconds, and how much longer the rest is.
STRETCH = 0.0005
REST = 3.0


class Pace:
    """Of the writer's thread."""

    def __init__(self) -> None:
        #: Whether somebody waits for the work to be done, as at the end of the process.
        self.hurry = False
        self.easy = False
        self._since = 0.0

    def begin(self) -> None:
        """Work in the background begins."""
        self.easy = True
        self._since = thread_time()

    def __call__(self) -> None:
        """To be called between small pieces of work."""
        if self.easy and not self.hurry:
            spent = thread_time() - self._since
            if spent > STRETCH:
                sleep(spent * REST)
                self._since = thread_time()


pace = Pace()
