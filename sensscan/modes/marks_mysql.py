"""Marks of MariaDB and MySQL: a ladder, because no single one can be trusted.

1. Server: the position in the binary log, as InnoDB's consistent snapshot sees it (`Binlog_snapshot_*`, readable by every account), and the
   GTID position. Equal: nothing was written (statements under `sql_log_bin=0` and filtered databases aside).
2. The binary log between the two positions, where the account may read it: `marks_binlog`, which goes before the rungs below.
3. Rebuilt or emptied: InnoDB's table id, CREATE_TIME, the row estimate falling to 0 (TRUNCATE moves neither UPDATE_TIME nor CREATE_TIME).
4. Write counters of performance_schema or userstat, valid within one server start. They count before commit, so a reading taken while a
   writing transaction was open proves nothing; the same for tables that a foreign key changes by cascade, which nobody counts.
5. UPDATE_TIME: InnoDB and MyISAM only, both readings present, equal and more than two seconds old when taken. On MariaDB it is the start of
   the last committed transaction, so a transaction that was open with the same start second makes it worthless (seen only with PROCESS).
6. Unknown.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes.marks import Changed, Comparison, Mark, Same, Unknown, Value
from sensscan.source import Session, is_lost, translate

Rows = Sequence[Sequence[Any]]
_SETTLE_SECONDS = 0.01
_WHAT = Text("change marks", "变更标记")
_START_SLACK = 5
"""Seconds by which two computations of one server start may differ (now - uptime, both in whole seconds)."""

_VARIABLES = (
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'log_bin', 'gtid_binlog_pos', 'gtid_slave_pos', 'gtid_executed', "
    "'gtid_mode', "
    "'log_slave_updates', 'log_replica_updates', 'server_uid', 'server_uuid', 'userstat', 'performance_schema', 'datadir', 'hostname')"
)


def ask(session: Session, sql: str, params: Sequence[object] = ()) -> Rows | None:
    """Return the rows of a statement, None when this account or server does not allow it; a lost connection is an error."""
    try:
        return session.execute(sql, params)
    except Exception as error:  # drivers raise many kinds; what is not a lost connection only means "not to be had"
        if is_lost(error):
            raise translate(error, _WHAT) from None
        return None


def variables(session: Session) -> dict[str, str]:
    """Return the settings that the marks rest on, by lower-case name."""
    return {str(row[0]).lower(): str(row[1]) for row in ask(session, _VARIABLES) or ()}


def binlog_position(session: Session) -> str:
    """Return "file:position" of the binary log as of a consistent InnoDB snapshot; "" where the server does not tell.

    `START TRANSACTION WITH CONSISTENT SNAPSHOT` makes it exact: every transaction before the position is visible to a later reader.
    """
    with session.transaction():
        # Replaces the transaction just begun; read-only as well, by the session's setting.
        begun = ask(session, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
        found = ask(session, "SHOW STATUS LIKE 'Binlog_snapshot%%'") if begun is not None else None
    rows = {str(row[0]).lower(): str(row[1]) for row in found or ()}
    file, position = rows.get("binlog_snapshot_file", ""), rows.get("binlog_snapshot_position", "")
    return f"{file}:{position}" if file and position.isdigit() else ""


def _server(session: Session) -> dict[str, Value]:
    """Return the part of the mark that all tables share."""
    facts = variables(session)
    maria = "mariadb" in facts.get("version", "").lower()
    before = _gtid(facts, maria=maria)
    position = binlog_position(session) if maria else ""
    time.sleep(_SETTLE_SECONDS)
    settled = before == _gtid(variables(session), maria=maria) and (not maria or position == binlog_position(session))
    logging = facts.get("log_bin", "").upper() in ("ON", "1")
    replica = bool(facts.get("gtid_slave_pos"))
    forwards = facts.get("log_slave_updates", facts.get("log_replica_updates", "")).upper() in ("ON", "1")
    uptime = ask(session, "SHOW GLOBAL STATUS LIKE 'Uptime'")
    now = ask(session, "SELECT UNIX_TIMESTAMP()")
    start = int(now[0][0]) - int(uptime[0][1]) if uptime and now else None
    return {
        "server": facts.get("server_uid") or facts.get("server_uuid") or f"{facts.get('hostname')}:{facts.get('datadir')}",
        "log": logging and (forwards or not replica),
        "gtid": before, "pos": position, "settled": settled, "start": start,
    }  # fmt: skip


def _gtid(facts: Mapping[str, str], *, maria: bool) -> str:
    if maria:
        return facts.get("gtid_binlog_pos", "")
    return facts.get("gtid_executed", "").replace("\n", "") if facts.get("gtid_mode", "").upper() == "ON" else ""


def _within(session: Session, select: str, column: str, schemas: Sequence[str]) -> Rows | None:
    """Ask for the rows of the given schemas; their names travel as parameters."""
    return ask(session, f"{select} WHERE {column} IN ({', '.join(['%s'] * len(schemas))})", schemas)


def read(session: Session, tables: Collection[TableRef], earlier: Mapping[TableRef, Mark]) -> dict[TableRef, Mark]:
    """Read the marks of `tables`: a fixed number of statements, each allowed to be refused.

    Where nothing was logged since the `earlier` marks of all of them, these are the current ones: the server need not open every table.
    """
    shared = _server(session)
    now = Mark("mysql", shared)
    if all(ref in earlier and _same_server(earlier[ref], now) and _nothing_logged(earlier[ref], now) for ref in tables):
        return {ref: earlier[ref] for ref in tables}
    schemas = sorted({ref.schema for ref in tables})
    ask(session, "SET SESSION information_schema_stats_expiry = 0")  # MySQL 8 shows cached times otherwise; unknown to MariaDB
    listed = _within(
        session,
        "SELECT TABLE_SCHEMA, TABLE_NAME, ENGINE, TABLE_TYPE, UNIX_TIMESTAMP(CREATE_TIME), UNIX_TIMESTAMP(UPDATE_TIME), TABLE_ROWS, "
        "UNIX_TIMESTAMP() FROM information_schema.TABLES",
        "TABLE_SCHEMA",
        schemas,
    )
    ids, cascaded = _table_ids(session), cascades(session)
    open_starts = _open_transactions(session)
    counters = _counters(session, schemas)
    wanted = {(ref.schema, ref.table): ref for ref in tables}
    marks = {}
    for schema, name, engine, kind, created, updated, rows, now in listed or ():
        ref = wanted.get((str(schema), str(name)))
        if ref is None:
            continue
        updated_at = int(updated) if updated is not None else None
        marks[ref] = Mark(
            "mysql",
            {
                **shared,
                "engine": str(engine or kind or ""),
                "created": int(created) if created is not None else None,
                "updated": updated_at,
                "fresh": updated_at is not None and int(now) - updated_at <= 2,
                "rows": int(rows) if rows is not None else None,
                "id": ids.get((ref.schema, ref.table)),
                "writes": counters.get((ref.schema, ref.table)),
                "cascaded": (ref.schema, ref.table) in cascaded,
                "open": None if open_starts is None else updated_at in open_starts,
                "writers": None if open_starts is None else len(open_starts),
            },
        )
    return marks


def server_mark(session: Session) -> str:
    """Return the binary log's position; "" without a complete binary log."""
    facts = variables(session)
    if facts.get("log_bin", "").upper() not in ("ON", "1") or facts.get("gtid_slave_pos"):
        return ""
    return binlog_position(session) or _gtid(facts, maria=False)


