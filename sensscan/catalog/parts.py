"""What the dialects of the catalogue share: tables under construction, skipped objects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sensscan.catalog.filters import Selection
from sensscan.catalog.structure import structure_hash
from sensscan.language import Text
from sensscan.model import Column, Reason, ReasonCode, SkippedObject, Table, TableKind, TableRef


@dataclass(slots=True)
class Draft:
    """A table whose columns are still being collected."""

    ref: TableRef
    kind: TableKind
    comment: str = ""
    row_estimate: int | None = None
    primary_key: tuple[str, ...] = ()
    unreadable: bool = False
    """No right to select the whole table: `granted` says which columns may be read."""
    granted: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)


def finish(draft: Draft, selection: Selection) -> Table | None:
    """Return the table, or None when a filter leaves none of its columns.

    The structure hash covers all columns, so that it does not depend on the filters of a scan.
    """
    whole = Table(
        draft.ref,
        draft.kind,
        tuple(draft.columns),
        comment=draft.comment,
        primary_key=draft.primary_key,
        row_estimate=draft.row_estimate,
        readable_columns=tuple(draft.granted) if draft.unreadable else None,
    )
    whole = replace(whole, structure_hash=structure_hash(whole))
    if selection.every_column:
        return whole
    schema, table = draft.ref.schema, draft.ref.table
    kept = tuple(column for column in draft.columns if selection.column(schema, table, column.ref.column))
    return replace(whole, columns=kept) if kept else None


def skipped(schema: str, table: str, code: ReasonCode, text: Text, column: str = "") -> SkippedObject:
    """Return a skipped object."""
    return SkippedObject(schema, table, column, Reason(code, text))
