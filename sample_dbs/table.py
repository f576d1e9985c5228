"""The nouns of a sample database: a table is a list of columns, a column knows its label and makes its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from sqlalchemy.types import TypeEngine

SEED = 20240229
Dirt = Literal["null", "blank", "word", "wide", "mask", "wrong"]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
LIGHT: tuple[Dirt, ...] = ("null", "blank")
HEAVY: tuple[Dirt, ...] = ("null", "blank", "word", "wide", "mask", "wrong")
NULLS: tuple[Dirt, ...] = ("null",)


@dataclass(frozen=True, slots=True)
class Row:
    """What a column may look at while it makes a cell."""

    index: int
    """From 1: serves as primary key."""
    values: dict[str, object]
    """Clean cells made so far in this row."""
    tables: Mapping[str, Sequence[Mapping[str, object]]]
    """Tables made before."""

    def __getitem__(self, column: str) -> object:
        """Return the clean cell of an earlier column."""
        return self.values[column]

    def pick(self, r: Random, table: str) -> Mapping[str, object]:
        """Return any row of an earlier table."""
        return r.choice(self.tables[table])


@dataclass(frozen=True, slots=True)
class Col:
    """One column."""

    name: str
    type: str
    """What a scan must find: a type id or "none"."""
    sql: TypeEngine[Any]
    make: Callable[[Random, Row], object]
    comment: str = ""
    dirt: tuple[Dirt, ...] = ()
    rate: float = 0.04
    """Share of dirty cells."""
    filled: float = 1.0
    """Share of rows that have a value at all."""
    verdict: str = ""
    alternatives: tuple[str, ...] = ()
    key: bool = False
    references: str = ""
    """table.column of a foreign key."""

    @property
    def expected(self) -> str:
        """Return the verdict a scan must give."""
        return self.verdict or ("none" if self.type == "none" else "is")


@dataclass(frozen=True, slots=True)
class Tab:
    """One table."""

    name: str
    comment: str
    rows: int
    columns: tuple[Col, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample database."""

    name: str
    tables: tuple[Tab, ...]
    data: dict[str, list[dict[str, object]]] = field(default_factory=dict)


def plain(make: Callable[[Random], object]) -> Callable[[Random, Row], object]:
    """Wrap a generator that looks at nothing else."""
    return lambda r, _row: make(r)


def serial(_r: Random, row: Row) -> object:
    """1, 2, 3 ..."""
    return row.index


def snowflake(r: Random, row: Row) -> object:
    """19 digits that rise with time, as distributed id generators make them."""
    return 1_400_000_000_000_000_000 + row.index * 4_194_304 + r.randint(0, 4095)


def one_of(*choices: object, weights: Sequence[float] | None = None) -> Callable[[Random, Row], object]:
    """A value of a short list."""
    return lambda r, _row: r.choices(choices, weights)[0]


def between(low: int, high: int) -> Callable[[Random, Row], object]:
    """A whole number from low to high."""
    return lambda r, _row: r.randint(low, high)


def same(column: str) -> Callable[[Random, Row], object]:
    """The clean cell of another column of this row."""
    return lambda _r, row: row[column]


def of(table: str, column: str) -> Callable[[Random, Row], object]:
    """A cell of an earlier table."""
    return lambda r, row: row.pick(r, table)[column]


def soil(r: Random, value: object, kinds: tuple[Dirt, ...]) -> object:
    """Return a cell as people spoil it; what is not text can only be missing."""
    kind = r.choice(kinds)
    if kind == "null" or not isinstance(value, str):
        return None
    match kind:
        case "blank":
            return r.choice(("", " ", "\u3000"))
        case "word":
            return r.choice(("无", "-", "N/A", "不详"))
        case "wide":
            return value.translate(WIDE)
        case "mask":
            return value[:3] + "*" * max(1, len(value) - 5) + value[-2:]
        case _:
            return value[:-1] + ("0" if value[-1] != "0" else "1")


def table_rows(sample: str, table: Tab, earlier: Mapping[str, Sequence[Mapping[str, object]]]) -> list[dict[str, object]]:
    """Make all rows. Each column has its own generator, so that a new column changes no other one."""
    makers = [(column, Random(f"{SEED}/{sample}/{table.name}/{column.name}")) for column in table.columns]
    made = []
    for index in range(1, table.rows + 1):
        row = Row(index, {}, earlier)
        stored: dict[str, object] = {}
        for column, r in makers:
            value = column.make(r, row)
            row.values[column.name] = value
            if column.filled < 1 and r.random() >= column.filled:
                value = None
            elif column.dirt and r.random() < column.rate:
                value = soil(r, value, column.dirt)
            stored[column.name] = value
        made.append(stored)
    return made
