"""Keeps the sensor's own faults from the program.

A hook is a function that runs inside the program's calls. Each catches `Exception` itself, tells `fault`, and asks
`on` first: a feature that has failed too often is off for the rest of the process.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: A feature is off after so many faults.
MOST_FAULTS = 5

#: Features that run: `mcp`, `imports`, `audit`, `writer`, `redact`.
on: dict[str, bool] = {}
_faults: dict[str, int] = {}
#: What is told of a fault: its type and where it was; set by the sensor when it can tell.
tell: Callable[[str, str], None] | None = None


def fault(feature: str, where: str, error: BaseException) -> None:
    """Notes a fault of the sensor's own. Raises nothing."""
    try:
        count = _faults[feature] = _faults.get(feature, 0) + 1
        if count > MOST_FAULTS:
            return
        if count == MOST_FAULTS:
            on[feature] = False
            where += "; the feature is off from here on"
        if tell is not None:
            tell(type(error).__name__, f"{feature}: {where}")
    except Exception:
        pass


def reset() -> None:
    """Forgets the faults: for a forked child, and for tests."""
    _faults.clear()
