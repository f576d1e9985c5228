"""The structure hash: changes exactly when the description of a table does."""

from __future__ import annotations

import hashlib
import json

from sensscan.model import Column, Table


def _column_facts(column: Column) -> list[object]:
    target = column.references
    return [
        column.ref.column,
        column.data_type,
        column.comment,
        column.position,
        column.nullable,
        column.is_key,
        [target.schema, target.table, target.column] if target else None,
        column.enum_values,
    ]


def structure_hash(table: Table) -> str:
    """Return the SHA-256 (hex) over kind, comment, primary key and columns; data and estimates do not count."""
    facts = [table.kind, table.comment, table.primary_key, [_column_facts(column) for column in table.columns]]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
