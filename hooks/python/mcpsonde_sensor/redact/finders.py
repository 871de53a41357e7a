"""Finds the values of each kind in a text: `(start, end)`. What is an expression comes from `redaction.json`.

Each takes time linear in the text, but for constant factors: its expressions have no repetition in a repetition, and
repetitions are bounded or of one class.
"""

from __future__ import annotations

import base64
import re

from .checks import CHECKS, mod97
from .numerals import cards, near, numerals
from .text import END, START, is_placeholder, starts_word
from .words import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Find = Callable[[str], list[tuple[int, int]]]

#: Longest name and value of an assignment.
MAX_NAME, MAX_VALUE = 64, 1024
MAX_LABEL = 64


def make(kind: dict, rules: dict, names: Names) -> Find:
    """The finder of a kind of `redaction.json`."""
    finder = kind["finder"]
    if finder == "tokens":
        return tokens(kind["tokens"])
    if finder == "patterns":
        return patterns(kind["patterns"])
    if finder == "numerals":
        return numerals(kind["numerals"])
    if finder == "cards":
        return cards(rules["cards"])
    if finder == "ibans":
        return ibans(rules["ibans"])
    if finder == "assignment":
        return assignment(names)
    return {"pem": pem, "aws": aws, "authorization": authorization, "cookie": cookie, "user_info": user_info}[finder]


def tokens(forms: list[dict]) -> Find:
    """A mark, then so many characters of a class; full stops and hyphens at the end belong to the sentence."""
    by_mark = {form["prefix"]: form for form in forms}
    runs = {mark: re.compile(f"[{form['chars']}]*") for mark, form in by_mark.items()}
    marks = re.compile("|".join(re.escape(mark) for mark in sorted(by_mark, key=len, reverse=True)))

    def find(text: str) -> list[tuple[int, int]]:
        found = []
        done = 0
        for match in marks.finditer(text):
            at = match.start()
            if at < done or not starts_word(text, at):
                continue
            form = by_mark[match.group()]
            run = runs[match.group()].match(text, match.end())
            done = run.end() if run else match.end()
            rest = text[match.end() : done].rstrip(".-")
            end = match.end() + len(rest)
            if len(rest) < form["min"] or len(rest) > form.get("max", len(rest)) or text[end : end + 1].isalnum():
                continue
            if not form.get("digit") or re.search("[0-9]", rest):
                found.append((at, end))
        return found

    return find


def patterns(list_: list[dict]) -> Find:
    made = []
    for each in list_:
        flags = re.IGNORECASE if each.get("flags") == "i" else 0
        start, end = START if each.get("start") else "", END if each.get("end") else ""
        words = re.compile(each["near"], re.IGNORECASE) if "near" in each else None
        made.append(
            (
                re.compile(f"{start}(?:{each['regex']}){end}", flags),
                each.get("group", 0),
                CHECKS.get(each.get("check", "")),
                words,
            )
        )

    def find(text: str) -> list[tuple[int, int]]:
        found = []
        for pattern, group, check, words in made:
            for match in pattern.finditer(text):
                value = match.group(group)
                begin, end = match.start(group), match.start(group) + len(value.rstrip("."))
                if check is not None and not check(value):
                    continue
                if words is None or near(text, begin, end, words):
                    found.append((begin, end))
        return found

    return find


_BEGIN, _DASHES = "-----BEGIN ", "-----"
_BODY = re.compile(r"[A-Za-z0-9+/=\r\n\t \\:,-]*")
#: The shortest keys, of Ed25519, have 64 characters.
MIN_BODY = 48


def pem(text: str) -> list[tuple[int, int]]:
    """From the first dash to the last; where the end is missing, as far as it looks like a key (RFC 7468)."""
    found = []
    at = text.find(_BEGIN)
    while at >= 0:
        begin = at + len(_BEGIN)
        label, close, _ = text[begin : begin + MAX_LABEL + len(_DASHES)].partition(_DASHES)
        next_ = begin
        if close and "PRIVATE KEY" in label:
            body = begin + len(label) + len(_DASHES)
            run = _BODY.match(text, body).end()  # type: ignore[union-attr]
            last = f"-----END {label}{_DASHES}"
            end = text.find(last, body, run + len(last))
            stop = end if end >= 0 else run
            next_ = body
            if stop - body >= MIN_BODY:
                next_ = end + len(last) if end >= 0 else run
                found.append((at, next_))
        at = text.find(_BEGIN, next_)
    return found


