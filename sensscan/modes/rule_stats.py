"""How rules do over the stored runs: hits, confirmations, rules that never fire, rules that drift."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean, median
from typing import Literal

from sensscan.model import ColumnRef, ColumnResult, Report, Tag
from sensscan.store import Store

RUNS_KEPT = 20
"""Runs that are looked at unless asked otherwise, newest first."""
_LEAST_CHANGE = 3
"""Columns by which hits must differ before that is called drift: databases grow by a column now and then."""
_SHARE_CHANGE = 0.3
_CONFIDENCE_CHANGE = 0.1

State = Literal["fires", "never", "drifts", "silent"]
"""never: no hit in any run; silent: no hit in the newest runs, some before; drifts: hits or confidence moved."""


@dataclass(frozen=True, slots=True)
class RunHits:
    """What one run found."""

    id: str
    started_at: datetime
    sources: tuple[str, ...]
    columns: int
    """Columns with a verdict."""
    hits: Mapping[str, int]
    """Type id -> columns, contained and second labels included."""
    confidence: Mapping[str, float]
    """Type id -> mean confidence of its columns."""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule over the runs."""

    type_id: str
    state: State
    runs: int
    """Runs with a hit."""
    latest: int
    """Columns in the newest run of each set of sources."""
    usual: float
    """Columns to be expected there: the median of the runs before; the same as `latest` where there is none."""
    confidence: float | None
    usual_confidence: float | None
    confirmed: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class RuleStats:
    """All rules over the runs that were looked at."""

    runs: tuple[RunHits, ...]
    """Newest first."""
    rules: tuple[RuleUse, ...]
    known: frozenset[str] = field(default=frozenset())

    def of(self, state: State) -> tuple[RuleUse, ...]:
        """Return the rules in one state."""
        return tuple(rule for rule in self.rules if rule.state == state)


def types_said(outcome: ColumnResult) -> dict[str, float]:
    """Return the types that a verdict gives, each with its confidence."""
    found = outcome.classification
    if found.verdict not in ("is", "contains"):
        return {}
    second = {also.type_id: also.confidence for also in found.also}
    inside = {hit.type_id: hit.confidence for hit in found.contains}
    return {**second, **inside, found.type_id: found.confidence}


def hits_of(report: Report) -> RunHits:
    """Count one report."""
    hits: Counter[str] = Counter()
    sums: dict[str, list[float]] = defaultdict(list)
    columns = 0
    for column in report.columns:
        if isinstance(column.outcome, ColumnResult):
            columns += 1
            for type_id, confidence in types_said(column.outcome).items():
                hits[type_id] += 1
                sums[type_id].append(confidence)
    run = report.run
    means = {type_id: fmean(found) for type_id, found in sums.items()}
    return RunHits(run.id, run.started_at, run.sources, columns, dict(hits), means)


def rule_stats(store: Store, known: Collection[str], *, source: str | None = None, last: int = RUNS_KEPT) -> RuleStats:
    """Return the statistics of the newest `last` runs that have a report; manual runs look at parts and are left out."""
    stored = [run for run in store.runs(source=source) if run.has_report and run.mode != "manual"][:last]
    return stats_of([hits_of(store.load_report(run.id)) for run in stored], known, store.tags(source))


def stats_of(runs: Sequence[RunHits], known: Collection[str], tags: Mapping[ColumnRef, Tag]) -> RuleStats:
    """Return the statistics of runs, newest first. A pure function."""
    by_sources: dict[tuple[str, ...], list[RunHits]] = defaultdict(list)
    for run in runs:
        by_sources[tuple(sorted(run.sources))].append(run)
    confirmed = Counter(tag.type_id for tag in tags.values() if tag.status in ("confirmed", "manual"))
    rejected = Counter(tag.rejected for tag in tags.values() if tag.status == "rejected")
    types = sorted({*known, *(type_id for run in runs for type_id in run.hits)})
    rules = tuple(_use(type_id, list(by_sources.values()), confirmed[type_id], rejected[type_id]) for type_id in types)
    return RuleStats(tuple(runs), rules, frozenset(known))


def _use(type_id: str, groups: Sequence[Sequence[RunHits]], confirmed: int, rejected: int) -> RuleUse:
    fired = sum(type_id in run.hits for group in groups for run in group)
    latest = sum(group[0].hits.get(type_id, 0) for group in groups)
    usual = sum(_usual(type_id, group) for group in groups)
    now = [group[0].confidence[type_id] for group in groups if type_id in group[0].confidence]
    before = [run.confidence[type_id] for group in groups for run in group[1:] if type_id in run.confidence]
    confidence = fmean(now) if now else None
    usual_confidence = median(before) if before else None
    moved = any(_moved(type_id, group) for group in groups)
    state: State = "fires"
    if not fired:
        state = "never"
    elif not latest:
        state = "silent"
    elif moved or (confidence is not None and usual_confidence is not None and abs(confidence - usual_confidence) >= _CONFIDENCE_CHANGE):
        state = "drifts"
    return RuleUse(type_id, state, fired, latest, usual, confidence, usual_confidence, confirmed, rejected)


def _usual(type_id: str, group: Sequence[RunHits]) -> float:
    """Return the hits to expect in the newest run: the usual share of the columns that there are now."""
    shares = [run.hits.get(type_id, 0) / run.columns for run in group[1:] if run.columns]
    return median(shares) * group[0].columns if shares else float(group[0].hits.get(type_id, 0))


def _moved(type_id: str, group: Sequence[RunHits]) -> bool:
    latest, usual = group[0].hits.get(type_id, 0), _usual(type_id, group)
    return abs(latest - usual) >= max(_LEAST_CHANGE, _SHARE_CHANGE * usual)
