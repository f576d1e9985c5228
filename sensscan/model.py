"""The nouns of sensscan: frozen dataclasses that the steps hand to each other.

Nothing here reads or decides anything. A clear value lives in `ColumnSample` only; everything else in
this module is safe to print, store and send to another process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from sensscan.language import Text

Verdict = Literal["is", "contains", "none", "unknown"]
"""What a column was judged to be. The grade (level) is another scale and comes from a policy."""

ReasonCode = Literal[
    "empty", "placeholders", "too_few", "ambiguous", "encrypted",
    "permission", "timeout", "lost", "failed", "budget", "excluded", "unsupported",
]  # fmt: skip
"""Why there is no verdict. The first five leave exit code 0; permission to budget mean incomplete (3)."""

INCOMPLETE_CODES: frozenset[str] = frozenset({"permission", "timeout", "lost", "failed", "budget"})

Flag = Literal["masked", "hashed", "encrypted", "damaged", "credentials", "free_text", "test_data"]
ScanMode = Literal["full", "incremental", "manual", "watch"]
Outcome = Literal["complete", "incomplete", "interrupted"]
TagStatus = Literal["found", "confirmed", "rejected", "manual"]


class Family(StrEnum):
    """What a declared database type can hold, the same words for every server."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    BOOLEAN = "boolean"
    BINARY = "binary"
    JSON = "json"
    UUID = "uuid"
    INET = "inet"
    MACADDR = "macaddr"
    GEOMETRY = "geometry"
    ARRAY = "array"
    ENUM = "enum"
    ANY = "any"
    """No usable declaration (SQLite columns without affinity): the values' own types decide."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class TableRef:
    """A table's identity: tags, marks, locks and history hang on it."""

    source: str
    schema: str
    table: str


@dataclass(frozen=True, slots=True, order=True)
class ColumnRef:
    """A column's identity. `source` is as in architecture section 2 (Identity)."""

    source: str
    schema: str
    table: str
    column: str

    @property
    def table_ref(self) -> TableRef:
        """The table that the column belongs to."""
        return TableRef(self.source, self.schema, self.table)


