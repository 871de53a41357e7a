"""Numbers in groups, as people write them: `3-2-4`, with a space or a hyphen between."""

from __future__ import annotations

import re

from .checks import CHECKS, luhn
from .text import START

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A run of digits that nothing touching it makes a part of something else.
_RUN = re.compile(START + r"(?<![_.])(?<![0-9]/)[0-9](?:[ -]?[0-9]){7,}(?![ -]?[0-9]|[A-Za-z_]|[./][0-9])")
#: Characters before and after a number in which a word may stand.
BEFORE, AFTER = 60, 20


def near(text: str, start: int, end: int, words: re.Pattern) -> bool:
    return bool(words.search(text[max(0, start - BEFORE) : start]) or words.search(text[end : end + AFTER]))


def runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where each run begins, and its groups."""
    for match in _RUN.finditer(text):
        before = match.start() - 1
        # Not from the middle of a longer run: separators belong to it.
        if before > 0 and text[before] in " -" and text[before - 1].isdigit():
            continue
        yield match.start(), re.split("[ -]", match.group())


def each(text: str, forms: list[list[int]], seen: Callable[[int, int, str, str], bool]) -> None:
    """Calls `seen(start, end, digits, form)` with each number of one of the forms, until it says that it is one."""
    for start, groups in runs(text):
        k = 0
        at = start
        while k < len(groups):
            step = 1
            for form in forms:
                part = groups[k : k + len(form)]
                if [len(group) for group in part] != form:
                    continue
                digits = "".join(part)
                if seen(at, at + len(digits) + len(form) - 1, digits, "-".join(map(str, form))):
                    step = len(form)
                    break
            for group in groups[k : k + step]:
                at += len(group) + 1
            k += step


def numerals(rule: dict) -> Callable[[str], list[tuple[int, int]]]:
    """A finder of one kind."""
    alone = rule["forms"]
    forms = [[int(part) for part in form.split("-")] for form in (*alone, *rule.get("near_forms", ()))]
    words = re.compile(rule["near"], re.IGNORECASE) if "near" in rule else None
    valid = CHECKS[rule["check"]]

    def find(text: str) -> list[tuple[int, int]]:
        found = []

        def seen(start: int, end: int, digits: str, form: str) -> bool:
            told = form in alone or (words is not None and near(text, start, end, words))
            if not told or not valid(digits):
                return False
            found.append((start, end))
            return True

        each(text, forms, seen)
        return found

    return find


def cards(rules: dict) -> Callable[[str], list[tuple[int, int]]]:
    """A finder of payment cards: issuer range, length, check digit."""
    forms = [[int(part) for part in form.split("-")] for form in rules["forms"]]
    ranges = [
        (first, last, len(str(first)), {int(n) for n in lengths.split()}) for first, last, lengths in rules["ranges"]
    ]

    def find(text: str) -> list[tuple[int, int]]:
        found = []

        def seen(start: int, end: int, digits: str, form: str) -> bool:
            known = any(
                first <= int(digits[:n]) <= last and len(digits) in lengths for first, last, n, lengths in ranges
            )
            if not known or not luhn(digits) or len(set(digits)) == 1:
                return False
            found.append((start, end))
            return True

        each(text, forms, seen)
        return found

    return find
