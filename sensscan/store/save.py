"""Stores the results of a run: rows by validity, and labels with an event for each changed field.

An unchanged column costs one comparison and no row. A label that a person decided is never touched: a finding that differs is
noted beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.model import Catalogue, Column, ColumnOutcome, ColumnRef, ColumnResult, Grade, TableRef, TableResult
from sensscan.store import schema
from sensscan.store.chain import append, lock_head
from sensscan.store.codec import encode_outcome, encode_ref, to_json, word_json
from sensscan.store.database import Database, now_text
from sensscan.store.grounds import changed_grounds
from sensscan.store.known import (
    KnownColumn,
    LevelRow,
    TagRow,
    column_fingerprint,
    ensure_sources,
    in_ranges,
    load_columns,
    load_levels,
    load_tables,
    next_id,
    ranges,
    replace_rows,
    table_key,
)
from sensscan.store.renames import Scope, Structure, structure_of
from sensscan.store.structure import RunFacts, follow_structure
from sensscan.store.views import SaveSummary

_BATCH_COLUMNS = 5000
"""Columns of one transaction: bounds memory and the time that other writers wait."""
_SILENT = ("none", "unknown")


def save_results(
    database: Database,
    run_id: str,
    results: Sequence[TableResult],
    grades: Mapping[ColumnRef, Grade],
    *,
    rules: Mapping[str, str],
    catalogues: Sequence[Catalogue],
    in_scope: Scope | None,
) -> SaveSummary:
    """See `Store.save_results`."""
    new: list[ColumnRef] = []
    changed: dict[ColumnRef, str] = {}
    conflicts: dict[ColumnRef, str] = {}
    structure = Structure()
    ids: dict[ColumnRef, int] = {}
    events = 0
    for number, batch in enumerate(_batches(results)):
        with database.write() as connection:
            head, _ = lock_head(connection)
            run = connection.execute(sa.select(schema.runs).where(schema.runs.c.id == run_id)).one()
            facts = RunFacts(run_id, run.seq, f"sensscan {run.version}", now_text(), run.policy, rules)
            if number == 0:
                sources = [one.source for one in catalogues] or [one.table.ref.source for one in results]
                facts.drafts += changed_grounds(connection, facts, sources)
                structure = follow_structure(connection, facts, results, catalogues, in_scope)
            saver = _Batch(database, connection, facts, head.count)
            saver.save(batch, grades)
            append(database, connection, facts.drafts)
            examined = ranges(in_ranges(run.examined) | saver.examined)
            connection.execute(sa.update(schema.runs).where(schema.runs.c.seq == run.seq).values(examined=examined))
            new += saver.new
            changed.update(saver.changed)
            conflicts.update(saver.conflicts)
            ids.update(saver.ids)
            events += len(facts.drafts)
    followed = dict(structure.columns)
    return SaveSummary(tuple(new), changed, tuple(structure.gone_columns), conflicts, followed, events, ids)


def _batches(results: Sequence[TableResult]) -> Iterator[Sequence[TableResult]]:
    """Cut results into transactions; one empty batch when there is nothing, so that losses are still written."""
    start = count = 0
    for number, result in enumerate(results):
        count += len(result.outcomes)
        if count >= _BATCH_COLUMNS:
            yield results[start : number + 1]
            start, count = number + 1, 0
    if start < len(results) or not results:
        yield results[start:]


class _Place(NamedTuple):
    """A column, what the store knew of it, its structure now and its levels per policy."""

    id: int
    known: KnownColumn | None
    fingerprint: str
    levels: Mapping[str, LevelRow]


class _Batch:
    """The rows to be written for one batch, collected and then written in bulk."""

    def __init__(self, database: Database, connection: Connection, facts: RunFacts, events_before: int) -> None:
        self.database, self.connection, self.facts, self.events_before = database, connection, facts, events_before
        self.examined: set[int] = set()
        self.ids: dict[ColumnRef, int] = {}
        self.new: list[ColumnRef] = []
        self.changed: dict[ColumnRef, str] = {}
        self.conflicts: dict[ColumnRef, str] = {}
        self.table_rows: list[tuple[object, ...]] = []
        self.column_rows: list[tuple[object, ...]] = []
        self.column_updates: list[dict[str, object]] = []
        self.result_rows: list[tuple[object, ...]] = []
        self.closed: list[dict[str, object]] = []
        self.removed: list[dict[str, object]] = []
        self.tag_rows: list[TagRow] = []
        self.tags_replaced: list[int] = []
        self.level_rows: list[LevelRow] = []
        self.levels_replaced: list[dict[str, object]] = []

    def save(self, results: Sequence[TableResult], grades: Mapping[ColumnRef, Grade]) -> None:
        """Collect and write everything about these tables."""
        table_ids, stored = self._load(results)
        levels = load_levels(self.connection, [known.id for known in stored.values() if known.tag is not None])
        next_column = next_id(self.connection, schema.columns.c.id)
        for result in results:
            table_id = table_ids[result.table.ref]
            for outcome in result.outcomes:
                column = outcome.column
                known = stored.get(column.ref)
                fingerprint = column_fingerprint(column)
                if known is None:
                    column_id, next_column = next_column, next_column + 1
                    self._new_column(column_id, table_id, column, fingerprint)
                else:
                    column_id = known.id
                    self._same_column(known, column, fingerprint)
                self.ids[column.ref] = column_id
                self._result(column_id, known, outcome)
                if isinstance(outcome, ColumnResult):
                    self.examined.add(column_id)
                    place = _Place(column_id, known, fingerprint, levels.get(column_id, {}))
                    _Label(self, place, outcome, grades.get(column.ref)).update()
        self._write()

    def _load(self, results: Sequence[TableResult]) -> tuple[dict[TableRef, int], dict[ColumnRef, KnownColumn]]:
        tables = load_tables(self.connection, (result.table.ref for result in results))
        sources = ensure_sources(self.connection, (result.table.ref.source for result in results))
        table_ids: dict[TableRef, int] = {ref: known.id for ref, known in tables.items()}
        free = next_id(self.connection, schema.tables.c.id) if len(tables) < len(results) else 0
        c = schema.tables.c
        for result in results:
            ref, structure = result.table.ref, structure_of(result.table)
            known = tables.get(ref)
            if known is None and ref not in table_ids:
                table_ids[ref], free = free, free + 1
                self.table_rows.append((table_ids[ref], sources[ref.source], ref.schema, ref.table, table_key(ref), structure, None))
            elif known is not None and (known.fingerprint != structure or known.gone):
                self.connection.execute(sa.update(schema.tables).where(c.id == known.id).values(fingerprint=structure, gone_run=None))
        return table_ids, load_columns(self.connection, {known.id: ref for ref, known in tables.items()})

    def _new_column(self, column_id: int, table_id: int, column: Column, fingerprint: str) -> None:
        self.column_rows.append(
            (column_id, table_id, column.ref.column, column.position, column.data_type, fingerprint, self.facts.seq, None)
        )

    def _same_column(self, known: KnownColumn, column: Column, fingerprint: str) -> None:
        if known.fingerprint != fingerprint or known.gone_run is not None:
            self.column_updates.append(
                {"b_id": known.id, "position": column.position, "data_type": column.data_type, "fingerprint": fingerprint}
            )
        if known.gone_run is not None and known.tag is not None:
            self.facts.event((known.id, encode_ref(known.ref), fingerprint), "present", old="false", new="true", cause="structure")

    def _result(self, column_id: int, known: KnownColumn | None, outcome: ColumnOutcome) -> None:
        payload, content_hash = encode_outcome(outcome)
        seq = self.facts.seq
        if known is not None and known.valid_from is not None:
            if known.content_hash == content_hash:
                return
            same_run = known.valid_from == seq
            (self.removed if same_run else self.closed).append({"b_id": column_id, "b_from": known.valid_from})
        elif known is not None and known.gone_run == seq:
            self.removed.append({"b_id": column_id, "b_from": seq})
        if isinstance(outcome, ColumnResult):
            found = outcome.classification
            verdict, type_id, confidence = found.verdict, found.type_id, found.confidence
        else:
            verdict, type_id, confidence = "unknown", "unknown", 0.0
        self.result_rows.append((column_id, seq, None, content_hash, verdict, type_id, confidence, payload))

    def _write(self) -> None:
        database, connection = self.database, self.connection
        database.insert(connection, schema.tables, self.table_rows)
        database.insert(connection, schema.columns, self.column_rows)
        c = schema.columns.c
        database.update(
            connection,
            sa.update(schema.columns)
            .where(c.id == sa.bindparam("b_id"))
            .values(
                position=sa.bindparam("position"),
                data_type=sa.bindparam("data_type"),
                fingerprint=sa.bindparam("fingerprint"),
                gone_run=None,
            ),
            self.column_updates,
        )
        r = schema.results.c
        which = sa.and_(r.column_id == sa.bindparam("b_id"), r.valid_from == sa.bindparam("b_from"))
        database.update(connection, sa.update(schema.results).where(which).values(valid_to=self.facts.seq), self.closed)
        database.update(connection, sa.delete(schema.results).where(which), self.removed)
        database.insert(connection, schema.results, self.result_rows)
        replace_rows(database, connection, schema.tags, self.tag_rows, self.tags_replaced)
        t = schema.tag_levels.c
        database.update(
            connection,
            sa.delete(schema.tag_levels).where(t.column_id == sa.bindparam("b_id"), t.policy == sa.bindparam("b_policy")),
            self.levels_replaced,
        )
        database.insert(connection, schema.tag_levels, self.level_rows)


class _Label:
    """What one finding does to one column's label."""

    def __init__(self, batch: _Batch, place: _Place, result: ColumnResult, grade: Grade | None) -> None:
        self.batch, self.facts, self.place, self.result, self.grade = batch, batch.facts, place, result, grade
        self.tag = None if place.known is None else place.known.tag
        self.found = result.classification
        self.rule = self.facts.rules.get(self.found.type_id, "")
        self._about: tuple[int, str, str] | None = None

    def update(self) -> None:
        """Compare finding and label; note events and rows."""
        if self.found.verdict == "unknown":
            return  # nothing was learned: an emptied table does not make its label wrong
        if self.tag is None:
            if self.found.type_id not in _SILENT:
                self._first()
        elif self.tag.decided:
            self._beside(self.tag)
        else:
            self._compare(self.tag)

    def _event(self, name: str, *, old: str | None, new: str | None, cause: str, basis: str = "") -> None:
        if self._about is None:
            self._about = (self.place.id, encode_ref(self.result.column.ref), self.place.fingerprint)
        self.facts.event(self._about, name, old=word_json(old), new=word_json(new), cause=cause, basis=basis)

    def _basis(self) -> str:
        found, coverage = self.found, self.result.coverage
        values = next((line for line in found.evidence if line.kind in ("values", "contains") and line.type_id == found.type_id), None)
        said: dict[str, object] = {"confidence": round(found.confidence, 3), "verdict": found.verdict}
        if values is not None:
            said |= {"detector": values.detector, "tested": values.tested, "passed": values.passed}
        said |= {"rows": coverage.rows, "distinct": coverage.distinct, "method": coverage.method}
        if coverage.row_estimate is not None:
            said["row_estimate"] = coverage.row_estimate
        if self.rule:
            said["rule"] = self.rule
        return to_json(said)

    def _grade_basis(self, grade: Grade) -> str:
        return _grade_basis(self.facts.policy or grade.policy, grade.because, grade.certainty, grade.clause)

    def _first(self) -> None:
        facts, grade = self.facts, self.grade
        category = "none" if grade is None else grade.category
        self._event("type", old=None, new=self.found.type_id, cause="first_scan", basis=self._basis())
        self._event("category", old=None, new=category, cause="first_scan")
        if grade is not None:
            self._event(f"level:{grade.policy}", old=None, new=grade.level.id, cause="first_scan", basis=self._grade_basis(grade))
            self.batch.level_rows.append(LevelRow(self.place.id, grade.policy, grade.level.id, 0, facts.policy[:128]))
        self._event("status", old=None, new="found", cause="first_scan")
        row = TagRow(self.place.id, self.found.type_id, category, "found")
        self._put(row._replace(set_by=facts.actor, set_at=facts.at, run_id=facts.run_id, rule=self.rule))
        self.batch.new.append(self.result.column.ref)

    def _compare(self, tag: TagRow) -> None:
        facts, type_id = self.facts, self.found.type_id
        before = len(facts.drafts)
        category = tag.category if self.grade is None else self.grade.category
        if type_id != tag.type_id:
            self._event("type", old=tag.type_id, new=type_id, cause=self._cause(tag), basis=self._basis())
        if category != tag.category:
            self._event("category", old=tag.category, new=category, cause=self._cause(tag))
        self._level(tag)
        if len(facts.drafts) > before:
            self.batch.changed[self.result.column.ref] = f"{tag.type_id} {self._level_word()}".strip()
            row = tag._replace(type_id=type_id, category=category, rule=self.rule)
            self._put(row._replace(set_by=facts.actor, set_at=facts.at, run_id=facts.run_id), stored=True)

    def _beside(self, tag: TagRow) -> None:
        """A person decided: note a finding that differs, change nothing."""
        type_id = self.found.type_id
        agrees = type_id == tag.type_id
        expected = agrees or (tag.type_id == "none" and type_id == tag.rejected)
        conflict = "" if expected else type_id
        if conflict:
            self.batch.conflicts[self.result.column.ref] = conflict
        before = len(self.facts.drafts)
        if conflict != tag.conflict:
            basis = self._basis() if conflict else ""
            self._event("conflict", old=tag.conflict or None, new=conflict or None, cause=self._cause(tag), basis=basis)
        if self.grade is not None and (agrees or (tag.type_id == "none" and self.grade.category == "none")):
            self._level(tag)
        if len(self.facts.drafts) > before:
            self._put(tag._replace(conflict=conflict), stored=True)

    def _level_word(self) -> str:
        row = self.place.levels.get(self.grade.policy) if self.grade is not None else None
        return "" if row is None else row.level

    def _level(self, tag: TagRow) -> None:
        grade = self.grade
        if grade is None:
            return
        row = self.place.levels.get(grade.policy)
        if row is not None and (row.fixed or row.level == grade.level.id):
            return
        cause = self._cause(tag)
        if row is None or row.version != self.facts.policy[:128]:
            cause = "policy"
        elif self.found.type_id == tag.type_id and any(rule.startswith("V") for rule in grade.because):
            cause = "volume"
        old = None if row is None else row.level
        self._event(f"level:{grade.policy}", old=old, new=grade.level.id, cause=cause, basis=self._grade_basis(grade))
        if row is not None:
            self.batch.levels_replaced.append({"b_id": self.place.id, "b_policy": grade.policy})
        self.batch.level_rows.append(LevelRow(self.place.id, grade.policy, grade.level.id, 0, self.facts.policy[:128]))

    def _cause(self, tag: TagRow) -> str:
        known = self.place.known
        if known is not None and known.fingerprint != self.place.fingerprint:
            return "structure"
        now = self.facts.rules.get(tag.type_id, tag.rule)
        return "detector" if tag.rule and now != tag.rule else "data"

    def _put(self, row: TagRow, *, stored: bool = False) -> None:
        if stored:
            self.batch.tags_replaced.append(self.place.id)
        self.batch.tag_rows.append(row._replace(version=self.batch.events_before + len(self.facts.drafts)))


@lru_cache(maxsize=1024)
def _grade_basis(policy: str, because: tuple[str, ...], certainty: str, clause: str) -> str:
    return to_json({"policy": policy, "because": because, "certainty": certainty, "clause": clause})
