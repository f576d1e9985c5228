"""What happened to the structure between two scans: columns and tables that are gone, came back, or got another name.

A person's decision hangs on the column, not on its name. A column counts as renamed when it is gone and, at its position in the
same table, an unknown column of the same declared type appears whose finding does not contradict; a table, when it is gone and
exactly one unknown table of the source has the same columns in the same order with the same types.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sensscan.model import Catalogue, Column, ColumnRef, ColumnResult, Table, TableRef, TableResult
from sensscan.store.known import KnownColumn, KnownTable

Scope = Callable[[ColumnRef], bool]


@dataclass(slots=True)
class Structure:
    """What changed in one source's structure."""

    tables: dict[TableRef, TableRef] = field(default_factory=dict)
    """New name -> old name."""
    columns: dict[ColumnRef, ColumnRef] = field(default_factory=dict)
    """New name -> old name, inside tables that kept theirs."""
    gone_tables: list[TableRef] = field(default_factory=list)
    gone_columns: list[ColumnRef] = field(default_factory=list)


def base_type(data_type: str) -> str:
    """Return a declared type without its length: varchar(20) and varchar(50) may be one column, altered and renamed.

    >>> base_type("VARCHAR(20)")
    'varchar'
    """
    return re.sub(r"\s*\([^)]*\)", "", data_type).strip().lower()


def shape_of(columns: Iterable[tuple[int, str, str]]) -> str:
    """Return the hash of a table's columns (position, name, type), without the table's name."""
    text = "\0".join(f"{name}\1{data_type}" for _position, name, data_type in sorted(columns))
    return hashlib.sha256(text.encode()).hexdigest()


def contradicts(old: KnownColumn, new_type: str | None) -> bool:
    """Whether two findings name different kinds of data: then the place is taken by another column."""
    silent = ("", "none", "unknown", None)
    return old.type_id not in silent and new_type not in silent and old.type_id != new_type


def found_types(results: Sequence[TableResult]) -> dict[ColumnRef, str]:
    """Return what a run found, per column that it examined."""
    return {
        outcome.column.ref: outcome.classification.type_id
        for result in results
        for outcome in result.outcomes
        if isinstance(outcome, ColumnResult)
    }


def renamed_columns(
    table: Table, stored: Mapping[ColumnRef, KnownColumn], new_types: Mapping[ColumnRef, str]
) -> dict[ColumnRef, ColumnRef]:
    """Return new name -> old name of a table's columns that changed their name only."""
    present = {column.ref for column in table.columns}
    missing = {known.position: known for ref, known in stored.items() if ref not in present and known.gone_run is None}
    found = {}
    for column in table.columns if missing else ():
        old = missing.get(column.position)
        if old is None or not _is_new(column, stored) or base_type(old.data_type) != base_type(column.data_type):
            continue
        if not contradicts(old, new_types.get(column.ref)):
            found[column.ref] = old.ref
    return found


def _is_new(column: Column, stored: Mapping[ColumnRef, KnownColumn]) -> bool:
    """Unknown, or known from earlier, gone, and without a decision of its own."""
    known = stored.get(column.ref)
    return known is None or (known.gone_run is not None and (known.tag is None or not known.tag.decided))


def blocked(catalogue: Catalogue, ref: TableRef) -> bool:
    """Whether the catalogue could not see this table: then nothing is known about it."""
    return any(
        not skipped.column and skipped.schema in ("", ref.schema) and skipped.table in ("", ref.table) for skipped in catalogue.skipped
    )


def renamed_tables(gone: Mapping[TableRef, Mapping[ColumnRef, KnownColumn]], new: Sequence[Table]) -> dict[TableRef, TableRef]:
    """Return new name -> old name of tables; ambiguous ones are left alone."""
    old_shapes: dict[str, list[TableRef]] = {}
    for ref, columns in gone.items():
        present = [(known.position, known.ref.column, known.data_type) for known in columns.values() if known.gone_run is None]
        if present:
            old_shapes.setdefault(shape_of(present), []).append(ref)
    new_shapes: dict[str, list[TableRef]] = {}
    for table in new:
        new_shapes.setdefault(shape_of((c.position, c.ref.column, c.data_type) for c in table.columns), []).append(table.ref)
    return {
        new_refs[0]: old_shapes[shape][0]
        for shape, new_refs in new_shapes.items()
        if len(new_refs) == 1 and len(old_shapes.get(shape, ())) == 1
    }


def suspicious_tables(catalogue: Catalogue, known: Mapping[TableRef, KnownTable]) -> tuple[list[KnownTable], list[Table], list[Table]]:
    """Return tables that are missing, that are unknown, and that changed their structure: all others need no look."""
    present = {table.ref for table in catalogue.tables}
    missing = [table for ref, table in known.items() if ref not in present and not blocked(catalogue, ref)]
    unknown = [table for table in catalogue.tables if table.ref not in known]
    changed = [table for table in catalogue.tables if table.ref in known and known[table.ref].fingerprint != structure_of(table)]
    return missing, unknown, changed


def structure_of(table: Table) -> str:
    """Return the catalogue's structure hash, else one over the columns."""
    return table.structure_hash[:64] or shape_of((c.position, c.ref.column, c.data_type) for c in table.columns)
