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
_MASKED = re.compile(r"(?<![/.*])\*{2,}|[＊●•×█]{2,}|[xX#]{4,}|^[㐀-䶿一-鿿·]{0,3}[*＊某X]{1,3}[㐀-䶿一-鿿]{0,2}$")
_MASK_CHARACTERS = re.compile(r"[*＊●•×█#某]|[xX]{4}|[㐀-䶿一-鿿]X")
_HEX_LENGTHS = frozenset({32, 40, 48, 56, 64, 96, 128})
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_BASE64 = re.compile(r"(?:ENC\()?[A-Za-z0-9+/_-]{20,}={0,2}\)?")
_PROSE = re.compile(
    r"^\s*[{<\[]|[。！？，、；：;|]|[\w\"']\s?[=:]\s?\S+[\s,&]|[,&]\s?\w+=|[A-Za-z']{2,} [A-Za-z']{2,} [A-Za-z']{2,}|[㐀-鿿]{9,}|[㐀-鿿][A-Za-z0-9]{5,}"
)
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


def _counted(cells: Sequence[object], order: Sequence[int], checked_rows: int) -> tuple[Counter[str], int, int]:
    """Return the texts to check with their counts, the number of rows these stand for, and the distinct values of all rows.

    Few distinct values are all checked, with their counts; of many, those of the chosen rows.
    """
    everything = Counter(_hashable(cells))
    everything.pop(None, None)
    distinct = len(everything)
    if distinct <= checked_rows:
        texts = texts_of(list(everything))
        counted: Counter[str] = Counter()
        for text, count in zip(texts, everything.values(), strict=True):
            if text is not None:
                counted[text] += count
        return counted, sum(everything.values()), distinct
    chosen = Counter(texts_of([cells[row] for row in order[:checked_rows]]))
    chosen.pop(None, None)
    return chosen, sum(chosen.values()), distinct  # type: ignore[return-value]  # None was taken out


def prepare(cells: Sequence[object], declared: Family, order: Sequence[int], checked_rows: int) -> Prepared:
    """Return the distinct texts to check with their counts, and the profile of all rows."""
    storage = storage_of(cells[:64], declared)
    nulls = cells.count(None)
    counted, stand_for, distinct = _counted(cells, order, checked_rows)
    blanks = sum(counted.pop(value) for value in [value for value in counted if not value or value.isspace()])
    empty = _placeholders(counted, storage)
    placeholders = sum(counted.pop(value) for value in empty)
    values = tuple(counted)
    scale = (len(cells) - nulls) / stand_for if stand_for else 1.0
    textual = storage in (Family.TEXT, Family.JSON, Family.ARRAY, Family.ENUM, Family.BINARY)
    masked: tuple[str, ...] = ()
    if textual and _MASK_CHARACTERS.search("\n".join(values)):
        masked = tuple(value for value in values if _MASKED.search(value))
    lengths = list(map(len, values)) if textual else []
    longest = max(lengths, default=0)
    profile = ColumnProfile(
        rows=len(cells),
        nulls=nulls,
        blanks=round(blanks * scale),
        placeholders=round(placeholders * scale),
        distinct=max(len(values), distinct - len(empty) - (1 if blanks else 0)),
        checked=len(values),
        storage=storage,
        mean_length=sum(lengths) / len(lengths) if lengths else 0.0,
        masked=len(masked),
        digests=sum(map(_is_digest, values)) if longest in _HEX_LENGTHS else 0,
        cipher=sum(map(_is_cipher, values)) if longest >= 20 else 0,
        prose=sum(len(value) > 12 and _PROSE.search(value) is not None for value in values) if longest > 12 else 0,
        damaged=_damaged(cells) if storage == Family.FLOAT else 0,
        ordered=_ordered(values),
        test_data=len(_TEST_WORDS.intersection(values)),
    )
    return Prepared(profile, values, tuple(counted.values()), masked)


def _placeholders(counted: Counter[str], storage: Family) -> list[str]:
    """Return the keys that stand for "no value". A value met once is looked up only; a repeated one is tested for form too."""
    if storage in (Family.INTEGER, Family.BOOLEAN) and len(counted) <= 12:
        # Few small numbers are codes: 0 and 1 mean something there.
        return []
    found: list[str] = []
    for value, count in counted.items():
        if value in PLACEHOLDERS or (count > 1 and is_placeholder(value)):
            found.append(value)
    return found
