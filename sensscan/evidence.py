"""What detection hands to classification: counts and masked examples of one column, never a value.

Beside the nouns of `model`, because only the steps between look and decide know these.
"""

from __future__ import annotations

from dataclasses import dataclass

from sensscan.language import Text
from sensscan.model import Column, Evidence, Family


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What the cells of one column look like, counted, without any value."""

    rows: int
    nulls: int
    blanks: int
    placeholders: int
    distinct: int
    """Distinct non-placeholder values among all sampled rows."""
    checked: int
    """Distinct values that the detectors were asked about."""
    storage: Family
    """What the values themselves are (on SQLite the declaration may lie)."""
    mean_length: float = 0.0
    masked: int = 0
    """Distinct checked values with mask characters."""
    digests: int = 0
    """Distinct checked values that look like hashes (one fixed hex length)."""
    cipher: int = 0
    """Distinct checked values that look like cipher text (long base64 or hex of high entropy)."""
    prose: int = 0
    """Distinct checked values that look like sentences, JSON, XML or lists."""
    damaged: int = 0
    """Numbers above 2^53 held as floats: their last digits are lost."""
    test_data: int = 0
    """Distinct checked values such as test, asdf, 张三, 123456 that speak for test data."""


@dataclass(frozen=True, slots=True)
class TypeTest:
    """What one card says of the values of one column. Counts are distinct values unless they say rows."""

    type_id: str
    tested: int
    passed: int
    structural: int
    coded: int
    rows_tested: int
    rows_passed: int
    rows_coded: int
    capped_tested: float = 0.0
    """For vocabularies: each distinct value counted at most three times."""
    capped_passed: float = 0.0
    group_weight: float = 0.0
    """What the passing values say together (spread of prefixes, years), in natural-log units."""
    group_reason: Text | None = None
    examples: tuple[str, ...] = ()
    masked_passed: int = 0
    """Masked values that have the type's form."""
    credentials: int = 0
    """Passing values that hold a password or token (connection strings, URLs)."""


@dataclass(frozen=True, slots=True)
class ContainedHits:
    """Hits of one type inside the values of one column."""

    type_id: str
    path: str | None
    rows: int
    distinct: int
    strict: bool
    """The type has a check digit or a form that chance does not make."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the cells of two columns say together, row by row: a date that is the birth date inside the ID number beside it."""

    type_id: str
    """Of the column that the agreement speaks for."""
    other: str
    """Name of the other column of the table."""
    agreeing: int
    rows: int
    """Rows in which both columns hold something to compare."""


@dataclass(frozen=True, slots=True)
class ColumnEvidence:
    """Everything that detection hands to classification about one column; safe to store."""

    column: Column
    profile: ColumnProfile
    tests: tuple[TypeTest, ...]
    contained: tuple[ContainedHits, ...] = ()
    searched_rows: int = 0
    cut_cells: int = 0
    """Cells longer than what was searched."""
    failed: tuple[str, ...] = ()
    """Types whose detector was cut off or raised: the run is incomplete for them."""
    agreements: tuple[Agreement, ...] = ()
    context: tuple[Evidence, ...] = ()
    """Lines from the table around the column, added when all its columns were judged by themselves."""
