"""Turn the cells of one column into distinct texts with counts, and describe them without naming any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from sensscan.detect.cleaning import cleaned
from sensscan.evidence import ColumnProfile
from sensscan.model import Family
from sensscan.text import PLACEHOLDERS, cell_text, is_placeholder

_FLOAT_EXACT = 2**53
_MASKED = re.compile(r"(?<![/.*])\*{2,}|[＊●•×█]{2,}|[xX#]{4,}|^[㐀-䶿一-鿿·]{0,3}[*＊某X]{1,3}[㐀-䶿一-鿿]{0,2}$")
_MASK_CHARACTERS = ("*", "＊", "●", "•", "×", "█", "#", "某", "xxxx", "XXXX")
_HEX_LENGTHS = frozenset({32, 40, 48, 56, 64, 96, 128})
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_BASE64 = re.compile(r"(?:ENC\()?[A-Za-z0-9+/_-]{20,}={0,2}\)?")
# Searched for in cells of thousands of characters: what a repetition could begin with everywhere has a fixed or bounded length.
_PROSE = re.compile(
    r"^\s*[{<\[]"  # JSON, XML, lists
    r"|^(?:[Bb]earer|[Bb]asic|[Tt]oken|JWT) \S{8}"  # HTTP headers
    r"|\S{7}[,;] ?\S{7}"  # values joined by commas
    r"|\b[a-z]{2,} \S{6,} [a-z]{2,} "  # a value between words
    r"|[。！？，、；：;|]"
    r"|[\w\"']\s?[=:]\s?\S[^\s,&]{0,400}[\s,&]|[,&]\s?\w+="  # key=value, key: value
    r"|[A-Za-z']{2} [A-Za-z']{2,} [A-Za-z']{2}|[㐀-鿿]{9}|[㐀-鿿] ?[A-Za-z0-9]{5}"  # sentences
)
_HAN_RUN = re.compile("[㐀-鿿]{9}")
_PROSE_CUES = (",", "{", "<", "[", ";", "|", "=", "。", "！", "？", "，", "、", "；", "：", " ")
"""Looked for in all values of a column at once, which is cheap, before each value is looked at."""
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
    exact: bool = False
    """Every value is to be tested, whatever it costs."""


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
    found = set(map(type, cells))
    found.discard(type(None))
    if not found:
        return declared
    kind = found.pop()
    if found:
        kinds = Counter(map(type, cells))
        kinds.pop(type(None), None)
        kind = kinds.most_common(1)[0][0]
    return next((family for base, family in _STORAGE if issubclass(kind, base)), declared)


def _is_digest(value: str) -> bool:
    return len(value) in _HEX_LENGTHS and _HEX.fullmatch(value) is not None and not value.isdigit()


def _digests(values: Sequence[str], lengths: Sequence[int], joined: str) -> int:
    """Count the digests; of a column whose values are of one length and all hexadecimal without asking each."""
    if min(lengths) == max(lengths) and joined.isascii():
        rest = joined.encode("ascii")
        if not rest.translate(None, b"0123456789abcdef\n") or not rest.translate(None, b"0123456789ABCDEF\n"):
            return len(values) - sum(map(str.isdigit, values))
    return _share(_is_digest, values)


def _is_cipher(value: str) -> bool:
    if len(value) < 20 or " " in value or _BASE64.fullmatch(value) is None:
        return False
    # Cipher text mixes cases and digits; words joined by hyphens or underscores do not.
    return any(map(str.isdigit, value)) and any(map(str.islower, value)) and any(map(str.isupper, value))


def _damaged(cells: Sequence[object]) -> int:
    return sum(isinstance(cell, float) and cell.is_integer() and abs(cell) > _FLOAT_EXACT for cell in cells)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The texts to check, before anything is taken out."""

    counted: Counter[str] = field(repr=False)
    stand_for: int
    """Non-null rows that they stand for."""
    distinct: int
    """Different values of all rows, NULL apart."""
    nulls: int


def _counted(cells: Sequence[object], order: Sequence[int], checked_rows: int) -> _Chosen:
    """Return the texts to check with their counts: of few distinct values all, of many those of the chosen rows."""
    try:
        different = set(cells)
    except TypeError:
        # JSON documents and arrays cannot be counted as they are.
        cells = texts_of(cells)
        different = set(cells)
    nulls = cells.count(None) if None in different else 0
    different.discard(None)
    if len(different) <= checked_rows:
        everything = Counter(cells)
        everything.pop(None, None)
        counted: Counter[str] = Counter()
        for text, count in zip(texts_of(list(everything)), everything.values(), strict=True):
            if text is not None:
                counted[text] += count
        return _Chosen(counted, sum(everything.values()), len(different), nulls)
    chosen = Counter(texts_of([cells[row] for row in order[:checked_rows]]))
    chosen.pop(None, None)
    return _Chosen(chosen, sum(chosen.values()), len(different), nulls)  # type: ignore[arg-type]  # None was taken out


_NEVER_TEXT = {Family.DATE: 40, Family.DATETIME: 40, Family.TIME: 8, Family.BOOLEAN: 8, Family.FLOAT: 128}
"""Families whose values need fewer checks: the database vouches for their form."""


