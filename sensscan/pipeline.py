"""The whole way of a table: sample -> detect -> classify; and of a run: link -> grade.

`scan_table` is handed to an engine, so it is a top-level function of picklable arguments; its result holds no clear value.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from sensscan.allowed import AllowedValues
from sensscan.config import NlpEngine, ReadLimits
from sensscan.engines import Engine
from sensscan.errors import ReadError, SensscanError
from sensscan.evidence import ColumnEvidence
from sensscan.language import Text
from sensscan.link import link
from sensscan.model import (
    Classification,
    Column,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Reason,
    SkippedColumn,
    SkippedObject,
    Table,
    TableResult,
    TableSample,
)
from sensscan.registry import DetectorFailure, GuardLimits, Registry, load_registry
from sensscan.source import Session, SourceUrl, StatementLog, open_source

if TYPE_CHECKING:
    from sensscan.classify import Classifier
    from sensscan.detect import Detector


@dataclass(frozen=True)
class RuleSet:
    """Which cards a run uses; picklable, so that every worker loads the same."""

    dirs: tuple[Path, ...] = ()
    allow_code: bool = False
    cards: tuple[Path, ...] = ()
    """Single card files that replace a type of the same id (a shadow run)."""
    guard: GuardLimits = GuardLimits()
    enabled: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    nlp: NlpEngine = "builtin"

    def load(self) -> Registry:
        """Return the registry; raises ConfigError for anything broken."""
        registry = load_registry(
            self.dirs,
            allow_code=self.allow_code,
            enabled=self.enabled,
            disabled=self.disabled,
            overrides=dict(self.overrides),
            cards=self.cards,
            limits=self.guard,
        )
        match self.nlp:
            case "builtin":
                return registry
            case "off":
                return registry.without_language()
            case "hanlp":
                from sensscan.detect import nlp

                builtin = {type_id: matcher.detector for type_id, matcher in registry.matchers.items() if matcher.detector is not None}
                engine = nlp.HanlpEngine()
                engine.start()
                return registry.with_detectors(nlp.detectors(engine, builtin))


@dataclass(frozen=True)
class Setup:
    """What a worker needs to open its bench."""

    url: SourceUrl
    limits: ReadLimits
    rules: RuleSet
    log_file: Path | None = None
    excepted: AllowedValues | None = None

    @contextmanager
    def __call__(self) -> Iterator[Bench]:
        """Open a read-only session and compile the cards."""
        registry = self.rules.load()
        log = StatementLog(self.log_file) if self.log_file is not None else None
        with open_source(self.url, self.limits, log=log) as session:
            yield Bench.of(session, registry, self.limits, self.excepted)


@dataclass(frozen=True)
class Bench:
    """An open session and everything compiled, used for one table after the other."""

    session: Session
    detector: Detector
    classifier: Classifier

    @classmethod
    def of(cls, session: Session, registry: Registry, limits: ReadLimits, excepted: AllowedValues | None = None) -> Bench:
        """Return a bench over an open session."""
        # A night without changes judges nothing: it does not pay for the imports either.
        from sensscan.classify import Classifier
        from sensscan.detect import DetectOptions, Detector

        return cls(session, Detector(registry, DetectOptions(limits.exact, limits.seed, excepted)), Classifier(registry))

    def judge(self, sample: TableSample, evidence: Sequence[ColumnEvidence]) -> tuple[tuple[ColumnResult, ...], tuple[SkippedObject, ...]]:
        """Return the verdicts of a table, and the columns of which a foreign detector failed to judge its type."""
        results = self.classifier.table(sample, evidence)
        guards = self.detector.registry.guards
        if guards is None:
            return results, ()
        failures = [failure for failure in guards.take() if failure.column is not None]
        by_column = {failure.column: failure for failure in reversed(failures)}
        failed = tuple(
            SkippedObject(ref.schema, ref.table, ref.column, Reason("failed", failure.reason))
            for failure in failures
            if (ref := failure.column) is not None
        )
        judged = (replace(result, classification=in_doubt(result.classification, by_column.get(result.column.ref))) for result in results)
        return tuple(judged), failed


def in_doubt(found: Classification, failure: DetectorFailure | None) -> Classification:
    """Take "none" back where the detector of a type was cut off: what it would have said is not known."""
    if failure is None or found.verdict != "none":
        return found
    return replace(found, verdict="unknown", type_id="unknown", reason=Reason("failed", failure.reason))


@dataclass(frozen=True)
class TableTask:
    """One table to scan."""

    table: Table
    columns: tuple[Column, ...]
    limits: ReadLimits


def scan_table(bench: Bench, task: TableTask) -> TableResult:
    """Sample a table, look at its values, judge its columns. Never raises for what a database can do to us."""
    from sensscan.sample import sample_table

    clock = [time.perf_counter()]
    try:
        sample = sample_table(bench.session, task.table, task.columns, task.limits)
    except ReadError as error:
        return unread(task.table, task.columns, Reason(error.code, error.text))  # type: ignore[arg-type]  # ReadError's codes are reason codes
    except SensscanError as error:
        return unread(task.table, task.columns, Reason("lost", error.text))
    clock.append(time.perf_counter())
    try:
        evidence = bench.detector.table(sample)
        clock.append(time.perf_counter())
        results, failed = bench.judge(sample, evidence)
    except Exception as error:  # a fault of ours, or of somebody's detector, costs this table and not the night's run
        return unread(task.table, task.columns, Reason("failed", _fault(error)))
    clock.append(time.perf_counter())
    by_ref: dict[ColumnRef, ColumnOutcome] = {result.column.ref: result for result in results}
    reasons = {skipped.column: skipped.reason for skipped in sample.skipped}
    for column in task.columns:
        if column.ref not in by_ref:
            reason = reasons.get(column.ref.column, reasons.get("", Reason("permission", Text("Not readable.", "不可读。"))))
            by_ref[column.ref] = SkippedColumn(column, reason)
    return TableResult(
        table=task.table,
        outcomes=tuple(by_ref[column.ref] for column in task.columns),
        rows_read=sample.rows,
        values_examined=sum(one.profile.checked for one in evidence),
        seconds=dict(zip(("fetch", "detect", "classify"), (after - before for before, after in pairwise(clock)), strict=True)),
        failed=failed,
    )


def _fault(error: Exception) -> Text:
    """Say where a fault is, without the exception's message, which can hold a cell."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"
    return Text(f"Internal error while judging its values ({where}); please report it.", f"判断其值时发生内部错误（{where}），请反馈。")


def lost_table(task: TableTask, error: Exception) -> TableResult:
    """Return the result of a table whose worker process died, or could not connect."""
    died = Text("The worker process died twice, for want of memory perhaps.", "工作进程两次异常终止，可能是内存不足。")
    return unread(task.table, task.columns, Reason("lost", error.text if isinstance(error, SensscanError) else died))


def unread(table: Table, columns: Sequence[Column], reason: Reason) -> TableResult:
    """Return the result of a table that could not be read: every column skipped with the reason."""
    return TableResult(table, tuple(SkippedColumn(column, reason) for column in columns))


def scan_tables(engine: Engine, setup: Callable[[], AbstractContextManager[Bench]], tasks: Iterable[TableTask]) -> Iterator[TableResult]:
    """Scan tables on an engine; results come in the order they are finished."""
    return engine.map(setup, scan_table, tasks, lost_table)


def conclude(results: Sequence[TableResult]) -> tuple[TableResult, ...]:
    """Connect tables with each other. Pure and over all results, so that neither order nor workers matter."""
    return link(sorted(results, key=lambda result: result.table.ref))
