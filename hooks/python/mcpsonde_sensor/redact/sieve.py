"""Tells whether a text may have anything to hide: most have not, and are done with here.

First a quick look, nearly all of it in C: a run of characters that is long enough for a token, a run of digits, words that
are not known to be harmless yet. Only then the needles.
"""

from __future__ import annotations

import re

from ..pace import pace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: Characters searched at a time: the interpreter's lock is the program's.
PIECE = 8192
#: The longest needle, and more.
OVERLAP = 640
#: Harmless words that are remembered, and the longest of them.
MOST_WORDS = 20000
MAX_WORD = 40

#: All but letters become spaces.
_LETTERS = bytes(k if 65 <= k <= 90 or 97 <= k <= 122 else 32 for k in range(256))


class Sieve:
    """Of the rules `quick` and `needles`."""

    def __init__(self, rules: dict) -> None:
        quick, needles = rules["quick"], rules["needles"]
        chars = quick["run_chars"].encode()
        self._run = b"w" * quick["run"]
        self._runs = bytes(119 if k in chars else 32 for k in range(256))
        self._digits = b"0" * quick["digits"]
        self._numbers = bytes(48 if 48 <= k <= 57 else 32 for k in range(256))
        self._marks = [each.encode() for each in quick["characters"]]
        self._words = re.compile(_trie([each.encode() for each in quick["words"]])).search
        self._exact = {each.encode() for each in quick["exact"]}
        #: Words that were looked at, and are in no secret.
        self._harmless: set[bytes] = set()
        self._not_after: dict[str, tuple[str, ...]] = {
            text: tuple(before) for text, before in needles["not_after"].items()
        }
        self._rules = needles
        self._texts: Callable | None = None
        self._others: Callable | None = None

    def may(self, text: str) -> bool:
        """Whether it is worth a closer look."""
        if len(text) <= PIECE:
            return self._may(text)
        for at in range(0, len(text), PIECE):
            pace()
            if self._may(text[max(0, at - OVERLAP) : at + PIECE]):
                return True
        return False

    def _may(self, text: str) -> bool:
        data = text.encode("utf-8", "surrogatepass")
        if (
            self._run not in data.translate(self._runs)
            and self._digits not in data.translate(self._numbers, b" -")
            and not any(mark in data for mark in self._marks)
        ):
            words = data.translate(_LETTERS).split()
            if self._harmless.issuperset(words) or not self._new(words):
                return False
        if self._texts is None:
            needles = self._rules
            words = [each.encode() for each in (*needles["texts"], *needles["not_after"])]
            self._texts = re.compile(_trie(words)).search
            self._others = re.compile("|".join(needles["expressions"])).search
        lower = text.lower()
        found = self._texts(lower.encode("utf-8", "surrogatepass"))
        if found is not None and (found.group().decode() not in self._not_after or self._guarded(lower)):
            return True
        return self._others(text) is not None  # type: ignore[misc]

    def _new(self, words: list[bytes]) -> bool:
        """Whether one of the words says that there may be something; remembers those that do not."""
        harmless = self._harmless
        for word in words:
            if word not in harmless:
                lower = word.lower()
                if self._words(lower) is not None or lower in self._exact or lower[1:] in self._exact:
                    return True
                if len(word) <= MAX_WORD:
                    if len(harmless) >= MOST_WORDS:
                        harmless.clear()
                    harmless.add(word)
        return False

    def _guarded(self, lower: str) -> bool:
        """The same where the first that was found is a text that counts only where none of some others stands before."""
        data = lower.encode("utf-8", "surrogatepass")
        at = 0
        while (found := self._texts(data, at)) is not None:  # type: ignore[misc]
            before = self._not_after.get(found.group().decode())
            if before is None or not lower.isascii():
                return True
            start = found.start()
            # The letter of an escape (`\\n`) belongs to what it stands for.
            if not lower.endswith(before, 0, start) or lower[start - 2 : start] in ("\\n", "\\r", "\\t"):
                return True
            at = start + 1
        return False


def _trie(words: list[bytes]) -> bytes:
    """An expression for any of the words, in which common beginnings stand once."""
    root: dict = {}
    for word in words:
        node = root
        for k in range(len(word)):
            node = node.setdefault(word[k : k + 1], {})
        node[b""] = {}

    def text(node: dict) -> bytes:
        if b"" in node:
            return b""  # whatever follows, it is one
        branches = [re.escape(character) + text(rest) for character, rest in sorted(node.items())]
        return branches[0] if len(branches) == 1 else b"(?:" + b"|".join(branches) + b")"

    return text(root)
