"""The end of a run: connect, grade, store, report."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sensscan import __version__
from sensscan.errors import InterruptedRunError, SensscanError, UsageError
from sensscan.grade import Policy, grade
from sensscan.language import Text
from sensscan.model import (
    INCOMPLETE_CODES,
    ColumnRef,
    ColumnResult,
    Outcome,
    Reason,
    Report,
    RunSummary,
    SkippedColumn,
    SkippedObject,
    TableRef,
    TableResult,
    Tag,
)
from sensscan.modes.request import ScanRequest
from sensscan.modes.running import FinishedScan, Run, SourceRun
from sensscan.modes.settled import covered
from sensscan.pipeline import conclude, unread
from sensscan.registry import Registry
from sensscan.report.assemble import Labels, assemble, outcome_type
from sensscan.report.view import is_shown
from sensscan.store import SaveSummary


@dataclass(frozen=True)
class Judged:
    """What the verdicts and levels of a run rest on."""

    registry: Registry
    policy: Policy


Failures = Sequence[tuple[str, SensscanError]]
"""Sources that could not be read at all, each with the reason."""


def finish(run: Run, runs: Sequence[SourceRun], failed: Failures, judged: Judged, started: datetime) -> FinishedScan:
    """Connect, grade, store and report what the sources of a run contributed."""
    policy, registry, store = judged.policy, judged.registry, run.store
    sources = [one.catalogue.source for one in runs]
    left = [result for one in runs for result in _not_reached(one)]
    concluded = conclude(_merged([*(result for one in runs for result in (*one.results, *one.kept)), *left]))
    fresh = _only(concluded, {outcome.column.ref for one in runs for result in one.results for outcome in result.outcomes})
    tags = store.tags(sources, policy=policy.id)
    graded = grade(concluded, policy, today=_today(), tags=tags)
    clock = time.perf_counter()
    filters = {source.identity: source.config.filters for source in run.request.sources}
    scope = covered(filters, dialects={one.catalogue.source: one.catalogue.dialect for one in runs})
    saved = store.save_results(
        run.run_id,
        fresh,
        graded.columns,
        rules=registry.fingerprints,
        catalogues=[one.catalogue for one in runs],
        in_scope=lambda ref: scope(ref) if isinstance(ref, ColumnRef) else scope(ColumnRef(ref.source, ref.schema, ref.table, "")),
    )
    for one in runs:
        store.put_marks(run.run_id, one.marks)
    outcome = _outcome(run, runs, failed, left)
    head = store.finish_run(run.run_id, outcome=outcome, finished_at=datetime.now(UTC))
    summary = RunSummary(
        id=run.run_id,
        mode=run.request.mode,
        outcome=outcome,
        started_at=started,
        finished_at=datetime.now(UTC),
        version=__version__,
        policy=policy.id,
        sources=tuple(source.identity for source in run.request.sources),
        tables=len(concluded),
        columns_examined=sum(len(result.outcomes) for result in fresh),
        columns_kept=sum(len(result.outcomes) for one in runs for result in one.kept),
        rows_read=sum(result.rows_read for one in runs for result in one.results),
        values_examined=sum(result.values_examined for one in runs for result in one.results),
        events_count=head.count,
        events_head=head.hash,
        timings=_timings(runs, time.perf_counter() - clock),
        seed=run.request.sources[0].config.limits.seed,
    )
    # Tags are read again: this run's own labels are among them now.
    labels = _labels(run, runs, concluded, store.tags(sources, policy=policy.id), saved)
    report = assemble(
        replace(summary, exceptions_hidden=len(labels.excepted)),
        concluded,
        column_grades=graded.columns,
        table_grades=graded.tables,
        levels=policy.levels,
        type_labels=registry.labels,
        labels=labels,
        skipped=_not_enumerated(runs, failed),
    )
    report = with_limit(report, run.request, policy, {*saved.new, *saved.changed})
    store.save_report(report)
    plans = {one.catalogue.source: one.chosen for one in runs}
    return FinishedScan(
        report,
        plans,
        saved.new,
        saved.changed,
        saved.gone,
        saved.conflicts,
        (*(one.note for one in runs if one.note is not None), *graded.notes),
        interrupted=outcome == "interrupted",
        min_confidence=run.request.min_confidence,
    )


def _today() -> date:
    # Dates that people write into policies and exceptions are days of their own calendar.
    return datetime.now().astimezone().date()


def _only(results: Sequence[TableResult], wanted: Collection[ColumnRef]) -> list[TableResult]:
    """Return the results with the wanted columns only."""
    narrowed = (
        replace(result, outcomes=tuple(outcome for outcome in result.outcomes if outcome.column.ref in wanted)) for result in results
    )
    return [result for result in narrowed if result.outcomes]


def _merged(results: Sequence[TableResult]) -> list[TableResult]:
    """Bring fresh and kept outcomes of one table together."""
    by_table: dict[TableRef, TableResult] = {}
    for result in results:
        before = by_table.get(result.table.ref)
        if before is None:
            by_table[result.table.ref] = result
        else:
            have = {outcome.column.ref for outcome in before.outcomes}
            more = tuple(outcome for outcome in result.outcomes if outcome.column.ref not in have)
            by_table[result.table.ref] = replace(before, outcomes=before.outcomes + more, failed=before.failed + result.failed)
    return [by_table[ref] for ref in sorted(by_table)]


def _not_reached(one: SourceRun) -> list[TableResult]:
    """Return the planned tables that a run which was stopped, or had used up its limits, did not come to."""
    if one.ended is None:
        return []
    reached = {result.table.ref for result in one.results}
    wanted = {planned.ref for planned in one.chosen.examine if planned.ref.table_ref not in reached}
    tables = ((table, [column for column in table.columns if column.ref in wanted]) for table in one.catalogue.tables)
    return [unread(table, columns, one.ended) for table, columns in tables if columns]


def _outcome(run: Run, runs: Sequence[SourceRun], failed: Failures, left: Sequence[TableResult]) -> Outcome:
    if run.stopper.asked and (left or any(isinstance(error, InterruptedRunError) for _, error in failed)):
        return "interrupted"
    results = [*(result for one in runs for result in one.results), *left]
    skipped = [outcome.reason.code for result in results for outcome in result.outcomes if isinstance(outcome, SkippedColumn)]
    skipped += [item.reason.code for one in runs for item in one.catalogue.skipped]
    skipped += [item.reason.code for result in results for item in result.failed]
    return "incomplete" if failed or any(code in INCOMPLETE_CODES for code in skipped) else "complete"


def _timings(runs: Sequence[SourceRun], store_seconds: float) -> dict[str, float]:
    seconds = {
        "enumerate": sum(one.enumerate_seconds for one in runs),
        "fetch": 0.0,
        "detect": 0.0,
        "classify": 0.0,
        "store": store_seconds,
    }
    for one in runs:
        for result in one.results:
            for step, spent in result.seconds.items():
                seconds[step] = seconds.get(step, 0.0) + spent
    return {step: round(spent, 4) for step, spent in seconds.items()}


def _labels(
    run: Run, runs: Sequence[SourceRun], results: Sequence[TableResult], tags: Mapping[ColumnRef, Tag], saved: SaveSummary
) -> Labels:
    """Return what the store adds to the findings: decisions, the run that looked, exceptions, changes."""
    kept = {outcome.column.ref for one in runs for result in one.kept for outcome in result.outcomes}
    looked = {ref: stored.run_id for one in runs if one.kept for ref, stored in run.store.load_results(one.catalogue.source).items()}
    allowed = run.store.allow_list(_today())
    examined_in: dict[ColumnRef, str] = {}
    excepted: dict[ColumnRef, str] = {}
    for outcome in (outcome for result in results for outcome in result.outcomes):
        ref = outcome.column.ref
        examined_in[ref] = looked.get(ref, run.run_id) if ref in kept else run.run_id
        if isinstance(outcome, ColumnResult) and outcome.classification.verdict in ("is", "contains"):
            rule = allowed.hides(ref, outcome_type(outcome))
            if rule is not None:
                excepted[ref] = rule.id
    changes = dict.fromkeys(saved.new, ("new", "")) | {ref: ("changed", before) for ref, before in saved.changed.items()}
    planned = {planned.ref: planned.reason for one in runs for planned in (*one.chosen.examine, *one.chosen.untouched)}
    return Labels(tags, examined_in, excepted, changes, planned)


def _not_enumerated(runs: Sequence[SourceRun], failed: Failures) -> list[SkippedObject]:
    """Return what the catalogues could not list, and the sources that could not be read."""
    skipped = [item for one in runs for item in one.catalogue.skipped]
    lost = (Reason("lost", Text(f"{name}: {error.text.en}", f"{name}：{error.text.zh}")) for name, error in failed)
    return [*skipped, *(SkippedObject("", "", "", reason) for reason in lost)]


def with_limit(report: Report, request: ScanRequest, policy: Policy, new: set[ColumnRef]) -> Report:
    """Note whether `--fail-on` or `--fail-on-new` was reached; exceptions and findings below `--min-confidence` do not count."""
    reached = False
    for wanted, only in ((request.fail_on, None), (request.fail_on_new, new)):
        if not wanted:
            continue
        limit = level_rank(policy, wanted)
        for column in report.columns:
            rank = column.grade.level.rank
            counts = rank is not None and rank >= limit and column.status != "rejected" and is_shown(column, request.min_confidence)
            if counts and (only is None or column.column.ref in only):
                reached = True
    return replace(report, run=replace(report.run, fail_on=request.fail_on or request.fail_on_new, fail_on_reached=reached))


def level_rank(policy: Policy, wanted: str) -> int:
    """Return the rank of a level given by id, else by rank. Raises UsageError naming the levels."""
    for level in policy.levels:
        if level.id == wanted:
            assert level.rank is not None
            return level.rank
    if wanted.isdecimal() and int(wanted) < len(policy.levels):
        return int(wanted)
    known = ", ".join(level.id for level in policy.levels)
    raise UsageError(
        Text(f"Policy {policy.id} has no level {wanted}.", f"策略 {policy.id} 没有级别 {wanted}。"),
        Text(f"Levels: {known}.", f"级别：{known}。"),
    )
