"""Keys as points on a line, so that jumps can be spread between the first and the last one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from random import Random

_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_TAIL = 8
"""Characters behind the common prefix that take part: 36 ** 8 points are plenty."""


@dataclass(frozen=True, slots=True)
class KeySpace:
    """The way from keys to integers and back; order is kept, exactly for numbers, nearly for text."""

    low: int
    high: int
    to_key: Callable[[int], object]
    from_key: Callable[[object], int | None]


def key_space(first: object, last: object, between: Sequence[object] = ()) -> KeySpace | None:
    """Return the line from the `first` to the `last` key, None when they cannot be laid on one.

    `between` are further known keys; text learns its alphabet from all of them.

    >>> space = key_space("A001", "A999")
    >>> space.to_key((space.low + space.high) // 2)
    'A50000000'
    """
    if isinstance(first, bool) or isinstance(last, bool):
        return None
    if isinstance(first, int) and isinstance(last, int):
        return KeySpace(first, last, lambda point: point, lambda key: key if isinstance(key, int) else None)
    if isinstance(first, float | Decimal | int) and isinstance(last, float | Decimal | int):
        return _numbers(first, last)
    if isinstance(first, str) and isinstance(last, str):
        if _ISO_DATE.match(first) and _ISO_DATE.match(last):
            return _dates(first, last)
        return _text_space(first, last, [key for key in between if isinstance(key, str)])
    if isinstance(first, bytes) and isinstance(last, bytes):
        width = 8

        def from_bytes(key: object) -> int | None:
            return int.from_bytes(key[:width].ljust(width, b"\0"), "big") if isinstance(key, bytes) else None

        return KeySpace(from_bytes(first) or 0, from_bytes(last) or 0, lambda point: point.to_bytes(width, "big"), from_bytes)
    return None


def _numbers(first: float | Decimal, last: float | Decimal) -> KeySpace | None:
    scale = 1000

    def from_number(key: object) -> int | None:
        try:
            return int(Decimal(str(key)) * scale)
        except (InvalidOperation, ValueError, OverflowError):
            return None

    low, high = from_number(first), from_number(last)
    if low is None or high is None:
        return None
    return KeySpace(low, high, lambda point: Decimal(point) / scale, from_number)


_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]|$)")


def _dates(first: str, last: str) -> KeySpace | None:
    """Dates and times as servers write them; invalid in-between text would make MySQL give up its index."""

    def from_date(key: object) -> int | None:
        try:
            moment = datetime.fromisoformat(str(key))
        except ValueError:  # a zero date
            return None
        return int((moment.replace(tzinfo=None) - datetime(1, 1, 1)).total_seconds())

    def to_date(point: int) -> str:
        moment = datetime(1, 1, 1) + timedelta(seconds=point)
        return moment.isoformat(sep=" ") if len(first) > 10 else moment.date().isoformat()

    low, high = from_date(first), from_date(last)
    if high is None:
        return None
    return KeySpace(low or 0, high, to_date, from_date)


def _common_prefix(first: str, last: str) -> int:
    for place, (left, right) in enumerate(zip(first, last, strict=False)):
        if left != right:
            return place
    return min(len(first), len(last))


def _alphabet(texts: Sequence[str]) -> str:
    seen = {character for text in texts for character in text}
    letters = set(seen)
    if seen & set(_DIGITS):
        letters |= set(_DIGITS)
    hexadecimal = seen <= set(_DIGITS + "abcdefABCDEF-")
    if seen & set(_LOWER):
        letters |= set(_LOWER[:6] if hexadecimal else _LOWER)
    if seen & set(_LOWER.upper()):
        letters |= set(_LOWER.upper()[:6] if hexadecimal else _LOWER.upper())
    return "".join(sorted(letters))


def _text_space(first: str, last: str, between: Sequence[str]) -> KeySpace | None:
    start = _common_prefix(first, last)
    prefix = first[:start]
    tails = [text[start : start + _TAIL] for text in (first, last, *between)]
    alphabet = _alphabet(tails)
    if len(alphabet) < 2:
        return None
    base = len(alphabet)
    rank = {character: place for place, character in enumerate(alphabet)}

    def from_text(key: object) -> int | None:
        if not isinstance(key, str):
            return None
        point = 0
        for character in key[start : start + _TAIL].ljust(_TAIL, alphabet[0]):
            point = point * base + rank.get(character, 0)
        return point

    def to_text(point: int) -> str:
        characters = []
        for _ in range(_TAIL):
            point, place = divmod(point, base)
            characters.append(alphabet[place])
        return prefix + "".join(reversed(characters))

    return KeySpace(from_text(first) or 0, from_text(last) or 0, to_text, from_text)


def spread(low: int, high: int, count: int, random: Random) -> list[int]:
    """Return up to `count` points, one in each equal part of [low, high], ascending."""
    width = high - low + 1
    if width <= count:
        return list(range(low, high + 1))
    shift = random.random()
    return [low + int((place + shift) * width) // count for place in range(count)]
