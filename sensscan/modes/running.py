"""What the parts of one run share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sensscan.language import Text
from sensscan.model import Catalogue, ColumnRef, Reason, Report, ScanPlan, SkippedObject, TableRef, TableResult
from sensscan.modes.listing import Listing
from sensscan.modes.named import Fit
from sensscan.modes.request import ScanRequest
from sensscan.modes.stopping import Stopper
from sensscan.store import Store, StoredMark


class Progress(Protocol):
    """Who is told how far a run is."""

    def begin(self, tables: int) -> None:
        """Say how many tables will be read."""

    def table_started(self, table: TableRef) -> None:
        """Say which table is being read."""

    def table_done(self, table: TableRef, rows: int) -> None:
        """Say that a table is finished."""


class Silent:
    """Tells nobody."""

    def begin(self, tables: int) -> None:
        """Do nothing."""

    def table_started(self, table: TableRef) -> None:
        """Do nothing."""

    def table_done(self, table: TableRef, rows: int) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class FinishedScan:
    """A run's report and what the exit code follows from."""

    report: Report
    plans: Mapping[str, ScanPlan]
    new_findings: tuple[ColumnRef, ...] = ()
    changed: Mapping[ColumnRef, str] = field(default_factory=dict)
    gone: tuple[ColumnRef, ...] = ()
    conflicts: Mapping[ColumnRef, str] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    interrupted: bool = False
    min_confidence: float | None = None
    """What the run was asked to hide."""


@dataclass
class SourceRun:
    """What one source contributed."""

    catalogue: Catalogue
    chosen: ScanPlan
    results: list[TableResult] = field(default_factory=list)
    marks: dict[TableRef, StoredMark] = field(default_factory=dict)
    enumerate_seconds: float = 0.0
    fit: Fit | None = None
    """How what the user named fits this source."""
    missing: tuple[SkippedObject, ...] = ()
    """What the user named and no source has."""
    log_note: Text | None = None
    """Why the server's log could not spare tables that are read again."""
    ended: Reason | None = None
    """Why the run ended before all planned tables were read."""


@dataclass(frozen=True)
class Run:
    """What all sources of a run share."""

    request: ScanRequest
    store: Store
    run_id: str
    stopper: Stopper
    progress: Progress
    touched: Mapping[TableRef, Text]
    done_before: Mapping[TableRef, TableResult]
    listing: Listing
