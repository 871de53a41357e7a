"""Names of members, variables and headers whose values are secrets: `isSecretKey` of `protocols/sensitive/key_names.ts`."""

from __future__ import annotations

import re

#: Names that were looked at, which come again and again; forgotten when there are many.
MOST = 4096


class Names:
    """Of the rules `keys`."""

    def __init__(self, rules: dict) -> None:
        self._max: int = rules["max_name"]
        self._parts = re.compile(rules["parts"], re.IGNORECASE).search
        self._secrets = set(rules["secrets"])
        self._ends = tuple(rules["ends"])
        self._pairs = set(rules["pairs"])
        self._tails = set(rules["tails"])
        self._other_tokens = set(rules["other_tokens"])
        self._not_after = tuple(rules["not_after"])
        self._questions = set(rules["questions"])
        self._known: dict[str, bool] = {}

    def is_secret(self, name: str) -> bool:
        """`password`, `client_secret`, `X-Api-Key`; not `author`, `max_tokens`, `progressToken`."""
        known = self._known.get(name)
        if known is None:
            if len(self._known) >= MOST:
                self._known.clear()
            known = self._known[name] = self._look(name)
        return known

    def _look(self, name: str) -> bool:
        if len(name) > self._max or self._parts(name) is None:
            return False
        parts = _words(name)
        if len(parts) > 1 and parts[0] in self._questions:
            return False
        while True:
            if self._says(parts):
                return True
            last = parts[-1] if parts else ""
            if len(parts) < 2 or not (last in self._tails or (last.isascii() and last.isdigit())):
                return name == "_auth"
            parts.pop()

    def _says(self, parts: list[str]) -> bool:
        whole = parts[-1] if parts else ""
        last = re.sub(r"[0-9]{1,2}$", "", whole)
        before = parts[-2] if len(parts) > 1 else ""
        if last == "token":
            return before not in self._other_tokens and not before.endswith(self._not_after)
        return (
            last in self._secrets
            or whole in self._secrets
            or f"{before}-{last}" in self._pairs
            or last.endswith(self._ends)
        )


def _words(name: str) -> list[str]:
    """`apiKey`, `API_KEY`, `x-api-key` in words of small letters."""
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    text = re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", text).lower()
    text = re.sub(r"^[^a-z0-9]+|[^a-z0-9]+$", "", text)
    return re.split(r"[^a-z0-9]", text)
