"""Labelled tables: made in memory, written as SQLite with a CSV of labels and one of comments."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

Factory = Callable[[Random, int], list[object]]
"""Makes the cells of one column: a column keeps one style, so styles are drawn once per column."""

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
FILLERS = ("", " ", "无", "-", "NULL", "N/A", "暂无", "/")


@dataclass(frozen=True, slots=True)
class LabelledColumn:
    """One column with what a scan may say of it; `label` is a type id, or several joined by |, best first."""

    name: str
    label: str
    cells: Sequence[object]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """A table of equally long columns."""

    name: str
    columns: tuple[LabelledColumn, ...]


def seeded(*parts: object) -> Random:
    """Return a generator of its own for each thing, equal in every process."""
    return Random("benchmarks/" + "/".join(map(str, parts)))


def each(make: Callable[[Random], object]) -> Factory:
    """Make every cell anew."""
    return lambda r, n: [make(r) for _ in range(n)]


def styles(*makes: Callable[[Random], object]) -> Factory:
    """Draw one of several forms for the whole column."""

    def factory(r: Random, n: int) -> list[object]:
        make = r.choice(makes)
        return [make(r) for _ in range(n)]

    return factory


def words(*choices: object) -> Factory:
    """Cells of a list, some much commoner than others, as in real columns."""

    def factory(r: Random, n: int) -> list[object]:
        weights = [r.expovariate(1) + 0.05 for _ in choices]
        return list(r.choices(choices, weights, k=n))

    return factory


def dirty(r: Random, cells: Iterable[object], share: float) -> list[object]:
    """Replace a share of the cells by NULL, fillers, full-width, masked or damaged ones."""
    return [_soil(r, cell) if r.random() < share else cell for cell in cells]


def _soil(r: Random, cell: object) -> object:
    kind = r.choice(("null", "null", "filler", "wide", "mask", "cut", "other"))
    if kind == "null" or not isinstance(cell, str) or not cell:
        return None
    match kind:
        case "filler":
            return r.choice(FILLERS)
        case "wide":
            return cell.translate(WIDE)
        case "mask":
            return cell[: len(cell) // 3] + "*" * (len(cell) - len(cell) // 3 - 2) + cell[-2:]
        case "cut":
            return cell[:-1]
        case _:
            return cell[:-1] + r.choice("0123456789")


def storage_class(cells: Sequence[object]) -> Literal["INTEGER", "REAL", "BLOB", "TEXT"]:
    """Return the SQLite type that a schema's author would have declared."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds and kinds <= {int}:
        return "INTEGER"
    if kinds and kinds <= {int, float}:
        return "REAL"
    return "BLOB" if kinds == {bytes} else "TEXT"


def quoted(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def write_database(path: Path, tables: Sequence[LabelledTable]) -> None:
    """Write the tables into a new SQLite file."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        for table in tables:
            declared = ", ".join(f"{quoted(c.name)} {storage_class(c.cells)}" for c in table.columns)
            connection.execute(f"create table {quoted(table.name)} ({declared})")
            marks = ", ".join("?" for _ in table.columns)
            rows = zip(*(c.cells for c in table.columns), strict=True)
            connection.executemany(f"insert into {quoted(table.name)} values ({marks})", rows)
    connection.close()


def write_labels(path: Path, databases: dict[str, Sequence[LabelledTable]]) -> None:
    """Write db, schema, table, column, type; columns with fewer than 4 non-blank cells are left out."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("db", "schema", "table", "column", "type"))
        for db, tables in databases.items():
            for table in tables:
                for column in table.columns:
                    if sum(cell is not None and str(cell).strip() != "" for cell in column.cells) >= 4:
                        writer.writerow((db, "main", table.name, column.name, column.label))


def write_comments(path: Path, databases: dict[str, Sequence[LabelledTable]]) -> None:
    """Write db, table, column, comment, for servers that keep comments."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("db", "table", "column", "comment"))
        for db, tables in databases.items():
            for table in tables:
                writer.writerows((db, table.name, column.name, column.comment) for column in table.columns if column.comment)


def write_all(folder: Path, databases: dict[str, Sequence[LabelledTable]]) -> None:
    """Write NAME.db for each database, labels.csv and comments.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, tables in databases.items():
        write_database(folder / f"{name}.db", tables)
    write_labels(folder / "labels.csv", databases)
    write_comments(folder / "comments.csv", databases)
