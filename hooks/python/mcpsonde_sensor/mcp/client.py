"""Clients: where they connect to, over which transport, and that a server they start gets the sensor, too."""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps

from .. import guard
from .http_server import entering
from .transport import Transport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..sensor import Sensor

#: The HTTP transport that was made last in this task: it knows the session's id once the server has given it.
_made: ContextVar[object] = ContextVar("mcpsonde_made", default=None)

#: The environment that carries the sensor to a child.
CARRIED = ("PYTHONPATH", "MCPSONDE_CONFIG", "MCPSONDE_SOCKET", "MCPSONDE_SPOOL", "MCPSONDE_OFF")


def hooks(sensor: Sensor) -> dict[str, Callable[[Any], None]]:
    def stdio(module: Any) -> None:
        def make(server: object, *args: object, **kwargs: object) -> Transport:
            return Transport("stdio")

        def tell(server: object, *args: object, **kwargs: object) -> dict:
            arguments = [str(each) for each in getattr(server, "args", ())]
            return {"transport": "stdio", "command": str(getattr(server, "command", "")), "args": arguments}

        module.stdio_client = _connecting(sensor, entering(module.stdio_client, make), tell)

    def sse(module: Any) -> None:
        def make(url: object, *args: object, **kwargs: object) -> Transport:
            return Transport("sse")

        module.sse_client = _connecting(sensor, entering(module.sse_client, make), _url("sse"))

    def streamable(module: Any) -> None:
        transport = module.StreamableHTTPTransport
        init = transport.__init__

        @wraps(init)
        def __init__(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            init(self, *args, **kwargs)
            _made.set(self)

        transport.__init__ = __init__

        def make(*args: object, **kwargs: object) -> Transport:
            made = _made.get()
            return Transport("http", lambda: getattr(made, "session_id", None))

        newer = getattr(module, "streamable_http_client", None)
        older = getattr(module, "streamablehttp_client", None)
        if newer is not None:
            module.streamable_http_client = _connecting(sensor, entering(newer, make), _url("http"))
        if older is not None and not _calls(older, "streamable_http_client"):
            module.streamablehttp_client = _connecting(sensor, entering(older, make), _url("http"))

    def websocket(module: Any) -> None:
        def make(url: object, *args: object, **kwargs: object) -> Transport:
            return Transport("websocket")

        module.websocket_client = _connecting(sensor, entering(module.websocket_client, make), _url("websocket"))

    return {
        "mcp.client.stdio": stdio,
        "mcp.client.sse": sse,
        "mcp.client.streamable_http": streamable,
        "mcp.client.websocket": websocket,
    }


def _calls(function: object, name: str) -> bool:
    """Whether the code of a function, under its decorators, has the name: the older client may call the newer."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return name in getattr(getattr(function, "__code__", None), "co_names", ())


def _url(kind: str) -> Callable[..., dict]:
    def tell(url: object = "", *args: object, **kwargs: object) -> dict:
        return {"transport": kind, "url": str(url)}

    return tell


def _connecting(sensor: Sensor, connect, tell):  # type: ignore[no-untyped-def]
    @wraps(connect)
    def connecting(*args, **kwargs):  # type: ignore[no-untyped-def]
        if guard.on["mcp"]:
            try:
                sensor.emit("python_mcp_client_connect", tell(*args, **kwargs))
            except Exception as error:
                guard.fault("mcp", "connect", error)
        return connect(*args, **kwargs)

    return connecting


def follow(environ: Mapping[str, str]) -> Callable[[Any], None]:
    """The SDK gives a server only a few variables of the environment; with these it gives those of the sensor, too."""

    def hook(module: Any) -> None:
        original = module.get_default_environment

        @wraps(original)
        def get_default_environment():  # type: ignore[no-untyped-def]
            env = original()
            try:
                for name in CARRIED:
                    if name in environ and name not in env and (name != "PYTHONPATH" or _ours(environ[name])):
                        env[name] = environ[name]
            except Exception as error:
                guard.fault("mcp", "environment", error)
            return env

        module.get_default_environment = get_default_environment

    return hook


def _ours(path: str) -> bool:
    from ..environment import BOOTSTRAP

    return BOOTSTRAP in path.split(":")
