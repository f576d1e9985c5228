"""The catalogue of MySQL and MariaDB, from information_schema, in five queries for all databases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sensscan.catalog.families import declared_length, mysql_family
from sensscan.catalog.filters import Selection
from sensscan.catalog.parts import Draft, finish, skipped
from sensscan.language import Text
from sensscan.model import Column, ColumnRef, Family, SkippedObject, Table, TableKind, TableRef
from sensscan.source import Session, error_code

_SYSTEM = frozenset(
    {
        "information_schema", "mysql", "performance_schema", "sys", "ndbinfo",
        "metrics_schema", "inspection_schema",  # TiDB
        "oceanbase", "__recyclebin", "__public",  # OceanBase
    }
)  # fmt: skip
_KINDS: Mapping[str, TableKind] = {"BASE TABLE": "table", "SYSTEM VERSIONED": "table", "VIEW": "view"}
_FOREIGN_ENGINES = frozenset({"FEDERATED", "CONNECT", "SPIDER"})

_SCHEMAS = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME"
_TABLES = """
SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, TABLE_COMMENT, CREATE_OPTIONS
FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ({}) {} ORDER BY TABLE_SCHEMA, TABLE_NAME"""
# One row per table with all its columns in one cell: a driver written in Python needs two seconds more for a million cells.
_COLUMNS = """
SELECT TABLE_SCHEMA, TABLE_NAME, GROUP_CONCAT(CONCAT_WS(CHAR(31), COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE,
       COLUMN_KEY, COLUMN_COMMENT, COALESCE(CHARACTER_MAXIMUM_LENGTH, ''), COALESCE(NUMERIC_PRECISION, ''),
       COALESCE(CHARACTER_SET_NAME, ''), PRIVILEGES) SEPARATOR '\x1e')
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN ({}) {} GROUP BY TABLE_SCHEMA, TABLE_NAME"""
_CONCAT_BYTES = 64 * 1024 * 1024
_KEYS = """
SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, CONSTRAINT_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
FROM information_schema.KEY_COLUMN_USAGE
WHERE TABLE_SCHEMA IN ({}) {} AND (CONSTRAINT_NAME = 'PRIMARY' OR REFERENCED_TABLE_NAME IS NOT NULL) ORDER BY ORDINAL_POSITION"""
# MariaDB keeps JSON columns as longtext with this check.
_JSON_CHECKS = """
SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA IN ({}) AND CHECK_CLAUSE LIKE 'json_valid(%%'"""

_NAMED_AT_MOST = 200
_Key = tuple[str, str]


def read_catalogue(session: Session, source: str, selection: Selection) -> tuple[list[Table], list[SkippedObject]]:
    """Return tables and skipped objects of the URL's database, or of all databases that the account sees."""
    schemas = [session.url.database] if session.url.database else [str(row[0]) for row in session.execute(_SCHEMAS)]
    schemas = selection.schemas(name for name in schemas if name.lower() not in _SYSTEM)
    if not schemas:
        return [], []
    marks = ", ".join(["%s"] * len(schemas))
    drafts, left_out = _read_tables(session, source, selection, schemas, marks)
    if drafts:
        _add_columns(session, drafts, schemas, marks)
    tables = [table for draft in drafts.values() if draft.columns and (table := finish(draft, selection)) is not None]
    left_out += [
        skipped(
            draft.ref.schema,
            draft.ref.table,
            "failed" if draft.kind != "view" else "permission",
            Text("Its columns cannot be listed: no right on them, or it is broken.", "无法列出其列：没有权限或对象已损坏。"),
        )
        for draft in drafts.values()
        if not draft.columns
    ]
    return tables, left_out


def _read_tables(
    session: Session, source: str, selection: Selection, schemas: Sequence[str], marks: str
) -> tuple[dict[_Key, Draft], list[SkippedObject]]:
    drafts: dict[_Key, Draft] = {}
    left_out: list[SkippedObject] = []
    restriction, names = _restriction([] if selection.only is None else [table for _, table in selection.only])
    found = session.execute(_TABLES.format(marks, restriction), [*schemas, *names])
    for schema, table, table_type, engine, rows, comment, options in found:
        kind = _KINDS.get(table_type)
        if kind is None or not selection.table(schema, table) or (kind == "view" and not selection.filters.views):
            continue
        if (engine or "").upper() in _FOREIGN_ENGINES:
            text = Text("Foreign table: scan the server that holds its rows.", "外部表：请直接扫描存放其数据的服务器。")
            left_out.append(skipped(schema, table, "unsupported", text))
            continue
        if kind == "table" and engine is None:
            text = Text("The server cannot open this table; check it with CHECK TABLE.", "服务器无法打开此表，请用 CHECK TABLE 检查。")
            left_out.append(skipped(schema, table, "failed", text))
            continue
        if kind == "table" and "partitioned" in (options or ""):
            kind = "partitioned"
        estimate = None if rows is None or kind == "view" else int(rows)
        drafts[schema, table] = Draft(TableRef(source, schema, table), kind, "" if kind == "view" else comment or "", estimate)
    return drafts, left_out


