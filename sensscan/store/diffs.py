"""What changed from one stored run to another: columns that are new, gone, or of another type, level or status."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.store import schema
from sensscan.store.database import Database
from sensscan.store.known import id_ranges
from sensscan.store.runs import find_run, stored_run
from sensscan.store.saved import load_lines, load_refs
from sensscan.store.views import ColumnChange, RunDiff


def diff(database: Database, name_a: str, name_b: str) -> RunDiff:
    """Return what changed from one run to another. Raises UsageError for unknown and pruned runs."""
    with database.read() as connection:
        row_a, row_b = find_run(connection, name_a), find_run(connection, name_b)
        side_a, side_b = _side(connection, row_a), _side(connection, row_b)
        ids = list({*side_a, *side_b})
        refs = load_refs(connection, ids)
        lifetimes = _lifetimes(connection, ids)
        run_a, run_b = stored_run(connection, row_a), stored_run(connection, row_b)
    changes: list[ColumnChange] = []
    not_compared = 0
    for number in sorted(ids, key=lambda one: refs[one]):
        a, b = side_a.get(number), side_b.get(number)
        first, gone = lifetimes[number]
        ref = refs[number]
        if a is not None and b is not None:
            if a != b:
                changes.append(ColumnChange("changed", ref, a[0], b[0], a[1], b[1], a[2], b[2]))
        elif b is not None and (first > run_a.seq or (run_a.seq > run_b.seq and gone is not None and gone <= run_a.seq)):
            changes.append(ColumnChange("new", ref, None, b[0], None, b[1], None, b[2]))
        elif a is not None and ((gone is not None and gone <= run_b.seq) or first > run_b.seq):
            changes.append(ColumnChange("gone", ref, a[0], None, a[1], None, a[2], None))
        else:
            not_compared += 1
    return RunDiff(run_a, run_b, tuple(changes), len(side_a.keys() & side_b.keys()), not_compared)


def _side(connection: Connection, row: sa.Row[tuple[object, ...]]) -> dict[int, tuple[str, str, str | None]]:
    """Return type, level and status of each column of a run's report."""
    lines = [line for line in load_lines(connection, row) if line.change != "gone"]
    r = schema.results.c
    types: dict[int, str] = {}
    for which in id_ranges(r.column_id, [line.id for line in lines]):
        query = sa.select(r.column_id, r.type_id).where(which, r.valid_from <= row.seq, sa.or_(r.valid_to.is_(None), r.valid_to > row.seq))
        types.update((number, type_id) for number, type_id in connection.execute(query).all())
    return {line.id: (types.get(line.id, "unknown"), line.grade.level.id, line.status) for line in lines}


def _lifetimes(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    c = schema.columns.c
    return {
        number: (first, gone)
        for which in id_ranges(c.id, ids)
        for number, first, gone in connection.execute(sa.select(c.id, c.first_run, c.gone_run).where(which)).all()
    }
