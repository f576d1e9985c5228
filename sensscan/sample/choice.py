"""Which of the rows that came are kept: the same ones for the same data, on every server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from sensscan.model import Table

Row = tuple[Any, ...]


def choice_columns(table: Table) -> tuple[str, ...]:
    """Return the names whose text decides about a row: the primary key, else the first three columns."""
    return table.primary_key or tuple(column.ref.column for column in table.columns[:3])


def choose_rows(rows: Sequence[Row], places: Sequence[int], wanted: int, seed: int) -> list[Row]:
    """Return at most `wanted` rows: those with the smallest CRC-32 over seed and the cells at `places`, in their order.

    Never Python's `hash()`, which differs from run to run.
    """
    if len(rows) <= wanted:
        return list(rows)
    head = f"{seed}".encode()
    if len(places) == 1:
        place = places[0]
        codes = [crc32(str(row[place]).encode("utf-8", "replace"), crc32(head)) for row in rows]
    else:
        codes = [crc32("\x1f".join(str(row[place]) for place in places).encode("utf-8", "replace"), crc32(head)) for row in rows]
    limit = sorted(codes)[wanted - 1]
    kept = [row for row, code in zip(rows, codes, strict=True) if code <= limit]
    return kept[:wanted]
