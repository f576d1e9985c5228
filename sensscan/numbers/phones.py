"""Telephone numbers: Chinese by the numbering plan of the MIIT (2017), others by libphonenumber (ITU-T E.164).

Mobile: 11 digits with an assigned prefix (13 digits for machines). Fixed line: area code, local number of the length in
use there, first digit 2-8; service numbers 400 and 800 (10 digits) and 95xxx, 96xxx.

>>> is_mobile("+86 139 6713 7258"), is_mobile("15412345678"), is_landline("0755-65224890"), is_landline("000-1234567")
(True, False, True, False)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sensscan.numbers import reference
from sensscan.numbers.dates import is_date
from sensscan.numbers.matrix import all_digits, check_by_length, number
from sensscan.numbers.validator import Validator, per_value

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Truth

_COUNTRY = re.compile(r"\A(?:(?:(?:\+|00)?86|\(\+?86\)) ?-? ?|0(?=1))")
_EXTENSION = r"(?: ?(?:-|转|#|ext\.?|x) ?[0-9]{1,6})?"
_SPLIT_LINE = re.compile(rf"(?:\((0?[0-9]{{2,3}})\)|(0?[0-9]{{2,3}})[- ])[- ]?([0-9]{{7,8}}){_EXTENSION}")
_JOINED_LINE = re.compile(rf"(010|02[0-9]|0[3-9][0-9]{{2}})([0-9]{{7,8}}){_EXTENSION}")
_SERVICE = re.compile(r"[48]00[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}")
_NORTH_AMERICA = re.compile(r"(?:(?:\+|00)?1[-. ]?)?\(?([2-9][0-9]{2})\)?[-. ]?[2-9][0-9]{2}[-. ]?[0-9]{4}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?")
# Four dotted numbers are an IPv4 address, but for French numbers in pairs: 88.60.15.31.
_VERSION_OR_ADDRESS = re.compile(r"(?![0-9]{2}(?:\.[0-9]{2}){3}\Z)[0-9]+(?:\.[0-9]+){3}")
# Bare digits abroad: mobile numbers of India, and national numbers with their leading 0; North American ones.
_BARE_MOBILE = re.compile(r"(?!800)[6-9][0-9]{9}")
_BARE_LINE = re.compile(r"0[1-9][0-9]{8,9}|(?!800)[2-9][0-9]{2}[2-9][0-9]{6}")
_GROUPS = re.compile(r"\(\+?[0-9]{1,5}\)(?:[ ./-]{0,2}[0-9]{2,5}){1,5}|0?[0-9]{2,5}(?:[ ./-][0-9]{2,5}){2,5}")


def _digits(value: str) -> str:
    return "".join(char for char in value if char in "0123456789")


def _is_chinese_mobile(value: str) -> bool:
    digits = _digits(_COUNTRY.sub("", value.removesuffix(".0"), count=1))
    return any((digits[:size], len(digits)) in reference.mobile_prefixes() for size in (3, 4, 5))


def is_international(value: str) -> bool:
    """Return whether `value`, written with + or 00 and a country code, is a valid number by libphonenumber.

    >>> is_international("+1 213 555 0100"), is_international("+999 123 456 789")
    (True, False)
    """
    import phonenumbers

    number_text = "+" + value[2:] if value.startswith("00") else value
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(number_text, None)))
    except phonenumbers.NumberParseException:
        return False


def is_national_form(value: str) -> bool:
    """Return whether `value` is written as national numbers abroad are: an area code in brackets, or three groups or more.

    Form only: without the country nobody can say which numbers exist. Dates and Chinese service numbers are no such form.

    >>> is_national_form("(5) 555-4729"), is_national_form("020 7946 0958"), is_national_form("2024-01-15"), is_national_form("400-12-3456")
    (True, True, False, False)
    """
    if _VERSION_OR_ADDRESS.fullmatch(value):
        return False
    if not 7 <= len(_digits(value)) <= 15 or value.startswith(("400", "800", "0086", "86")):
        return False
    # A Chinese area code in brackets is judged by the numbering plan alone.
    chinese = re.fullmatch(r"\(0[0-9]{2,3}\)[0-9 -]{6,}", value) is not None
    return _GROUPS.fullmatch(value) is not None and not chinese and not is_date(value)


def is_mobile(value: str) -> bool:
    """Return whether `value` is a Chinese mobile number, or a telephone number of another country.

    Abroad, fixed and mobile numbers often look alike (North America), so both count as mobile; a column named for
    fixed lines tells them. Bare digits of other countries are taken where they are mobile numbers and nothing else (India).

    >>> is_mobile("9876554671"), is_mobile("2135550100")
    (True, False)
    >>> is_mobile("13967137258.0"), is_mobile("1064848824412"), is_mobile("(213) 555-0100"), is_mobile("+86-10-63734537")
    (True, True, True, False)
    """
    if _is_chinese_mobile(value):
        return True
    if not value.isdigit() and (north := _NORTH_AMERICA.fullmatch(value)):
        return north[1] not in ("400", "800")
    if value.startswith(("+86", "0086")):
        return False
    if value.startswith(("+", "00")):
        return is_international(re.split(r" ?(?:x|ext)", value)[0])
    return _BARE_MOBILE.fullmatch(value) is not None or is_national_form(value)


def _eleven_rows(matrix: Bytes) -> Truth:
    import numpy as np

    good = all_digits(matrix)
    rows = np.flatnonzero(good)
    good[rows] = reference.mobile_flags(11)[number(matrix[rows, :5])]
    return good


def is_mobile_many(values: Sequence[str]) -> Truth:
    """Return `is_mobile` of each value: bare 11 digits at once, other forms one by one."""
    import numpy as np

    passed = check_by_length({11: _eleven_rows}, values)
    for row in np.flatnonzero(~passed).tolist():
        passed[row] = is_mobile(values[row])
    return passed


def _is_line(area: str, local: str) -> bool:
    area = area if area.startswith("0") else "0" + area
    return len(local) in reference.area_codes().get(area, ()) and local[0] in "2345678"


def is_landline(value: str) -> bool:
    """Return whether `value` is a Chinese fixed line or service number, or a number abroad in international or national form.

    With a separator the area code ends there: 099-12345678 is not 0991 and 7 digits.

    >>> is_landline("(0755)65224890"), is_landline("0755-65224890 转 801"), is_landline("099-12345678"), is_landline("010-12345678")
    (True, True, False, False)
    >>> is_landline("95588"), is_landline("4008208820"), is_landline("400-12-3456"), is_landline("20240101"), is_landline("62345678")
    (True, True, False, False, True)
    """
    bare = re.sub(r"^(?:\+|00)?86[- ]?(?=[0(]|[1-9][0-9]{1,2}[- ])", "", value.removesuffix(".0"))
    if split := _SPLIT_LINE.fullmatch(bare):
        return _is_line(split[1] or split[2], split[3])
    if joined := _JOINED_LINE.fullmatch(bare):
        return _is_line(joined[1], joined[2])
    if _SERVICE.fullmatch(bare):
        return len(_digits(bare)) == 10
    if bare.isdigit():
        # Such values count only with a telling name: 95588, a local number that is no date, national numbers of other countries.
        short = len(bare) in (5, 6) and bare[:2] in ("95", "96")
        return short or (len(bare) in (7, 8) and bare[0] in "2345678" and not is_date(bare)) or _BARE_LINE.fullmatch(bare) is not None
    if bare.startswith(("+", "00")):
        return not _is_chinese_mobile(value) and is_international(bare)
    return _NORTH_AMERICA.fullmatch(bare) is not None or is_national_form(bare)


MOBILE = Validator(is_mobile, is_mobile_many)
LANDLINE = per_value(is_landline)
