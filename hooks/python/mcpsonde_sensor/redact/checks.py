"""Check digits and other conditions of values, by the names that `redaction.json` has."""

from __future__ import annotations

import base64
import json
import math
import re

DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
#: Values of characters at odd places of an Italian code, for 0 to 9 and again for A to J, then K to Z.
ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for k, character in enumerate(reversed(digits)):
        digit = int(character) * (2 if k % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits))


def verhoeff(digits: str) -> bool:
    """J. Verhoeff, "Error Detecting Decimal Codes", 1969."""
    check = 0
    for k, character in enumerate(reversed(digits)):
        digit = int(character)
        for _ in range(k % 8):
            digit = PERMUTATION[digit]
        if check < 5:
            check = (check + digit) % 5 if digit < 5 else 5 + (check + digit) % 5
        else:
            check = 5 + (check - digit) % 5 if digit < 5 else (check - digit) % 5
    return check == 0


def mod97(iban: str) -> bool:
    """ISO 7064, MOD 97-10, over the number with its first four characters moved to the end."""
    if not 2 <= int(iban[2:4]) <= 98:
        return False
    return int("".join(str(int(each, 36)) for each in iban[4:] + iban[:4])) % 97 == 1


def is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def us_ssn(digits: str) -> bool:
    area, group, serial = int(digits[:3]), int(digits[3:5]), int(digits[5:9])
    if area >= 900:
        return 50 <= group <= 65 or (70 <= group <= 99 and group not in (89, 93))
    return area not in (0, 666) and group != 0 and serial != 0


def de_tax_id(digits: str) -> bool:
    first = digits[:10]
    repeated = [each for each in set(first) if first.count(each) > 1]
    times = first.count(repeated[0]) if len(repeated) == 1 else 0
    if first[0] == "0" or times not in (2, 3) or re.search(r"([0-9])\1\1", first):
        return False
    product = 10
    for each in digits[:-1]:
        product = ((int(each) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def fr_nir(digits: str) -> bool:
    month = int(digits[3:5])
    known = 1 <= month <= 12 or 20 <= month <= 42 or month >= 50
    return digits[0] in "123478" and known and 97 - int(digits[:13]) % 97 == int(digits[13:15])


def pl_pesel(digits: str) -> bool:
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
    return is_day(int(digits[2:4]) % 20, int(digits[4:6])) and weighted(digits, weights) % 10 == 0


def se_personnummer(digits: str) -> bool:
    short = digits[-10:]
    return is_day(int(short[2:4]), int(short[4:6])) and luhn(short)


def uk_nhs(digits: str) -> bool:
    check = 11 - weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if check == 11 else check) == int(digits[9])


def br_cpf(value: str) -> bool:
    digits = re.sub(r"[^0-9]", "", value)

    def digit(n: int) -> int:
        rest = weighted(digits, tuple(n + 1 - k for k in range(n))) % 11
        return 0 if rest < 2 else 11 - rest

    return digit(9) == int(digits[9]) and digit(10) == int(digits[10]) and len(set(digits)) > 1


def _bare(value: str) -> str:
    return value.replace(" ", "").replace("-", "").upper()


def es_dni(value: str) -> bool:
    bare = _bare(value)
    digits = str("XYZ".index(bare[0])) + bare[1:-1] if bare[0] in "XYZ" else bare[:-1]
    return DNI[int(digits) % 23] == bare[-1]


def it_fiscal_code(value: str) -> bool:
    total = 0
    for k, character in enumerate(_bare(value)[:15]):
        code = int(character, 36)
        place = code - 10 if code > 9 else code
        total += ODD[place] if k % 2 == 0 else place
    return total % 26 == int(value[15], 36) - 10


def cn_resident_id(value: str) -> bool:
    bare = _bare(value)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return is_day(int(bare[10:12]), int(bare[12:14])) and "10X98765432"[weighted(bare, weights) % 11] == bare[17]


def jwt(value: str) -> bool:
    """RFC 7515, section 4.1.1: the first part is an object with `alg`."""
    part = value.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return False
    return isinstance(header, dict) and isinstance(header.get("alg"), str)


def entropy(value: str) -> bool:
    mixed = bool(re.search("[a-z]", value) and re.search("[A-Z]", value) and re.search("[0-9]", value))
    is_hex = len(value) >= 32 and re.fullmatch("[0-9a-fA-F]+", value) is not None
    if UUID.match(value) or not (is_hex or (mixed and "//" not in value)):
        return False
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in (value.count(each) for each in set(value)))
    return (mixed and bits >= 4) or (is_hex and bits >= 3)


def _phone(least: int, most: int):  # type: ignore[no-untyped-def]
    def check(value: str) -> bool:
        return least <= sum(each.isdigit() for each in value) <= most and not re.match(
            r"[0-9]{2}[/-][0-9]{2}[/-][0-9]{4}", value
        )

    return check


CHECKS = {
    "luhn": luhn,
    "us_ssn": us_ssn,
    "de_tax_id": de_tax_id,
    "fr_nir": fr_nir,
    "in_aadhaar": lambda digits: digits[0] >= "2" and verhoeff(digits),
    "ca_sin": lambda digits: digits[0] not in "08" and luhn(digits),
    "pl_pesel": pl_pesel,
    "nl_bsn": lambda digits: weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and int(digits) > 0,
    "se_personnummer": se_personnummer,
    "au_tfn": lambda digits: weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0,
    "uk_nhs": uk_nhs,
    "br_cpf": br_cpf,
    "uk_nino": lambda value: not re.match("BG|GB|NK|KN|TN|NT|ZZ", value, re.IGNORECASE),
    "es_dni": es_dni,
    "it_fiscal_code": it_fiscal_code,
    "cn_resident_id": cn_resident_id,
    "jwt": jwt,
    "entropy": entropy,
    "email": lambda value: value.partition("@")[0].lower() not in ("git", "noreply", "no-reply"),
    "phone_international": _phone(8, 15),
    "phone_american": _phone(10, 10),
    "phone_trunk": _phone(9, 12),
}
