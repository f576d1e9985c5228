"""Read and judge without a store: what `evaluate` and `explain` need, evidence included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sensscan.catalog import enumerate_source
from sensscan.config import ReadLimits
from sensscan.errors import ReadError, SensscanError
from sensscan.evidence import ColumnEvidence
from sensscan.language import Text
from sensscan.model import Catalogue, Column, ColumnRef, Reason, SkippedColumn, Table, TableResult, TableSample
from sensscan.modes.request import RequestedSource
from sensscan.modes.running import Progress, Silent
from sensscan.pipeline import Bench, conclude, unread
from sensscan.registry import Registry
from sensscan.sample import sample_table
from sensscan.source import open_source

Wanted = Callable[[Table], Sequence[Column]]
"""Which columns of a table are read; none leaves the table out."""


@dataclass(frozen=True)
class Looked:
    """One source after a look: linked results, and the evidence that they rest on."""

    source: RequestedSource
    catalogue: Catalogue
    results: tuple[TableResult, ...]
    evidence: Mapping[ColumnRef, ColumnEvidence] = field(default_factory=dict)


def look_at(
    source: RequestedSource,
    registry: Registry,
    *,
    comments: Callable[[Table], Mapping[str, str]] | None = None,
    wanted: Wanted = lambda table: table.columns,
    progress: Progress | None = None,
) -> Looked:
    """Sample, detect, classify and link one source; nothing is written anywhere.

    `comments` gives column name -> comment for servers that keep none. Raises NothingReadError; a table that fails is in the results
    as unread.
    """
    limits = source.config.limits
    evidence: dict[ColumnRef, ColumnEvidence] = {}
    results = []
    told = progress or Silent()
    with open_source(source.url, limits) as session:
        catalogue = enumerate_source(session, source.identity, source.config.filters)
        tables = [with_comments(table, comments(table)) if comments is not None else table for table in catalogue.tables]
        chosen = [(table, columns) for table in tables if (columns := tuple(wanted(table)))]
        bench = Bench.of(session, registry, limits)
        told.begin(len(chosen))
        for table, columns in chosen:
            told.table_started(table.ref)
            result, found = _table(bench, table, columns, limits)
            told.table_done(table.ref, result.rows_read)
            results.append(result)
            evidence.update({one.column.ref: one for one in found})
    return Looked(source, replace(catalogue, tables=tuple(tables)), conclude(results), evidence)


def with_comments(table: Table, comments: Mapping[str, str]) -> Table:
    """Return the table with these comments on its columns; the others keep theirs."""
    if not comments:
        return table
    return replace(table, columns=tuple(replace(c, comment=comments.get(c.ref.column, c.comment)) for c in table.columns))


def _table(bench: Bench, table: Table, columns: Sequence[Column], limits: ReadLimits) -> tuple[TableResult, Sequence[ColumnEvidence]]:
    try:
        sample = sample_table(bench.session, table, columns, limits)
    except ReadError as error:
        return unread(table, columns, Reason(error.code, error.text)), ()  # type: ignore[arg-type]  # ReadError's codes are reason codes
    except SensscanError as error:
        return unread(table, columns, Reason("lost", error.text)), ()
    evidence = bench.classifier.in_context(sample.table, bench.detector.table(sample))
    results, failed = bench.judge(sample, evidence)
    skipped = [SkippedColumn(column, _why(sample, column)) for column in columns if column.ref not in {one.column.ref for one in results}]
    return TableResult(table, (*results, *skipped), sample.rows, sum(one.profile.checked for one in evidence), failed=failed), evidence


def _why(sample: TableSample, column: Column) -> Reason:
    reasons = {one.column: one.reason for one in sample.skipped}
    return reasons.get(column.ref.column, reasons.get("", Reason("permission", Text("Not readable.", "不可读。"))))
