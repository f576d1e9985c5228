"""Writes what `renames` decided: labels follow a renamed column or table; what is gone stops being current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.model import Catalogue, ColumnRef, Table, TableRef, TableResult
from sensscan.store import schema
from sensscan.store.chain import Draft
from sensscan.store.codec import encode_ref
from sensscan.store.known import KnownColumn, KnownTable, chunks, load_columns, load_source_tables, load_tables, table_key
from sensscan.store.renames import Scope, Structure, found_types, renamed_columns, renamed_tables, structure_of, suspicious_tables


@dataclass(slots=True)
class RunFacts:
    """What every event of a run says about its origin."""

    run_id: str
    seq: int
    actor: str
    at: str
    policy: str
    """Name, version and hash of the policy."""
    rules: Mapping[str, str]
    """Type id -> fingerprint of its rule."""
    drafts: list[Draft] = field(default_factory=list)

    def event(
        self, known: tuple[int | None, str, str], name: str, *, old: str | None, new: str | None, cause: str, basis: str = ""
    ) -> None:
        """Note one changed field of one column (id, ref, structure fingerprint); `old` and `new` are JSON."""
        column_id, ref, fingerprint = known
        self.drafts.append(Draft("scan", self.actor, column_id, ref, fingerprint, name, old, new, cause, "", self.run_id, basis))


def follow_structure(
    connection: Connection, facts: RunFacts, results: Sequence[TableResult], catalogues: Sequence[Catalogue], in_scope: Scope | None
) -> Structure:
    """Find and write renames and losses; return them."""
    new_types = found_types(results)
    follower = _Follower(connection, facts, in_scope)
    if not catalogues:
        follower.renames_inside([result.table for result in results], new_types)
    for catalogue in catalogues:
        known = load_source_tables(connection, catalogue.source)
        missing, unknown, changed = suspicious_tables(catalogue, known)
        follower.renames_inside(changed, new_types)
        follower.lost_columns(changed)
        follower.missing_tables(missing, unknown)
        follower.write_losses(known)
    return follower.structure


class _Follower:
    """Compares what the store knows with what is there, one source after the other."""

    def __init__(self, connection: Connection, facts: RunFacts, in_scope: Scope | None) -> None:
        self.connection, self.facts, self.in_scope = connection, facts, in_scope
        self.structure = Structure()
        self.stored: dict[ColumnRef, KnownColumn] = {}
        self.lost: list[ColumnRef] = []
        self.lost_tables: list[TableRef] = []

    def renames_inside(self, tables: Sequence[Table], new_types: Mapping[ColumnRef, str]) -> None:
        """Follow renamed columns of tables that kept their name."""
        known = {ref: table for ref, table in load_tables(self.connection, (table.ref for table in tables)).items() if not table.gone}
        suspects = [table for table in tables if table.ref in known and known[table.ref].fingerprint != structure_of(table)]
        self.stored = load_columns(self.connection, {known[table.ref].id: table.ref for table in suspects})
        by_table = _by_table(self.stored)
        for table in suspects:
            for new, old in renamed_columns(table, by_table.get(table.ref, {}), new_types).items():
                column = self.stored.pop(old)
                self.connection.execute(sa.update(schema.columns).where(schema.columns.c.id == column.id).values(column_name=new.column))
                self._tell_rename(column, new)
                self.structure.columns[new] = old

    def _tell_rename(self, column: KnownColumn, new: ColumnRef) -> None:
        if column.tag is not None:
            about = (column.id, encode_ref(new), column.fingerprint)
            self.facts.event(about, "renamed", old=encode_ref(column.ref), new=encode_ref(new), cause="structure")

    def lost_columns(self, tables: Sequence[Table]) -> None:
        """Note columns that are not in their table any more."""
        present = {column.ref for table in tables for column in table.columns}
        in_scope = self.in_scope
        self.lost = [
            ref
            for ref, column in self.stored.items()
            if column.gone_run is None and ref not in present and (in_scope is None or in_scope(ref))
        ]

    def missing_tables(self, missing: Sequence[KnownTable], unknown: Sequence[Table]) -> None:
        """Follow renamed tables; note those that are not there any more."""
        self.lost_tables = []
        if not missing:
            return
        by_table = _by_table(load_columns(self.connection, {table.id: table.ref for table in missing}))
        gone = {table.ref: by_table.get(table.ref, {}) for table in missing if self._whole(by_table.get(table.ref, {}))}
        taken = load_tables(self.connection, [table.ref for table in unknown])
        fresh = {table.ref: table for table in unknown if table.ref not in taken}
        for new, old in renamed_tables(gone, list(fresh.values())).items():
            self._rename_table(next(table for table in missing if table.ref == old), fresh[new])
            for column in gone.pop(old).values():
                if column.gone_run is None:
                    self._tell_rename(column, ColumnRef(new.source, new.schema, new.table, column.ref.column))
            self.structure.tables[new] = old
        for ref, own in gone.items():
            self.lost_tables.append(ref)
            present = {name: column for name, column in own.items() if column.gone_run is None}
            self.lost += list(present)
            self.stored.update(present)

    def _whole(self, columns: Mapping[ColumnRef, KnownColumn]) -> bool:
        """Whether the filters would have shown the table with all its columns."""
        in_scope = self.in_scope
        return in_scope is None or all(in_scope(ref) for ref, column in columns.items() if column.gone_run is None)

    def _rename_table(self, old: KnownTable, new: Table) -> None:
        ref = new.ref
        self.connection.execute(
            sa.update(schema.tables)
            .where(schema.tables.c.id == old.id)
            .values(schema_name=ref.schema, table_name=ref.table, key=table_key(ref), fingerprint=structure_of(new))
        )
        self.connection.execute(sa.delete(schema.marks).where(schema.marks.c.key == table_key(old.ref)))

    def write_losses(self, known: Mapping[TableRef, KnownTable]) -> None:
        """What is gone is not current any more; its label and history stay."""
        lost, seq, connection = [self.stored[ref] for ref in self.lost], self.facts.seq, self.connection
        r = schema.results.c
        for ids in chunks([column.id for column in lost]):
            connection.execute(sa.update(schema.columns).where(schema.columns.c.id.in_(ids)).values(gone_run=seq))
            connection.execute(sa.update(schema.results).where(r.column_id.in_(ids), r.valid_to.is_(None)).values(valid_to=seq))
        for column in lost:
            if column.tag is not None:
                about = (column.id, encode_ref(column.ref), column.fingerprint)
                self.facts.event(about, "present", old="true", new="false", cause="structure")
        own = [known[ref] for ref in self.lost_tables]
        for ids in chunks([table.id for table in own]):
            connection.execute(sa.update(schema.tables).where(schema.tables.c.id.in_(ids)).values(gone_run=seq))
        for keys in chunks([table_key(table.ref) for table in own]):
            connection.execute(sa.delete(schema.marks).where(schema.marks.c.key.in_(keys)))
        self.structure.gone_columns += self.lost
        self.structure.gone_tables += self.lost_tables


def _by_table(columns: Mapping[ColumnRef, KnownColumn]) -> dict[TableRef, dict[ColumnRef, KnownColumn]]:
    grouped: dict[TableRef, dict[ColumnRef, KnownColumn]] = {}
    for ref, column in columns.items():
        grouped.setdefault(ref.table_ref, {})[ref] = column
    return grouped
