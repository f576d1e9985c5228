"""What differs between two reports: new and gone columns, changed types, levels and decisions. A pure function of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from sensscan.language import Text
from sensscan.model import ColumnRef, LevelView, Report, ReportColumn, RunSummary, TagStatus, Verdict
from sensscan.report.view import classification_of, confidence_of, type_of

ChangeKind = Literal["new", "gone", "changed"]
CHANGE_KINDS: tuple[ChangeKind, ...] = ("new", "changed", "gone")


@dataclass(frozen=True, slots=True)
class Label:
    """What a report says of a column, as far as a difference counts."""

    verdict: Verdict
    type_id: str
    name: Text
    level: LevelView
    confidence: float
    """Shown, never compared: it moves a little with every sample."""
    contains: tuple[str, ...]
    """Contained types, sorted."""
    status: TagStatus | None


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One column that differs."""

    ref: ColumnRef
    kind: ChangeKind
    before: Label | None
    """None for a new column."""
    after: Label | None
    """None for a column that is gone."""
    fields: tuple[str, ...]
    """What changed: verdict, type, level, contains, status; empty for new and gone columns."""


@dataclass(frozen=True, slots=True)
class ReportDiff:
    """All differences between two runs; no changes means equal."""

    before: RunSummary
    after: RunSummary
    changes: tuple[ColumnChange, ...]
    """The most sensitive first, by the higher of both levels."""
    columns_before: int
    columns_after: int
    not_compared: int = 0
    """Columns that only one run looked at though they existed in both (other filters): neither new nor gone."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of both runs."""
        return tuple(dict.fromkeys((*self.before.sources, *self.after.sources)))

    @property
    def equal(self) -> bool:
        """Whether both runs say the same of the same columns."""
        return not self.changes

    @property
    def overlap(self) -> bool:
        """Whether there was a column to compare; True for two runs without columns."""
        return not self.not_compared or self.columns_before + self.columns_after > self.not_compared

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """Changes by kind, each kind present."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in CHANGE_KINDS}


def compare(before: Report, after: Report, *, appeared: Collection[ColumnRef] | None = None) -> ReportDiff:
    """Return what `after` says otherwise than `before`. Confidence, evidence and coverage are not compared.

    A column in one report alone may have been left out by the other run's filters. `appeared` names those that are really new or gone;
    None takes all of them for it.
    """
    old = {column.column.ref: _label(column) for column in before.columns if column.change != "gone"}
    new = {column.column.ref: _label(column) for column in after.columns if column.change != "gone"}
    changes = [_change(ref, old.get(ref), new.get(ref)) for ref in old.keys() | new.keys()]
    found = [change for change in changes if change is not None]
    kept = [change for change in found if change.kind == "changed" or appeared is None or change.ref in appeared]
    return ReportDiff(before.run, after.run, tuple(sorted(kept, key=_order)), len(old), len(new), len(found) - len(kept))


def _label(column: ReportColumn) -> Label:
    found = classification_of(column)
    return Label(
        verdict=found.verdict if found else "unknown",
        type_id=type_of(column),
        name=column.type_label,
        level=column.grade.level,
        confidence=confidence_of(column),
        contains=tuple(sorted({part.type_id for part in found.contains})) if found else (),
        status=column.status,
    )


def _change(ref: ColumnRef, before: Label | None, after: Label | None) -> ColumnChange | None:
    if before is None:
        return ColumnChange(ref, "new", None, after, ())
    if after is None:
        return ColumnChange(ref, "gone", before, None, ())
    pairs = {
        "verdict": (before.verdict, after.verdict),
        "type": (before.type_id, after.type_id),
        "level": (before.level.id, after.level.id),
        "contains": (before.contains, after.contains),
        "status": (before.status, after.status),
    }
    fields = tuple(name for name, (old, new) in pairs.items() if old != new)
    return ColumnChange(ref, "changed", before, after, fields) if fields else None


def _order(change: ColumnChange) -> tuple[int, int, ColumnRef]:
    ranks = [-1 if label.level.rank is None else label.level.rank for label in (change.before, change.after) if label is not None]
    return (-max(ranks), CHANGE_KINDS.index(change.kind), change.ref)
