"""What reading a table would take, told without reading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sensscan.config import ReadLimits
from sensscan.model import Column, SampleMethod, Table
from sensscan.sample.jumps import jump_count
from sensscan.sample.read import keys_of, make_query
from sensscan.source import Session


@dataclass(frozen=True, slots=True)
class ExpectedRead:
    """The expected read of one table. The estimate behind it is the server's own and can be wrong."""

    method: SampleMethod
    rows: int
    statement: str
    """The statement that fetches the rows; `...` stands for numbers and key values that are found when it runs."""


def expected_read(session: Session, table: Table, columns: Sequence[Column], limits: ReadLimits) -> ExpectedRead:
    """Return how `sample_table` would read these columns. Sends nothing to the server."""
    allowed = [column for column in columns if table.readable_columns is None or column.ref.column in table.readable_columns]
    if not allowed:
        return ExpectedRead("none", 0, "")
    query = make_query(session, table, allowed, limits, careful=False)
    base = f"SELECT {query.select} FROM {query.name}".replace("%%", "%")  # noqa: S608  # shown, not sent
    estimate, wanted = table.row_estimate, limits.sample_rows
    if limits.all_rows:
        return ExpectedRead("all", estimate or 0, base)
    if table.kind in ("view", "virtual"):
        return ExpectedRead("view_head" if table.kind == "view" else "head", wanted, f"{base} LIMIT {wanted + 1}")
    if estimate is not None and estimate <= limits.all_below:
        return ExpectedRead("all", estimate, f"{base} LIMIT {limits.all_below + 1}")
    rows = wanted if estimate is None else min(wanted, estimate)
    if session.vendor == "PostgreSQL":
        return ExpectedRead("tablesample", rows, f"{base} TABLESAMPLE SYSTEM (...) REPEATABLE ({limits.seed})")
    for key in keys_of(query):
        names = ", ".join(key).replace("%%", "%")
        return ExpectedRead("key_jumps", rows, f"{base} WHERE {names} >= ... ORDER BY {names} LIMIT ... (x {jump_count(wanted)})")
    return ExpectedRead("head", rows, f"{base} LIMIT {wanted}")
