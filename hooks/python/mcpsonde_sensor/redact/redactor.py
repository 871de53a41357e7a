"""Hides what is sensitive in the content of an event. Most contents pass the sieve and stay the text they are."""

from __future__ import annotations

import json

from .. import guard
from ..jsontext import encode_any
from ..pace import pace
from .custom import Custom
from .finders import make
from .rules import load
from .sieve import Sieve
from .words import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..config import Config
    from ..event import Event

#: What carries nothing of the program's data.
PLAIN = frozenset(
    ("python_import", "python_span_start", "python_span_end", "sensor_drops", "sensor_shutdown")
)  # fmt: skip
#: Name of members in messages of MCP, whose values only look like secrets.
HARMLESS = frozenset(("progressToken", "nextCursor", "cursor", "sessionId", "session_id", "requestState"))
#: Characters of a text that are searched at a time, and those before them that are searched again.
PIECE = 8192
OVERLAP = 4096
#: Values in values; what is deeper is hidden as a whole.
MAX_DEPTH = 200


def of(config: Config) -> Callable[[Event], str]:
    """What makes the JSON text of an event's content; by the configuration's rules."""
    if config.redact is None:
        return plain
    try:
        return Redactor(config).text
    except Exception as error:  # rather nothing than a secret
        guard.fault("redact", "rules", error)
        return lambda event: '{"unredacted":true}' if event.name not in PLAIN else plain(event)


def plain(event: Event) -> str:
    return event.content if isinstance(event.content, str) else encode_any(event.content)


class Redactor:
    """By the built-in rules and those of the configuration."""

    def __init__(self, config: Config) -> None:
        options = config.redact or {}
        pace()
        rules = load()
        pace()
        self._names = Names(rules["keys"])
        builtin = options.get("builtin", True) is not False
        also, without = options.get("also") or (), options.get("except") or ()
        self._rules = rules
        #: Those that are looked for: name, texts of which one has to be there, and the finder once it is needed.
        self._kinds: list[list] = [
            [kind["name"], tuple(kind.get("marks", ())), None, kind]
            for kind in rules["kinds"]
            if builtin and (kind["on"] or kind["name"] in also) and kind["name"] not in without
        ]
        self._builtin = builtin
        self._custom = Custom(options, config.faults)
        # Kinds that are off by default have no needles there; rules of one's own may look for anything.
        self._always = bool(also) or self._custom.any
        pace()
        self._sieve = Sieve(rules)
        pace()

    def text(self, event: Event) -> str:
        """The JSON text of an event's content, without what is sensitive."""
        content = event.content
        text = content if isinstance(content, str) else encode_any(content)
        if text == "{}" or event.name in PLAIN or not (self._always or self._sieve.may(text)):
            return text
        try:
            value = json.loads(text)
            return encode_any(self.value(value, "", (), event.content_key == "message"))
        except Exception as error:
            guard.fault("redact", event.name, error)
            return '{"unredacted":true}'

    def value(self, value: object, name: str, path: tuple[str, ...], mcp: bool) -> object:
        """A copy of a JSON value without what is sensitive; `name` is that of the member it stands in."""
        custom = self._custom
        if custom.any and path:
            rule = custom.whole(name, path)
            if rule is not None:
                return value if rule.action == "keep" else custom.shown(rule.kind, value, rule.action)
        if isinstance(value, dict):
            if len(path) > MAX_DEPTH:
                return "<deep>"
            result = {}
            for key, each in value.items():
                kept = self._member(key, each, (*path, key), mcp)
                if kept is not REMOVED:
                    result[self.string(key, "") if len(key) > 24 else key] = kept
            return result
        if isinstance(value, list):
            if len(path) > MAX_DEPTH:
                return "<deep>"
            kept = [self.value(each, name, (*path, str(k)), mcp) for k, each in enumerate(value)]
            if self._builtin:
                self._flags(value, kept)
            return [each for each in kept if each is not REMOVED]
        if isinstance(value, str):
            return self.string(value, name)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**8:
            shown = self.string(str(value), name)
            return value if shown == str(value) else shown
        return value

    def _member(self, key: str, value: object, path: tuple[str, ...], mcp: bool) -> object:
        secret = self._builtin and self._names.is_secret(key) and not (mcp and key in HARMLESS)
        # The schema of a member that is called so is none itself: `"password": {"type": "string"}`.
        if secret and value is not None and not isinstance(value, bool):
            rule = self._custom.whole(key, path) if self._custom.any else None
            if rule is None:
                if isinstance(value, (str, int, float)) and value != "":
                    return self._custom.shown(_kind(key), value, None)
                if isinstance(value, list) and all(isinstance(each, (str, int, float)) for each in value):
                    return [self._custom.shown(_kind(key), each, None) for each in value]
                if isinstance(value, dict) and value and all(isinstance(each, str) for each in value.values()):
                    if not ("type" in value or "$ref" in value):
                        return {each: self._custom.shown(_kind(key), text, None) for each, text in value.items()}
        return self.value(value, key, path, mcp)

    def _flags(self, words: list, kept: list) -> None:
        """Hides what follows a flag in a command: `--password`, `hunter2`."""
        for k in range(1, len(words)):
            flag, word = words[k - 1], words[k]
            if isinstance(flag, str) and isinstance(word, str) and flag.startswith("-") and kept[k] == word:
                name = flag.lstrip("-")
                if name and word and not word.startswith("-") and self._names.is_secret(name):
                    kept[k] = self._custom.shown(_kind(name), word, None)

    def string(self, text: str, name: str) -> str:
        """The same of a text."""
        custom = self._custom
        found: list[tuple[int, int, int, str, str | None]] = []
        for rank, (start, end, kind, action) in enumerate(custom.parts(text)):
            found.append((start, end, rank - 10**6, kind, action))
        head = f"{name[-64:]}: " if name else ""
        shift = len(head)
        searched = head + text
        # A long text in pieces, each of which most find nothing in.
        for at in range(0, len(searched), PIECE):
            pace()
            begin = max(0, at - OVERLAP)
            piece = searched[begin : at + PIECE]
            if self._always or self._sieve.may(piece):
                values = list(self._search(piece))
                # A value that goes on behind the piece is looked for in a longer one.
                while any(end == len(piece) for _, end, _, _ in values) and begin + len(piece) < len(searched):
                    piece = searched[begin : begin + len(piece) * 4]
                    values = list(self._search(piece))
                for start, end, rank, kind in values:
                    start = max(0, begin + start - shift)
                    end += begin - shift
                    if end > 0 and not (kind == "assigned_secret" and start == 0 and shift):
                        found.append((start, end, rank, kind, None))
        if not found:
            return text
        return custom.replaced(text, found)

    def _search(self, text: str) -> Iterator[tuple[int, int, int, str]]:
        """What the kinds find: start, end, rank and name of the kind."""
        lower = text.lower()
        for rank, entry in enumerate(self._kinds):
            kind, marks, find, rule = entry
            if marks and not any(mark in lower for mark in marks):
                continue
            if find is None:
                find = entry[2] = make(rule, self._rules, self._names)
            for start, end in find(text):
                yield start, end, rank, kind
            pace()


def _kind(key: str) -> str:
    """What a token shows of a value that is a secret because of its name."""
    return "".join(each if each.isalnum() else "_" for each in key.lower())[:32].strip("_") or "secret"


#: What a rule has taken out.
REMOVED = object()
