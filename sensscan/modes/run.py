"""One run from start to end: enumerate, plan, scan, then `finish`. The way of a table is in `pipeline`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from sensscan import __version__
from sensscan.catalog import Selection
from sensscan.config import ReadLimits
from sensscan.engines import InProcess, make_engine
from sensscan.errors import InterruptedRunError, NothingReadError, ReadError, SensscanError, UsageError
from sensscan.grade import Policy, load_policy
from sensscan.language import Text
from sensscan.model import Catalogue, ColumnRef, Reason, ScanPlan, TableRef, TableResult
from sensscan.modes.compared import Compared, compare_source
from sensscan.modes.finish import Judged, finish, level_rank
from sensscan.modes.listing import Listing
from sensscan.modes.named import check_named, fit_of, missing_everywhere, refuse_nothing
from sensscan.modes.plan import Current, KnownColumn, Stored, known_column, plan
from sensscan.modes.request import RequestedSource, ScanRequest
from sensscan.modes.rules import rules_of
from sensscan.modes.running import FinishedScan, Progress, Run, Silent, SourceRun
from sensscan.modes.settled import marks_to_store, renewed_marks
from sensscan.modes.stopping import Stopper
from sensscan.pipeline import Bench, RuleSet, Setup, TableTask, scan_tables
from sensscan.registry import Registry
from sensscan.source import Session, StatementLog, open_source
from sensscan.store import Store, StoredMark, StoredRun, open_store

NOTHING_TO_RESUME = Text(
    "--resume: no unfinished run of these sources; this was a new one.", "--resume：这些来源没有未完成的扫描，本次为全新扫描。"
)
NOT_REACHED = Text("Not reached: the run was stopped; --resume continues it.", "未扫描到：扫描被中止，可用 --resume 继续。")


def new_run_id(now: datetime) -> str:
    """Return an id that sorts by time and says when: 20260131T020000-1a2b3c."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def scan(
    request: ScanRequest,
    *,
    progress: Progress | None = None,
    touched: Mapping[TableRef, Text] | None = None,
    listing: Listing | None = None,
) -> FinishedScan:
    """Run a scan and return its report.

    `touched` (watch mode) names the tables that events spoke of; with a `listing` only they are listed anew.
    Raises UsageError, NothingReadError when no source could be read, StoreError; an interrupted run is returned with `interrupted`
    set, its checkpoints kept.
    """
    started = datetime.now(UTC)
    registries = load_rules(request.sources)
    # Sources may have types of their own: the policy, the labels and the report must know them all.
    registry = registries[0].joined(registries[1:])
    policy = load_policy(request.policy, registry.categories)
    for wanted in filter(None, (request.fail_on, request.fail_on_new)):
        level_rank(policy, wanted)  # a misspelt level is said before the scan, not after it
    check_named(request)
    with ExitStack() as stack:
        store = stack.enter_context(open_store(request.store_url))
        stopper = stack.enter_context(Stopper(request.until))
        before = _unfinished(request, store) if request.resume else None
        run_id = before.id if before is not None else new_run_id(started)
        # Locked before it is noted: a scan that has to stand back leaves no trace for `--resume` to fall for.
        stack.enter_context(store.lock([source.identity for source in request.sources], run_id))
        if before is None:
            _note_start(request, store, run_id, started, policy)
        done_before = store.load_checkpoints(run_id) if before is not None else {}
        run = Run(request, store, run_id, stopper, progress or Silent(), touched or {}, done_before, listing or Listing())
        try:
            runs, failed = _scan_sources(run, registries)
        except UsageError:
            if before is None:  # refused: nothing is left that --resume could continue
                store.finish_run(run_id, outcome="incomplete", finished_at=datetime.now(UTC))
            raise
        finished = finish(run, runs, failed, Judged(registry, policy), started)
        if request.resume and before is None:
            return replace(finished, notes=(NOTHING_TO_RESUME, *finished.notes))
        return finished


def _unfinished(request: ScanRequest, store: Store) -> StoredRun | None:
    """Return the run that `--resume` continues. Raises UsageError when it had other options."""
    found = store.unfinished_run([source.identity for source in request.sources], None)
    if found is not None:
        _check_same_options(request, found.options)
    return found


def _note_start(request: ScanRequest, store: Store, run_id: str, started: datetime, policy: Policy) -> None:
    store.start_run(
        run_id,
        mode=request.mode,
        sources=[source.identity for source in request.sources],
        options_fingerprint=request.fingerprint(),
        options=request.options(),
        started_at=started,
        version=__version__,
        policy=policy.signature,
    )