def _table_ids(session: Session) -> dict[tuple[str, str], str]:
    """Return InnoDB's table ids (need PROCESS): a new one after TRUNCATE, rebuilds, and rename swaps."""
    rows = None
    for view in ("INNODB_SYS_TABLES", "INNODB_TABLES"):
        rows = ask(session, f"SELECT NAME, TABLE_ID FROM information_schema.{view}")  # noqa: S608  # two fixed words
        if rows is not None:
            break
    found: dict[tuple[str, str], list[str]] = {}
    for name, table_id in rows or ():
        schema, _, table = str(name).partition("/")
        table = table.split("#P#")[0].split("#p#")[0]
        found.setdefault((decode_file_name(schema), decode_file_name(table)), []).append(str(table_id))
    return {key: ",".join(sorted(ids)) for key, ids in found.items()}


def decode_file_name(name: str) -> str:
    """Return the identifier for InnoDB's file name form: `@` and four hex digits for other characters.

    The server's short forms for accented Latin letters (`@0G`) are left as they are: such a table then has no id, so that it is unknown.

    >>> decode_file_name("a@002db"), decode_file_name("@5ba2@6237")
    ('a-b', '客户')
    """
    parts = name.split("@")
    out = [parts[0]]
    for part in parts[1:]:
        try:
            out.append(chr(int(part[:4], 16)) + part[4:] if len(part) >= 4 else "@" + part)
        except ValueError:
            out.append("@" + part)
    return "".join(out)


def cascades(session: Session) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Return child table -> parents whose changes InnoDB carries into it by foreign key, unseen by binary log and counters."""
    rows = ask(
        session,
        "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME "
        "FROM information_schema.REFERENTIAL_CONSTRAINTS "
        "WHERE UPDATE_RULE NOT IN ('RESTRICT', 'NO ACTION') OR DELETE_RULE NOT IN ('RESTRICT', 'NO ACTION')",
    )
    result: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for schema, table, parent_schema, parent in rows or ():
        result.setdefault((str(schema), str(table)), set()).add((str(parent_schema), str(parent)))
    return result


def _open_transactions(session: Session) -> set[int] | None:
    """Return the start seconds of InnoDB's open transactions (needs PROCESS); None when not allowed to see them."""
    rows = ask(
        session, "SELECT UNIX_TIMESTAMP(trx_started) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id <> CONNECTION_ID()"
    )
    return None if rows is None else {int(row[0]) for row in rows if row[0] is not None}