def _add_columns(session: Session, drafts: Mapping[_Key, Draft], schemas: Sequence[str], marks: str) -> None:
    restriction, names = _restriction(table for _, table in drafts)
    session.execute(f"SET SESSION group_concat_max_len = {_CONCAT_BYTES}")
    tables = session.execute(_COLUMNS.format(marks, restriction), [*schemas, *names])
    references = _read_keys(drafts, session.execute(_KEYS.format(marks, restriction), [*schemas, *names]))
    # Each statement makes the server open all tables once more: JSON is a kind of longtext, so often there is nothing to ask.
    maybe_json = session.vendor == "MariaDB" and any("\x1flongtext\x1f" in packed.lower() for _, _, packed in tables)
    json_columns = _read_json_checks(session, schemas, marks) if maybe_json else set()
    for schema, table, packed in tables:
        draft = drafts.get((schema, table))
        if draft is None:
            continue
        facts = sorted((line.split("\x1f") for line in packed.split("\x1e")), key=lambda fact: int(fact[1]))
        for name, position, data_type, column_type, nullable, key, comment, length, precision, charset, rights in facts:
            json = (schema, table, name) in json_columns
            draft.columns.append(
                Column(
                    ref=ColumnRef(draft.ref.source, schema, table, name),
                    data_type="json" if json else column_type,
                    family=Family.JSON if json else mysql_family(data_type, column_type),
                    position=int(position),
                    comment=comment,
                    nullable=nullable == "YES",
                    is_key=key == "UNI" or name in draft.primary_key,
                    length=_length(data_type, column_type, length, precision),
                    references=references.get((schema, table, name)),
                    enum_values=_enum_values(column_type) if data_type in ("enum", "set") else (),
                    charset=charset,
                )
            )
            if rights and "select" not in rights.lower().split(","):
                draft.unreadable = True
            else:
                draft.granted.append(name)


def _length(data_type: str, column_type: str, length: str, precision: str) -> int | None:
    if data_type in ("char", "varchar", "binary", "varbinary"):
        return int(length) if length else declared_length(column_type)
    if data_type == "decimal" and precision:
        return int(precision)
    return declared_length(column_type) if data_type in ("bit", "tinyint", "smallint", "mediumint", "int", "bigint") else None


def _enum_values(column_type: str) -> tuple[str, ...]:
    """Read the labels of `enum('a','it''s')`; quotes are doubled inside."""
    return tuple(label.replace("''", "'").replace("\\\\", "\\") for label in re.findall(r"'((?:[^']|'')*)'", column_type))


def _restriction(tables: Iterable[str]) -> tuple[str, list[str]]:
    """Return a condition on few tables' names and its parameters: naming them spares the server from opening all others."""
    names = sorted(set(tables))
    return (f"AND TABLE_NAME IN ({', '.join(['%s'] * len(names))})", names) if 0 < len(names) <= _NAMED_AT_MOST else ("", [])


def _read_keys(drafts: Mapping[_Key, Draft], rows: Iterable[Sequence[Any]]) -> dict[tuple[str, str, str], ColumnRef]:
    """Set the primary keys of the drafts and return the targets of foreign keys."""
    references = {}
    for schema, table, column, _, target_schema, target_table, target_column in rows:
        draft = drafts.get((schema, table))
        if draft is None:
            continue
        if target_table is None:
            draft.primary_key = (*draft.primary_key, column)
        else:
            references[schema, table, column] = ColumnRef(draft.ref.source, target_schema, target_table, target_column)
    return references


def _read_json_checks(session: Session, schemas: Sequence[str], marks: str) -> set[tuple[str, str, str]]:
    try:
        rows = session.execute(_JSON_CHECKS.format(marks), schemas)
    except Exception as error:
        if error_code(error) not in ("1109", "1054"):  # versions before 10.2.22 have no such table
            raise
        return set()
    found = set()
    for schema, table, clause in rows:
        name = re.fullmatch(r"json_valid\(`((?:[^`]|``)+)`\)", clause)
        if name:
            found.add((schema, table, name[1].replace("``", "`")))
    return found