def _check_same_options(request: ScanRequest, before: Mapping[str, str]) -> None:
    now = request.options()
    different = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if different:
        raise UsageError(
            Text(
                f"The unfinished run had other options: {', '.join(different)}.",
                f"未完成的扫描使用了不同的选项：{'、'.join(different)}。",
            ),
            Text("Use the same options, or leave out --resume to start anew.", "请使用相同选项，或去掉 --resume 重新开始。"),
        )


def load_rules(sources: Sequence[RequestedSource]) -> list[Registry]:
    """Return the rules of each source, loaded once where sources share them. Raises ConfigError before anything is read."""
    loaded: list[tuple[RuleSet, Registry]] = []
    found = []
    for source in sources:
        registry = next((registry for rules, registry in loaded if rules == source.rules), None)
        if registry is None:
            registry = source.rules.load()
            loaded.append((source.rules, registry))
        found.append(registry)
    return found


def _scan_sources(run: Run, registries: Sequence[Registry]) -> tuple[list[SourceRun], list[tuple[str, SensscanError]]]:
    runs: list[SourceRun] = []
    failed: list[tuple[str, SensscanError]] = []
    for source, rules in zip(run.request.sources, registries, strict=True):
        if run.stopper.asked:
            failed.append((source.identity, InterruptedRunError(NOT_REACHED)))
            continue
        try:
            runs.append(_scan_source(run, source, rules))
        except (NothingReadError, ReadError) as error:  # its catalogue cannot be read: the other sources can
            failed.append((source.identity, error))
    if not runs and not run.stopper.asked:
        raise NothingReadError(failed[0][1].text, failed[0][1].hint)
    if not failed:
        _note_missing(runs)
    return runs, failed


def _note_missing(runs: Sequence[SourceRun]) -> None:
    """Note what the user named and no source has. Raises UsageError when nothing was there to be read at all."""
    fits = [one.fit for one in runs if one.fit is not None]
    refuse_nothing(fits)
    only = runs[0].catalogue.source if len(runs) == 1 else ""
    for one in runs[:1]:
        one.missing = tuple(missing.skipped(only) for missing in missing_everywhere(fits))


def _scan_source(run: Run, source: RequestedSource, registry: Registry) -> SourceRun:
    limits = source.config.limits
    log = StatementLog(run.request.log_file) if run.request.log_file is not None else None
    with open_source(source.url, limits, log=log) as session:
        clock = time.perf_counter()
        catalogue, listed = run.listing.catalogue(session, source.identity, source.config.filters, run.touched)
        enumerate_seconds = time.perf_counter() - clock
        compared = compare_source(run.request.mode, session, run.store, catalogue, listed)
        chosen = choose(run.request, run.store, source, catalogue, compared=compared, registry=registry, touched=run.touched)
        found = SourceRun(catalogue, chosen, enumerate_seconds=enumerate_seconds, log_note=compared.logged.note)
        if run.request.mode in ("full", "incremental"):
            found.fit = fit_of(session, source, catalogue, run.store)
        tasks = tasks_of(catalogue, chosen, source)
        for result in _results(run, source, session, registry, tasks, found=found):
            found.results.append(result)
        if found.results:  # a run that reads nothing leaves every mark as it is
            found.marks = _new_marks(run, source, found, compared, rules=rules_of(registry, __version__).encode())
        found.marks |= renewed_marks(compared.logged.untouched - set(found.marks), compared.earlier, compared.marks, catalogue, chosen)
    return found


def _new_marks(run: Run, source: RequestedSource, found: SourceRun, compared: Compared, *, rules: str) -> dict[TableRef, StoredMark]:
    """Return the marks of the tables that this run finished."""
    # What an interrupted run sampled is older than these marks: it keeps the mark that it has.
    sampled = [result for result in found.results if run.done_before.get(result.table.ref) is not result]
    kept = marks_to_store(
        found.chosen,
        sampled,
        compared.marks,
        compared.earlier,
        filters=source.config.filters,
        targeted=bool(run.request.targets),
    )
    hashes = {table.ref: table.structure_hash for table in found.catalogue.tables}
    now = datetime.now(UTC)
    return {ref: StoredMark(hashes[ref], text, rules, now) for ref, text in kept.items()}


