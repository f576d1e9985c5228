"""The catalogue of PostgreSQL, in five queries for the whole database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sensscan.catalog.families import postgres_family
from sensscan.catalog.filters import Selection
from sensscan.catalog.parts import Draft, finish, skipped
from sensscan.language import Text
from sensscan.model import Column, ColumnRef, Family, SkippedObject, Table, TableKind, TableRef
from sensscan.source import Session

_KINDS: Mapping[str, TableKind] = {"r": "table", "p": "partitioned", "v": "view", "m": "materialized_view", "f": "foreign"}

_SCHEMAS = """
SELECT nspname FROM pg_catalog.pg_namespace
WHERE nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema' ORDER BY 1"""

# Estimates: reltuples, which is -1 (0 before version 14) when nobody analysed the table; a parent has the sum of its leaves.
# No pg_relation_size here: it waits for the lock of each table, and one ALTER TABLE would stop the whole catalogue.
_TABLES = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text, d.description,
       CASE WHEN c.relkind IN ('r', 'm') AND (c.reltuples > 0 OR (c.reltuples = 0 AND c.relpages > 0)) THEN c.reltuples::int8
            WHEN c.relkind = 'p' THEN (
                WITH RECURSIVE leaves AS (
                    SELECT c.oid AS relid UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN leaves l ON i.inhparent = l.relid)
                SELECT CASE WHEN min(k.reltuples) >= 0 THEN sum(k.reltuples)::int8 END
                FROM leaves l JOIN pg_catalog.pg_class k ON k.oid = l.relid AND k.relkind = 'r')
       END,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
       pg_catalog.has_table_privilege(c.oid, 'SELECT')
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
WHERE n.nspname = ANY(%s) AND c.relkind = ANY(%s) AND NOT c.relispartition AND c.relpersistence <> 't'
ORDER BY n.nspname, c.relname"""

_COLUMNS = """
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, d.description,
       CASE WHEN a.attrelid = ANY(%s) THEN pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT') END
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_description d
       ON d.objoid = a.attrelid AND d.objsubid = a.attnum AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum"""

_TYPES = """
SELECT u.typid, u.typmod, pg_catalog.format_type(u.typid, u.typmod), t.typname, t.typtype::text, t.typcategory::text, t.typbasetype,
       t.typtypmod, t.typelem
FROM (SELECT DISTINCT a.atttypid AS typid, a.atttypmod AS typmod FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped
      UNION SELECT d.typbasetype, d.typtypmod FROM pg_catalog.pg_type d WHERE d.typtype = 'd') u
