"""MariaDB's and MySQL's binary log, read as a replica does: what watching and incremental scans share.

Only table maps and statements are looked at: rows are never decoded, and a statement's text is parsed for names and dropped. Changes that
InnoDB carries along foreign keys are not in the log, so the children of a touched parent count as touched; views follow their tables.
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes import marks_mysql
from sensscan.modes.watch_ddl import Touched, touched_by
from sensscan.modes.watch_events import RefusedError
from sensscan.source import Session, SourceUrl

if TYPE_CHECKING:
    from pymysqlreplication import BinLogStreamReader

_READ_TIMEOUT = 30
_HEARTBEAT_SECONDS = 1.0
_OPAQUE = frozenset({26, 40, 165})
"""Events whose content cannot be seen: an incident (log lost), MySQL's compressed transaction, MariaDB's compressed statement."""
_XA = re.compile(r"\s*XA\s+(START|BEGIN|END|COMMIT|ROLLBACK)\s+(.*?)(?:\s+ONE\s+PHASE)?\s*$", re.IGNORECASE | re.DOTALL)
_NAME = r"`((?:[^`]|``)+)`"
_PAIR = re.compile(rf"{_NAME}\.{_NAME}")
_FROM = re.compile(rf"(?:from|join)[\s(]+{_NAME}\.{_NAME}(?:\s+{_NAME})?", re.IGNORECASE)

_ROWS = Text("rows changed", "行数据变更")
_DEPENDS = Text("a table it depends on was touched", "其依赖的表被改动")
_SETTINGS = (
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN "
    "('log_bin', 'binlog_format', 'gtid_slave_pos', 'log_slave_updates', 'log_replica_updates', 'binlog_transaction_compression')"
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in the log; later ones compare greater. File names grow longer when their number does."""

    length: int
    file: str
    offset: int

    @classmethod
    def of(cls, text: str) -> Place | None:
        """Read "file:offset"; None when it is none."""
        file, _, offset = text.rpartition(":")
        return cls(len(file), file, int(offset)) if file and offset.isdigit() else None


@dataclass(slots=True)
class EventReader:
    """Turns events of the log into names of touched tables."""

    source: str
    inside: bool = False
    """Within a transaction."""
    _xa: str = ""
    _open: set[TableRef] = field(default_factory=set)
    _prepared: dict[str, set[TableRef]] = field(default_factory=dict)

    def take(self, event: Any) -> Mapping[TableRef, Text]:
        """Return the tables that an event touches; an empty table name means the schema, an empty schema the whole server."""
        match type(event).__name__:
            case "TableMapEvent":
                self.inside = True
                ref = TableRef(self.source, event.schema, event.table)
                self._open.add(ref)
                return {ref: _ROWS}
            case "MariadbGtidEvent" | "GtidEvent":
                self._open.clear()
            case "XidEvent":
                self.inside = False
            case "XAPrepareEvent":
                if not event.one_phase:
                    self._prepared[self._xa] = set(self._open)
                self.inside = False
            case "NotImplementedEvent" if event.event_type in _OPAQUE:
                why = Text("the log holds an entry that cannot be read", "日志中有无法读取的条目")
                return {TableRef(self.source, "", ""): why}
        return {}

    def statement(self, event: Any) -> Touched:
        """Return what a statement touches. The text goes no further."""
        query = str(event.query)
        if found := _XA.match(query):
            return self._xa_statement(found[1].upper(), found[2])
        schema = event.schema.decode("utf-8", "replace") if isinstance(event.schema, bytes) else str(event.schema)
        touched = touched_by(query, schema)
        self.inside = query == "BEGIN" or (self.inside and not touched.structure and not query.startswith(("COMMIT", "ROLLBACK")))
        return touched

    def _xa_statement(self, verb: str, name: str) -> Touched:
        """A prepared transaction names its tables when it is prepared, and shows their rows when it is committed."""
        if verb in ("START", "BEGIN", "END"):
            self._xa, self.inside = name, True
            return Touched()
        self.inside = False
        if verb == "ROLLBACK":
            self._prepared.pop(name, None)
            return Touched()
        tables = self._prepared.pop(name, None)
        places = {("", "")} if tables is None else {(ref.schema, ref.table) for ref in tables}
        return Touched(tuple(sorted(places)), why=Text("a prepared transaction was committed", "已准备的事务被提交"))


