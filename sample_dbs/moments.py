"""Dates and times in the forms that databases hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(r: Random) -> datetime:
    """A second between 2015 and 2023."""
    return datetime(2015, 1, 1) + timedelta(seconds=r.randint(0, 9 * 365 * 86400))


def day(r: Random) -> date:
    """A day between 2000 and 2023."""
    return date(2000, 1, 1) + timedelta(days=r.randint(0, 8700))


def iso(r: Random) -> str:
    """2021-03-05 14:22:01."""
    return f"{moment(r):%Y-%m-%d %H:%M:%S}"


def iso_day(r: Random) -> str:
    """2021-03-05."""
    return f"{day(r):%Y-%m-%d}"


def compact(r: Random) -> str:
    """20210305."""
    return f"{day(r):%Y%m%d}"


def compact_second(r: Random) -> str:
    """20210305142201."""
    return f"{moment(r):%Y%m%d%H%M%S}"


def slashes(r: Random) -> str:
    """2021/3/5."""
    when = day(r)
    return f"{when.year}/{when.month}/{when.day}"


def dots(r: Random) -> str:
    """2021.03.05."""
    return f"{day(r):%Y.%m.%d}"


def chinese(r: Random) -> str:
    """2021年3月5日."""
    when = day(r)
    return f"{when.year}年{when.month}月{when.day}日"


def english(r: Random) -> str:
    """05 Mar 2021."""
    when = day(r)
    return f"{when.day:02d} {MONTHS[when.month - 1]} {when.year}"


def zulu(r: Random) -> str:
    """2021-03-05T14:22:01.120Z."""
    return f"{moment(r):%Y-%m-%dT%H:%M:%S}.{r.randint(0, 999):03d}Z"


def epoch_ms(r: Random) -> int:
    """Milliseconds since 1970."""
    return 1_500_000_000_000 + r.randint(0, 200_000_000_000)
