"""Which audit events are told of, and with which of their arguments."""

from __future__ import annotations

import os
import sys

from .paths import Sensitive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..sensor import Sensor

    Texts = Callable[[tuple], "list[str] | None"]

#: Longest text of an argument, and arguments of a command.
MAX_TEXT = 512
MAX_ARGS = 64
#: Of these the last argument says who did it, and they are alike where that is the same.
BY_CALLER = frozenset(("exec", "compile", "code.__new__"))
WRITES = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
SOCKETS = {"AF_INET", "AF_INET6", "AF_UNIX"}


def text(value: object) -> str:
    """Of an argument. Only of types whose text runs no code of the program's."""
    kind = type(value)
    if kind is str:
        return value[:MAX_TEXT]  # type: ignore[index]
    if kind is bytes:
        return value[:MAX_TEXT].decode("utf-8", "backslashreplace")  # type: ignore[index]
    if kind in (int, bool, float) or value is None:
        return str(value)
    if kind in (tuple, list):
        return " ".join(text(each) for each in value[:MAX_ARGS])[:MAX_TEXT]  # type: ignore[index]
    if isinstance(value, os.PathLike):
        try:
            return os.fsdecode(value)[:MAX_TEXT]
        except Exception:
            return f"<{kind.__name__}>"
    return f"<{kind.__name__}>"


def words(value: object) -> list[str]:
    """Of a command."""
    return [text(each) for each in value[:MAX_ARGS]] if type(value) in (tuple, list) else [text(value)]  # type: ignore


def all_of(*places: int) -> Texts:
    """The arguments at these places."""
    return lambda args: [text(args[k]) for k in places if k < len(args)]


def watched(sensor: Sensor) -> dict[str, Texts]:
    """By name of the event; see docs.python.org, "Audit events table"."""
    options = sensor.config.audit or {}
    sensitive = Sensitive(options.get("sensitive_paths") or ())
    library = os.path.dirname(os.__file__) + os.sep
    site = library + "site-packages"

    def of_library(frame: object) -> bool:
        """dataclasses, namedtuple, enum and the like make code all the time; an import runs a module's."""
        file = frame.f_code.co_filename  # type: ignore[attr-defined]
        return file.startswith("<frozen") or (file.startswith(library) and not file.startswith(site))

    def caller() -> str | None:
        try:
            frame = sys._getframe(3)
        except ValueError:
            return None  # the interpreter itself, for `-c` and the like
        return None if of_library(frame) else f"{frame.f_code.co_filename}:{frame.f_lineno}"

    def exec_(args: tuple) -> list[str] | None:
        name = getattr(args[0], "co_filename", "")
        if not name.startswith("<") or name.startswith("<frozen"):
            return None
        by = caller()
        return None if by is None else [name, by]

    def compile_(args: tuple) -> list[str] | None:
        source, name = args[0], args[1]
        # Without a source it is a tree that was made from one, and told of, before.
        if source is None or (isinstance(name, str) and not name.startswith("<")):
            return None
        by = caller()
        return None if by is None else [text(name), text(source), by]

    def open_(args: tuple) -> list[str] | None:
        path, mode, flags = args
        if type(path) is int:
            return None
        if type(flags) is int and flags & WRITES:
            name = text(path)
            return None if "/__pycache__/" in name or name == os.devnull else [name, "write"]
        name = path if type(path) is str else text(path)
        return [text(name), "read"] if sensitive.has(name) else None

    def connect(args: tuple) -> list[str] | None:
        return [text(args[1])]

    def popen(args: tuple) -> list[str] | None:
        return words(args[1])

    def exec_program(args: tuple) -> list[str] | None:
        return [text(args[0]), *words(args[1])]

    def native(args: tuple) -> list[str] | None:
        path = args[1]
        if type(path) is not str or (path.startswith(library) and not path.startswith(site)):
            return None
        return [text(args[0]), text(path)]

    def code(args: tuple) -> list[str] | None:
        by = caller()
        return None if by is None else [text(args[1]), text(args[2]), by]

    known: dict[str, Texts] = {
        "exec": exec_,
        "compile": compile_,
        "open": open_,
        "import": native,
        "socket.connect": connect,
        "socket.bind": connect,
        "socket.sendto": connect,
        "socket.getaddrinfo": all_of(0, 1),
        "subprocess.Popen": popen,
        "os.system": all_of(0),
        "os.exec": exec_program,
        "os.posix_spawn": exec_program,
        "os.spawn": lambda args: [text(args[1]), *words(args[2])],
        "os.startfile": all_of(0),
        "os.fork": all_of(),
        "os.forkpty": all_of(),
        "pty.spawn": lambda args: words(args[0]),
        "os.kill": all_of(0, 1),
        "os.remove": all_of(0),
        "os.rename": all_of(0, 1),
        "os.rmdir": all_of(0),
        "os.chmod": all_of(0, 1),
        "os.chown": all_of(0, 1, 2),
        "os.link": all_of(0, 1),
        "os.symlink": all_of(0, 1),
        "os.truncate": all_of(0),
        "shutil.rmtree": all_of(0),
        "ctypes.dlopen": all_of(0),
        "ctypes.dlsym": lambda args: [text(args[1])],
        "pickle.find_class": all_of(0, 1),
        "code.__new__": code,
        "sys.settrace": all_of(),
        "sys.setprofile": all_of(),
        "sys.remote_exec": all_of(0, 1),
        "urllib.Request": lambda args: [text(args[0]), text(args[3])],
        "sqlite3.connect": all_of(0),
        "webbrowser.open": all_of(0),
    }
    only = options.get("events")
    return {name: known[name] for name in known if only is None or name in only}
