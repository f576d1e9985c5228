"""Marks of PostgreSQL: readable by any role, without a grant.

Server: `pg_current_snapshot()` moves with every transaction that writes, and survives restarts. Table: its oid, filenode (moves on TRUNCATE
and rewrites) and the three write counters of the statistics collector, which are trusted only within one epoch: counters restart from 0
after a crash or a reset, told by the reset times of pg_stat_wal, pg_stat_bgwriter and pg_stat_database.
A partitioned or inherited table is the sum of its members, a plain view that of the relations that it reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes.marks import Changed, Comparison, Mark, Same, Unknown, Value
from sensscan.source import Session


def _server_statement(version: int) -> str:
    snapshot = "pg_current_snapshot()" if version >= 130000 else "txid_current_snapshot()"
    wal = "(SELECT stats_reset FROM pg_stat_wal), " if version >= 140000 else ""
    return f"""
SELECT {snapshot}::text,
       concat_ws('|', {wal}(SELECT stats_reset FROM pg_stat_bgwriter),
                 (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database())),
       pg_is_in_recovery(), current_setting('track_counts'),
       (SELECT oid::bigint FROM pg_database WHERE datname = current_database())"""  # noqa: S608  # two fixed words by version


_RELATIONS = """
SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, coalesce(pg_relation_filenode(c.oid), 0)::bigint,
       pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid), pg_stat_get_tuples_deleted(c.oid), c.relpersistence::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_t'"""

# Who shows whose rows: a parent its children, a view what its rule reads; -1 where a view calls a function of a user.
_EDGES = """
SELECT inhparent::bigint, inhrelid::bigint FROM pg_inherits
UNION
SELECT r.ev_class::bigint, CASE WHEN d.refclassid = 'pg_class'::regclass THEN d.refobjid::bigint ELSE -1 END
  FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refobjid <> r.ev_class
 WHERE d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass)"""


@dataclass(frozen=True, slots=True)
class Relation:
    """One row of the catalogue with its counters."""

    oid: int
    schema: str
    name: str
    kind: str
    filenode: int
    counters: tuple[int, int, int]
    persistence: str


@dataclass(frozen=True, slots=True)
class Relations:
    """All relations of the database and who shows whose rows."""

    by_oid: Mapping[int, Relation]
    bases: Mapping[int, tuple[int, ...]]

    def members(self, oid: int) -> tuple[Relation, ...] | None:
        """Return the relations that hold the rows shown by `oid`, itself included; None if one of them cannot be followed."""
        found: dict[int, Relation] = {}
        waiting = [oid]
        while waiting:
            one = waiting.pop()
            if one in found:
                continue
            relation = self.by_oid.get(one)
            if relation is None or relation.kind == "f" or (relation.kind == "v" and not self.bases.get(one)):
                return None
            found[one] = relation
            waiting += self.bases.get(one, ())
        return tuple(found[one] for one in sorted(found))

    def followers(self, source: str) -> dict[TableRef, frozenset[TableRef]]:
        """Return for every relation the tables and views that show its rows, itself included."""
        result: dict[TableRef, set[TableRef]] = {}
        for oid, relation in self.by_oid.items():
            top = TableRef(source, relation.schema, relation.name)
            for member in self.members(oid) or (relation,):
                result.setdefault(TableRef(source, member.schema, member.name), set()).add(top)
        return {base: frozenset(tops) for base, tops in result.items()}


def read_relations(session: Session) -> Relations:
    """Read all relations and their dependencies: two statements."""
    by_oid = {
        int(row[0]): Relation(
            int(row[0]), row[1], row[2], row[3], int(row[4]), (int(row[5] or 0), int(row[6] or 0), int(row[7] or 0)), row[8]
        )
        for row in session.execute(_RELATIONS)
    }
    bases: dict[int, list[int]] = {}
    for top, base in session.execute(_EDGES):
        bases.setdefault(int(top), []).append(int(base))
    return Relations(by_oid, {top: tuple(found) for top, found in bases.items()})


