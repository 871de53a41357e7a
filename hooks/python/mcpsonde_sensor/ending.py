"""What waits is written before the process ends: at its exit, at `os._exit`, and at a SIGTERM that would end it.

A handler for SIGTERM is there only while the program has none; the program does not see it: `signal.getsignal` and
`signal.signal` give SIG_DFL for it.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import atexit
import os

from . import guard, post_import

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .sensor import Sensor

#: At SIGTERM and `os._exit`: at most so long, in seconds.
QUICK = 0.2


def install(sensor: Sensor) -> None:
    atexit.register(sensor.close)
    _at_underscore_exit(sensor)
    try:
        _at_sigterm(sensor)
    except (ValueError, OSError) as error:  # not in the main thread
        guard.fault("sensor", "SIGTERM", error)


def _at_underscore_exit(sensor: Sensor) -> None:
    original = os._exit

    def _exit(status: int) -> None:
        try:
            sensor.close(QUICK)
        except Exception:
            pass
        original(status)

    _exit.__doc__ = original.__doc__
    os._exit = _exit  # type: ignore[assignment]


def _at_sigterm(sensor: Sensor) -> None:
    def on_sigterm(number: int, frame: object) -> None:
        try:
            sensor.close(QUICK)
        except Exception:
            pass
        _signal.signal(number, _signal.SIG_DFL)
        os.kill(os.getpid(), number)

    if _signal.getsignal(_signal.SIGTERM) != _signal.SIG_DFL:
        return
    _signal.signal(_signal.SIGTERM, on_sigterm)

    def hide(module: object) -> None:
        get, set = module.getsignal, module.signal  # type: ignore[attr-defined]
        default = module.Handlers.SIG_DFL  # type: ignore[attr-defined]

        def getsignal(signalnum):  # type: ignore[no-untyped-def]
            handler = get(signalnum)
            return default if handler is on_sigterm else handler

        def signal(signalnum, handler):  # type: ignore[no-untyped-def]
            ours = signalnum == _signal.SIGTERM and handler == default
            before = set(signalnum, on_sigterm if ours else handler)
            return default if before is on_sigterm else before

        for ours, theirs in ((getsignal, get), (signal, set)):
            ours.__doc__, ours.__module__, ours.__wrapped__ = theirs.__doc__, theirs.__module__, theirs  # type: ignore
        module.getsignal, module.signal = getsignal, signal  # type: ignore[attr-defined]

    post_import.after("signal", hide, "sensor")