def _counters(session: Session, schemas: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return rows written per table since the server started, from performance_schema, else userstat; empty when neither is on."""
    rows: Rows | None = None
    on = ask(session, "SELECT ENABLED FROM performance_schema.setup_instruments WHERE NAME = 'wait/io/table/sql/handler'")
    if on and str(on[0][0]) == "YES":
        waits = "SELECT OBJECT_SCHEMA, OBJECT_NAME, COUNT_WRITE FROM performance_schema.table_io_waits_summary_by_table"
        rows = _within(session, waits, "OBJECT_SCHEMA", schemas)
    if not rows:
        state = ask(session, "SELECT @@GLOBAL.userstat")
        if state and int(state[0][0]) == 1:
            changed = "SELECT TABLE_SCHEMA, TABLE_NAME, ROWS_CHANGED FROM information_schema.TABLE_STATISTICS"
            rows = _within(session, changed, "TABLE_SCHEMA", schemas)
    return {(str(row[0]), str(row[1])): int(row[2]) for row in rows or ()}


_NOTHING_LOGGED = Same(Text("the binary log has no new entry", "二进制日志没有新条目"))


def compare(stored: Mark, current: Mark) -> Comparison:
    """Go down the ladder until a rung bears."""
    if not _same_server(stored, current):
        return Unknown(Text("this is another server", "这是另一台服务器"))
    if _nothing_logged(stored, current):
        return _NOTHING_LOGGED
    return _replaced(stored, current) or _counted(stored, current) or _timed(stored, current)


def _same_server(stored: Mark, current: Mark) -> bool:
    return stored.text("server") == current.text("server")


def _nothing_logged(stored: Mark, current: Mark) -> bool:
    if not (stored.values.get("log") and current.values.get("log")):
        return False
    if stored.text("pos") and stored.text("pos") == current.text("pos"):
        return True
    if stored.text("gtid") != current.text("gtid") or not stored.text("gtid"):
        return False
    if not stored.text("pos"):
        # MySQL: the GTID set alone (it is updated after the storage engine's commit).
        return bool(stored.values.get("settled"))
    # A restart opens a new file without a new transaction. An older file or position means that the log was reset.
    return bool(stored.values.get("settled")) and _log_file(current) > _log_file(stored)


def _log_file(mark: Mark) -> tuple[int, str]:
    file = mark.text("pos").rpartition(":")[0]
    return len(file), file


def _replaced(stored: Mark, current: Mark) -> Comparison | None:
    if stored.text("id") and current.text("id") and stored.text("id") != current.text("id"):
        return Changed(Text("the table was emptied, rebuilt or replaced", "表被清空、重建或替换"))
    if stored.text("created") != current.text("created"):
        return Changed(Text("the table was created anew or rebuilt", "表被重新创建或重建"))
    if (stored.number("rows") or 0) > 0 and current.number("rows") == 0:
        return Changed(Text("the table was emptied", "表被清空"))
    return None


def _counted(stored: Mark, current: Mark) -> Comparison | None:
    before, after = stored.number("writes"), current.number("writes")
    starts = stored.number("start"), current.number("start")
    if before is None or after is None or starts[0] is None or starts[1] is None or abs(starts[0] - starts[1]) > _START_SLACK:
        return None
    if after > before:
        return Changed(Text(f"{after - before} rows written", f"写入 {after - before} 行"))
    trusted = stored.number("writers") == 0 and stored.text("id") != "" and not current.values.get("cascaded")
    if after == before and trusted:
        return Same(Text("its write counter has not moved", "其写入计数器没有变化"))
    return None


def _timed(stored: Mark, current: Mark) -> Comparison:
    before, after = stored.number("updated"), current.number("updated")
    if after is not None and before != after:
        return Changed(Text("it was written since", "此后被写入过"))
    if current.text("engine").lower() not in ("innodb", "myisam"):
        return Unknown(Text(f"{current.text('engine')} keeps no reliable change time", f"{current.text('engine')} 没有可靠的修改时间"))
    if before is None or after is None:
        return Unknown(Text("the server does not remember when it was written last", "服务器不记得它最后一次写入的时间"))
    if stored.values.get("fresh"):
        return Unknown(Text("it was being written when it was scanned last", "上次扫描时它正在被写入"))
    if stored.values.get("open"):
        return Unknown(Text("a transaction was open when it was scanned last", "上次扫描时有未结束的事务"))
    return Same(Text("its change time (UPDATE_TIME) is the same", "其修改时间（UPDATE_TIME）未变"))
