"""Bank numbers: cards (ISO/IEC 7812-1:2017), IBAN (ISO 13616-1:2020), BIC (ISO 9362:2022).

>>> is_bank_card("6226110957223706"), is_iban("GB82WEST12345698765432"), is_bic("ICBKCNBJ")
(True, True, True)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sensscan.numbers import reference
from sensscan.numbers.luhn import is_luhn, luhn_rows
from sensscan.numbers.matrix import check_by_length, number
from sensscan.numbers.validator import Validator, per_value

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Truth

# Scheme ranges of the first six digits (low, high) with the card lengths in use. UnionPay's lengths 17 and 18 belong to few
# issuers, and 18 is also the length of resident numbers: they need a listed BIN.
_SCHEMES: tuple[tuple[int, int, frozenset[int]], ...] = (
    (400000, 499999, frozenset({13, 16, 19})),  # Visa
    (510000, 559999, frozenset({16})),  # Mastercard
    (222100, 272099, frozenset({16})),  # Mastercard, 2-series
    (340000, 349999, frozenset({15})),  # American Express
    (370000, 379999, frozenset({15})),
    (352800, 358999, frozenset({16, 19})),  # JCB
    (300000, 305999, frozenset({14, 16})),  # Diners Club
    (309500, 309599, frozenset({14, 16})),
    (360000, 369999, frozenset({14, 16})),
    (380000, 399999, frozenset({14, 16})),
    (601100, 601199, frozenset({16, 19})),  # Discover
    (644000, 659999, frozenset({16, 19})),
    (620000, 629999, frozenset({16, 19})),  # UnionPay
    (810000, 817199, frozenset({16, 19})),
    (501800, 501899, frozenset({13, 16, 19})),  # Maestro
    (502000, 502099, frozenset({13, 16, 19})),
    (503800, 503899, frozenset({13, 16, 19})),
    (630400, 630499, frozenset({13, 16, 19})),
    (675900, 676399, frozenset({13, 16, 19})),
)


def _known_issuer(value: str) -> bool:
    length = len(value)
    if _issuers(length)[int(value[:6])]:
        return True
    # Few cards have a BIN of more than six digits.
    return any((value[:size], length) in reference.bins() for size in reference.bin_sizes() if size > 6)


def is_bank_card(value: str) -> bool:
    """Return whether `value` (13 to 19 digits) ends in its Luhn digit and starts as an issuer's cards of that length do.

    >>> is_bank_card("4111111111111111"), is_bank_card("1111111111111111"), is_bank_card("490154203237518")
    (True, False, False)
    """
    value = value.removesuffix(".0")
    if not 13 <= len(value) <= 19 or len(set(value)) == 1:
        return False
    return is_luhn(value) and _known_issuer(value)


def _card_rows(matrix: Bytes) -> Truth:
    import numpy as np

    good: Truth = luhn_rows(matrix) & (matrix[:, 1:] != matrix[:, :1]).any(axis=1)
    rows = np.flatnonzero(good)
    length = matrix.shape[1]
    known = _issuers(length)[number(matrix[rows, :6])]
    for place in np.flatnonzero(~known):
        known[place] = _known_issuer(matrix[rows[place]].tobytes().decode("ascii"))
    good[rows] = known
    return good


@cache
def _issuers(length: int) -> Truth:
    """Return a table over all first six digits: whether cards of this length start so."""
    import numpy as np

    known: Truth = np.zeros(1_000_000, dtype=np.bool_)
    for low, high, lengths in _SCHEMES:
        if length in lengths:
            known[low : high + 1] = True
    for prefix, total in reference.bins():
        if total == length and len(prefix) <= 6:
            width: int = 10 ** (6 - len(prefix))
            known[int(prefix) * width : (int(prefix) + 1) * width] = True
    return known


def is_bank_card_many(values: Sequence[str]) -> Truth:
    """Return `is_bank_card` of each value."""
    return check_by_length(dict.fromkeys(range(13, 20), _card_rows), [value.removesuffix(".0") for value in values])


@cache
def _bban(country: str) -> re.Pattern[str]:
    """Return the pattern of a country's account part, from the registry's notation such as "4!n4!n12!c"."""
    classes = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
    parts = re.findall(r"(\d+)(!?)([nac])", reference.iban_formats()[country][1])
    return re.compile("".join(f"{classes[kind]}{{{size}}}" if fixed else f"{classes[kind]}{{1,{size}}}" for size, fixed, kind in parts))


def is_iban(value: str) -> bool:
    """Return whether `value` is an IBAN: length and form of its country, and the number modulo 97 is 1.

    The first four characters go to the end and letters become 10 to 35.

    >>> is_iban("GB82WEST12345698765433"), is_iban("CN82WEST12345698765432")
    (False, False)
    """
    country = reference.iban_formats().get(value[:2])
    if country is None or len(value) != country[0] or not (value.isascii() and value.isalnum()):
        return False
    if not _bban(value[:2]).fullmatch(value[4:]) or value[2:4] in ("00", "01", "99"):
        return False
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1


def is_bic(value: str) -> bool:
    """Return whether `value` is a BIC: 4 letters, ISO 3166-1 country (or XK), 2 characters, 3 optional ones.

    >>> is_bic("ICBK CN BJ"), is_bic("ICBKZZBJ"), is_bic("ICBKUKBJ")
    (True, False, False)
    """
    value = value.replace(" ", "").upper()
    return len(value) in (8, 11) and (value[4:6] in reference.countries("alpha2") or value[4:6] == "XK")


BANK_CARD = Validator(is_bank_card, is_bank_card_many)
IBAN = per_value(is_iban)
BIC = per_value(is_bic)