def prepare(cells: Sequence[object], declared: Family, order: Sequence[int], checked_rows: int) -> Prepared:
    """Return the distinct texts to check with their counts, and the profile of all rows."""
    storage = storage_of(cells[:64], declared)
    chosen = _counted(cells, order, min(checked_rows, _NEVER_TEXT.get(storage, checked_rows)))
    counted, nulls = chosen.counted, chosen.nulls
    blanks = sum(counted.pop(value) for value in _blank(counted))
    if storage is Family.BINARY and counted and sum(value.startswith("\\x") for value in counted) <= 0.2 * len(counted):
        # Text in a binary column: what it says counts, not where it lies.
        storage = Family.TEXT
    if storage in _TEXTUAL and declared not in (Family.JSON, Family.ARRAY):
        counted = cleaned(counted)
    empty = _placeholders(counted, storage)
    placeholders = sum(counted.pop(value) for value in empty)
    values = tuple(counted)
    scale = (len(cells) - nulls) / chosen.stand_for if chosen.stand_for else 1.0
    look = _look_of(values) if storage in _TEXTUAL else _Look()
    profile = ColumnProfile(
        rows=len(cells),
        nulls=nulls,
        blanks=round(blanks * scale),
        placeholders=round(placeholders * scale),
        distinct=max(
            len(values),
            min(chosen.distinct - len(empty) - (1 if blanks else 0), len(cells) - nulls - round((blanks + placeholders) * scale)),
        ),
        checked=len(values),
        storage=storage,
        mean_length=look.mean_length,
        masked=len(look.masked),
        digests=look.digests,
        cipher=look.cipher,
        prose=look.prose,
        damaged=_damaged(cells) if storage == Family.FLOAT else 0,
        test_data=len(_TEST_WORDS.intersection(values)),
    )
    return Prepared(profile, values, tuple(counted.values()), look.masked, exact=checked_rows >= len(cells))


_TEXTUAL = (Family.TEXT, Family.JSON, Family.ARRAY, Family.ENUM, Family.BINARY)
_FIRST = 8
"""Values looked at before all of them are: digests and cipher text fill a column or are not there."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What the checked texts look like."""

    mean_length: float = 0.0
    masked: tuple[str, ...] = field(default=(), repr=False)
    digests: int = 0
    cipher: int = 0
    prose: int = 0


def _blank(counted: Counter[str]) -> list[str]:
    """Return the texts of white space alone; hardly a column has any, which one pass tells."""
    return [value for value in counted if not value or value.isspace()] if "" in map(str.strip, counted) else []


def _share(test: Callable[[str], bool], values: Sequence[str]) -> int:
    """Count the values that pass; 0 at once when hardly one of the first does."""
    if sum(map(test, values[:_FIRST])) * 4 < min(_FIRST, len(values)):
        return 0
    return sum(map(test, values))


_LONGEST_MOMENT = 35
"""Characters of a date with time, fractions and zone."""
_MOMENTS = re.compile(r"[0-9 :./+TZ\n-]*")


def _prose(values: Sequence[str], joined: str, longest: int) -> int:
    """Count the values that read like sentences, lists or documents."""
    if joined.isascii() and not any(cue in joined for cue in _PROSE_CUES):
        return 0
    if longest <= _LONGEST_MOMENT and _MOMENTS.fullmatch(joined):
        return 0
    # Most Chinese prose shows in a run of Han characters, which is found much faster than all the rest.
    return sum(len(value) > 12 and (_HAN_RUN.search(value) or _PROSE.search(value)) is not None for value in values)


def _look_of(values: Sequence[str]) -> _Look:
    if not values:
        return _Look()
    lengths = list(map(len, values))
    longest = max(lengths)
    joined = "\n".join(values)
    return _Look(
        mean_length=sum(lengths) / len(lengths),
        masked=tuple(value for value in values if _MASKED.search(value)) if any(cue in joined for cue in _MASK_CHARACTERS) else (),
        digests=_digests(values, lengths, joined) if longest in _HEX_LENGTHS else 0,
        cipher=_share(_is_cipher, values) if longest >= 20 else 0,
        prose=_prose(values, joined, longest) if longest > 12 else 0,
    )


_LONGER_THAN_CODES = 5
"""Among texts of this length a 0 stands for nothing; among shorter ones it can be a code."""


_LONGEST_WORD = 20
"""Longer placeholders (digests of nothing) have one spelling."""


def _placeholders(counted: Counter[str], storage: Family) -> list[str]:
    """Return the keys that stand for "no value". A value met once is looked up only; a repeated one is tested for form too."""
    if storage in (Family.INTEGER, Family.BOOLEAN) and len(counted) <= 12:
        # Few small numbers are codes: 0 and 1 mean something there.
        return []
    found: list[str] = []
    joined = "\n".join(counted)
    # ASCII texts are folded all at once, which is much faster; others one by one, which is faster than folding long Han texts.
    if not joined.isascii() or not PLACEHOLDERS.isdisjoint(joined.casefold().split("\n")):
        found = [value for value in counted if value in PLACEHOLDERS or (len(value) <= _LONGEST_WORD and value.casefold() in PLACEHOLDERS)]
    # A default that nobody overwrote is frequent; testing every repeated value for its form would cost more than it finds.
    frequent = max(2, 0.02 * sum(counted.values()))
    if max(counted.values(), default=0) >= frequent:
        known = set(found)
        found += [value for value, count in counted.items() if count >= frequent and value not in known and is_placeholder(value)]
    return found
