"""The MCP request that is being handled, so that what else happens can be tied to it."""

from __future__ import annotations

from contextvars import ContextVar
from os import urandom
from time import perf_counter_ns

from ..jsontext import encode, encode_any


class Call:
    """Of one request that this process, as a server, handles."""

    __slots__ = ("id", "method", "span", "json", "started", "duration", "exception", "of")

    def __init__(self, id: object, method: str, name: str | None, session_id: str | None) -> None:
        self.id = id
        self.method = method
        #: 32 hexadecimal digits.
        self.span = urandom(16).hex()
        name_text = f',"name":{encode(name)}' if name is not None else ""
        session_text = f',"session_id":{encode(session_id)}' if session_id is not None else ""
        #: The text of `context.call`.
        self.json = f'{{"id":{id_text(id)},"method":{encode(method)}{name_text}{session_text}}}'
        self.started = 0
        #: Of the handler, in nanoseconds; -1 while it has not ended.
        self.duration = -1
        #: Type of what the handler raised, whatever was made of it afterwards.
        self.exception: str | None = None
        #: The call around this one, in the same task.
        self.of: object = None

    def begin(self) -> None:
        self.started = perf_counter_ns()

    def end(self, error: BaseException | None = None) -> None:
        self.duration = perf_counter_ns() - self.started
        if error is not None:
            self.raised(error)

    def raised(self, error: BaseException) -> None:
        """The first is what happened; what is raised from it later only passes it on."""
        if self.exception is None:
            cause = error.__cause__
            told = cause if cause is not None and type(error).__name__ in WRAPPERS else error
            self.exception = type(told).__name__


#: Exceptions of the SDKs that stand for another one, their cause.
WRAPPERS = {"ToolError", "UnexpectedToolError", "ResourceError", "UnexpectedResourceError", "PromptError"}

current: ContextVar[Call | None] = ContextVar("mcpsonde_call", default=None)


def id_text(id: object) -> str:
    """JSON text of a request's id."""
    return str(id) if type(id) is int else encode(id) if type(id) is str else encode_any(id)


def name_of(method: str, params: object) -> str | None:
    """What a request is about: a tool's or prompt's name, a resource's URI."""
    if not isinstance(params, dict):
        return None
    name = params.get("uri" if method.startswith("resources/") else "name")
    return str(name) if name is not None else None
