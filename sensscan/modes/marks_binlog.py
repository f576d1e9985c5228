"""Rung 2 of the ladder of MariaDB's marks: the binary log between the stored position and now names every table that was touched.

It speaks where the marks alone cannot: after a restart, for engines without a change time, for views, for TRUNCATE. It takes the rights
REPLICATION SLAVE and BINLOG MONITOR, and reads no more than a fixed number of bytes; otherwise the other rungs decide, and the reason is
told where that costs something. MySQL gives no position that every reader agrees on without more rights, so there this rung is not used.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes import marks_mysql
from sensscan.modes.marks import Changed, Comparison, Mark, Same, Unknown, compare, decode
from sensscan.modes.watch_events import RefusedError
from sensscan.source import error_code, translate

if TYPE_CHECKING:
    from sensscan.modes.binlog import Place
    from sensscan.source import Session

MOST_BYTES = 512 * 1024 * 1024
"""A longer log is not read: the server would have to send it all."""
_LOGGED = frozenset({"innodb", "myisam", "aria", "memory", "csv", "archive", "rocksdb", "tokudb"})
"""Engines that write rows of their own and have them logged. Others (MERGE, FEDERATED ...) show rows that change elsewhere."""
_TOUCHED = Text("the binary log names it", "二进制日志中有其变更")
_UNTOUCHED = Text("the binary log names no change of it", "二进制日志中没有其变更")


class StoredMark(Protocol):
    """The part of a stored mark that counts here."""

    @property
    def data_mark(self) -> str:
        """`Mark.encode()` of the table's last scan."""


@dataclass(frozen=True, slots=True)
class LogAnswers:
    """What the log says of tables."""

    comparisons: Mapping[TableRef, Comparison] = field(default_factory=dict)
    """In place of the comparison of marks."""
    untouched: frozenset[TableRef] = frozenset()
    """Tables that are as they were: their marks may be brought up to the current ones, so that the next run has less log to read."""
    note: Text | None = None
    """Why the log was not read although it would have spared some rescans."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A table that was written to, or not: the server has logged something since its mark was read."""

    place: Place
    before: Mark
    now: Mark
    verdict: Comparison


def ask_log(session: Session, stored: Mapping[TableRef, StoredMark], current: Mapping[TableRef, Mark]) -> LogAnswers:
    """Ask the binary log about the tables whose stored position lies behind the current one.

    `current` must have been read before: the log is read to its end, so what was written since those marks counts as touched.
    """
    waiting = _waiting(stored, current)
    if not waiting:
        return LogAnswers()
    source = next(iter(waiting)).source
    try:
        touched, views, left_out = _read(session, source, waiting)
    except RefusedError as error:
        return LogAnswers(note=_note(session, waiting, waiting, error))
    comparisons: dict[TableRef, Comparison] = {}
    untouched = set()
    for ref, one in waiting.items():
        if ref in left_out:
            continue
        last = max(
            (touched[wide] for wide in (ref, replace(ref, table=""), replace(ref, schema="", table="")) if wide in touched), default=None
        )
        if last is not None and last > one.place:
            comparisons[ref] = Changed(_TOUCHED)
        elif (one.now.text("engine").lower() in _LOGGED or ref in views) and not isinstance(one.verdict, Changed):
            # Marks that moved are believed: sessions with sql_log_bin=0 leave no trace in the log.
            untouched.add(ref)
            if isinstance(one.verdict, Unknown):
                comparisons[ref] = Same(_UNTOUCHED)
    note = None
    if left_out:
        reason = RefusedError(Text("The log since their last scan is gone or too long.", "自其上次扫描以来的日志已被清除或过长。"))
        note = _note(session, waiting, left_out, reason)
    return LogAnswers(comparisons, frozenset(untouched), note)


def _waiting(stored: Mapping[TableRef, StoredMark], current: Mapping[TableRef, Mark]) -> dict[TableRef, _Waiting]:
    from sensscan.modes.binlog import Place

    waiting = {}
    for ref, now in current.items():
        before = decode(stored[ref].data_mark) if ref in stored else None
        if before is None or before.dialect != "mysql" or before.text("server") != now.text("server"):
            continue
        if not (before.values.get("log") and now.values.get("log")) or before.text("pos") == now.text("pos"):
            continue
        place, end = Place.of(before.text("pos")), Place.of(now.text("pos"))
        if place is not None and end is not None and place < end and not _reset(before, now):
            waiting[ref] = _Waiting(place, before, now, compare(before, now))
    return waiting


def _reset(before: Mark, now: Mark) -> bool:
    """Whether a counter of transactions went down or vanished: RESET MASTER began a new log under the old names."""
    then, current = _counters(before), _counters(now)
    return any(current.get(domain, -1) < number for domain, number in then.items())


