"""The configuration: `hooks/config.schema.json` says what it may hold.

A file that cannot be read counts as empty, a member that is wrong as absent; `faults` says so.
"""

from __future__ import annotations

import os

MIB = 1 << 20
_MISSING = object()
_GATES: dict[str, dict] = {
    "mcp": {"messages": True, "registrations": True, "spans": True},
    "imports": {"hash": True, "standard_library": True},
    "audit": {"events": None, "sensitive_paths": (), "per_second": 50},
}
_TOP = {"$schema", "socket", "spool", "queue", "follow", "redact", *_GATES}


class Config:
    """What the sensor does. A gate (`mcp`, `imports`, `audit`) is its options, or None if it is off."""

    __slots__ = (
        "path", "faults", "mcp", "imports", "audit", "socket", "spool", "max_file_bytes", "max_total_bytes",
        "max_events", "max_bytes", "follow", "redact",
    )  # fmt: skip

    def __init__(self) -> None:
        #: The file that was read, or None.
        self.path: str | None = None
        #: What is wrong in it, in words for a person.
        self.faults: list[str] = []
        self.mcp: dict | None = dict(_GATES["mcp"])
        self.imports: dict | None = dict(_GATES["imports"])
        self.audit: dict | None = dict(_GATES["audit"])
        #: Sockets to try, in order.
        self.socket: list[str] = []
        #: The folder of the spool, or None if there is to be none.
        self.spool: str | None = None
        self.max_file_bytes = MIB
        self.max_total_bytes = 64 * MIB
        self.max_events = 20000
        self.max_bytes = 32 * MIB
        self.follow = True
        #: The options of redaction, or None if it is off.
        self.redact: dict | None = {}


def load(environ: dict[str, str]) -> Config:
    """Reads the configuration that this environment names. Raises nothing that a file can cause."""
    config = Config()
    home = environ.get("HOME") or os.path.expanduser("~")
    base = os.path.join(home, ".mcpsonde")
    runtime = environ.get("XDG_RUNTIME_DIR")
    config.socket = [os.path.join(runtime, "mcpsonde", "events.sock")] if runtime else []
    config.socket.append(os.path.join(base, "events.sock"))
    config.spool = os.path.join(base, "event-spool")

    named = environ.get("MCPSONDE_CONFIG")
    path = named or os.path.join(base, "sensor.json")
    data = _read(path, named is not None, config)
    if data:
        _apply(data, config)

    # The environment has the last word: it is nearer to the process.
    if environ.get("MCPSONDE_SOCKET"):
        config.socket = [environ["MCPSONDE_SOCKET"]]
    if environ.get("MCPSONDE_SPOOL"):
        config.spool = environ["MCPSONDE_SPOOL"]
    return config


def _read(path: str, must_exist: bool, config: Config) -> dict:
    try:
        with open(path, "rb") as file:
            text = file.read(MIB + 1)
    except FileNotFoundError:
        if must_exist:
            config.faults.append(f"{path}: no such file")
        return {}
    except OSError as error:
        config.faults.append(f"{path}: {error.strerror}")
        return {}
    config.path = path
    if len(text) > MIB:
        config.faults.append(f"{path}: larger than 1 MiB")
        return {}
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        config.faults.append(f"{path}: not JSON: {error}")
        return {}
    if not isinstance(data, dict):
        config.faults.append(f"{path}: not an object")
        return {}
    return data


def _apply(data: dict, config: Config) -> None:
    faults = config.faults
    for key in data:
        if key not in _TOP:
            faults.append(f"{key}: unknown; expected one of {', '.join(sorted(_TOP - {'$schema'}))}")
    for gate, options in _GATES.items():
        setattr(config, gate, _gate(gate, data.get(gate, True), options, faults))

    socket = data.get("socket", _MISSING)
    if socket is False:
        config.socket = []
    elif isinstance(socket, str) and socket:
        config.socket = [os.path.expanduser(socket)]
    elif socket is not _MISSING:
        faults.append("socket: expected a path or false")

    spool = data.get("spool", _MISSING)
    if spool is False:
        config.spool = None
    elif isinstance(spool, str) and spool:
        config.spool = os.path.expanduser(spool)
    elif isinstance(spool, dict):
        _object("spool", spool, {"dir", "max_file_bytes", "max_total_bytes"}, faults)
        if isinstance(spool.get("dir"), str):
            config.spool = os.path.expanduser(spool["dir"])
        config.max_file_bytes = _number(spool, "spool", "max_file_bytes", 4096, config.max_file_bytes, faults)
        config.max_total_bytes = _number(spool, "spool", "max_total_bytes", 8192, config.max_total_bytes, faults)
    elif spool is not _MISSING:
        faults.append("spool: expected a path, an object or false")

    queue = data.get("queue", {})
    if isinstance(queue, dict):
        _object("queue", queue, {"max_events", "max_bytes"}, faults)
        config.max_events = _number(queue, "queue", "max_events", 16, config.max_events, faults)
        config.max_bytes = _number(queue, "queue", "max_bytes", 65536, config.max_bytes, faults)
    else:
        faults.append("queue: expected an object")

    follow = data.get("follow", True)
    if isinstance(follow, bool):
        config.follow = follow
    else:
        faults.append("follow: expected true or false")

    redact = data.get("redact", True)
    if isinstance(redact, dict):
        known = {"builtin", "also", "except", "action", "hash_key", "rules"}
        _object("redact", redact, known, faults)
        config.redact = {key: value for key, value in redact.items() if key in known}
    elif redact is False:
        config.redact = None
    elif redact is not True:
        faults.append("redact: expected true, false or an object")


def _gate(gate: str, value: object, options: dict, faults: list[str]) -> dict | None:
    if value is True:
        return dict(options)
    if value is False:
        return None
    if not isinstance(value, dict):
        faults.append(f"{gate}: expected true, false or an object")
        return dict(options)
    _object(gate, value, {"enable", *options}, faults)
    if value.get("enable") is False:
        return None
    result = dict(options)
    for key, default in options.items():
        given = value.get(key, default)
        if isinstance(default, bool):
            good = isinstance(given, bool)
        elif isinstance(default, int):
            good = isinstance(given, int) and not isinstance(given, bool) and given >= 1
        else:
            good = given is default or (isinstance(given, list) and all(isinstance(each, str) for each in given))
        if good:
            result[key] = given
        else:
            faults.append(f"{gate}.{key}: not what it may be")
    return result


def _object(where: str, value: dict, known: set[str], faults: list[str]) -> None:
    for key in value:
        if key not in known:
            faults.append(f"{where}.{key}: unknown; expected one of {', '.join(sorted(known))}")


def _number(value: dict, where: str, key: str, least: int, default: int, faults: list[str]) -> int:
    given = value.get(key, default)
    if isinstance(given, int) and not isinstance(given, bool) and given >= least:
        return given
    faults.append(f"{where}.{key}: expected a whole number of {least} or more")
    return default