def read(session: Session, tables: Collection[TableRef]) -> dict[TableRef, Mark]:
    """Read the marks of `tables`: four statements for any number of them."""
    with session.transaction():
        version = int(next(iter(session.execute("SELECT current_setting('server_version_num')")))[0])
        snapshot, epoch, standby, track, database = next(iter(session.execute(_server_statement(version))))
        relations = read_relations(session)
    shared: dict[str, Value] = {"snapshot": snapshot, "epoch": epoch, "database": int(database)}
    if standby:
        shared["unknown"] = "standby"
    elif track != "on":
        shared["unknown"] = "track_counts"
    oids = {(relation.schema, relation.name): oid for oid, relation in relations.by_oid.items()}
    marks = {}
    for ref in tables:
        oid = oids.get((ref.schema, ref.table))
        if oid is None:
            continue
        marks[ref] = Mark("postgresql", {**shared, "oid": oid, **_counters(relations.members(oid))})
    return marks


def server_mark(session: Session) -> str:
    """Return the snapshot; counters that arrive late (idle sessions, up to 10 s) do not move it, so it settles for a while."""
    return ""


def _counters(members: tuple[Relation, ...] | None) -> dict[str, Value]:
    if members is None:
        return {"members": None}
    identity = ",".join(f"{one.oid}:{one.filenode}" for one in members)
    if len(members) > 1:
        identity = hashlib.sha256(identity.encode()).hexdigest()[:16]
    inserted, updated, deleted = (sum(one.counters[position] for one in members) for position in range(3))
    return {"members": identity, "ins": inserted, "upd": updated, "del": deleted}


_UNKNOWN = {
    "standby": Text("a standby server does not count changes", "备库不统计数据变更"),
    "track_counts": Text("the server does not count changes (track_counts is off)", "服务器未统计数据变更（track_counts 已关闭）"),
}


_NO_TRANSACTION = Same(Text("no transaction wrote anything on the server since", "服务器上此后没有任何写事务"))
_NOT_MOVED = Same(Text("its change counters have not moved", "其变更计数器没有变化"))


def compare(stored: Mark, current: Mark) -> Comparison:
    """Compare two readings of one table."""
    for mark in (current, stored):
        if mark.text("unknown"):
            return Unknown(_UNKNOWN.get(mark.text("unknown"), Text("the server gives no change mark", "服务器没有给出变更标记")))
    if stored.text("database") != current.text("database"):
        return Unknown(Text("the database was recreated", "数据库被重新创建过"))
    if stored.text("epoch") != current.text("epoch"):
        return Unknown(Text("the server's counters restarted (crash or reset)", "服务器的计数器已重新开始（崩溃或被重置）"))
    if stored.text("oid") != current.text("oid"):
        return Changed(Text("another table now has this name", "该名称现在属于另一张表"))
    if stored.text("snapshot") == current.text("snapshot"):
        return _NO_TRANSACTION
    if current.values.get("members") is None or stored.values.get("members") is None:
        return Unknown(Text("it shows rows that cannot be followed (foreign table, function)", "其数据来源无法追踪（外部表或函数）"))
    if stored.text("members") != current.text("members"):
        return Changed(Text("its storage was replaced (TRUNCATE or rewrite)", "其存储被替换（TRUNCATE 或重写）"))
    moved = [(current.number(key) or 0) - (stored.number(key) or 0) for key in ("ins", "upd", "del")]
    if min(moved) < 0:
        return Unknown(Text("a change counter went down", "变更计数器变小了"))
    if not any(moved):
        return _NOT_MOVED
    parts = [(name, zh, count) for (name, zh), count in zip(_WORDS, moved, strict=True) if count]
    return Changed(Text(", ".join(f"{count} {name}" for name, _, count in parts), "，".join(f"{zh} {count} 行" for _, zh, count in parts)))


_WORDS = (("rows inserted", "插入"), ("rows updated", "更新"), ("rows deleted", "删除"))
