"""The audit hook: a look in a dict for nearly every event, as the interpreter raises very many."""

from __future__ import annotations

from .. import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..sensor import Sensor
    from .aggregate import Aggregate


def make(sensor: Sensor, aggregate: Aggregate, watched: dict[str, Callable[[tuple], list[str] | None]]):  # type: ignore
    """`watched`: by the event's name, what makes its arguments texts, or None if it is not to be told of."""
    find = watched.get
    on = guard.on
    told = aggregate.told

    def hook(event, args):  # type: ignore[no-untyped-def]
        texts = find(event)
        if texts is None:
            return
        try:
            if on["audit"] and not sensor.writer.is_mine:
                shown = texts(args)
                if shown is not None:
                    told(event, shown)
                    if event == "os.exec":  # nothing runs after it
                        sensor.writer.flush(0.2)
        except Exception as error:
            guard.fault("audit", event, error)

    return hook
