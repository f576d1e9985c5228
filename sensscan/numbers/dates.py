"""Calendar dates in their many spellings (GB/T 7408.1-2023, ISO 8601-1:2019, RFC 3339, RFC 5322, 民国 years).

`parse_date` knows year-first and day-first figures, compact digits, English months, Chinese figures and numerals,
years of the Republic, ISO weeks and ordinals, and Unix time. It answers None for days that no calendar has.

>>> parse_date("2024年1月15日"), parse_date("Jan 15, 2024"), parse_date("2023-02-29")
(datetime.date(2024, 1, 15), datetime.date(2024, 1, 15), None)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sensscan.numbers.matrix import ZERO, all_digits, check_by_length, number
from sensscan.numbers.validator import Validator

if TYPE_CHECKING:
    from sensscan.numbers.matrix import Bytes, Integers, Truth

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}

# An hour 24 is the end of the day (ISO 8601), a second 60 is a leap second.
_CLOCK = r"(?:(?:[01]?\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{1,9})?)?|24:00(?::00(?:\.0+)?)?)"
_ZONE = r"(?: ?(?:Z|UTC|GMT|CST|[+-]\d{2}:?\d{2}|[+-]\d{2}))?"
_TIME = rf"(?:(?:T|,? ){_CLOCK}(?: ?[AP]M)?{_ZONE})?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_HAN_TIME = rf"(?: ?(?:\d{{1,2}}[时点](?:\d{{1,2}}分(?:\d{{1,2}}秒)?)?|{_CLOCK}))?"

_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII | re.IGNORECASE)
_HAN = re.compile(rf"(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})日?{_HAN_TIME}", re.ASCII)
_REPUBLIC = re.compile(rf"(?:中华)?民国(\d{{1,3}}|元)年(\d{{1,2}})月(\d{{1,2}})日?{_HAN_TIME}", re.ASCII)
_HAN_NUMERALS = re.compile(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日?")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII | re.IGNORECASE)
_DAY_MONTH = re.compile(rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}[ ,-]{{1,2}}(\d{{4}}){_TIME}", re.ASCII | re.IGNORECASE)
_MONTH_DAY = re.compile(rf"{_WEEKDAY}{_MONTH}[ -](\d{{1,2}})(?:st|nd|rd|th)?,?[ -](\d{{4}}){_TIME}", re.ASCII | re.IGNORECASE)
_CTIME = re.compile(rf"{_WEEKDAY}{_MONTH} +(\d{{1,2}}) {_CLOCK}(?: [A-Z]{{3,4}})? (\d{{4}})", re.ASCII | re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?W(\d{2})-?([1-7])", re.ASCII)
_ORDINAL = re.compile(r"(\d{4})-(\d{3})", re.ASCII)
_DIGITS = re.compile(r"\d{6,14}", re.ASCII)


def _day(year: int, month: int, day: int) -> date | None:
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    leap_day = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, month, day) if day <= _DAYS[month] + leap_day else None


def _either_order(first: int, second: int, year: int) -> date | None:
    """Day first, else month first: 15/01/2024 and 01/15/2024 are both dates."""
    return _day(year, second, first) or _day(year, first, second)


def _han_number(text: str) -> int:
    """Return 1 to 99 written in Chinese numerals: 十五 is 15, 二十 is 20, 三十一 is 31."""
    tens, ten, units = text.rpartition("十")
    if not ten:
        return _NUMERALS[text] if len(text) == 1 else 0
    return (_NUMERALS.get(tens, 0) if tens else 1) * 10 + (_NUMERALS.get(units, 0) if units else 0)


def _republic_year(text: str) -> int:
    return 1912 if text == "元" else 1911 + int(text)


def _compact(text: str) -> date | None:
    """Return the day of YYYYMMDD with hhmm or hhmmss or nothing after it."""
    if len(text) not in (8, 12, 14):
        return None
    clock = text[8:]
    if clock and not (int(clock[:2]) < 24 and int(clock[2:4]) < 60 and int(clock[4:] or 0) <= 60):
        return None
    year = int(text[:4])
    return _day(year, int(text[4:6]), int(text[6:8])) if 1800 <= year <= 2199 or year == 9999 else None


def _digits(text: str) -> date | None:
    if found := _compact(text):
        return found
    # Unix time in seconds (10 digits) or milliseconds (13 digits), from 1973 to 2033.
    if len(text) in (10, 13) and text[0] == "1":
        return datetime.fromtimestamp(int(text[:10]), UTC).date()
    return None


def _iso_week(year: int, week: int, weekday: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, weekday)
    except ValueError:
        return None


def _ordinal(year: int, day: int) -> date | None:
    if not (1800 <= year <= 2199 and 1 <= day <= 366):
        return None
    found = date(year, 1, 1) + timedelta(days=day - 1)
    return found if found.year == year else None


def _month_number(name: str) -> int:
    return _MONTHS.index(name.lower()[:3]) + 1


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (_YEAR_FIRST, lambda m: _day(int(m[1]), int(m[3]), int(m[4]))),
    (_DIGITS, lambda m: _digits(m[0])),
    (_HAN, lambda m: _day(int(m[1]), int(m[2]), int(m[3]))),
    (_DAY_FIRST, lambda m: _either_order(int(m[1]), int(m[3]), int(m[4]))),
    (_DAY_MONTH, lambda m: _day(int(m[3]), _month_number(m[2]), int(m[1]))),
    (_MONTH_DAY, lambda m: _day(int(m[3]), _month_number(m[1]), int(m[2]))),
    (_CTIME, lambda m: _day(int(m[3]), _month_number(m[1]), int(m[2]))),
    (_REPUBLIC, lambda m: _day(_republic_year(m[1]), int(m[2]), int(m[3]))),
    (_HAN_NUMERALS, lambda m: _day(int("".join(str(_NUMERALS[c]) for c in m[1])), _han_number(m[2]), _han_number(m[3]))),
    (_WEEK, lambda m: _iso_week(int(m[1]), int(m[2]), int(m[3]))),
    (_ORDINAL, lambda m: _ordinal(int(m[1]), int(m[2]))),
)


def parse_date(text: str) -> date | None:
    """Return the day that `text` names, or None. Two-digit years are not read: their order is ambiguous.

    >>> parse_date("民国113年1月15日"), parse_date("二〇二四年一月十五日"), parse_date("2024-W03-1")
    (datetime.date(2024, 1, 15), datetime.date(2024, 1, 15), datetime.date(2024, 1, 15))
    >>> parse_date("2024-01-15 24:00:00"), parse_date("2024-01-15 25:00:00"), parse_date("2024/01-15")
    (datetime.date(2024, 1, 15), None, None)
    """
    for form, read in _FORMS:
        if match := form.fullmatch(text):
            return read(match)
    return None


def is_date(text: str) -> bool:
    """Return whether `text` names a day of the calendar.

    >>> is_date("20240115103000"), is_date("20240115103"), is_date("1705285230")
    (True, False, True)
    """
    return parse_date(text) is not None


_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+0[08]:?00)?\Z")


def _without_midnight(text: str) -> str:
    """Return a day without the midnight that DATETIME columns write behind it."""
    return _MIDNIGHT.sub("", text) if len(text) > 10 else text


_OLDEST = 130
"""Years that a person can live, roundly."""


def is_birth_date(text: str) -> bool:
    """Return whether `text` names a day, without a time, on which a living person can be born.

    YYMMDD (6 digits) is read with the century that lies in the past.

    >>> is_birth_date("1990-01-15"), is_birth_date("900115"), is_birth_date("2090-01-15"), is_birth_date("1990-01-15 10:20")
    (True, True, False, False)
    >>> is_birth_date("1990-01-15 00:00:00.000")
    True
    """
    text = _without_midnight(text)
    today = date.today()
    if len(text) == 6 and text.isascii() and text.isdigit():
        century = 19 if int(text[:2]) > today.year % 100 else 20
        text = f"{century}{text}"
    if ":" in text or (text.isdigit() and len(text) != 8):
        return False
    day = parse_date(text)
    return day is not None and today.year - _OLDEST <= day.year and day <= today


# --- many at once -------------------------------------------------------------------------------------------------


def calendar_rows(year: Integers, month: Integers, day: Integers) -> Truth:
    """Return for each (year, month, day) whether the Gregorian calendar has it."""
    import numpy as np

    days = np.array((*_DAYS, 0, 0, 0), dtype=np.int64)
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    truth: Truth = (month >= 1) & (month <= 12) & (day >= 1) & (day <= days[np.clip(month, 0, 13)] + leap) & (year >= 1)
    return truth


def _clock_rows(matrix: Bytes) -> Truth:
    """Rows "hh:mm:ss" with hours below 24 and seconds below 60; the rare 24:00:00 and :60 are read one by one."""
    colons = (matrix[:, 2] == ord(":")) & (matrix[:, 5] == ord(":"))
    places = [0, 1, 3, 4, 6, 7]
    digits = all_digits(matrix[:, places])
    truth: Truth = colons & digits & (number(matrix[:, 0:2]) < 24) & (matrix[:, 3] < ZERO + 6) & (matrix[:, 6] < ZERO + 6)
    return truth


def _day_rows(matrix: Bytes) -> Truth:
    """Rows "YYYY-MM-DD", "YYYY/MM/DD" or "YYYY.MM.DD"."""
    mark = matrix[:, 4]
    marks = (mark == matrix[:, 7]) & ((mark == ord("-")) | (mark == ord("/")) | (mark == ord(".")))
    digits = all_digits(matrix[:, [0, 1, 2, 3, 5, 6, 8, 9]])
    truth: Truth = marks & digits & calendar_rows(number(matrix[:, 0:4]), number(matrix[:, 5:7]), number(matrix[:, 8:10]))
    return truth


def _moment_rows(matrix: Bytes) -> Truth:
    """Rows "YYYY-MM-DD hh:mm:ss", also with T, a fraction of a second after it."""
    mark = matrix[:, 10]
    truth: Truth = _day_rows(matrix[:, :10]) & ((mark == ord(" ")) | (mark == ord("T"))) & _clock_rows(matrix[:, 11:19])
    if matrix.shape[1] > 19:
        truth &= (matrix[:, 19] == ord(".")) & all_digits(matrix[:, 20:])
    return truth


def is_date_many(values: Sequence[str]) -> Truth:
    """Return `is_date` of each value: common forms of fixed width at once, the others one by one."""
    import numpy as np

    passed = check_by_length({10: _day_rows, 19: _moment_rows, **dict.fromkeys(range(21, 30), _moment_rows)}, values)
    for row in np.flatnonzero(~passed).tolist():
        passed[row] = is_date(values[row])
    return passed


def is_birth_date_many(values: Sequence[str]) -> Truth:
    """Return `is_birth_date` of each value: days of fixed width at once, the others one by one."""
    import numpy as np

    today = date.today()
    last = today.year * 10_000 + today.month * 100 + today.day

    def lived(matrix: Bytes) -> Truth:
        day = number(matrix[:, [0, 1, 2, 3, 5, 6, 8, 9]])
        truth: Truth = _day_rows(matrix) & (day <= last) & (day >= (today.year - _OLDEST) * 10_000)
        return truth

    passed = check_by_length({10: lived}, [_without_midnight(value) for value in values])
    for row in np.flatnonzero(~passed).tolist():
        passed[row] = is_birth_date(values[row])
    return passed


DATE = Validator(is_date, is_date_many)
BIRTH_DATE = Validator(is_birth_date, is_birth_date_many)
