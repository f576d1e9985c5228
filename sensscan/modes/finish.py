"""The end of a run: connect, grade, store, report."""

from __future__ import annotations

import difflib
import time
from collections.abc import Collection, Sequence
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
)
from sensscan.modes.carry import Findings, carry_over
from sensscan.modes.request import ScanRequest
from sensscan.modes.running import FinishedScan, Run, SourceRun
from sensscan.modes.settled import covered
from sensscan.pipeline import conclude, unread
from sensscan.registry import Registry
from sensscan.report.assemble import Labels, assemble, outcome_type
from sensscan.report.view import is_shown
from sensscan.store import Head, SaveSummary


@dataclass(frozen=True)
class Judged:
    """What the verdicts and levels of a run rest on."""

    registry: Registry
    policy: Policy


Failures = Sequence[tuple[str, SensscanError]]
"""Sources that could not be read at all, each with the reason."""


@dataclass(frozen=True)
class _Concluded:
    """What a run has to say, and what the store made of it."""

    found: Findings
    head: Head
    store_seconds: float
    saved: SaveSummary = SaveSummary()
    examined: int = 0
    """Columns that this run looked at."""


def finish(run: Run, runs: Sequence[SourceRun], failed: Failures, judged: Judged, started: datetime) -> FinishedScan:
    """Connect, grade, store and report what the sources of a run contributed."""
    policy, registry = judged.policy, judged.registry
    left = [result for one in runs for result in _not_reached(one)]
    outcome = _outcome(run, runs, failed, left)
    done = (None if failed else _carried(run, runs, policy, outcome)) or _judged_anew(run, runs, judged, left, outcome)
    found = done.found
    summary = RunSummary(
        id=run.run_id,
        mode=run.request.mode,
        outcome=outcome,
        started_at=started,
        finished_at=datetime.now(UTC),
        version=__version__,
        policy=policy.id,
        sources=tuple(source.identity for source in run.request.sources),
        tables=len(found.results),
        columns_examined=done.examined,
        columns_kept=sum(ran != run.run_id for ran in found.examined_in.values()),
        rows_read=sum(result.rows_read for one in runs for result in one.results),
        values_examined=sum(result.values_examined for one in runs for result in one.results),
        events_count=done.head.count,
        events_head=done.head.hash,
        timings=_timings(runs, done.store_seconds),
        seed=run.request.sources[0].config.limits.seed,
    )
    labels = _labels(run, runs, done)
    report = assemble(
        replace(summary, exceptions_hidden=len(labels.excepted)),
        found.results,
        column_grades=found.columns,
        table_grades=found.tables,
        levels=policy.levels,
        type_labels=registry.labels,
        labels=labels,
        skipped=_not_enumerated(runs, failed),
    )
    report = with_limit(report, run.request, policy, {*done.saved.new, *done.saved.changed})
    run.store.save_report(report)
    return FinishedScan(
        report,
        {one.catalogue.source: one.chosen for one in runs},
        done.saved.new,
        done.saved.changed,
        done.saved.gone,
        done.saved.conflicts,
        (*(one.log_note for one in runs if one.log_note is not None), *found.notes),
        interrupted=outcome == "interrupted",
        min_confidence=run.request.min_confidence,
    )


def _carried(run: Run, runs: Sequence[SourceRun], policy: Policy, outcome: Outcome) -> _Concluded | None:
    """Return what the run before found, if this one adds nothing to it (see `carry`)."""
    carried = carry_over(run, runs, policy, _today())
    if carried is None:
        return None
    clock = time.perf_counter()
    head = run.store.finish_run(run.run_id, outcome=outcome, finished_at=datetime.now(UTC))
    # Asked again now that the log's end is noted: a decision made meanwhile would otherwise be carried past every later run.
    if run.store.touched_since(carried.base):
        return None
    for one in runs:
        run.store.put_marks(run.run_id, one.marks)
    return _Concluded(carried.found, head, time.perf_counter() - clock)


