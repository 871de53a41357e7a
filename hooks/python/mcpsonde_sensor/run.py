"""Runs a program with the sensor: the interpreter anew, as it was called, with the environment that starts the sensor.

So the program is what it is without it: its `__main__`, its `sys.argv`, what `multiprocessing` does with both.
"""

from __future__ import annotations

import os
import sys

from .environment import with_sensor


def run(args: list[str]) -> int:
    """Does not return if it can be done."""
    flags = _flags()
    if sys.flags.ignore_environment or sys.flags.no_site:
        print("mcpsonde_sensor: -E, -I and -S keep the sensor out; leave them out, or use `install`", file=sys.stderr)
        return 2
    program = sys.executable
    try:
        os.execve(program, [program, *flags, *args], with_sensor(dict(os.environ)))
    except OSError as error:
        print(f"mcpsonde_sensor: {program}: {error.strerror}", file=sys.stderr)
        return 126


def _flags() -> list[str]:
    """The interpreter's own options: what stands before `-m mcpsonde_sensor`."""
    before = []
    for each in sys.orig_argv[1:]:
        if each == "-m" or each.startswith("-m"):
            break
        before.append(each)
    return before
