"""Resident identity number 公民身份号码 (GB 11643-1999) and the foreigner's card built like it.

18 characters: 6-digit division code (GB/T 2260), birth date YYYYMMDD, 3-digit sequence (odd = male), check
character by ISO 7064 MOD 11-2 (GB/T 17710). 15 digits: the form before 1999, YYMMDD and no check. Residence
permits for people of Hong Kong, Macau and Taiwan use the codes 810000, 820000 and 830000.

>>> is_id_card("11010519491231002X"), is_id_card("110105194912310021"), is_id_card("11010519490231002X")
(True, False, False)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sensscan.numbers import reference
from sensscan.numbers.dates import calendar_rows
from sensscan.numbers.matrix import ZERO, all_digits, check_by_length, number, weighted_sum
from sensscan.numbers.validator import Validator

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Truth

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FIRST_BIRTH_YEAR = 1880


def _ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def mod11_2(body: str) -> str:
    """Return the check character of 17 digits: the weighted sum modulo 11, looked up.

    >>> mod11_2("11010519491231002")
    'X'
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def born(text: str) -> date | None:
    """Return the birth date YYYYMMDD if it is a day between 1880 and today.

    >>> born("19491231"), born("19490231"), born("21990101")
    (datetime.date(1949, 12, 31), None, None)
    """
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
    return day if day.year >= _FIRST_BIRTH_YEAR and day <= date.today() else None


def is_id_card(value: str) -> bool:
    """Return whether `value` (18 characters or 15 digits) is a well-formed resident number.

    A division code counts as known when its first four digits are (new counties are founded every year); the
    15-digit form, which has no check character, needs a code that is listed as a whole.
    """
    if len(value) == 15 and _ascii_digits(value):
        return value[:6] in reference.divisions() and born("19" + value[6:12]) is not None
    if len(value) != 18 or not _ascii_digits(value[:17]):
        return False
    return mod11_2(value[:17]) == value[17] and value[:4] in reference.prefectures() and born(value[6:14]) is not None


def _mod11_2_rows(matrix: Bytes) -> Truth:
    import numpy as np

    total = weighted_sum(matrix[:, :17], _WEIGHTS) - ZERO * sum(_WEIGHTS)
    expected = np.frombuffer(_CHECKS.encode(), dtype=np.uint8)[total % 11]
    truth: Truth = (expected == matrix[:, 17]) & all_digits(matrix[:, :17])
    return truth


def _born_rows(matrix: Bytes) -> Truth:
    """Rows of 8 digits: the vector form of `born`."""
    day = number(matrix)
    year, month, day_of_month = day // 10000, day // 100 % 100, day % 100
    today = int(date.today().strftime("%Y%m%d"))
    truth: Truth = (year >= _FIRST_BIRTH_YEAR) & (day <= today) & calendar_rows(year, month, day_of_month)
    return truth


def _resident_rows(matrix: Bytes) -> Truth:
    import numpy as np

    good = _mod11_2_rows(matrix)
    # Only rows that hold digits may be used as places in a table.
    rows = np.flatnonzero(good)
    found = matrix[rows]
    good[rows] = reference.prefecture_flags()[number(found[:, :4])] & _born_rows(found[:, 6:14])
    return good


def _old_rows(matrix: Bytes) -> Truth:
    import numpy as np

    good = all_digits(matrix)
    rows = np.flatnonzero(good)
    found = matrix[rows]
    century = np.broadcast_to(np.frombuffer(b"19", dtype=np.uint8), (len(rows), 2))
    good[rows] = reference.division_flags()[number(found[:, :6])] & _born_rows(np.hstack((century, found[:, 6:12])))
    return good


def is_id_card_many(values: Sequence[str]) -> Truth:
    """Return `is_id_card` of each value."""
    return check_by_length({18: _resident_rows, 15: _old_rows}, values)


def is_foreigner_card(value: str) -> bool:
    """Return whether `value` is a number of the foreigner's permanent residence card.

    2023 form: 9, province (2), ISO 3166-1 numeric country (3), birth date (8), sequence (3), MOD 11-2 check.
    Before: three-letter country, office (4), birth date YYMMDD, sequence and check (2, rule not published).

    >>> is_foreigner_card("932356199410065448"), is_foreigner_card("932356199410065444"), is_foreigner_card("USA310158061210")
    (True, False, True)
    """
    if len(value) == 15 and value[:3] in reference.countries("alpha3") and _ascii_digits(value[3:]):
        birth = value[7:13]
        return value[3:5] in reference.provinces() and (born("19" + birth) is not None or born("20" + birth) is not None)
    if len(value) != 18 or value[0] != "9" or not _ascii_digits(value[:17]):
        return False
    known = value[1:3] in reference.provinces() and value[3:6] in reference.countries("numeric")
    return known and mod11_2(value[:17]) == value[17] and born(value[6:14]) is not None


def is_licence_number(value: str) -> bool:
    """Return whether `value` is a driving licence number: the resident number, or an archive number of 12 digits.

    Archive numbers (档案编号) start with the four digits of the office's prefecture.

    >>> is_licence_number("11010519491231002X"), is_licence_number("110184253169"), is_licence_number("995644405152")
    (True, True, False)
    """
    if value[:1].isalpha():
        return True  # other countries: a letter and digits, told by the column's name
    if len(value) == 12:
        return _ascii_digits(value) and value[:4] in reference.prefectures()
    return is_id_card(value.upper())


def is_social_security(value: str) -> bool:
    """Return whether `value` is a social security number: the resident number, or a card number (letter and 8 digits).

    LD/T 32-2009: 社会保障号码 is the resident number; card numbers are regional and carry no public check.

    >>> is_social_security("11010519491231002X"), is_social_security("A03737799"), is_social_security("110105194912310021")
    (True, True, False)
    """
    if len(value) == 9:
        return value[0].isascii() and value[0].isalpha() and _ascii_digits(value[1:])
    return is_id_card(value.upper())


ID_CARD = Validator(is_id_card, is_id_card_many)
