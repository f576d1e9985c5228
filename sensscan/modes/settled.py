"""What may be remembered of a finished table, and what a scan's filters cover: both keep a later run from missing something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sensscan.catalog import Selection
from sensscan.config import Filters
from sensscan.model import INCOMPLETE_CODES, Catalogue, ColumnRef, ScanPlan, SkippedColumn, TableRef, TableResult
from sensscan.modes.marks import Mark
from sensscan.store import StoredMark


def marks_to_store(
    chosen: ScanPlan,
    finished: Iterable[TableResult],
    marks: Mapping[TableRef, Mark],
    earlier: Mapping[TableRef, StoredMark],
    *,
    filters: Filters,
    targeted: bool,
) -> dict[TableRef, str]:
    """Return the data marks to keep, table -> text; tables left out keep their earlier mark.

    A mark says "everything in this table was looked at since". So a table with a column that could not be read gets none, nor one of
    which only named columns were read (`targeted`, manual mode); where filters on columns changed, the mark is empty, and the next
    incremental run reads the table as a whole.
    """
    examined: dict[TableRef, int] = {}
    for planned in chosen.examine:
        examined[planned.ref.table_ref] = examined.get(planned.ref.table_ref, 0) + 1
    every_column = Selection(filters).every_column
    kept: dict[TableRef, str] = {}
    for result in finished:
        ref = result.table.ref
        if any(isinstance(outcome, SkippedColumn) and outcome.reason.code in INCOMPLETE_CODES for outcome in result.outcomes):
            continue
        if result.failed:
            continue
        if (targeted or chosen.mode == "manual") and examined.get(ref, 0) < len(result.table.columns):
            continue
        before, mark = earlier.get(ref), marks.get(ref)
        other_columns = not every_column and before is not None and before.structure_hash != result.table.structure_hash
        kept[ref] = "" if other_columns or mark is None else mark.encode()
    return kept


def renewed_marks(
    untouched: Iterable[TableRef],
    earlier: Mapping[TableRef, StoredMark],
    marks: Mapping[TableRef, Mark],
    catalogue: Catalogue,
    chosen: ScanPlan,
) -> dict[TableRef, StoredMark]:
    """Return the marks of tables that the server's log calls untouched and the run left alone, brought up to now.

    Age, structure and rules stay those of the last look, so nothing that hangs on them is put off.
    """
    looked = {planned.ref.table_ref for planned in chosen.examine}
    hashes = {table.ref: table.structure_hash for table in catalogue.tables}
    return {
        ref: StoredMark(earlier[ref].structure_hash, marks[ref].encode(), earlier[ref].rule_fingerprint, earlier[ref].scanned_at)
        for ref in untouched
        if ref not in looked and earlier[ref].structure_hash == hashes.get(ref)
    }


def covered(filters: Mapping[str, Filters], *, dialects: Mapping[str, str]) -> Callable[[ColumnRef], bool]:
    """Return whether a column lies within the filters of its source: "gone" is decided only there."""
    chosen = {source: Selection(one, one_schema=dialects.get(source) == "sqlite") for source, one in filters.items()}

    def within(ref: ColumnRef) -> bool:
        selection = chosen.get(ref.source)
        if selection is None:
            return False
        return (
            selection.schema(ref.schema) and selection.table(ref.schema, ref.table) and selection.column(ref.schema, ref.table, ref.column)
        )

    return within