def ibans(lengths: dict[str, int]) -> Find:
    head = re.compile(START + "([A-Z]{2})[0-9]{2}")
    grouped = re.compile("(?:[A-Z0-9]{4} ){3,8}[A-Z0-9]{1,4}")
    plain = re.compile("[A-Z0-9]+")

    def find(text: str) -> list[tuple[int, int]]:
        found = []
        for match in head.finditer(text):
            length = lengths.get(match.group(1))
            if length is None:
                continue
            at = match.start()
            spaced = text[at + 4 : at + 5] == " "
            end = at + length + (-(-length // 4) - 1 if spaced else 0)
            value = text[at:end]
            form = grouped if spaced else plain
            if len(value) == end - at and form.fullmatch(value) and not text[end : end + 1].isalnum():
                if mod97(value.replace(" ", "")):
                    found.append((at, end))
        return found

    return find


_AWS_ID = re.compile(START + "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])")
_AWS_LONG = re.compile(START + "(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|ABSKQmVkcm9ja0FQSUtleS)[A-Za-z0-9+/=]{60,}")
_AWS_NAME = re.compile("secret_?access_?key|aws_?secret|secretkey", re.IGNORECASE)
_BASE64 = re.compile("[A-Za-z0-9+/=]+")
#: How far a secret may stand from the id or name that tells what it is, and its length.
AWS_NEAR, AWS_SECRET = 120, 40


def aws(text: str) -> list[tuple[int, int]]:
    found = [match.span() for match in _AWS_ID.finditer(text)]
    marks = sorted([start for start, _ in found] + [match.start() for match in _AWS_NAME.finditer(text)])
    found += [match.span() for match in _AWS_LONG.finditer(text)]
    searched = 0
    for mark in marks:
        at = max(mark - AWS_NEAR, searched)
        while at < min(mark + AWS_NEAR, len(text)):
            run = _BASE64.search(text, at)
            if run is None or run.start() >= mark + AWS_NEAR:
                break
            at = run.end()
            # The rest of a run that began before; and in `key=SECRET` the equals sign belongs to the run.
            if run.start() > 0 and _BASE64.match(text, run.start() - 1):
                continue
            whole = run.group()
            value = whole[whole.rfind("=", 0, len(whole) - 1) + 1 :]
            if len(value) == AWS_SECRET and all(re.search(each, value) for each in ("[A-Z]", "[a-z]", "[0-9]")):
                found.append((run.end() - AWS_SECRET, run.end()))
        searched = max(searched, at)
    return found


_AUTHORITY = re.compile("[A-Za-z0-9+.-]:(?://|\\\\/\\\\/)([^/?#\"'`<>\\\\\\x00-\\x20]{1,512})")


def user_info(text: str) -> list[tuple[int, int]]:
    """The password of `scheme://user:password@host` (RFC 3986, section 3.2.1)."""
    found = []
    for match in _AUTHORITY.finditer(text):
        authority = match.group(1)
        colon, sign = authority.find(":"), authority.rfind("@")
        if (
            0 <= colon < sign < len(authority) - 1
            and sign > colon + 1
            and not is_placeholder(authority[colon + 1 : sign])
        ):
            found.append((match.start(1) + colon + 1, match.start(1) + sign))
    return found


_SCHEME = re.compile(r"(bearer|basic|token|apikey)[ +]{1,2}([A-Za-z0-9._~+/=-]*)", re.IGNORECASE)
_HEADER = re.compile(r"authorization(?:[\"'\\]{1,3}\s{0,3}[:=,]?|\s{0,3}[:=,])\s{0,3}[\"'\\]{0,3}$", re.IGNORECASE)
_USER = re.compile(r"[\x20-\x39\x3b-\x7e]{0,128}:[\x20-\x7e]{1,128}")


def authorization(text: str) -> list[tuple[int, int]]:
    """Credentials after the name of their scheme (RFC 6750, section 2.1; RFC 7617)."""
    found = []
    for match in _SCHEME.finditer(text):
        kind, value = match.group(1).lower(), match.group(2)
        if kind == "basic":
            run = _BASE64.match(value)
            if run is not None and _is_basic(run.group()):
                found.append((match.start(2), match.start(2) + run.end()))
            continue
        if not value or is_placeholder(value):
            continue
        header = _HEADER.search(text[max(0, match.start() - 32) : match.start()])
        if header or (kind == "bearer" and len(value) >= 16 and re.search("[0-9]", value)):
            found.append(match.span(2))
    return found


def _is_basic(value: str) -> bool:
    try:
        return _USER.fullmatch(base64.b64decode(value + "=" * (-len(value) % 4)).decode("latin-1")) is not None
    except ValueError:
        return False


_COOKIE = re.compile(r"(set-)?cookie[\"']?\s{0,3}:\s{0,3}[\"']?", re.IGNORECASE)
_CRUMB = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}=([^ \t\r\n\"\\;,<>]*)")


def cookie(text: str) -> list[tuple[int, int]]:
    """Values of cookies, not the names (RFC 6265, section 4)."""
    found = []
    done = 0
    for match in _COOKIE.finditer(text):
        if match.start() < done:
            continue
        at = match.end()
        while True:
            crumb = _CRUMB.match(text, at)
            if crumb is None:
                break
            at = done = crumb.end()
            if len(crumb.group(1)) >= 3 and not is_placeholder(crumb.group(1)):
                found.append(crumb.span(1))
            if match.group(1) or text[at : at + 1] != ";":
                break
            at += 2 if text[at + 1 : at + 2] == " " else 1
    return found


_SIGN = re.compile("[=:]")
_NAME = re.compile(r"([A-Za-z0-9_.-]{1,64})\\*[\"'`]?[ \t]{0,3}$")
_WORDS = re.compile(
    "(?:string|str|number|int|integer|bool|boolean|object|array|any|unknown|null|none|nil|undefined|true|false|required|"
    "optional|secret|password|token|redacted|masked|hidden|changeme|example|todo)$",
    re.IGNORECASE,
)
_COLOR = re.compile("#[0-9a-f]{3,8}$", re.IGNORECASE)
_CODE = re.compile(r"(?:process|os|env|config|settings|self|this)\.")
_OPEN = re.compile("[ \t]{0,3}(\\\\*[\"'`])?")
_BARE = re.compile("[^ \t\r\n\"'`,;&()\\[\\]{}<>|\\\\]{0,1024}")


def assignment(names: Names) -> Find:
    """Values that their name makes secrets: `DB_PASSWORD=x`, `api_key: "x"`, `--token=x`."""

    def find(text: str) -> list[tuple[int, int]]:
        found = []
        done = 0
        for sign in _SIGN.finditer(text):
            at = sign.start()
            if at < done:
                continue
            head = _NAME.search(text[max(0, at - MAX_NAME - 8) : at])
            if head is None:
                continue
            name = head.group(1)
            before = text[max(0, at - MAX_NAME - 8) + head.start(1) - 1] if head.start(1) or at > MAX_NAME + 8 else ""
            if before == "\\" and name[0] in "nrt":  # `\nNAME=` as JSON writes a line end
                name = name[1:]
            if len(name) < 3 or not names.is_secret(name):
                continue
            begin = at + 1
            if sign.group() == "=" and text[begin : begin + 1] == "=":
                continue  # a comparison
            if text[begin : begin + 1] in ("=", ">"):
                begin += 1  # := and =>
            env = sign.group() == "=" and text[begin : begin + 1] != " " and text[at - 1] != " "
            start, end, good = _value(text, begin, name, env)
            done = end
            if good:
                found.append((start, end))
        return found

    return find


def _value(text: str, begin: int, name: str, env: bool) -> tuple[int, int, bool]:
    opened = _OPEN.match(text, begin)
    start = opened.end()  # type: ignore[union-attr]
    quote = opened.group(1)  # type: ignore[union-attr]
    if quote:
        end = text.find(quote, start, start + MAX_VALUE)
        line = text.find("\n", start, start + MAX_VALUE)
        end = min(each for each in (end, line, start + MAX_VALUE, len(text)) if each >= 0)
    else:
        end = _BARE.match(text, start).end()  # type: ignore[union-attr]
        if text[end : end + 1] in ("(", "["):
            return start, end, False  # a call
    value = text[start:end]
    if len(value) < 4 or is_placeholder(value) or _WORDS.match(value) or _COLOR.match(value):
        return start, end, False
    if re.search(r"\s", value) and not re.search("pass", name, re.IGNORECASE):
        return start, end, False  # prose
    if quote:
        return start, end, True
    good = (
        len(value) >= 6 and value != name and not _CODE.match(value) and (env or re.search("[0-9]", value) is not None)
    )
    return start, end, good