def check_complete(session: Session) -> None:
    """Raise RefusedError, its hint the statement that helps, where the log does not name every touched table."""
    facts = {str(row[0]).lower(): str(row[1]) for row in session.execute(_SETTINGS)}
    if facts.get("log_bin", "").upper() not in ("ON", "1"):
        raise RefusedError(
            Text("The server writes no binary log (log_bin is OFF).", "服务器未启用二进制日志（log_bin 为 OFF）。"),
            Text(
                "Set log_bin and binlog_format=ROW in its configuration and restart it.",
                "请在其配置中设置 log_bin 与 binlog_format=ROW 并重启。",
            ),
        )
    form = facts.get("binlog_format", "").upper()
    if form != "ROW":
        raise RefusedError(
            Text(
                f"binlog_format is {form}, it must be ROW to name every touched table.",
                f"binlog_format 为 {form}，须为 ROW 才能得知所有被改动的表。",
            ),
            Text(
                "Run: SET GLOBAL binlog_format = 'ROW'; (and in the configuration).",
                "请执行：SET GLOBAL binlog_format = 'ROW';（并写入配置）。",
            ),
        )
    if facts.get("binlog_transaction_compression", "").upper() in ("ON", "1"):
        raise RefusedError(
            Text(
                "The log's transactions are compressed (binlog_transaction_compression is ON).",
                "日志中的事务已压缩（binlog_transaction_compression 为 ON）。",
            ),
            Text("Run: SET GLOBAL binlog_transaction_compression = OFF;", "请执行：SET GLOBAL binlog_transaction_compression = OFF;"),
        )
    forwards = facts.get("log_slave_updates", facts.get("log_replica_updates", "")).upper() in ("ON", "1")
    if facts.get("gtid_slave_pos") and not forwards:
        raise RefusedError(
            Text(
                "This replica does not log what it receives (log_slave_updates is OFF).",
                "该从库不记录接收到的变更（log_slave_updates 为 OFF）。",
            ),
            Text("Name its primary as the source, or set log_slave_updates.", "请改用主库作为来源，或设置 log_slave_updates。"),
        )
    _check_filters(session)


def _check_filters(session: Session) -> None:
    """A filtered log is not complete; what filters there are is told to accounts with BINLOG MONITOR only."""
    rows = master_status(session)
    if rows and any(str(cell or "") for cell in rows[0][2:4]):
        raise RefusedError(
            Text(
                "The binary log leaves databases out (binlog_do_db, binlog_ignore_db).",
                "二进制日志过滤了部分数据库（binlog_do_db、binlog_ignore_db）。",
            )
        )


def master_status(session: Session) -> marks_mysql.Rows:
    """Return file, offset and filters of the log; nothing without the right BINLOG MONITOR (REPLICATION CLIENT on MySQL)."""
    for statement in ("SHOW MASTER STATUS", "SHOW BINARY LOG STATUS"):
        rows = marks_mysql.ask(session, statement)
        if rows:
            return rows
    return ()


def denied(user: str, rights: Iterable[str], session: Session | None = None) -> RefusedError:
    """Return the error of an account without a right; its hint is the GRANT for the account as the server knows it."""
    account = f"'{user}'@'%'"
    if session is not None:
        rows = marks_mysql.ask(session, "SELECT CURRENT_USER()")
        if rows:
            name, _, host = str(rows[0][0]).rpartition("@")
            account = f"'{name}'@'{host}'"
    wanted = ", ".join(rights)
    several = "rights" if "," in wanted else "right"
    return RefusedError(
        Text(f"The account {user} has no {wanted} {several}.", f"账号 {user} 没有 {wanted} 权限。"),
        Text(f"Run: GRANT {wanted} ON *.* TO {account};", f"请执行：GRANT {wanted} ON *.* TO {account};"),
    )


def monitor_right(session: Session) -> str:
    """Return what the server calls the right to see where its log stands."""
    return "BINLOG MONITOR" if session.vendor == "MariaDB" else "REPLICATION CLIENT"


