"""Step 2, read: a sample of a table's rows by one query for all its columns, read-only and within limits."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sensscan.config import ReadLimits
from sensscan.errors import ReadError
from sensscan.language import Text
from sensscan.model import Column, ColumnSample, Reason, SkippedObject, Table, TableSample
from sensscan.naming import dotted
from sensscan.sample.expect import ExpectedRead, expected_read
from sensscan.sample.read import needs_care, read_rows
from sensscan.source import Session, translate

__all__ = ["ExpectedRead", "expected_read", "sample_table"]


def sample_table(session: Session, table: Table, columns: Sequence[Column], limits: ReadLimits) -> TableSample:
    """Read a sample of `columns` of one table.

    Tables of up to `limits.all_below` rows come whole, others give at most `limits.sample_rows` rows (all rows with
    `limits.all_rows`). Columns without a grant are in `skipped`. One short transaction, ended when this returns.
    Raises ReadError with code permission, timeout, lost, failed or budget.
    """
    name = dotted(table.ref.schema, table.ref.table)
    what = Text(name, f"{name} ")
    readable = [column for column in columns if table.readable_columns is None or column.ref.column in table.readable_columns]
    skipped = tuple(_no_grant(table, column) for column in columns if column not in readable) if len(readable) < len(columns) else ()
    if not readable:
        raise ReadError(
            Text(f"{what.en} could not be read: permission denied.", f"{what.zh}无法读取：没有权限。"),
            Text(
                "Grant SELECT on it; `sensscan check` prints the statement.", "请授予 SELECT 权限；运行 `sensscan check` 可得到授权语句。"
            ),
            "permission",
        )
    started = time.perf_counter()
    try:
        try:
            fetched = session.reading(lambda: read_rows(session, table, readable, limits, careful=False))
        except Exception as error:
            if not needs_care(error):
                raise
            fetched = session.reading(lambda: read_rows(session, table, readable, limits, careful=True))
    except Exception as error:
        # `from None`: a chained driver error would carry its message, which can hold values.
        raise translate(error, what) from None
    return TableSample(
        table,
        tuple(ColumnSample(column, values) for column, values in zip(readable, fetched.columns, strict=True)),
        rows=fetched.rows,
        method=fetched.method,
        complete=fetched.complete,
        skipped=skipped,
        fetch_seconds=time.perf_counter() - started,
    )


def _no_grant(table: Table, column: Column) -> SkippedObject:
    text = Text("No right to select this column.", "没有读取此列的权限。")
    return SkippedObject(table.ref.schema, table.ref.table, column.ref.column, Reason("permission", text))
