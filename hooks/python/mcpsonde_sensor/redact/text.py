"""Where words begin and end, and what only stands for a value: as `protocols/sensitive/_text.ts` has it."""

from __future__ import annotations

import re

#: No letter or digit stands before, but for those of an escape of JSON (`\\n`) or of a URL (`%3D`).
START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf])|(?<=%[0-9A-Fa-f]{2}))"
END = r"(?![A-Za-z0-9])"

_starts = re.compile(START)
_NAMES = re.compile(r"(?:password|passwd|passw|pass|pwd|secret|token|changeme|xxx+)$", re.IGNORECASE)


def starts_word(text: str, at: int) -> bool:
    return _starts.match(text, at) is not None


def is_placeholder(value: str) -> bool:
    """`${TOKEN}`, `<token>`, `***`, `xxxx`, `[REDACTED]`, `%s`."""
    if not value or value[0] in "$<{[%" or _NAMES.match(value):
        return True
    return len(set(value.lower()) - {"-", "_"}) <= 1 or "..." in value or "***" in value or "\u2026" in value
