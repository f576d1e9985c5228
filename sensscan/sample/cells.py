"""The select list: every column quoted, long cells cut by the server, and what is still to do with a cell that arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sensscan.config import ReadLimits
from sensscan.model import Column, Family
from sensscan.source import Session
from sensscan.source.decode import decode_text

Convert = Callable[[object], object]

_PLAIN = frozenset(
    {
        Family.INTEGER, Family.DECIMAL, Family.FLOAT, Family.DATE, Family.DATETIME, Family.TIME, Family.BOOLEAN, Family.UUID,
        Family.INET, Family.MACADDR, Family.ENUM,
    }
)  # fmt: skip
_BYTES_PER_CHARACTER = 3
_SMALL_CELL_BYTES = 64
_UNDECLARED_CHARSETS = frozenset({"latin1", "ascii"})
"""Character sets that old applications filled with GBK or UTF-8 without telling the server."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How one column is read."""

    expression: str
    convert: Convert | None = None
    most_bytes: int = _SMALL_CELL_BYTES
    """What one cell can weigh."""


def read_as(session: Session, column: Column, limits: ReadLimits, *, careful: bool) -> Cell:
    """Return how to read `column`.

    `careful` is the slower way for tables that the quick one failed on: undecodable text (read as bytes and decoded here)
    and, on SQLite, huge cells.
    """
    name = session.quote(column.ref.column)
    most = limits.cell_characters
    if session.dialect == "postgresql":
        return _postgres_cell(name, column, most, limits.blob_bytes)
    if session.dialect == "mysql":
        return _mysql_cell(name, column, most, limits.blob_bytes, careful=careful)
    if careful or column.family is Family.BINARY:
        text, blob = f"substr({name}, 1, {most})", f"substr({name}, 1, {limits.blob_bytes})"
        cut = f"CASE typeof({name}) WHEN 'text' THEN {text} WHEN 'blob' THEN {blob} ELSE {name} END"
        return Cell(cut, most_bytes=most * _BYTES_PER_CHARACTER)
    return Cell(name, most_bytes=most)


def _short(column: Column, most: int) -> bool:
    return column.length is not None and column.length <= most


def _postgres_cell(name: str, column: Column, most: int, blob_bytes: int) -> Cell:
    # Functions and types carry their schema: a user's function of the same name must never run.
    match column.family:
        case family if family in _PLAIN:
            return Cell(name)
        case Family.TEXT if _short(column, most) or column.data_type in ("name", '"char"'):
            return Cell(name, most_bytes=(column.length or 64) * _BYTES_PER_CHARACTER)
        case Family.BINARY:
            return Cell(f"pg_catalog.substring({name}, 1, {blob_bytes})", _to_bytes, blob_bytes)
        case Family.ARRAY:
            return Cell(
                f"pg_catalog.left(pg_catalog.array_to_json({name})::pg_catalog.text, {most})", most_bytes=most * _BYTES_PER_CHARACTER
            )
        case _:
            return Cell(f"pg_catalog.left({name}::pg_catalog.text, {most})", most_bytes=most * _BYTES_PER_CHARACTER)


def _mysql_cell(name: str, column: Column, most: int, blob_bytes: int, *, careful: bool) -> Cell:
    declared = column.data_type.lower()
    weight = min(column.length or most, most) * _BYTES_PER_CHARACTER
    match column.family:
        case Family.BINARY:
            return Cell(name if _short(column, blob_bytes) else f"LEFT({name}, {blob_bytes})", most_bytes=blob_bytes)
        case Family.GEOMETRY:
            return Cell(f"LEFT(ST_AsText({name}), {most})", most_bytes=weight)
        case Family.JSON if declared == "json" and not column.charset:
            return Cell(f"LEFT(CAST({name} AS CHAR), {most})", most_bytes=weight)
        case _ if declared.startswith("bit"):
            return Cell(f"{name}+0")
        case Family.TEXT | Family.JSON | Family.ENUM:
            cut = name if _short(column, most) or column.family is Family.ENUM else f"LEFT({name}, {most})"
            if careful or column.charset in _UNDECLARED_CHARSETS:
                return Cell(f"CAST({cut} AS BINARY)", _to_text, weight)
            return Cell(cut, most_bytes=weight)
        case _:
            return Cell(name)


def _to_bytes(cell: object) -> object:
    return bytes(cell) if isinstance(cell, memoryview) else cell


def _to_text(cell: object) -> object:
    return decode_text(cell) if isinstance(cell, bytes) else cell


def convert_columns(cells: Sequence[Cell], rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Turn rows into columns, in the order of `cells`; further cells of a row (keys for the choice) are dropped."""
    if not rows:
        return [() for _ in cells]
    made = []
    for cell, values in zip(cells, zip(*rows, strict=True), strict=False):
        made.append(values if cell.convert is None else tuple(map(cell.convert, values)))
    return made