TableKind = Literal["table", "view", "materialized_view", "partitioned", "foreign", "virtual"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the catalogue describes it."""

    ref: ColumnRef
    data_type: str
    """The server's own spelling, such as "varchar(20)"."""
    family: Family
    position: int
    """From 1, in the order of the table."""
    comment: str = ""
    nullable: bool = True
    is_key: bool = False
    """Part of the primary key or of a unique index on this column alone."""
    length: int | None = None
    """Declared length in characters, or precision of a number; None when not declared."""
    references: ColumnRef | None = None
    """The column that a foreign key of this column points to."""
    enum_values: tuple[str, ...] = ()
    """Allowed values of ENUM and SET types and domains, from the catalogue."""
    charset: str = ""
    """Character set of a text column where the server has one per column (MySQL, MariaDB)."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, view or partition parent with its columns."""

    ref: TableRef
    kind: TableKind
    columns: tuple[Column, ...]
    comment: str = ""
    primary_key: tuple[str, ...] = ()
    row_estimate: int | None = None
    """The server's own estimate; None when it has none (PostgreSQL's reltuples -1, views)."""
    structure_hash: str = ""
    """sha256 over names, types, comments, keys: changes when the structure does, not when data do."""
    readable_columns: tuple[str, ...] | None = None
    """With column grants: the columns that may be selected. None means all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something has no verdict, was skipped or left out."""

    code: ReasonCode
    text: Text


@dataclass(frozen=True, slots=True)
class SkippedObject:
    """A schema, table or column that was not read; empty names mean "all below"."""

    schema: str
    table: str
    column: str
    reason: Reason
    source: str = ""
    """Where it is: set in every report, "" for what concerns several sources and while a step works on one."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the filters let through, and what could not be enumerated."""

    source: str
    dialect: str
    """SQLAlchemy's name: sqlite, postgresql, mysql (also for MariaDB)."""
    server_version: str
    tables: tuple[Table, ...]
    skipped: tuple[SkippedObject, ...] = ()


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


@dataclass(frozen=True, slots=True)
class LevelView:
    """A level of a policy. `rank` is None for "unknown"."""

    id: str
    rank: int | None
    label: Text
    color: str = ""


UNKNOWN_LEVEL = LevelView("unknown", None, Text("Unknown", "未知"), "#607d8b")


@dataclass(frozen=True, slots=True)
class Grade:
    """What a policy says of a column or table."""

    level: LevelView
    policy: str
    category: str = "none"
    because: tuple[str, ...] = ()
    """Rule ids (K, C, V, R, overrides) that gave the level."""
    marks: tuple[str, ...] = ()
    columns: tuple[ColumnRef, ...] = ()
    """The columns that gave the level of a table or above, or that a combination matched; at most 20, in order."""
    unknown_columns: int = 0
    """Tables and above: columns without a verdict below; they do not count in the level."""
    certainty: str = "judgement"
    """How sure the policy is of the cell: checked, document, recalled or judgement."""
    clause: str = ""
    """Where the cell is laid down: clause or annex of the policy's document."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The current label of a column: the latest state of its events."""

    ref: ColumnRef
    type_id: str
    level: str
    status: TagStatus
    category: str = "none"
    owner: Mapping[str, str] = field(default_factory=dict)
    """Keys department, steward, system."""
    permission: Mapping[str, str] = field(default_factory=dict)
    """Keys store, share, onward, export, display, purpose, until."""
    note: str = ""
    set_by: str = ""
    set_at: datetime | None = None
    run_id: str = ""
    conflict: str = ""
    """A finding of a later scan that differs from a person's decision; shown, never applied."""
    ticket: str = ""
    reviewer: str = ""
    rejected: str = ""
    """With status rejected: the type that a person said it is not (`type_id` is then "none")."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Policy -> level; `level` is the one of the policy that was asked for."""
    fixed_levels: frozenset[str] = frozenset()
    """Policies whose level a person set: no scan and no policy changes it."""
    version: int = 0
    """Number of the newest event about this label."""


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One enumerated column in a report: exactly the fields of the JSON report."""

    column: Column
    table_kind: TableKind
    outcome: ColumnOutcome
    grade: Grade
    type_label: Text
    status: TagStatus | None = None
    owner: Mapping[str, str] = field(default_factory=dict)
    examined_in: str = ""
    """Id of the run that looked."""
    conflict: str = ""
    excepted: str = ""
    """Id of the exception (allow list) that hides the finding; "" if none."""
    change: str = ""
    """Against the state stored before the run: "new", "changed", "gone" or "" (same)."""
    previous: str = ""
    """With "changed": the earlier "type level"."""
    planned: Text | None = None
    """Why this run examined the column or kept its earlier result."""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table in a report."""

    table: Table
    grade: Grade
    columns: int
    sensitive: int
    unknown: int
    method: SampleMethod
    rows_read: int


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The `run` object of the JSON report."""

    id: str
    mode: ScanMode
    outcome: Outcome
    started_at: datetime
    finished_at: datetime
    version: str
    policy: str
    sources: tuple[str, ...]
    tables: int
    columns_examined: int
    columns_kept: int
    rows_read: int
    values_examined: int
    events_count: int
    events_head: str
    timings: Mapping[str, float]
    """Seconds per step: enumerate, fetch, detect, classify, store."""
    seed: int = 0
    exceptions_hidden: int = 0
    fail_on: str = ""
    fail_on_reached: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that any report format shows. Formats render this and nothing else."""

    run: RunSummary
    columns: tuple[ReportColumn, ...]
    tables: tuple[ReportTable, ...]
    skipped: tuple[SkippedObject, ...]
    levels: tuple[LevelView, ...]
    """All levels of the policy, least first."""
    type_labels: Mapping[str, Text] = field(default_factory=dict)
