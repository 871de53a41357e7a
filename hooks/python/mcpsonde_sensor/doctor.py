"""`python -m mcpsonde_sensor doctor`: what the sensor would do here, and what is wrong."""

from __future__ import annotations

import os
import sys

from . import VERSION, pth
from .channel import Channel
from .config import load
from .redact.custom import Custom


def main() -> int:
    """Prints it. 1 if something is wrong."""
    config = load(dict(os.environ))
    if config.redact:
        Custom(config.redact, config.faults)
    wrong = [f"configuration: {fault}" for fault in config.faults]
    rows = [
        ("sensor", f"{VERSION}, Python {sys.version.split()[0]} at {sys.executable}"),
        (
            "starts",
            f"by itself, {pth.path()}"
            if os.path.exists(pth.path())
            else "when asked to (install makes it start by itself)",
        ),
        ("configuration", config.path or "none, all as by default"),
        ("features", ", ".join(_features(config)) or "none"),
        ("redaction", "off" if config.redact is None else "on"),
    ]
    if os.environ.get("MCPSONDE_OFF") == "1":
        wrong.append("MCPSONDE_OFF=1 keeps the sensor out")
    channel = Channel(config.socket)
    if channel.open:
        rows.append(("writes to", f"a reader at {next(path for path in config.socket if os.path.exists(path))}"))
        channel.close()
    elif config.spool:
        rows.append(
            ("writes to", f"files in {config.spool}; nobody listens at {', '.join(config.socket) or 'any socket'}")
        )
        fault = _unwritable(config.spool)
        if fault:
            wrong.append(f"{config.spool}: {fault}")
    else:
        wrong.append("nobody listens, and the spool is off: events are dropped")
    width = max(len(name) for name, _ in rows) + 2
    for name, text in rows:
        print(f"{name:<{width}}{text}")
    for each in wrong:
        print(f"{'wrong':<{width}}{each}")
    return 1 if wrong else 0


def _features(config) -> list[str]:  # type: ignore[no-untyped-def]
    return [name for name in ("mcp", "imports", "audit") if getattr(config, name) is not None]


def _unwritable(folder: str) -> str:
    """Why the sensor could not write there, or "". Makes nothing."""
    while not os.path.exists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        return f"{folder} is no folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"{folder} may not be written to"
    space = os.statvfs(folder)
    return "the disk is full" if space.f_bavail * space.f_frsize < 1 << 20 else ""
