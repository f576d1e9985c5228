"""MariaDB's and MySQL's events: the binary log in row format, followed as a replica does (see `binlog`)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes import marks_mysql
from sensscan.modes.binlog import (
    Dependents,
    EventReader,
    Place,
    check_complete,
    close_reader,
    denied,
    dependents,
    master_status,
    monitor_right,
    open_reader,
    random_server_id,
)
from sensscan.modes.watch_events import Batch, LostError, RefusedError
from sensscan.source import Session, SourceUrl, error_code, translate

if TYPE_CHECKING:
    from pymysqlreplication import BinLogStreamReader

_BATCH_SECONDS = 0.3
_BATCH_EVENTS = 20_000
_POSITION_LOST = ("1236", "1373", "1220")
_PREFIX = "binlog:"
_MISSED = Text(
    "Until then the change marks are polled (missed without a log: see docs/watch.md).",
    "在此之前改为轮询变更标记（可能遗漏的情形见 docs/watch.md）。",
)


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
        self._server_id = server_id or random_server_id()
        self._stop = stop or threading.Event()
        self._reader: BinLogStreamReader | None = None
        self._position = ""
        self._events = EventReader(source)
        self._dependents = Dependents()

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
        self._events = EventReader(self._source)
        try:
            with self._connect() as session:
                check_complete(session)
                now = self._now(session)
                self._dependents = dependents(session, self._source)
        except RefusedError as error:
            raise _polled(error) from None
        gap = None
        if position and not position.startswith(_PREFIX):
            gap = Text("watched in another way before; everything is compared", "此前以其他方式监听，将全部比对")
            position = ""
        for attempt in (position, now):
            place = Place.of(attempt.removeprefix(_PREFIX))
            if place is None:
                continue
            try:
                self._reader = open_reader(self._url, place, server_id=self._server_id, blocking=True)
                # The first packet is a rotate event of the server's making: now a missing right shows.
                self._reader.fetchone()
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

    def _now(self, session: Session) -> str:
        found = marks_mysql.binlog_position(session)
        if not found:
            rows = master_status(session)
            if not rows:
                raise denied(self._url.user, ("REPLICATION SLAVE", monitor_right(session)), session)
            found = f"{rows[0][0]}:{rows[0][1]}"
        return f"{_PREFIX}{found}"

    def next(self, seconds: float) -> Batch:
        """Read until a transaction's end, a heartbeat, or enough; big transactions are read to their end."""
        reader = self._reader
        if reader is None:
            raise LostError(Text("The connection was closed.", "连接已关闭。"))
        touched: dict[TableRef, Text] = {}
        structure = False
        began = time.monotonic()
        events = 0
        while not self._stop.is_set():
            try:
                event: Any = reader.fetchone()
            except Exception as error:  # drivers and the library raise many kinds
                raise self._translated(error) from None
            kind = type(event).__name__
            if kind == "QueryEvent":
                found = self._events.statement(event)
                touched |= {TableRef(self._source, *place): found.why for place in found.tables}
                structure |= found.structure
            else:
                touched |= self._events.take(event)
            events += 1
            if not self._events.inside:
                self._position = f"{_PREFIX}{reader.log_file}:{reader.log_pos}"
                enough = events >= _BATCH_EVENTS or time.monotonic() - began >= _BATCH_SECONDS
                if kind == "HeartbeatLogEvent" or (enough and kind not in ("MariadbGtidEvent", "GtidEvent")):
                    break
        if structure:
            self._refresh()
        return Batch(self._position, self._dependents.spread(touched), structure=structure)

    def _refresh(self) -> None:
        with suppress(Exception), self._connect() as session:  # the old relations stay; the next statement asks again
            self._dependents = dependents(session, self._source)

    def _translated(self, error: Exception) -> LostError | RefusedError:
        if isinstance(error, RefusedError):
            return _polled(error)
        if isinstance(error, LostError):
            return error
        if isinstance(error, UsageError):
            return RefusedError(error.text, error.hint)
        if error_code(error) in ("1227", "1142", "1044"):
            with suppress(Exception), self._connect() as session:
                return _polled(denied(self._url.user, ("REPLICATION SLAVE",), session))
            return _polled(denied(self._url.user, ("REPLICATION SLAVE",)))
        found = translate(error, Text("The binary log", "二进制日志"))
        return LostError(found.text, found.hint)

    def accept(self, position: str) -> None:
        """The server keeps its log by its own rules."""

    def close(self) -> None:
        """Close both connections of the reader."""
        reader, self._reader = self._reader, None
        close_reader(reader)


def _polled(error: RefusedError) -> RefusedError:
    """Add what happens instead."""
    hint = error.hint or Text("", "")
    return RefusedError(error.text, Text(f"{hint.en} {_MISSED.en}".lstrip(), f"{hint.zh}{_MISSED.zh}"))
