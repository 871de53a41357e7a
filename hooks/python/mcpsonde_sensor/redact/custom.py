"""Rules of the configuration's own (`redact.rules`), and what is shown in place of a value."""

from __future__ import annotations

import re

TYPE_CHECKING = False

#: Rules that are used, and characters of a text that a rule's expression looks at.
MOST = 100
MAX_TEXT = 65536
ACTIONS = ("mask", "hash", "remove", "keep")


class Rule:
    """One of them."""

    __slots__ = ("kind", "key", "value", "field", "action")

    def __init__(self, data: dict) -> None:
        self.kind: str = data.get("name") or "redacted"
        self.key = _glob(data["key"]) if "key" in data else None
        self.value = re.compile(data["value"]) if "value" in data else None
        self.field = _path(data["field"]) if "field" in data else None
        self.action: str = data["action"]


class Custom:
    """All of them. What is wrong with one is added to `faults`; it is left out."""

    def __init__(self, options: dict, faults: list[str]) -> None:
        self._action = options.get("action") if options.get("action") in ("mask", "hash") else "mask"
        key = options.get("hash_key")
        self._key: bytes | None = key.encode() if isinstance(key, str) and len(key) >= 16 else None
        self._rules: list[Rule] = []
        given = options.get("rules")
        for k, data in enumerate(given[:MOST] if isinstance(given, list) else []):
            fault = _fault(data)
            if fault:
                faults.append(f"redact.rules[{k}]: {fault}")
            else:
                self._rules.append(Rule(data))
        self.any = bool(self._rules)

    def whole(self, name: str, path: tuple[str, ...]) -> Rule | None:
        """The first rule about a value as a whole that is called so and stands there."""
        for rule in self._rules:
            if rule.value is not None:
                continue
            if (rule.key is None or rule.key.match(name)) and (rule.field is None or rule.field.match(".".join(path))):
                return rule
        return None

    def parts(self, text: str) -> list[tuple[int, int, str, str]]:
        """What rules about parts of texts find."""
        found = []
        for rule in self._rules:
            if rule.value is not None and rule.key is None and rule.field is None:
                for match in rule.value.finditer(text[:MAX_TEXT]):
                    if match.end() > match.start():
                        found.append((match.start(), match.end(), rule.kind, rule.action))
        return found

    def shown(self, kind: str, value: object, action: str | None) -> object:
        """What stands there instead."""
        action = action or self._action
        if action == "remove":
            from .redactor import REMOVED

            return REMOVED
        if action == "hash":
            return f"<{kind}:hash:{self.digest(value)}>"
        return f"<{kind}>"

    def digest(self, value: object) -> str:
        """HMAC-SHA-256, the first 12 hexadecimal digits: the same for the same value."""
        import hmac
        import os

        from ..jsontext import encode_any

        if self._key is None:
            self._key = os.urandom(32)
        text = value if isinstance(value, str) else encode_any(value)
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:12]

    def replaced(self, text: str, found: list[tuple[int, int, int, str, str | None]]) -> str:
        """A text with what was found replaced. Where values overlap, the one of the first rule says what is shown."""
        found.sort()
        parts = []
        done = 0
        k = 0
        while k < len(found):
            start, end, rank, kind, action = found[k]
            k += 1
            while k < len(found) and found[k][0] < end:
                _, other_end, other_rank, other_kind, other_action = found[k]
                end = max(end, other_end)
                if other_rank < rank:
                    rank, kind, action = other_rank, other_kind, other_action
                k += 1
            parts.append(text[done:start])
            value = text[start:end]
            if action == "keep":
                parts.append(value)
            elif action != "remove":
                parts.append(str(self.shown(kind, value, action)))
            done = end
        parts.append(text[done:])
        return "".join(parts)


def _fault(data: object) -> str:
    if not isinstance(data, dict):
        return "not an object"
    if data.get("action") not in ACTIONS:
        return f"action: expected one of {', '.join(ACTIONS)}"
    for name in ("name", "key", "value", "field"):
        if name in data and not isinstance(data[name], str):
            return f"{name}: not a text"
    if not any(name in data for name in ("key", "value", "field")):
        return "one of key, value, field is needed"
    if "value" in data:
        if "key" in data or "field" in data:
            return "value stands alone"
        return _expression(data["value"])
    return ""


def _expression(text: str) -> str:
    """What is wrong with an expression; a repetition in a repetition may take for ever on hostile text."""
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        return f"value: {error}"
    try:
        from re import _parser as parser  # type: ignore[attr-defined]  # 3.11
    except ImportError:
        import sre_parse as parser  # type: ignore[no-redef]

    def nested(items: object, inside: bool) -> bool:
        for operation, argument in items:  # type: ignore[attr-defined]
            name = str(operation)
            if "REPEAT" in name:
                many = argument[1] > 1000
                if nested(argument[2], inside or many) or (many and inside):
                    return True
            elif name == "SUBPATTERN":
                if nested(argument[-1], inside):
                    return True
            elif name == "BRANCH":
                if any(nested(each, inside) for each in argument[1]):
                    return True
            elif name in ("ASSERT", "ASSERT_NOT") and nested(argument[1], inside):
                return True
        return False

    return "value: a repetition in a repetition" if nested(parser.parse(text), False) else ""


def _glob(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")) + "$", re.IGNORECASE | re.DOTALL)


def _path(text: str) -> re.Pattern[str]:
    """`params.arguments.*.path`: `*` is one step, `**` any number of them."""
    steps = []
    for step in text.split("."):
        if step == "**":
            steps.append(r"(?:[^.]+\.)*")
        else:
            steps.append(("[^.]*".join(re.escape(part) for part in step.split("*"))) + r"\.")
    whole = "".join(steps)
    return re.compile((whole[:-2] if whole.endswith(r"\.") else whole + ".*") + "$")
