"""Numbers of Chinese organisations: credit code, organisation code, business licence, taxpayer number.

Organisation code (GB 11714-1997): 8 characters 0-9 A-Z and a check modulo 11; withdrawn as a document in 2015,
it lives on in places 9-17 of the unified social credit code (GB 32100-2015): department, category, division (6),
organisation code (9), check modulo 31 (GB/T 17710).

>>> is_org_code("D2143569-X"), is_credit_code("91350100M000100Y43"), is_business_licence("110108000000016")
(True, True, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import TYPE_CHECKING

from sensscan.numbers import reference
from sensscan.numbers.id_card import born, is_id_card
from sensscan.numbers.matrix import ZERO, all_digits, check_by_length, number, table, weighted_sum
from sensscan.numbers.validator import Validator, per_value

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Truth

_ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CHARACTERS = frozenset(_CREDIT_ALPHABET)
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_NATIONAL_OFFICE = "100000"


def org_check(body: str) -> str:
    """Return the check character of the 8 characters of an organisation code.

    Weighted sum s of the values (A = 10 .. Z = 35); 11 - s mod 11, where 10 is X and 11 is 0.

    >>> org_check("D2143569")
    'X'
    """
    total = sum(map(mul, map(_ORG_ALPHABET.index, body), _ORG_WEIGHTS))
    return "0X987654321"[total % 11]


def credit_check(body: str) -> str:
    """Return the check character of the 17 characters of a credit code: (31 - s mod 31) mod 31.

    >>> credit_check("91350100M000100Y4")
    '3'
    """
    total = sum(map(mul, map(_CREDIT_ALPHABET.index, body), _CREDIT_WEIGHTS))
    return _CREDIT_ALPHABET[-total % 31]


def _known_office(code: str) -> bool:
    """Registering offices of development zones have codes outside GB/T 2260, so the province decides."""
    return code[:2] in reference.provinces() or code == _NATIONAL_OFFICE


def is_org_code(value: str) -> bool:
    """Return whether `value` (9 characters, one optional hyphen before the last) is an organisation code.

    >>> is_org_code("00000000-0"), is_org_code("856016923"), is_org_code("85601692-8")
    (False, True, False)
    """
    body, check = value[:8].upper(), value[8:].removeprefix("-").upper()
    if len(body) != 8 or len(check) != 1 or not (body.isascii() and body.isalnum()) or len(set(body)) == 1:
        return False
    return org_check(body) == check


def is_credit_code(value: str) -> bool:
    """Return whether `value` (18 upper-case characters) is a unified social credit code.

    >>> is_credit_code("91350100M000100Y44"), is_credit_code("000000000000000000")
    (False, False)
    """
    if len(value) != 18 or value[0] == "0" or not _CREDIT_CHARACTERS.issuperset(value):
        return False
    region = value[2:8]
    if not (region.isdigit() and _known_office(region) and is_org_code(value[8:17])):
        return False
    return credit_check(value[:17]) == value[17]


def is_business_licence(value: str) -> bool:
    """Return whether `value` is a 15-digit registration number of a business licence (GS 15-2006).

    Check digit by ISO 7064 MOD 11,10.

    >>> is_business_licence("110108000000015"), is_business_licence("990000000000007")
    (False, False)
    """
    if len(value) != 15 or not (value.isascii() and value.isdigit()) or not _known_office(value[:6]):
        return False
    product = 10
    for digit in value[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(value[14])) % 10 == 1


def is_taxpayer_number(value: str) -> bool:
    """Return whether `value` is a taxpayer number 纳税人识别号: 15, 17, 18 or 20 characters.

    15: division and organisation code; 17 and 20: resident number (15 or 18) and 2 digits; 18: credit code or
    resident number (税总发〔2013〕41号 and later).

    >>> is_taxpayer_number("130629349886609"), is_taxpayer_number("51370100280299923F"), is_taxpayer_number("990629349886609")
    (True, True, False)
    """
    value = value.upper()
    match len(value):
        case 15:
            return value[:6].isdigit() and value[:2] in reference.provinces() and is_org_code(value[6:])
        case 17:
            return value.isdigit() and value[:2] in reference.provinces() and born("19" + value[6:12]) is not None
        case 18:
            return is_credit_code(value) or is_id_card(value)
        case 20:
            return value[18:].isdigit() and is_id_card(value[:18])
        case _:
            return False


# --- many at once -------------------------------------------------------------------------------------------------


def _upper(matrix: Bytes) -> Bytes:
    import numpy as np

    upper: Bytes = np.where((matrix >= ord("a")) & (matrix <= ord("z")), matrix - 32, matrix)
    return upper


def _org_rows(matrix: Bytes) -> Truth:
    """Rows of 9 characters."""
    import numpy as np

    matrix = _upper(matrix)
    places = table(_ORG_ALPHABET, missing=-1).take(matrix[:, :8])
    expected = np.frombuffer(b"0X987654321", dtype=np.uint8)[weighted_sum(places, _ORG_WEIGHTS) % 11]
    mixed = (matrix[:, :8] != matrix[:, :1]).any(axis=1)
    truth: Truth = (places >= 0).all(axis=1) & mixed & (expected == matrix[:, 8])
    return truth


def _org_hyphen_rows(matrix: Bytes) -> Truth:
    """Rows of 10 characters with a hyphen before the last."""
    import numpy as np

    truth: Truth = _org_rows(np.delete(matrix, 8, axis=1)) & (matrix[:, 8] == ord("-"))
    return truth


def is_org_code_many(values: Sequence[str]) -> Truth:
    """Return `is_org_code` of each value."""
    return check_by_length({9: _org_rows, 10: _org_hyphen_rows}, values)


def _office_rows(matrix: Bytes) -> Truth:
    """Rows of 6 digits: province known, or the national office."""
    truth: Truth = reference.province_flags()[number(matrix[:, :2])] | (number(matrix) == int(_NATIONAL_OFFICE))
    return truth


def _credit_rows(matrix: Bytes) -> Truth:
    import numpy as np

    places = table(_CREDIT_ALPHABET, missing=-1).take(matrix)
    good = (places >= 0).all(axis=1) & (matrix[:, 0] != ZERO) & all_digits(matrix[:, 2:8])
    good &= -weighted_sum(places[:, :17], _CREDIT_WEIGHTS) % 31 == places[:, 17]
    rows = np.flatnonzero(good)
    found = matrix[rows]
    good[rows] = _office_rows(found[:, 2:8]) & _org_rows(found[:, 8:17])
    truth: Truth = good
    return truth


def is_credit_code_many(values: Sequence[str]) -> Truth:
    """Return `is_credit_code` of each value."""
    return check_by_length({18: _credit_rows}, values)


def _licence_rows(matrix: Bytes) -> Truth:
    import numpy as np

    good = all_digits(matrix)
    rows = np.flatnonzero(good)
    found = matrix[rows]
    digits = found.astype(np.int64) - ZERO
    product = np.full(len(rows), 10)
    for place in range(14):
        total = (product + digits[:, place]) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    good[rows] = ((product + digits[:, 14]) % 10 == 1) & _office_rows(found[:, :6])
    return good


def is_business_licence_many(values: Sequence[str]) -> Truth:
    """Return `is_business_licence` of each value."""
    return check_by_length({15: _licence_rows}, values)


CREDIT_CODE = Validator(is_credit_code, is_credit_code_many)
ORG_CODE = Validator(is_org_code, is_org_code_many)
BUSINESS_LICENCE = Validator(is_business_licence, is_business_licence_many)
TAXPAYER_NUMBER = per_value(is_taxpayer_number)
