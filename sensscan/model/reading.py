"""Which columns a run examines, and what was read of them. The only module whose objects hold clear values (`ColumnSample`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sensscan.language import Text
from sensscan.model.catalogue import Column, ColumnRef, SkippedObject, Table

ScanMode = Literal["full", "incremental", "manual", "watch"]


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """One column to examine and why."""

    ref: ColumnRef
    reason: Text


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """Which columns a run examines, and which keep their earlier result."""

    mode: ScanMode
    examine: tuple[PlannedColumn, ...]
    untouched: tuple[PlannedColumn, ...] = ()
    gone: tuple[PlannedColumn, ...] = ()
    """Columns with a stored result that the catalogue no longer lists (within the same filters)."""
    renamed: Mapping[ColumnRef, ColumnRef] = field(default_factory=dict)
    """New name -> old name, where the server's own identity or position and type say that it is the same column."""


SampleMethod = Literal["all", "tablesample", "blocks", "key_jumps", "head", "view_head", "none"]


@dataclass(frozen=True, slots=True)
class ColumnSample:
    """The cells read from one column: the only home of clear values."""

    column: Column
    cells: tuple[object, ...] = field(repr=False)
    """One entry per sampled row, in row order, None for NULL; rows line up across a table's columns."""

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to leave the process: clear values live in memory only."""
        raise TypeError("a ColumnSample holds clear values and must not be pickled")


@dataclass(frozen=True, slots=True)
class TableSample:
    """What one query of one table returned."""

    table: Table
    columns: tuple[ColumnSample, ...]
    rows: int
    method: SampleMethod
    complete: bool
    """True when every row of the table was read."""
    skipped: tuple[SkippedObject, ...] = ()
    fetch_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a verdict rests on; the auditor's answer to "how much did you look at"."""

    method: SampleMethod
    rows: int
    non_null: int
    distinct: int
    placeholders: int
    complete: bool
    row_estimate: int | None
    miss_below: float | None
    """Shares of rows below this can have been missed at 95 % (rule of three: 3 / rows tested)."""
