"""The catalogue of SQLite: pragma functions joined to the schema table, so that all tables are one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sensscan.catalog.ddl_comments import ddl_comments
from sensscan.catalog.families import declared_length, sqlite_family
from sensscan.catalog.filters import Selection
from sensscan.catalog.parts import Draft, finish, skipped
from sensscan.language import Text
from sensscan.model import Column, ColumnRef, Family, SkippedObject, Table, TableRef
from sensscan.source import Session

_SCHEMA = "main"
_OBJECTS = "SELECT name, type, coalesce(sql, '') FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
_COLUMNS = """
SELECT m.name, p.name, p.type, p."notnull", p.pk, p.cid, p.hidden
FROM sqlite_master m, pragma_table_xinfo(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.cid"""
_COLUMNS_OF = 'SELECT ?1, p.name, p.type, p."notnull", p.pk, p.cid, p.hidden FROM pragma_table_xinfo(?1) p ORDER BY p.cid'
_FOREIGN_KEYS = """
SELECT m.name, f."from", f."table", f."to", f.seq FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"""
_UNIQUE = """
SELECT m.name, min(c.name) FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
WHERE m.type = 'table' AND i."unique" = 1 AND i.partial = 0 GROUP BY m.name, i.name HAVING count(*) = 1"""
_SHADOWS = "SELECT name FROM pragma_table_list WHERE type = 'shadow' AND schema = 'main'"
_PER_QUERY = 400
"""SQLite joins at most 500 SELECTs by UNION ALL."""


def read_catalogue(session: Session, source: str, selection: Selection) -> tuple[list[Table], list[SkippedObject]]:
    """Return tables and skipped objects of the file's main schema."""
    if not selection.schema(_SCHEMA):
        return [], []
    left_out: list[SkippedObject] = []
    shadows = _shadow_tables(session)
    drafts: dict[str, Draft] = {}
    comments: dict[str, dict[str, str]] = {}
    for name, kind, sql in session.execute(_OBJECTS):
        if name.startswith("sqlite_") or name in shadows or not selection.table(_SCHEMA, name):
            continue
        if kind == "view":
            if selection.filters.views:
                drafts[name] = Draft(TableRef(source, _SCHEMA, name), "view")
        else:
            virtual = sql.lstrip()[:14].upper() == "CREATE VIRTUAL"
            drafts[name] = Draft(TableRef(source, _SCHEMA, name), "virtual" if virtual else "table")
            drafts[name].comment, comments[name] = ddl_comments(sql)
    _add_columns(session, drafts, comments)
    _add_estimates(session, [draft for draft in drafts.values() if draft.kind == "table"])
    tables = []
    for name, draft in drafts.items():
        if not draft.columns:
            text = Text("Its columns cannot be listed: it is broken or needs a missing extension.", "无法列出其列：对象已损坏或缺少扩展。")
            left_out.append(skipped(_SCHEMA, name, "failed", text))
        elif (table := finish(draft, selection)) is not None:
            tables.append(table)
    return tables, left_out


def _shadow_tables(session: Session) -> set[str]:
    """Return the inner tables of full-text indexes and the like; their rows are read through the virtual table."""
    try:
        return {str(row[0]) for row in session.execute(_SHADOWS)}
    except Exception:  # before 3.37 SQLite cannot tell them
        return set()


def _add_columns(session: Session, drafts: Mapping[str, Draft], comments: Mapping[str, Mapping[str, str]]) -> None:
    ordinary = {name for name, draft in drafts.items() if draft.kind == "table"}
    try:
        rows = session.execute(_COLUMNS)
    except Exception:  # one virtual table without its module breaks the joined query; ask one by one then
        rows, ordinary = [], set()
    for name in drafts.keys() - ordinary:
        try:
            rows = [row for row in rows if row[0] != name] + session.execute(_COLUMNS_OF, [name])
        except Exception:  # noqa: S112  # a broken view or a missing module; read_catalogue reports what stays without columns
            continue
    keys: dict[str, list[tuple[int, str]]] = {}
    for table, column, *_, pk, _, _ in rows:
        if pk and table in drafts:
            keys.setdefault(table, []).append((pk, column))
    for table, parts in keys.items():
        drafts[table].primary_key = tuple(column for _, column in sorted(parts))
    unique = _read_pairs(session, _UNIQUE)
    references = _read_references(session, drafts)
    for table, column, declared, not_null, pk, position, hidden in rows:
        draft = drafts.get(table)
        if draft is None or hidden == 1:  # 1: hidden column of a virtual table; 2 and 3: generated, readable
            continue
        draft.columns.append(
            Column(
                ref=ColumnRef(draft.ref.source, _SCHEMA, table, column),
                data_type=declared or "",
                family=sqlite_family(declared or "") if draft.kind == "table" or declared else Family.ANY,
                position=position + 1,
                comment=comments[table].get(column.lower(), "") if comments.get(table) else "",
                nullable=not not_null,
                is_key=bool(pk) or (table, column) in unique,
                length=declared_length(declared or ""),
                references=references.get((table, column)),
            )
        )


def _read_pairs(session: Session, query: str) -> set[tuple[str, str]]:
    try:
        return {(str(row[0]), str(row[1])) for row in session.execute(query)}
    except Exception:  # an index on a missing collation or function; keys are a help, not a need
        return set()


def _read_references(session: Session, drafts: Mapping[str, Draft]) -> dict[tuple[str, str], ColumnRef]:
    try:
        rows = session.execute(_FOREIGN_KEYS)
    except Exception:  # as above
        return {}
    folded = {name.casefold(): draft for name, draft in drafts.items()}
    found = {}
    for table, column, target_table, named, part in rows:
        target_column = named
        target = folded.get(str(target_table).casefold())
        if table not in drafts:
            continue
        if target_column is None:  # REFERENCES t without a column means t's primary key
            if target is None or part >= len(target.primary_key):
                continue
            target_column = target.primary_key[part]
        name = target.ref.table if target else str(target_table)
        found[table, column] = ColumnRef(drafts[table].ref.source, _SCHEMA, name, target_column)
    return found


def _add_estimates(session: Session, drafts: Sequence[Draft]) -> None:
    """Estimate rows by sqlite_stat1 (ANALYZE), else by the highest rowid, which one index step finds."""
    known: dict[str, int] = {}
    try:
        for table, stat in session.execute("SELECT tbl, max(stat) FROM sqlite_stat1 GROUP BY tbl"):
            number = str(stat).partition(" ")[0]
            if number.isdigit():
                known[str(table)] = int(number)
    except Exception:  # nobody ran ANALYZE
        known = {}
    unknown = [draft for draft in drafts if draft.ref.table not in known]
    for draft in drafts:
        draft.row_estimate = known.get(draft.ref.table)
    for start in range(0, len(unknown), _PER_QUERY):
        _by_rowid(session, unknown[start : start + _PER_QUERY])


def _by_rowid(session: Session, drafts: Sequence[Draft]) -> None:
    names = [session.quote_table(_SCHEMA, draft.ref.table) for draft in drafts]
    selects = (f"SELECT {place}, max(_rowid_) FROM {name}" for place, name in enumerate(names))  # noqa: S608  # names are quoted
    try:
        rows = session.execute(" UNION ALL ".join(selects))
    except Exception:  # a table WITHOUT ROWID among them: halve until it stands alone
        if len(drafts) > 1:
            middle = len(drafts) // 2
            _by_rowid(session, drafts[:middle])
            _by_rowid(session, drafts[middle:])
        return
    for place, highest in rows:
        drafts[place].row_estimate = highest if isinstance(highest, int) and highest >= 0 else (0 if highest is None else None)