def _counters(mark: Mark) -> dict[str, int]:
    parts = (gtid.split("-") for gtid in mark.text("gtid").split(",") if gtid)
    return {part[0]: int(part[2]) for part in parts if len(part) == 3 and part[2].isdecimal()}


def _read(
    session: Session, source: str, waiting: Mapping[TableRef, _Waiting]
) -> tuple[dict[TableRef, Place], frozenset[TableRef], frozenset[TableRef]]:
    """Return where each table was touched last, the views that can be followed, and the tables behind the reach of the log."""
    from sensscan.modes.binlog import check_complete, denied, dependents, monitor_right

    try:
        check_complete(session)
        files = marks_mysql.ask(session, "SHOW BINARY LOGS")
        if files is None:
            raise denied(session.url.user, ("REPLICATION SLAVE", monitor_right(session)), session)
        reachable = _reachable({str(row[0]): int(row[1]) for row in files}, {one.place for one in waiting.values()})
        left_out = frozenset(ref for ref, one in waiting.items() if one.place not in reachable)
        if not reachable:
            return {}, frozenset(), left_out
        touched = _touched(session, source, min(reachable))
        relations = dependents(session, source)
    except RefusedError:
        raise
    except Exception as error:  # drivers and the library raise many kinds
        if error_code(error) in ("1227", "1142", "1044", "1045"):
            raise denied(session.url.user, ("REPLICATION SLAVE", monitor_right(session)), session) from None
        raise RefusedError(translate(error, Text("The binary log", "二进制日志")).text) from None
    for ref in list(touched):
        for follower in relations.spread({ref: _TOUCHED}):
            touched[follower] = max(touched[ref], touched.get(follower, touched[ref]))
    tables = {ref for ref, one in waiting.items() if one.now.text("engine").lower() in _LOGGED}
    return touched, _followed(relations.bases, tables), left_out


def _reachable(sizes: Mapping[str, int], places: set[Place]) -> set[Place]:
    """Return the places from which the log is complete, no longer than allowed, and countable (offsets have 32 bits)."""
    found = set()
    for place in places:
        later = {file: size for file, size in sizes.items() if (len(file), file) >= (place.length, place.file)}
        if place.offset > sizes.get(place.file, -1) or max(later.values()) >= 2**32:
            continue
        if sum(later.values()) - place.offset <= MOST_BYTES:
            found.add(place)
    return found


def _touched(session: Session, source: str, start: Place) -> dict[TableRef, Place]:
    """Read the log from a place to its end and return each touched table with the last place that names it."""
    from sensscan.modes.binlog import EventReader, Place, close_reader, open_reader

    began = time.monotonic()
    touched: dict[TableRef, Place] = {}
    events = EventReader(source)
    count = 0
    reader = open_reader(session.url, start, blocking=False)
    try:
        while (event := reader.fetchone()) is not None:
            count += 1
            here = Place(len(reader.log_file), reader.log_file, int(reader.log_pos))
            if type(event).__name__ == "QueryEvent":
                touched |= {TableRef(source, *place): here for place in events.statement(event).tables}
            else:
                touched |= dict.fromkeys(events.take(event), here)
            if time.monotonic() - began > session.limits.statement_seconds:
                raise RefusedError(
                    Text(
                        f"Reading it took longer than {session.limits.statement_seconds} s.",
                        f"读取它超过了 {session.limits.statement_seconds} 秒。",
                    )
                )
    finally:
        close_reader(reader)
        if session.log is not None:
            session.log.write(session.url.identity, f"COM_BINLOG_DUMP from {start.file}:{start.offset}", count, time.monotonic() - began)
    return touched


def _followed(bases: Mapping[TableRef, frozenset[TableRef]], tables: set[TableRef]) -> frozenset[TableRef]:
    """Return the views that show nothing but rows of `tables`, through other views or not; a function's name is no table."""

    def follows(view: TableRef, above: frozenset[TableRef]) -> bool:
        return all(base in tables or (base in bases and base not in above and follows(base, above | {base})) for base in bases[view])

    return frozenset(view for view in bases if follows(view, frozenset({view})))


def _note(
    session: Session, waiting: Mapping[TableRef, _Waiting], affected: Mapping[TableRef, _Waiting] | frozenset[TableRef], error: RefusedError
) -> Text | None:
    """Say why the log did not help, if any table is read again for want of it."""
    count = sum(isinstance(waiting[ref].verdict, Unknown) for ref in affected)
    if not count:
        return None
    reason = Text(error.message("en"), error.message("zh"))
    return Text(
        f"{session.url.identity}: of {count} tables the server cannot say whether they changed, so they are read again; the binary log "
        f"would tell. {reason.en}",
        f"{session.url.identity}：有 {count} 张表服务器无法说明是否有变更，因此重新读取；二进制日志可以说明。{reason.zh}",
    )