def choose(
    request: ScanRequest,
    store: Store,
    source: RequestedSource,
    catalogue: Catalogue,
    *,
    compared: Compared,
    registry: Registry,
    touched: Mapping[TableRef, Text],
) -> ScanPlan:
    """Return the plan of one source: what the mode, the stored marks and the current ones make of it."""
    identity = source.identity

    def load_columns(tables: Collection[TableRef]) -> Mapping[ColumnRef, KnownColumn]:
        return {ref: known_column(stored.outcome) for ref, stored in store.load_results(identity, tables=list(tables)).items()}

    incremental = request.mode in ("incremental", "watch")
    return plan(
        request.mode,
        catalogue,
        current=Current(
            datetime.now(UTC),
            compared.marks,
            rules_of(registry, __version__),
            source.config.full_scan_days,
            touched,
            compared.logged.comparisons,
        ),
        stored=Stored(compared.earlier, load_columns, _in_scope(source, catalogue)) if incremental else Stored(),
        targets=request.targets,
    )


def _in_scope(source: RequestedSource, catalogue: Catalogue) -> Callable[[TableRef], bool]:
    selection = Selection(source.config.filters, one_schema=catalogue.dialect == "sqlite")
    return lambda ref: selection.schema(ref.schema) and selection.table(ref.schema, ref.table)


def tasks_of(catalogue: Catalogue, chosen: ScanPlan, source: RequestedSource) -> list[TableTask]:
    """Return one task per table with a column to examine."""
    wanted = {planned.ref for planned in chosen.examine}
    tasks = []
    for table in catalogue.tables:
        columns = tuple(column for column in table.columns if column.ref in wanted)
        if columns:
            tasks.append(TableTask(table, columns, source.config.limits))
    return tasks


def _results(
    run: Run, source: RequestedSource, session: Session, registry: Registry, tasks: Sequence[TableTask], *, found: SourceRun
) -> Iterator[TableResult]:
    """Scan the tables, stopping in order when asked to; what an earlier, interrupted run finished is taken from its checkpoints."""
    run.progress.begin(len(tasks))
    todo = []
    for task in tasks:
        before = run.done_before.get(task.table.ref)
        if before is not None and before.table.structure_hash == task.table.structure_hash:
            run.progress.table_done(task.table.ref, before.rows_read)
            yield before
        else:
            todo.append(task)
    if not todo:
        return  # nothing is compiled for a night without changes
    engine = make_engine(min(run.request.workers, source.config.limits.max_connections))
    excepted = run.store.allowed_values(datetime.now().astimezone().date())
    if isinstance(engine, InProcess):
        # The session that enumerated is used on: one connection per scan.
        bench = Bench.of(session, registry, source.config.limits, excepted)
        results = scan_tables(engine, lambda: nullcontext(bench), _paced(run, source.config.limits, todo, found))
    else:
        setup = Setup(source.url, source.config.limits, source.rules, run.request.log_file, excepted)
        results = scan_tables(engine, setup, _paced(run, source.config.limits, todo, found))
    for result in results:
        run.store.checkpoint(run.run_id, result)
        run.progress.table_done(result.table.ref, result.rows_read)
        yield result


def _paced(run: Run, limits: ReadLimits, tasks: Sequence[TableTask], found: SourceRun) -> Iterator[TableTask]:
    """Yield tasks until somebody wants the run to end or a budget is used up, with the pause between them."""
    started = time.monotonic()
    for number, task in enumerate(tasks):
        found.ended = _end(run, limits, time.monotonic() - started, found)
        if found.ended is not None:
            return
        if number and limits.pause_ms:
            run.stopper.wait(limits.pause_ms / 1000)
        run.progress.table_started(task.table.ref)
        yield task


def _end(run: Run, limits: ReadLimits, seconds: float, found: SourceRun) -> Reason | None:
    """Return why no further table shall be read; None to go on."""
    if run.stopper.asked:
        return Reason("budget", NOT_REACHED)
    if limits.run_seconds is not None and seconds > limits.run_seconds:
        used = f"run_seconds = {limits.run_seconds}"
    elif limits.run_rows is not None and sum(result.rows_read for result in found.results) >= limits.run_rows:
        used = f"run_rows = {limits.run_rows}"
    else:
        return None
    return Reason("budget", Text(f"Not reached: the limit {used} was used up.", f"未扫描到：已达到上限 {used}。"))
