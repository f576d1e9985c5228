"""Identity numbers of Hong Kong, Taiwan and the United States.

>>> is_hk_id("A123456(3)"), is_tw_id("A123456789"), is_us_ssn("139-67-0857")
(True, True, True)
"""

from __future__ import annotations

import re

from sensscan.numbers.validator import per_value

_TW_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33),
        strict=True,
    )
)
# Numbers printed in advertisements and on sample cards, withdrawn by the Social Security Administration.
_SAMPLE_SSN = frozenset({"078051120", "219099999", "457555462"})
_SSN = re.compile(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}", re.ASCII)


def is_hk_id(value: str) -> bool:
    """Return whether `value` is a Hong Kong identity card number (1-2 letters, 6 digits, check digit 0-9 or A).

    Values A = 10 .. Z = 35, a missing first letter 36; weights 9 to 2; 11 - s mod 11, where 10 is A and 11 is 0.

    >>> is_hk_id("WX588339(1)"), is_hk_id("A123456(4)"), is_hk_id("A123456(3")
    (True, False, False)
    """
    value = value.upper()
    match = re.fullmatch(r"([A-Z]{1,2})([0-9]{6})(?:\(([0-9A])\)|([0-9A]))", value)
    if match is None:
        return False
    letters, digits = match[1], match[2]
    places = [36 if char == " " else int(char, 36) for char in letters.rjust(2) + digits]
    total = sum(place * weight for place, weight in zip(places, range(9, 1, -1), strict=True))
    return "0A987654321"[total % 11] == (match[3] or match[4])


def is_tw_id(value: str) -> bool:
    """Return whether `value` is a Taiwan identity or resident certificate number (letter or two, digits, check).

    The first letter counts as two digits, a second letter with its units digit; weights 1 9 8 7 6 5 4 3 2 1 1; sum mod 10 = 0.

    >>> is_tw_id("A123456788"), is_tw_id("CC16772129"), is_tw_id("X806045211")
    (False, True, True)
    """
    value = value.upper()
    if not re.fullmatch(r"[A-Z](?:[1289]|[A-D])[0-9]{8}", value):
        return False
    second = value[1] if value[1].isdigit() else str(_TW_LETTERS[value[1]] % 10)
    digits = f"{_TW_LETTERS[value[0]]}{second}{value[2:]}"
    return sum(int(digit) * weight for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0


def is_us_ssn(value: str) -> bool:
    """Return whether `value` is a US social security number that could have been issued (SSA POMS RM 10201).

    Area 001-899 but 666, group and serial not zero; three published samples do not count.

    >>> is_us_ssn("666-12-3456"), is_us_ssn("078-05-1120"), is_us_ssn("139670857")
    (False, False, True)
    """
    digits = value.replace("-", "").replace(" ", "")
    return _SSN.fullmatch(digits) is not None and digits not in _SAMPLE_SSN


HK_ID = per_value(is_hk_id)
TW_ID = per_value(is_tw_id)
US_SSN = per_value(is_us_ssn)
