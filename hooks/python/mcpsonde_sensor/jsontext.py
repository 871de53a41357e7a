"""JSON texts, compact and in ASCII, so that a line is never broken by what stands in it."""

from __future__ import annotations

from json.encoder import JSONEncoder, encode_basestring_ascii

#: The longest text of one value of unknown type.
MAX_REPR = 1024


def _other(value: object) -> object:
    """What JSON has no form for."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value[:MAX_REPR]).decode("utf-8", "backslashreplace")
    if isinstance(value, (set, frozenset)):
        return list(value)
    try:
        return str(value)[:MAX_REPR]
    except Exception:
        return f"<{type(value).__name__}>"


#: The text of any value.
encode_any = JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_other, check_circular=True).encode
#: The text of a string.
encode = encode_basestring_ascii
