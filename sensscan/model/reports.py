"""What every report format shows, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sensscan.language import Text
from sensscan.model.catalogue import Column, SkippedObject, Table, TableKind
from sensscan.model.labels import Grade, LevelView, TagStatus
from sensscan.model.reading import SampleMethod, ScanMode
from sensscan.model.verdicts import ColumnOutcome, ColumnResult

Outcome = Literal["complete", "incomplete", "interrupted"]


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

    @property
    def rejected(self) -> bool:
        """Whether something was found and a person said that it is not so, by rejecting it or by setting type none."""
        found = isinstance(self.outcome, ColumnResult) and self.outcome.classification.verdict in ("is", "contains")
        by_hand = self.status == "manual" and self.grade.category == "none" and "tag" in self.grade.because
        return found and (self.status == "rejected" or by_hand)


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
