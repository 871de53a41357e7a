"""What code does, from CPython's audit events (PEP 578; docs.python.org, "Audit events table")."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..sensor import Sensor


def install(sensor: Sensor) -> None:
    from .aggregate import Aggregate
    from .hook import make
    from .watched import watched

    aggregate = Aggregate(sensor)
    sys.addaudithook(make(sensor, aggregate, watched(sensor)))
    sensor.writer.sources.append(aggregate.close)
    sensor.forked.append(aggregate.forked)
