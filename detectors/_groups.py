"""What the passing values of one column say together: spread of prefixes, size of octets, range of years.

A single value cannot tell a mobile number from an 11-digit order number; a hundred can. The weights are natural-log units, chosen
from the arithmetic in each docstring, not from any labelled table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sensscan.language import Text
from sensscan.plugin import GroupDetector

_ENOUGH = 8
"""Fewer distinct values than this have no spread to speak of."""


_NO_DIGIT = re.compile(r"\D")


def _leads(values: Sequence[str], length: int) -> Counter[str]:
    return Counter(value[-11:][:length] for value in values)


def _digits(value: str) -> str:
    """Return the digits of a number without its separators."""
    return value if value.isdecimal() else _NO_DIGIT.sub("", value)


class MobileSpread(GroupDetector):
    """Mobile numbers of real people are spread over some 45 network numbers.

    Twenty numbers from a national mix show 13 or more; serial numbers that start 1 share their first digits.
    """

    type_id = "mobile_phone"

    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Weigh the number of different first three digits."""
        # Numbers with + or brackets are told by their form; the spread speaks of bare national ones.
        plain = [digits for value in values if value[:1] not in "+(" and len(digits := _digits(value)) in (11, 12, 13)]
        if len(plain) < _ENOUGH or len(plain) < 0.5 * len(values):
            return 0.0, Text("too few national numbers", "国内号码太少")
        found = _leads(plain, 3)
        kinds, top = len(found), found.most_common(1)[0][1] / len(plain)
        reason = Text(f"{kinds} different network numbers", f"{kinds} 个不同网号")
        # Drawing n numbers from 45 equally likely networks shows 45 (1 - (44/45)^n) of them; real mixes are less even.
        expected = 45 * (1 - (44 / 45) ** len(plain))
        if kinds <= 2 or top > 0.85:
            return -3.5, reason
        if kinds < 0.35 * expected:
            return -2.5, reason
        return (1.5, reason) if kinds >= 0.55 * expected else (0.0, reason)


class CardSpread(GroupDetector):
    """Cards of one bank share their first six digits, but the digits behind them do not run in a row."""

    type_id = "bank_card"

    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Weigh how much of the number all values share."""
        digits = list(map(_digits, values))
        if len(digits) < _ENOUGH:
            return 0.0, Text("too few values", "值太少")
        shared = Counter(number[:9] for number in digits).most_common(1)[0][1] / len(digits)
        reason = Text(f"{shared:.0%} share their first 9 digits", f"{shared:.0%} 的前 9 位相同")
        return (-2.0, reason) if shared > 0.9 else (0.3, reason)


_FOUR_PARTS = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)")


class AddressOctets(GroupDetector):
    """Addresses use octets up to 255; four-part version strings have a small first part and small last parts.

    Of random public or private addresses nine in ten hold an octet above 30.
    """

    type_id = "ipv4"

    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Weigh the share of values with a first part that versions do not reach."""
        parts = [list(map(int, found.groups())) for value in values if (found := _FOUR_PARTS.match(value))]
        if not parts:
            return 0.0, Text("ranges only", "仅有网段")
        large = sum(part[0] >= 30 or (part[:1] == [10] and max(part[1:]) > 30) for part in parts) / len(parts)
        deep = sum(max(part) > 60 for part in parts) / len(parts)
        reason = Text(f"{large:.0%} start at 30 or above", f"{large:.0%} 的首段不小于 30")
        if large >= 0.6 or deep >= 0.7:
            return 2.0, reason
        if large <= 0.1 and deep <= 0.2:
            return -5.0, reason
        return 0.0, reason


_YEAR = re.compile(r"(?:18|19|20)[0-9]{2}")


class BirthYears(GroupDetector):
    """Birth dates spread over generations and hold no time of day; records of one system cover few years and recent ones."""

    type_id = "birth_date"

    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Weigh the range of years between the 10th and the 90th percentile."""
        years = sorted(int(found.group()) for value in values if (found := _YEAR.search(value)))
        if len(years) < _ENOUGH:
            return 0.0, Text("too few values", "值太少")
        low, high = years[len(years) // 10], years[-1 - len(years) // 10]
        timed = sum(":" in value and not value.endswith("00:00:00") for value in values) / len(values)
        reason = Text(f"years {low} to {high}", f"年份 {low} 至 {high}")
        if timed > 0.1 or high - low < 15:
            return -1.5, reason
        if high - low >= 25 and low <= 1990 and high <= 2020:
            return 5.0, reason
        return 0.0, reason


class VinLetters(GroupDetector):
    """Real vehicle numbers hold letters (the maker's code, the model year); 17 digits are serial or tax numbers.

    A tenth of all 17-digit numbers have a right check digit.
    """

    type_id = "vin"

    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Weigh the share of values without a letter."""
        digits = sum(value.isdigit() for value in values) / len(values)
        reason = Text(f"{digits:.0%} hold no letter", f"{digits:.0%} 不含字母")
        return (-6.0, reason) if digits > 0.5 else (0.0, reason)


class PassportSeries(GroupDetector):
    """Passports in circulation are nearly all of the E series; one letter of another kind before seven or eight digits is a code.

    Hong Kong's K and H series and the official D, S, P series mix with E in any real table.
    """

    type_id = "passport"

    def weigh(self, values: Sequence[str]) -> tuple[float, Text]:
        """Weigh the share of the E and G series."""
        if len(values) < _ENOUGH:
            return 0.0, Text("too few values", "值太少")
        common = sum(value[0] in "EGeg" for value in values) / len(values)
        reason = Text(f"{common:.0%} of the E and G series", f"{common:.0%} 属 E、G 系列")
        return (-3.0, reason) if common < 0.4 else (1.0, reason)
