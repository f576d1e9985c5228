"""Files of known answers: labels (db, schema, table, column, type) and comments (db, table, column, comment)."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sensscan.errors import UsageError, file_trouble
from sensscan.language import Text
from sensscan.model import Column, Table


@dataclass(frozen=True, slots=True)
class Label:
    """What a scan may say of one column."""

    table: str
    column: str
    accepted: tuple[str, ...]
    """Type ids or "none", best first; "unknown" became "none": both mean that there is no label."""
    line: int
    db: str = ""
    """Name of the database or stem of the SQLite file; "" fits every source."""
    schema: str = ""


@dataclass(frozen=True)
class Labels:
    """All labels of one file."""

    path: Path
    rows: tuple[Label, ...]

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Sequence[Label]]:
        found: dict[tuple[str, str], list[Label]] = defaultdict(list)
        for row in self.rows:
            found[row.table.casefold(), row.column.casefold()].append(row)
        return found

    def of(self, databases: Collection[str], table: Table, column: Column) -> Label | None:
        """Return a column's label; `databases` are the names that its source goes by. Case decides only between two that fit."""
        ref = table.ref
        fitting = [
            row
            for row in self._by_name.get((ref.table.casefold(), column.ref.column.casefold()), ())
            if (not row.db or row.db in databases or row.db == ref.schema)
            and (not row.schema or row.schema.casefold() == ref.schema.casefold() or ref.schema == "main")
        ]
        exact = [row for row in fitting if (row.table, row.column) == (ref.table, column.ref.column)]
        return next(iter(exact or fitting), None)

    def unknown_types(self, known: Collection[str]) -> tuple[tuple[str, int], ...]:
        """Return (type, first line) of every type that is not in `known`: a column labelled so can only be missed."""
        found: dict[str, int] = {}
        for row in self.rows:
            for type_id in row.accepted:
                if type_id not in known and type_id != "none":
                    found.setdefault(type_id, row.line)
        return tuple(sorted(found.items()))


def read_labels(path: Path) -> Labels:
    """Read a CSV with the columns table, column, type and, where wanted, db, schema and alternatives; `a|b` accepts either, best first.

    Raises UsageError with file and line.
    """
    rows: list[Label] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for line, row in _rows(path, Text("Labels", "标注"), ("table", "column", "type")):
        words = [part.strip() for part in (row["type"] + "|" + (row.get("alternatives") or "")).split("|")]
        accepted = tuple(dict.fromkeys("none" if word == "unknown" else word for word in words if word))
        place = (row.get("db") or "", row.get("schema") or "", row["table"], row["column"])
        if not accepted or not row["table"] or not row["column"]:
            raise UsageError(Text(f"{path}:{line}: table, column or type is empty.", f"{path}:{line}：table、column 或 type 为空。"))
        if place in seen:
            raise UsageError(Text(f"{path}:{line}: same column as line {seen[place]}.", f"{path}:{line}：与第 {seen[place]} 行是同一列。"))
        seen[place] = line
        rows.append(Label(row["table"], row["column"], accepted, line, *place[:2]))
    return Labels(path, tuple(rows))


@dataclass(frozen=True)
class Comments:
    """Column comments for databases that keep none."""

    by_table: Mapping[tuple[str, str], Mapping[str, str]]
    """(database or "", table) -> column -> comment."""

    def of(self, databases: Collection[str], table: Table) -> Mapping[str, str]:
        """Return column -> comment for one table."""
        for name in (*sorted(databases), table.ref.schema, ""):
            found = self.by_table.get((name, table.ref.table))
            if found:
                return found
        return {}


def read_comments(path: Path) -> Comments:
    """Read a CSV with the columns table, column, comment and, where wanted, db. Raises UsageError with file and line."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for _, row in _rows(path, Text("Comments", "注释"), ("table", "column", "comment")):
        found[row.get("db") or "", row["table"]][row["column"]] = row["comment"]
    return Comments(found)


def _rows(path: Path, what: Text, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of a CSV file with a header."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(
                    Text(f"{what.en} file {path}: no column {', '.join(missing)}.", f"{what.zh}文件 {path}：缺少列 {'、'.join(missing)}。"),
                    Text("The first line names the columns: db,schema,table,column,type.", "首行为列名：db,schema,table,column,type。")
                    if "type" in needed
                    else Text("The first line names the columns: db,table,column,comment.", "首行为列名：db,table,column,comment。"),
                )
            for row in reader:
                if None in row or any(value is None for value in row.values()):
                    raise UsageError(
                        Text(
                            f"{what.en} file {path}:{reader.line_num}: not as many fields as the first line.",
                            f"{what.zh}文件 {path}:{reader.line_num}：字段数与首行不一致。",
                        )
                    )
                yield reader.line_num, {name: value.strip() for name, value in row.items()}
    except OSError as error:
        reason = file_trouble(error)
        raise UsageError(Text(f"{what.en} file {path}: {reason.en}.", f"{what.zh}文件 {path} 无法读取：{reason.zh}。")) from None
    except (UnicodeDecodeError, csv.Error):
        raise UsageError(Text(f"{what.en} file {path} is not CSV in UTF-8.", f"{what.zh}文件 {path} 不是 UTF-8 的 CSV。")) from None
