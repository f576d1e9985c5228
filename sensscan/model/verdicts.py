"""What a column was judged to be and why, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sensscan.language import Text
from sensscan.model.catalogue import Column, Reason, SkippedObject, Table
from sensscan.model.reading import Coverage

Verdict = Literal["is", "contains", "none", "unknown"]
"""What a column was judged to be. The grade (level) is another scale and comes from a policy."""

Flag = Literal["masked", "hashed", "encrypted", "damaged", "credentials", "free_text", "test_data"]
EvidenceKind = Literal["prior", "name", "comment", "db_type", "values", "context", "link", "contains", "mask"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of a scorecard: it adds `weight` (natural-log units) to the score of `type_id`."""

    type_id: str
    kind: EvidenceKind
    detector: str
    weight: float
    reason: Text
    passed: int | None = None
    structural: int | None = None
    """Values with the right structure but a wrong check digit."""
    tested: int | None = None
    examples: tuple[str, ...] = ()
    """Masked when made; see `text.mask`."""


@dataclass(frozen=True, slots=True)
class Also:
    """A second label that the column also deserves."""

    type_id: str
    confidence: float
    why: Text


@dataclass(frozen=True, slots=True)
class Contained:
    """A type found inside the values of a column."""

    type_id: str
    rows: int
    distinct: int
    share: float
    """Rows with a hit / non-null rows."""
    path: str | None
    """JSON path such as $.customer.phone, XML path, key of key=value; None in running text."""
    confidence: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """A type that came near."""

    type_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Classification:
    """The verdict on one column, with everything needed to explain it."""

    verdict: Verdict
    type_id: str
    """A type id, "none" or "unknown"; for *contains* the contained type of highest confidence."""
    confidence: float
    contains: tuple[Contained, ...] = ()
    also: tuple[Also, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reason: Reason | None = None
    """Set when the verdict is unknown."""
    unlinked: Classification | None = None
    """The verdict before other tables were looked at; set when `link` changed something, so that linking again starts from it."""


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """An examined column."""

    column: Column
    classification: Classification
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class SkippedColumn:
    """A column that was enumerated and not read."""

    column: Column
    reason: Reason


ColumnOutcome = ColumnResult | SkippedColumn


@dataclass(frozen=True, slots=True)
class TableResult:
    """One table's outcome; picklable, holds no clear value."""

    table: Table
    outcomes: tuple[ColumnOutcome, ...]
    rows_read: int = 0
    values_examined: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Time per step: fetch, detect, classify."""
    failed: tuple[SkippedObject, ...] = ()
    """Columns of which a type could not be judged because its detector was cut off; the run is incomplete for it."""