def open_reader(url: SourceUrl, place: Place, *, server_id: int = 0, blocking: bool) -> BinLogStreamReader:
    """Open the log at a place; without `blocking` it ends where the log ends. Raises RefusedError without the package, driver errors.

    `server_id` must be unique among the server's replicas; 0 takes a random one.
    """
    try:
        from pymysqlreplication import BinLogStreamReader
        from pymysqlreplication import event as events
        from pymysqlreplication.row_event import TableMapEvent
    except ImportError:
        raise RefusedError(
            Text("The package mysql-replication is not installed.", "未安装 mysql-replication 包。"),
            Text("Run: pip install 'sensscan[watch]'", "请运行：pip install 'sensscan[watch]'"),
        ) from None
    # The library logs statements at lower levels.
    logging.getLogger("pymysqlreplication").setLevel(logging.ERROR)
    wanted = [TableMapEvent, events.QueryEvent, events.XidEvent, events.RotateEvent, events.MariadbGtidEvent, events.GtidEvent]
    wanted += [events.XAPrepareEvent, events.HeartbeatLogEvent, events.NotImplementedEvent]
    return BinLogStreamReader(
        connection_settings=connection_settings(url),
        server_id=server_id or random_server_id(),
        resume_stream=True,
        log_file=place.file,
        log_pos=place.offset,
        only_events=wanted,
        filter_non_implemented_events=False,
        blocking=blocking,
        slave_heartbeat=_HEARTBEAT_SECONDS,
        enable_logging=False,
    )


def random_server_id() -> int:
    """Return a number that hardly any replica has."""
    return random.SystemRandom().randrange(2**30, 2**32 - 1)


def connection_settings(url: SourceUrl) -> dict[str, Any]:
    """Return what the replication library hands to the driver."""
    parameters = dict(url.parameters)
    settings: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.user,
        "password": url.password or "",
        "charset": "utf8mb4",
        "connect_timeout": 10,
        "read_timeout": _READ_TIMEOUT,
        "local_infile": False,
    }
    if "unix_socket" in parameters:
        settings["unix_socket"] = parameters["unix_socket"]
    settings |= {key: parameters[key] for key in ("ssl_ca", "ssl_cert", "ssl_key") if key in parameters}
    for key in ("ssl_verify_cert", "ssl_verify_identity"):
        if key in parameters:
            settings[key] = parameters[key].lower() in ("1", "true", "yes", "on")
    return settings


def close_reader(reader: BinLogStreamReader | None) -> None:
    """Close both connections of a reader, whatever state they are in."""
    if reader is not None:
        with suppress(Exception):
            reader.close()


@dataclass(frozen=True, slots=True)
class Dependents:
    """Tables and views whose rows change with other tables' though the log does not say so."""

    followers: Mapping[TableRef, frozenset[TableRef]] = field(default_factory=dict)
    bases: Mapping[TableRef, frozenset[TableRef]] = field(default_factory=dict)
    """View -> what its definition names; a view whose definition may not be read is missing here."""

    def spread(self, touched: dict[TableRef, Text]) -> dict[TableRef, Text]:
        """Add to `touched` all that follow."""
        waiting = list(touched)
        while waiting:
            for child in self.followers.get(waiting.pop(), ()):
                if child not in touched:
                    touched[child] = _DEPENDS
                    waiting.append(child)
        return touched


def dependents(session: Session, source: str) -> Dependents:
    """Read foreign keys that cascade, and the definitions of views: two statements."""
    followers: dict[TableRef, set[TableRef]] = {}
    bases: dict[TableRef, frozenset[TableRef]] = {}
    for (schema, table), parents in marks_mysql.cascades(session).items():
        for parent in parents:
            followers.setdefault(TableRef(source, *parent), set()).add(TableRef(source, schema, table))
    views = marks_mysql.ask(session, "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS")
    for schema, view, definition in views or ():
        ref = TableRef(source, str(schema), str(view))
        named = frozenset(TableRef(source, *place) for place in _named_by(str(definition or "")))
        if named:
            bases[ref] = named
        for base in named:
            followers.setdefault(base, set()).add(ref)
    return Dependents({base: frozenset(tops) for base, tops in followers.items()}, bases)


def _named_by(definition: str) -> set[tuple[str, str]]:
    """Return all that a view's definition names as `a`.`b`, but for the columns of its own tables and aliases."""
    aliases, named = set(), set()
    for found in _FROM.finditer(definition):
        named.add((found[1], found[2]))
        aliases |= {found[2], found[3]}
    named |= {(found[1], found[2]) for found in _PAIR.finditer(definition) if found[1] not in aliases}
    return {(schema.replace("``", "`"), name.replace("``", "`")) for schema, name in named}