JOIN pg_catalog.pg_type t ON t.oid = u.typid"""

_LABELS = "SELECT e.enumtypid, e.enumlabel FROM pg_catalog.pg_enum e ORDER BY e.enumtypid, e.enumsortorder"

_KEYS = """
SELECT k.conrelid, k.contype::text, k.conkey, k.confrelid, k.confkey
FROM pg_catalog.pg_constraint k WHERE k.conrelid = ANY(%s) AND k.contype IN ('p', 'u', 'f')
UNION ALL
SELECT i.indrelid, 'u', ARRAY[i.indkey[0]]::int2[], 0, NULL
FROM pg_catalog.pg_index i
WHERE i.indrelid = ANY(%s) AND i.indisunique AND i.indisvalid AND i.indnatts = 1 AND i.indkey[0] > 0 AND i.indpred IS NULL"""


@dataclass(frozen=True, slots=True)
class _Type:
    spelling: str
    family: Family
    length: int | None
    labels: tuple[str, ...]


def read_catalogue(session: Session, source: str, selection: Selection) -> tuple[list[Table], list[SkippedObject]]:
    """Return tables and skipped objects of the connected database."""
    schemas = selection.schemas(str(row[0]) for row in session.execute(_SCHEMAS))
    kinds = ["r", "p", "f", "v", "m"] if selection.filters.views else ["r", "p", "f", "m"]
    if not schemas:
        return [], []
    drafts: dict[int, Draft] = {}
    left_out: list[SkippedObject] = []
    for oid, schema, table, kind, comment, estimate, usage, select in session.execute(_TABLES, [schemas, kinds]):
        if not selection.table(schema, table):
            continue
        if kind == "f":
            left_out.append(
                skipped(
                    schema,
                    table,
                    "unsupported",
                    Text("Foreign table: scan the server that holds its rows.", "外部表：请直接扫描存放其数据的服务器。"),
                )
            )
            continue
        rows = None if estimate is None or estimate < 0 else int(estimate)
        drafts[oid] = Draft(TableRef(source, schema, table), _KINDS[kind], comment or "", rows, unreadable=not (usage and select))
    _add_columns(session, drafts, {oid for oid, draft in drafts.items() if draft.unreadable})
    tables = [table for draft in drafts.values() if (table := finish(draft, selection)) is not None]
    return tables, left_out


def _add_columns(session: Session, drafts: Mapping[int, Draft], restricted: set[int]) -> None:
    oids = list(drafts)
    if not oids:
        return
    types = _read_types(session, oids)
    columns = session.execute(_COLUMNS, [list(restricted), oids])
    names = {(oid, number): name for oid, number, name, *_ in columns}
    primary, unique, references = _read_keys(session, drafts, names)
    for oid, draft in drafts.items():
        draft.primary_key = tuple(names[oid, number] for number in primary.get(oid, ()) if (oid, number) in names)
    usable = _usable_schemas(session, drafts, restricted)
    for oid, number, name, type_id, modifier, not_null, comment, granted in columns:
        draft = drafts[oid]
        kind = types[type_id, modifier]
        draft.columns.append(
            Column(
                ref=ColumnRef(draft.ref.source, draft.ref.schema, draft.ref.table, name),
                data_type=kind.spelling,
                family=kind.family,
                position=number,
                comment=comment or "",
                nullable=not not_null,
                is_key=(oid, number) in unique or number in primary.get(oid, ()),
                length=kind.length,
                references=references.get((oid, number)),
                enum_values=kind.labels,
            )
        )
        if granted and draft.ref.schema in usable:
            draft.granted.append(name)


def _usable_schemas(session: Session, drafts: Mapping[int, Draft], restricted: set[int]) -> set[str]:
    schemas = sorted({drafts[oid].ref.schema for oid in restricted})
    if not schemas:
        return set()
    query = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ANY(%s) AND pg_catalog.has_schema_privilege(oid, 'USAGE')"
    return {str(row[0]) for row in session.execute(query, [schemas])}


def _read_types(session: Session, oids: Sequence[int]) -> dict[tuple[int, int], _Type]:
    labels: dict[int, list[str]] = {}
    for type_id, label in session.execute(_LABELS):
        labels.setdefault(type_id, []).append(label)
    rows: dict[tuple[int, int], tuple[Any, ...]] = {(row[0], row[1]): row for row in session.execute(_TYPES, [list(oids)])}
    made = {}
    for key, row in rows.items():
        final = row
        while final[4] == "d" and (final[6], final[7]) in rows:  # a domain: look at what it is made of
            final = rows[final[6], final[7]]
        type_id, modifier, _, name, kind, category = final[:6]
        made[key] = _Type(
            spelling=row[2],
            family=postgres_family(name, kind, category),
            length=_length(name, modifier),
            labels=tuple(labels.get(final[8] if category == "A" else type_id, ())),
        )
    return made


def _length(type_name: str, modifier: int) -> int | None:
    """Read typmod: characters + 4 for varchar and bpchar, precision in the upper half for numeric, bits for bit."""
    if modifier < 0:
        return None
    if type_name in ("varchar", "bpchar"):
        return modifier - 4
    if type_name == "numeric":
        return ((modifier - 4) >> 16) & 0xFFFF
    return modifier if type_name in ("bit", "varbit") else None


def _read_keys(
    session: Session, drafts: Mapping[int, Draft], names: Mapping[tuple[int, int], str]
) -> tuple[dict[int, list[int]], set[tuple[int, int]], dict[tuple[int, int], ColumnRef]]:
    """Return primary keys (ordered attribute numbers), columns unique on their own, and targets of foreign keys."""
    primary: dict[int, list[int]] = {}
    unique: set[tuple[int, int]] = set()
    references: dict[tuple[int, int], ColumnRef] = {}
    oids = list(drafts)
    keys = session.execute(_KEYS, [oids, oids])
    foreign = {target for _, kind, _, target, _ in keys if kind == "f"} - set(drafts)
    targets = {oid: (draft.ref.schema, draft.ref.table) for oid, draft in drafts.items()}
    outside = dict(names)
    if foreign:
        # Tables that the filters left out still name the target of a foreign key.
        query = """SELECT a.attrelid, a.attnum, a.attname, n.nspname, c.relname FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE a.attrelid = ANY(%s) AND a.attnum > 0"""
        for oid, number, name, schema, table in session.execute(query, [list(foreign)]):
            outside[oid, number] = name
            targets[oid] = (schema, table)
    source = next(iter(drafts.values())).ref.source
    for oid, kind, columns, target, target_columns in keys:
        if kind == "p":
            primary[oid] = list(columns)
        elif kind == "u" and len(columns) == 1:
            unique.add((oid, columns[0]))
        elif kind == "f" and target in targets:
            for number, target_number in zip(columns, target_columns, strict=False):
                if (target, target_number) in outside:
                    references[oid, number] = ColumnRef(source, *targets[target], outside[target, target_number])
    return primary, unique, references
