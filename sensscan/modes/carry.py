"""The short way of a run that finds nothing to examine: the report of the run before it holds, and is carried over.

Levels rest on verdicts, policy, decisions and, by rules on volume, on numbers of rows. Where none of these moved since the newest run of
the same sources with the same options, nothing is graded anew. Anything in doubt takes the long way, which gives the same report.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sensscan import __version__
from sensscan.grade import Policy, expired_overrides
from sensscan.language import Text
from sensscan.model import Catalogue, ColumnRef, Grade, Table, TableRef, TableResult, Tag
from sensscan.modes.running import Run, SourceRun
from sensscan.pipeline import conclude
from sensscan.store import StoredRun
from sensscan.store.carry import Carried, CarriedTable


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run says of every column, judged anew or carried over."""

    results: Sequence[TableResult]
    columns: Mapping[ColumnRef, Grade]
    tables: Mapping[TableRef, Grade]
    tags: Mapping[ColumnRef, Tag]
    """Carried over: of labelled columns only, and of these status, owner and conflict."""
    examined_in: Mapping[ColumnRef, str]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What the run before found, and which run that was."""

    base: StoredRun
    found: Findings


def carry_over(run: Run, runs: Sequence[SourceRun], policy: Policy, today: date) -> CarriedOver | None:
    """Return what is carried over; None when anything has to be judged anew."""
    if run.request.resume or run.request.mode not in ("incremental", "watch") or not all(map(_quiet, runs)):
        return None
    base = run.store.newest_run(run.run_id, [one.catalogue.source for one in runs])
    if base is None or not _same_question(base, run, policy, today):
        return None
    found = run.store.carried(run.run_id, base)
    if not _same_tables(found, [one.catalogue for one in runs], policy):
        return None
    return _carried(base, found, [one.catalogue for one in runs], expired_overrides(policy, today))


def _quiet(one: SourceRun) -> bool:
    chosen = one.chosen
    return not (chosen.examine or chosen.gone or chosen.renamed or one.results) and one.ended is None


def _same_question(base: StoredRun, run: Run, policy: Policy, today: date) -> bool:
    """Return whether the run before asked for the same, and whether what it rests on besides the data still holds."""
    if base.outcome not in ("complete", "incomplete") or not base.has_report or base.finished_at is None:
        return False
    if base.version != __version__ or base.policy != policy.signature:
        return False
    now, then = run.request.options(), dict(base.options)
    if {**then, "mode": ""} != {**now, "mode": ""} or then.get("mode") == "manual":
        return False
    days = {moment.astimezone().date() for moment in (base.started_at, base.finished_at)}
    return all(expired_overrides(policy, day) == expired_overrides(policy, today) for day in days) and not run.store.touched_since(base)


def _same_tables(found: Carried, catalogues: Sequence[Catalogue], policy: Policy) -> bool:
    """Return whether report and catalogues name the same columns, and no rule on volume sees another number of rows."""
    limits = sorted({rule.rows for rule in (*policy.combinations, *policy.volumes) if rule.rows is not None})
    now = {table.ref: table for catalogue in catalogues for table in catalogue.tables if table.columns}
    if now.keys() != found.tables.keys():
        return False
    return all(_same_table(found.tables[ref], table, limits) for ref, table in now.items())


def _same_table(before: CarriedTable, table: Table, limits: Sequence[int]) -> bool:
    if len(before.columns) != len(table.columns) or any(column.ref.column not in before.columns for column in table.columns):
        return False
    then, now = before.row_estimate, table.row_estimate
    if then == now or not limits:
        return True
    return then is not None and now is not None and bisect_right(limits, then) == bisect_right(limits, now)


def _carried(base: StoredRun, found: Carried, catalogues: Sequence[Catalogue], notes: tuple[Text, ...]) -> CarriedOver:
    results: list[TableResult] = []
    columns: dict[ColumnRef, Grade] = {}
    tags: dict[ColumnRef, Tag] = {}
    examined_in: dict[ColumnRef, str] = {}
    for table in (table for catalogue in catalogues for table in catalogue.tables if table.columns):
        before = found.tables[table.ref].columns
        outcomes = []
        for column in table.columns:
            ref, (known, payload) = column.ref, before[column.ref.column]
            outcomes.append(found.outcome(payload, column))
            columns[ref] = known.grade
            examined_in[ref] = known.examined_in
            if known.status is not None:
                tags[ref] = Tag(ref, "", known.grade.level.id, known.status, owner=known.owner, conflict=known.conflict)
        results.append(TableResult(table, tuple(outcomes)))
    tables = {ref: table.grade for ref, table in found.tables.items()}
    # Results are stored as they were linked when they were examined; what later runs added to them comes from linking again.
    return CarriedOver(base, Findings(conclude(results), columns, tables, tags, examined_in, notes))
