"""The structure hash: changes exactly when the description of a table does."""

from __future__ import annotations

import hashlib

from sensscan.model import Column, Table

_FIELD, _COLUMN = "\x1f", "\x1e"


def _column_facts(column: Column) -> str:
    target = column.references
    points_to = "" if target is None else f"{target.schema}\x1d{target.table}\x1d{target.column}"
    labels = "\x1d".join(column.enum_values)
    place = f"{column.position}{'null' if column.nullable else ''}{'key' if column.is_key else ''}"
    return _FIELD.join((column.ref.column, column.data_type, column.comment, place, points_to, labels))


def structure_hash(table: Table) -> str:
    """Return the SHA-256 (hex) over kind, comment, primary key and columns; data and estimates do not count."""
    facts = [_FIELD.join((table.kind, table.comment, *table.primary_key)), *map(_column_facts, table.columns)]
    return hashlib.sha256(_COLUMN.join(facts).encode("utf-8", "surrogatepass")).hexdigest()