def _judged_anew(run: Run, runs: Sequence[SourceRun], judged: Judged, left: Sequence[TableResult], outcome: Outcome) -> _Concluded:
    """Connect and grade everything, and store what was looked at."""
    policy, store = judged.policy, run.store
    sources = [one.catalogue.source for one in runs]
    kept, looked = _kept(run, runs)
    concluded = conclude(_merged([*(result for one in runs for result in one.results), *kept, *left]))
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
        rules=judged.registry.fingerprints,
        catalogues=[one.catalogue for one in runs],
        in_scope=lambda ref: scope(ref) if isinstance(ref, ColumnRef) else scope(ColumnRef(ref.source, ref.schema, ref.table, "")),
    )
    for one in runs:
        store.put_marks(run.run_id, one.marks)
    head = store.finish_run(run.run_id, outcome=outcome, finished_at=datetime.now(UTC))
    if saved.events:
        tags = store.tags(sources, policy=policy.id)  # this run's own labels are among them now
    examined_in = {outcome.column.ref: run.run_id for result in concluded for outcome in result.outcomes} | looked
    examined = sum(len(result.outcomes) for result in fresh)
    found = Findings(concluded, graded.columns, graded.tables, tags, examined_in, graded.notes)
    return _Concluded(found, head, time.perf_counter() - clock, saved, examined)


def _kept(run: Run, runs: Sequence[SourceRun]) -> tuple[list[TableResult], dict[ColumnRef, str]]:
    """Return the stored outcomes of the columns that this run leaves untouched, and which run looked at each."""
    kept: list[TableResult] = []
    looked: dict[ColumnRef, str] = {}
    for one in runs:
        if run.request.mode == "manual" or not one.chosen.untouched:
            continue
        untouched = {planned.ref for planned in one.chosen.untouched}
        stored = run.store.load_results(one.catalogue.source)
        for table in one.catalogue.tables:
            found = [(column, stored[column.ref]) for column in table.columns if column.ref in untouched and column.ref in stored]
            if found:
                kept.append(TableResult(table, tuple(replace(result.outcome, column=column) for column, result in found)))
                looked |= {column.ref: result.run_id for column, result in found}
    return kept, looked


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
    skipped += [item.reason.code for one in runs for item in (*one.catalogue.skipped, *one.missing)]
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


def _labels(run: Run, runs: Sequence[SourceRun], done: _Concluded) -> Labels:
    """Return what the store adds to the findings: decisions, the run that looked, exceptions, changes."""
    allowed = run.store.allow_list(_today())
    excepted: dict[ColumnRef, str] = {}
    for outcome in (outcome for result in done.found.results for outcome in result.outcomes if allowed.active):
        if isinstance(outcome, ColumnResult) and outcome.classification.verdict in ("is", "contains"):
            rule = allowed.hides(outcome.column.ref, outcome_type(outcome))
            if rule is not None:
                excepted[outcome.column.ref] = rule.id
    changes = dict.fromkeys(done.saved.new, ("new", "")) | {ref: ("changed", before) for ref, before in done.saved.changed.items()}
    planned = {planned.ref: planned.reason for one in runs for planned in (*one.chosen.examine, *one.chosen.untouched)}
    return Labels(done.found.tags, done.found.examined_in, excepted, changes, planned)


def _not_enumerated(runs: Sequence[SourceRun], failed: Failures) -> list[SkippedObject]:
    """Return what the catalogues could not list, and the sources that could not be read."""
    skipped = [replace(item, source=one.catalogue.source) for one in runs for item in one.catalogue.skipped]
    missing = [item for one in runs for item in one.missing]
    lost = [SkippedObject("", "", "", Reason("lost", Text(error.text.en, error.text.zh)), name) for name, error in failed]
    return [*skipped, *missing, *lost]


def with_limit(report: Report, request: ScanRequest, policy: Policy, new: set[ColumnRef]) -> Report:
    """Note whether `--fail-on` or `--fail-on-new` was reached; what is rejected, excepted or below `--min-confidence` does not count."""
    reached = False
    for wanted, only in ((request.fail_on, None), (request.fail_on_new, new)):
        if not wanted:
            continue
        limit = level_rank(policy, wanted)
        for column in report.columns:
            rank = column.grade.level.rank
            counts = rank is not None and rank >= limit and not column.rejected and is_shown(column, request.min_confidence)
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
    known = [level.id for level in policy.levels]
    near = difflib.get_close_matches(wanted, known, n=1)
    meant = Text(f"Did you mean {near[0]}? ", f"是否想用 {near[0]}？") if near else Text("", "")
    raise UsageError(
        Text(f"Policy {policy.id} has no level {wanted}.", f"策略 {policy.id} 没有级别 {wanted}。"),
        Text(f"{meant.en}Levels: {', '.join(known)}.", f"{meant.zh}级别：{'、'.join(known)}。"),
    )
