"""Turn the cells of one column into distinct texts with counts, and describe them without naming any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from sensscan.model import ColumnProfile, Family
from sensscan.text import PLACEHOLDERS, cell_text, is_placeholder

_FLOAT_EXACT = 2**53
_MASKED = re.compile(r"\*{2,}|[＊●•×█]{2,}|[xX#]{4,}|^[㐀-䶿一-鿿·]{0,3}[*＊某X]{1,3}[㐀-䶿一-鿿]{0,2}$")
_HEX_LENGTHS = frozenset({32, 40, 48, 56, 64, 96, 128})
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_BASE64 = re.compile(r"(?:ENC\()?[A-Za-z0-9+/_-]{20,}={0,2}\)?")
_PROSE = re.compile(r"[{<\[]|[。！？，、；：:=;,\n]|\w+ \w+ \w+")
_TEST_WORDS = frozenset(
    {
        "test",
        "test1",
        "test2",
        "testing",
        "asdf",
        "qwerty",
        "foo",
        "bar",
        "foobar",
        "abc123",
        "123456",
        "测试",
        "测试数据",
        "demo",
        "example",
        "张三",
        "李四",
        "王五",
    }
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The values of one column, ready for the detectors. Holds clear values: never leaves the process."""

    profile: ColumnProfile
    values: tuple[str, ...] = field(repr=False)
    """Distinct, non-placeholder texts of the checked rows, in row order."""
    counts: tuple[int, ...] = field(repr=False)
    """How many checked rows hold each of them."""
    masked: tuple[str, ...] = field(default=(), repr=False)
    """The distinct checked values with mask characters; they are in `values` too."""


_TEXT_OF: dict[type, Callable[[object], str | None]] = {
    int: str,
    Decimal: lambda cell: format(cell, "f"),
    datetime: str,
    date: str,
    time: str,
}  # type: ignore[dict-item]  # each function takes its own key's type


def texts_of(cells: Sequence[object]) -> list[str | None]:
    """Return the cells as texts; None for NULL. One pass without a call per cell where all cells are of one type."""
    kinds = set(map(type, cells))
    kinds.discard(type(None))
    if kinds <= {str}:
        return list(cells)  # type: ignore[arg-type]  # all are str or None
    if kinds == {int}:
        return [None if cell is None else str(cell) for cell in cells]
    return [None if cell is None else cell_text(cell) for cell in cells]


_STORAGE: tuple[tuple[type, Family], ...] = (
    (bool, Family.BOOLEAN), (int, Family.INTEGER), (float, Family.FLOAT), (Decimal, Family.DECIMAL), (datetime, Family.DATETIME),
    (date, Family.DATE), (time, Family.TIME), (bytes, Family.BINARY), (memoryview, Family.BINARY), (bytearray, Family.BINARY),
    (dict, Family.JSON), (list, Family.ARRAY), (str, Family.TEXT),
)  # fmt: skip


def storage_of(cells: Sequence[object], declared: Family) -> Family:
    """Return what the values themselves are: the type of most non-null cells, or the declaration when there are none."""
    kinds = Counter(map(type, cells))
    kinds.pop(type(None), None)
    if not kinds:
        return declared
    kind = kinds.most_common(1)[0][0]
    return next((family for base, family in _STORAGE if issubclass(kind, base)), declared)


def _is_digest(value: str) -> bool:
    return len(value) in _HEX_LENGTHS and _HEX.fullmatch(value) is not None and not value.isdigit()


def _is_cipher(value: str) -> bool:
    if len(value) < 20 or " " in value or _BASE64.fullmatch(value) is None:
        return False
    # Cipher text mixes cases and digits; words joined by hyphens or underscores do not.
    return (
        any(letter.isdigit() for letter in value)
        and any(letter.islower() for letter in value)
        and any(letter.isupper() for letter in value)
    )


def _ordered(values: Sequence[str]) -> float:
    """Return the share of neighbours (sorted) that differ by 1; 0 when the values are not plain numbers."""
    if len(values) < 4 or not all(value.isascii() and value.isdigit() and len(value) < 19 for value in values[:8]):
        return 0.0
    numbers = sorted(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19)
    if len(numbers) < len(values) * 0.9:
        return 0.0
    return sum(second - first == 1 for first, second in zip(numbers, numbers[1:], strict=False)) / (len(numbers) - 1)


def _damaged(cells: Sequence[object]) -> int:
    return sum(isinstance(cell, float) and cell.is_integer() and abs(cell) > _FLOAT_EXACT for cell in cells)


def _hashable(cells: Sequence[object]) -> Sequence[object]:
    try:
        set(cells)
    except TypeError:
        return texts_of(cells)
    return cells


def prepare(cells: Sequence[object], declared: Family, order: Sequence[int], checked_rows: int) -> Prepared:
    """Return distinct texts with counts of the first `checked_rows` rows of `order`, and the profile of all rows."""
    storage = storage_of(cells[:64], declared)
    everything = Counter(_hashable(cells))
    nulls = everything.pop(None, 0)
    checked = cells if len(cells) <= checked_rows else [cells[row] for row in order[:checked_rows]]
    counted = Counter(texts_of(checked))
    counted.pop(None, None)
    blanks = sum(counted.pop(value) for value in [value for value in counted if not value or value.isspace()])  # type: ignore[union-attr]  # None was taken out
    placeholders = sum(counted.pop(value) for value in _placeholders(counted, storage))  # type: ignore[arg-type]  # keys are str now
    values: tuple[str, ...] = tuple(counted)  # type: ignore[arg-type]  # keys are str now
    scale = len(cells) / len(checked) if checked else 1.0
    gone = round((blanks + placeholders) * scale) if len(cells) > len(checked) else blanks + placeholders
    textual = storage in (Family.TEXT, Family.JSON, Family.ARRAY, Family.ENUM, Family.BINARY)
    masked = tuple(value for value in values if _MASKED.search(value)) if textual else ()
    profile = ColumnProfile(
        rows=len(cells),
        nulls=nulls,
        blanks=round(blanks * scale),
        placeholders=max(0, gone - round(blanks * scale)),
        distinct=max(len(values), len(everything) - (1 if gone else 0)),
        checked=len(values),
        storage=storage,
        mean_length=sum(map(len, values)) / len(values) if values else 0.0,
        masked=len(masked),
        digests=sum(map(_is_digest, values)) if textual else 0,
        cipher=sum(map(_is_cipher, values)) if textual else 0,
        prose=sum(len(value) > 12 and _PROSE.search(value) is not None for value in values) if textual else 0,
        damaged=_damaged(checked) if storage == Family.FLOAT else 0,
        ordered=_ordered(values),
        test_data=len(_TEST_WORDS.intersection(values)),
    )
    return Prepared(profile, values, tuple(counted.values()), masked)


def _placeholders(counted: Counter[str | None], storage: Family) -> list[str]:
    """Return the keys that stand for "no value". A value met once is looked up only; a repeated one is tested for form too."""
    if storage in (Family.INTEGER, Family.BOOLEAN) and len(counted) <= 12:
        # Few small numbers are codes: 0 and 1 mean something there.
        return []
    found: list[str] = []
    for value, count in counted.items():
        assert value is not None
        if value in PLACEHOLDERS or (count > 1 and is_placeholder(value)):
            found.append(value)
    return found
