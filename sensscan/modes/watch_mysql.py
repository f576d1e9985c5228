"""MariaDB's and MySQL's events: the binary log in row format, read as a replica does.

Only table maps and statements are looked at: rows are never decoded, and a statement's text is parsed for names and dropped. Changes that
InnoDB carries along foreign keys are not in the log, so the children of a touched parent count as touched; views follow their tables.
"""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes import marks_mysql
from sensscan.modes.watch_ddl import touched_by
from sensscan.modes.watch_events import Batch, LostError, RefusedError
from sensscan.source import Session, SourceUrl, error_code, is_lost, translate

if TYPE_CHECKING:
    from pymysqlreplication import BinLogStreamReader

_BATCH_SECONDS = 0.3
_BATCH_EVENTS = 20_000
_HEARTBEAT_SECONDS = 1.0
_READ_TIMEOUT = 30
_POSITION_LOST = ("1236", "1373", "1220")


class BinlogStream:
    """Follows the binary log from a file and position."""

    def __init__(
        self,
        url: SourceUrl,
        connect: Callable[[], AbstractContextManager[Session]],
        source: str,
        *,
        server_id: int = 0,
        stop: threading.Event | None = None,
    ) -> None:
        """`server_id` must be unique among the server's replicas; 0 takes a random one."""
        self._url = url
        self._connect = connect
        self._source = source
        self._server_id = server_id or random.SystemRandom().randrange(2**30, 2**32 - 1)
        self._stop = stop or threading.Event()
        self._reader: BinLogStreamReader | None = None
        self._position = ""
        self._children: Mapping[TableRef, frozenset[TableRef]] = {}

    @property
    def name(self) -> Text:
        """How this stream watches."""
        return Text("the binary log", "二进制日志")

    @property
    def lag(self) -> float:
        """Nothing lags here."""
        return 0.0

    def start(self, position: str) -> Batch:
        """Begin after `position`; a purged or foreign position is a gap, and the log is followed from now on."""
        self.close()
        with self._connect() as session:
            self._check_settings(session)
            now = self._now(session)
            self._children = followers(session, self._source)
        gap = None
        if position and not position.startswith("binlog:"):
            gap = Text("watched in another way before; everything is compared", "此前以其他方式监听，将全部比对")
            position = ""
        for attempt in (position, now):
            if not attempt:
                continue
            try:
                self._open(attempt)
            except RefusedError:
                raise
            except Exception as error:  # drivers raise many kinds
                if attempt == now or error_code(error) not in _POSITION_LOST:
                    raise self._translated(error) from None
                gap = Text(
                    "the binary log was purged or reset behind the saved position; everything is compared",
                    "保存的位置之后的二进制日志已被清除或重置，将全部比对",
                )
                self.close()
            else:
                self._position = attempt
                return Batch(attempt, gap=gap, structure=True)
        raise LostError(Text("The binary log cannot be read.", "无法读取二进制日志。"))

    def _check_settings(self, session: Session) -> None:
        facts = {
            str(row[0]).lower(): str(row[1])
            for row in session.execute(
                "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format', 'gtid_slave_pos', 'log_slave_updates')"
            )
        }
        missed = Text(
            "Until then the change marks are polled (missed without a log: see docs/watch.md).",
            "在此之前改为轮询变更标记（可能遗漏的情形见 docs/watch.md）。",
        )
        if facts.get("log_bin", "").upper() not in ("ON", "1"):
            raise RefusedError(
                Text("The server writes no binary log (log_bin is OFF).", "服务器未启用二进制日志（log_bin 为 OFF）。"),
                Text(
                    f"Set log_bin and binlog_format=ROW in its configuration and restart it. {missed.en}",
                    f"请在其配置中设置 log_bin 与 binlog_format=ROW 并重启。{missed.zh}",
                ),
            )
        if facts.get("binlog_format", "").upper() != "ROW":
            raise RefusedError(
                Text(
                    f"binlog_format is {facts.get('binlog_format')}, it must be ROW to name every touched table.",
                    f"binlog_format 为 {facts.get('binlog_format')}，须为 ROW 才能得知所有被改动的表。",
                ),
                Text(
                    f"Run: SET GLOBAL binlog_format = 'ROW'; (and in the configuration). {missed.en}",
                    f"请执行：SET GLOBAL binlog_format = 'ROW';（并写入配置）。{missed.zh}",
                ),
            )
        if facts.get("gtid_slave_pos") and facts.get("log_slave_updates", "").upper() not in ("ON", "1"):
            raise RefusedError(
                Text(
                    "This replica does not log what it receives (log_slave_updates is OFF).",
                    "该从库不记录接收到的变更（log_slave_updates 为 OFF）。",
                ),
                Text(f"Watch its primary, or set log_slave_updates. {missed.en}", f"请监听主库，或设置 log_slave_updates。{missed.zh}"),
            )
        self._check_filters(session)

    def _check_filters(self, session: Session) -> None:
        """A filtered log is not complete; what filters there are is told to accounts with BINLOG MONITOR only."""
        for statement in ("SHOW MASTER STATUS", "SHOW BINARY LOG STATUS"):
            rows = marks_mysql.ask(session, statement)
            if rows:
                if any(str(cell or "") for cell in rows[0][2:4]):
                    raise RefusedError(
                        Text(
                            "The binary log leaves databases out (binlog_do_db, binlog_ignore_db).",
                            "二进制日志过滤了部分数据库（binlog_do_db、binlog_ignore_db）。",
                        ),
                        Text("The change marks are polled instead.", "改为轮询变更标记。"),
                    )
                return

    def _now(self, session: Session) -> str:
        found = marks_mysql.binlog_position(session)
        if not found:
            for statement in ("SHOW MASTER STATUS", "SHOW BINARY LOG STATUS"):
                rows = marks_mysql.ask(session, statement)
                if rows:
                    found = f"{rows[0][0]}:{rows[0][1]}"
                    break
        if not found:
            raise self._denied("BINLOG MONITOR" if session.vendor == "MariaDB" else "REPLICATION CLIENT", session)
        return f"binlog:{found}"

    def _denied(self, right: str, session: Session | None = None) -> RefusedError:
        account = f"'{self._url.user}'@'%'"
        if session is not None:
            rows = marks_mysql.ask(session, "SELECT CURRENT_USER()")
            if rows:
                user, _, host = str(rows[0][0]).rpartition("@")
                account = f"'{user}'@'{host}'"
        return RefusedError(
            Text(f"The account {self._url.user} has no {right} right.", f"账号 {self._url.user} 没有 {right} 权限。"),
            Text(
                f"Run: GRANT {right} ON *.* TO {account}; Until then the change marks are polled (missed: see docs/watch.md).",
                f"请执行：GRANT {right} ON *.* TO {account}; 在此之前改为轮询变更标记（可能遗漏的情形见 docs/watch.md）。",
            ),
        )

    def _open(self, position: str) -> None:
        try:
            from pymysqlreplication import BinLogStreamReader
            from pymysqlreplication.event import (
                GtidEvent,
                HeartbeatLogEvent,
                MariadbGtidEvent,
                QueryEvent,
                RotateEvent,
                XAPrepareEvent,
                XidEvent,
            )
            from pymysqlreplication.row_event import TableMapEvent
        except ImportError:
            raise RefusedError(
                Text("The package mysql-replication is not installed; polling instead.", "未安装 mysql-replication 包，改为轮询。"),
                Text("Run: pip install 'sensscan[watch]'", "请运行：pip install 'sensscan[watch]'"),
            ) from None
        # The library logs statements at lower levels.
        logging.getLogger("pymysqlreplication").setLevel(logging.ERROR)
        _, file, place = position.split(":")
        self._reader = BinLogStreamReader(
            connection_settings=connection_settings(self._url),
            server_id=self._server_id,
            resume_stream=True,
            log_file=file,
            log_pos=int(place),
            only_events=[
                TableMapEvent,
                QueryEvent,
                XidEvent,
                RotateEvent,
                MariadbGtidEvent,
                GtidEvent,
                XAPrepareEvent,
                HeartbeatLogEvent,
            ],
            blocking=True,
            slave_heartbeat=_HEARTBEAT_SECONDS,
            enable_logging=False,
        )
        # The first packet is a rotate event of the server's making: now a missing right shows.
        self._reader.fetchone()

    def next(self, seconds: float) -> Batch:
        """Read until a transaction's end, a heartbeat, or enough; big transactions are read to their end."""
        reader = self._reader
        if reader is None:
            raise LostError(Text("The connection was closed.", "连接已关闭。"))
        touched: dict[TableRef, Text] = {}
        structure = False
        began = time.monotonic()
        events = 0
        inside = False
        while not self._stop.is_set():
            try:
                event: Any = reader.fetchone()
            except Exception as error:  # drivers and the library raise many kinds
                raise self._translated(error) from None
            kind = type(event).__name__
            match kind:
                case "TableMapEvent":
                    inside = True
                    touched[TableRef(self._source, event.schema, event.table)] = Text("rows changed", "行数据变更")
                case "QueryEvent":
                    ddl = self._statement(event, touched)
                    structure |= ddl
                    inside = inside and not ddl and not event.query.startswith(("COMMIT", "ROLLBACK"))
                    inside |= event.query == "BEGIN"
                case "XidEvent" | "XAPrepareEvent":
                    inside = False
            events += 1
            if not inside:
                self._position = f"binlog:{reader.log_file}:{reader.log_pos}"
                enough = events >= _BATCH_EVENTS or time.monotonic() - began >= _BATCH_SECONDS
                if kind == "HeartbeatLogEvent" or (enough and kind not in ("MariadbGtidEvent", "GtidEvent")):
                    break
        if structure:
            self._refresh()
        return Batch(self._position, self._with_children(touched), structure=structure)

    def _statement(self, event: Any, touched: dict[TableRef, Text]) -> bool:
        """Mark what a statement touches; True when it may have changed the structure. The text goes no further."""
        schema = event.schema.decode("utf-8", "replace") if isinstance(event.schema, bytes) else str(event.schema)
        found = touched_by(event.query, schema)
        for place in found.tables:
            touched[TableRef(self._source, *place)] = found.why
        return found.structure

    def _with_children(self, touched: dict[TableRef, Text]) -> dict[TableRef, Text]:
        why = Text("a table it depends on was touched", "其依赖的表被改动")
        waiting = list(touched)
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in touched:
                    touched[child] = why
                    waiting.append(child)
        return touched

    def _refresh(self) -> None:
        with suppress(Exception), self._connect() as session:  # the old relations stay; the next statement asks again
            self._children = followers(session, self._source)

    def _translated(self, error: Exception) -> LostError | RefusedError:
        if isinstance(error, LostError | RefusedError):
            return error
        if isinstance(error, UsageError):
            return RefusedError(error.text, error.hint)
        code = error_code(error)
        if code in ("1227", "1142", "1044"):
            with suppress(Exception), self._connect() as session:
                return self._denied("REPLICATION SLAVE", session)
            return self._denied("REPLICATION SLAVE")
        found = translate(error, Text("The binary log", "二进制日志"))
        if is_lost(error) or code in ("1236", "2003"):
            return LostError(found.text, found.hint)
        return LostError(found.text, found.hint)

    def accept(self, position: str) -> None:
        """The server keeps its log by its own rules."""

    def close(self) -> None:
        """Close both connections of the reader."""
        reader, self._reader = self._reader, None
        if reader is not None:
            with suppress(Exception):
                reader.close()


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


def followers(session: Session, source: str) -> dict[TableRef, frozenset[TableRef]]:
    """Return table -> tables and views whose rows change with it though the log does not say so."""
    result: dict[TableRef, set[TableRef]] = {}
    for (schema, table), parents in marks_mysql.cascades(session).items():
        for parent in parents:
            result.setdefault(TableRef(source, *parent), set()).add(TableRef(source, schema, table))
    for schema, view, definition in (
        marks_mysql.ask(session, "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS") or ()
    ):
        for base_schema, base in re.findall(r"`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`", str(definition or "")):
            base_ref = TableRef(source, base_schema.replace("``", "`"), base.replace("``", "`"))
            result.setdefault(base_ref, set()).add(TableRef(source, str(schema), str(view)))
    return {base: frozenset(tops) for base, tops in result.items()}
