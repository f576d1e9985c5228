"""PostgreSQL's events: a logical replication slot with `test_decoding`, aggregated in the server to names of tables.

Rows never leave the server. What decoding does not show (unlogged tables, materialised views, views, structure) is followed beside it by
marks, the dependencies of views and partitions, and a digest of the catalogue.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from sensscan.errors import SensscanError
from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes import marks_postgresql
from sensscan.modes.marks import Mark, Same, compare
from sensscan.modes.marks_postgresql import Relations
from sensscan.modes.watch_events import Batch, LostError, RefusedError
from sensscan.source import Session, error_code, is_lost, translate

_CHANGES_AT_ONCE = 20_000
_CHANGES_AT_MOST = 640_000
"""Each look decodes from the slot's restart point again, so a backlog is taken in ever larger steps."""
_LAG_SECONDS = 11.0
_WARN_BYTES = 256 * 1024 * 1024

# Quoted names may hold ": "; only then the slower regular expression is asked for the exact names.
_PEEK = """
SELECT CASE WHEN position('"' in split_part(data, ': ', 1)) = 0 THEN split_part(data, ': ', 1)
            ELSE coalesce(substring(data from '^table ((?:[^":]|"(?:[^"]|"")*")+):'), '"') END, count(*), max(lsn)
  FROM pg_logical_slot_peek_changes(%s, NULL, %s, 'include-xids', '0', 'skip-empty-xacts', '1') GROUP BY 1"""

_SLOT = """
SELECT active, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint, confirmed_flush_lsn::text, plugin, database
  FROM pg_replication_slots WHERE slot_name = %s"""

# Moves with every structural change and comment, not with ANALYZE or VACUUM.
_CATALOGUE_DIGEST = """
SELECT (SELECT sum(hashtextextended(concat_ws(':', attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attisdropped), 0))
          FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0)::text
    || (SELECT coalesce(sum(hashtextextended(concat_ws(':', oid, relname, relnamespace, relkind), 0)), 0)
          FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'm', 'v', 'f'))::text
    || (SELECT coalesce(sum(hashtextextended(concat_ws(':', objoid, classoid, objsubid, description), 0)), 0)
          FROM pg_description WHERE objoid >= 16384)::text
    || (SELECT coalesce(sum(hashtextextended(concat_ws(':', oid, conname, conrelid, contype), 0)), 0)
          FROM pg_constraint WHERE oid >= 16384)::text
    || (SELECT coalesce(sum(hashtextextended(concat_ws(':', oid, enumlabel), 0)), 0) FROM pg_enum)::text
    || (SELECT coalesce(sum(hashtextextended(concat_ws(':', inhrelid, inhparent), 0)), 0) FROM pg_inherits)::text
    || (SELECT coalesce(sum(hashtextextended(concat_ws(':', oid, nspname), 0)), 0) FROM pg_namespace)::text"""


def parse_tables(text: str) -> list[tuple[str, str]] | None:
    """Return (schema, table) of test_decoding's list of names; None when it cannot be read.

    >>> parse_tables('public.p, "we: ird"."T"')
    [('public', 'p'), ('we: ird', 'T')]
    >>> parse_tables('"cut') is None
    True
    """
    name = r'(?:"(?:[^"]|"")*"|[^".,\s]+)'
    if not re.fullmatch(rf"{name}\.{name}(?:, {name}\.{name})*", text):
        return None
    parts = [part[1:-1].replace('""', '"') if part.startswith('"') else part for part in re.findall(name, text)]
    return list(zip(parts[::2], parts[1::2], strict=True))


class PostgresStream:
    """Peeks at a logical slot, and advances it when the dirty tables are saved."""

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[Session]],
        source: str,
        *,
        slot: str = "sensscan",
        unlimited_wal: bool = False,
        interval: float = 1.0,
        stop: threading.Event | None = None,
    ) -> None:
        """`unlimited_wal` allows a slot although the server sets no limit to what it keeps for it (`max_slot_wal_keep_size`)."""
        self._connect = connect
        self._source = source
        self._slot = slot
        self._unlimited = unlimited_wal
        self._interval = interval
        self._stop = stop or threading.Event()
        self._stack = ExitStack()
        self._session: Session | None = None
        self._advanced = ""
        self._snapshot = ""
        self._digest = ""
        self._blind: dict[TableRef, Mark] = {}
        self._relations = Relations({}, {})
        self._followers: Mapping[TableRef, frozenset[TableRef]] = {}
        self._warned = _WARN_BYTES // 2
        self._step = _CHANGES_AT_ONCE
        self._backlog = False

    @property
    def name(self) -> Text:
        """How this stream watches."""
        return Text(f"logical decoding, slot {self._slot}", f"逻辑解码，复制槽 {self._slot}")

    @property
    def lag(self) -> float:
        """An idle session hands in its counters after up to 10 s."""
        return _LAG_SECONDS

    def start(self, position: str) -> Batch:
        """Open the slot, or create it; a lost or missing slot is a gap."""
        self.close()
        try:
            self._session = self._stack.enter_context(self._connect())
            return self._open_slot(self._session, position)
        except (RefusedError, LostError):
            raise
        except Exception as error:  # drivers raise many kinds
            raise self._translated(error) from None

    def _open_slot(self, session: Session, position: str) -> Batch:
        self._check_settings(session)
        rows = session.execute(_SLOT, (self._slot,))
        gap = None
        if rows and rows[0][1] == "lost":
            session.execute("SELECT pg_drop_replication_slot(%s)", (self._slot,))
            rows = []
            gap = Text("the server dropped log that was not read yet; everything is compared", "服务器已丢弃尚未读取的日志，将全部比对")
        elif rows and (rows[0][4] != "test_decoding" or rows[0][5] not in ("", self._database(session))):
            raise RefusedError(
                Text(f"The slot {self._slot} belongs to something else.", f"复制槽 {self._slot} 属于其他用途。"),
                Text("Name another one with --slot.", "请用 --slot 另取名称。"),
            )
        if rows and rows[0][0]:
            raise LostError(Text(f"The slot {self._slot} is in use by another watcher.", f"复制槽 {self._slot} 正被另一监听程序使用。"))
        if not rows:
            made = session.execute("SELECT lsn::text FROM pg_create_logical_replication_slot(%s, 'test_decoding')", (self._slot,))
            if position and gap is None:
                gap = Text("the slot was missing; everything is compared", "复制槽不存在，已重建，将全部比对")
            self._advanced = made[0][0]
            return Batch(f"slot:{self._slot}:{made[0][0]}", gap=gap, structure=True, notes=(self._promise(session),))
        # The server stands there already: saying so again would make it decode everything since its restart point.
        self._advanced = rows[0][3]
        if position and not position.startswith(f"slot:{self._slot}:"):
            gap = Text("watched in another way before; everything is compared", "此前以其他方式监听，将全部比对")
        elif position and _lsn(position.rpartition(":")[2]) < _lsn(rows[0][3]):
            # Saved always comes before advanced: somebody else read on, or the tag store is an older copy.
            gap = Text(
                f"the slot {self._slot} was read beyond the saved position; everything is compared",
                f"复制槽 {self._slot} 已被读取到保存位置之后，将全部比对",
            )
        notes = (self._promise(session),)
        if position and gap is None:
            return Batch(position, structure=True, notes=notes)
        return Batch(f"slot:{self._slot}:{rows[0][3]}", gap=gap, structure=True, notes=notes)

    @staticmethod
    def _database(session: Session) -> str:
        return str(session.execute("SELECT current_database()")[0][0])

    def _check_settings(self, session: Session) -> None:
        level, keep, standby, user, replication = session.execute(
            "SELECT current_setting('wal_level'), current_setting('max_slot_wal_keep_size', true), pg_is_in_recovery(), "
            "current_user::text, "
            "(SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user)"
        )[0]
        missed = Text(
            "Until then the change marks are polled (missed: sessions with track_counts=off).",
            "在此之前改为轮询变更标记（会漏掉 track_counts=off 的会话）。",
        )
        if standby:
            raise RefusedError(Text("A standby gives no logical decoding.", "备库不支持逻辑解码。"), missed)
        if level != "logical":
            raise RefusedError(
                Text(f"wal_level is {level}, logical decoding needs logical.", f"wal_level 为 {level}，逻辑解码需要 logical。"),
                _join(
                    Text(
                        "Run: ALTER SYSTEM SET wal_level = 'logical'; and restart the server.",
                        "请执行 ALTER SYSTEM SET wal_level = 'logical'; 并重启服务器。",
                    ),
                    missed,
                ),
            )
        if not replication:
            role = '"' + str(user).replace('"', '""') + '"'
            raise RefusedError(
                Text(f"The account {user} has no REPLICATION right.", f"账号 {user} 没有 REPLICATION 权限。"),
                _join(
                    Text(
                        f"Run: ALTER ROLE {role} REPLICATION; (it then can see changes of tables that it may not select).",
                        f"请执行：ALTER ROLE {role} REPLICATION;（该账号随后能看到它无权查询的表的变更）。",
                    ),
                    missed,
                ),
            )
        if keep == "-1" and not self._unlimited and not session.execute(_SLOT, (self._slot,)):
            raise RefusedError(
                Text(
                    "Nothing limits the log kept for a slot (max_slot_wal_keep_size is -1): a stopped watcher would fill the disk.",
                    "服务器未限制为复制槽保留的日志量（max_slot_wal_keep_size 为 -1），监听停止后可能写满磁盘。",
                ),
                _join(
                    Text(
                        "Run: ALTER SYSTEM SET max_slot_wal_keep_size = '4GB'; SELECT pg_reload_conf(); or pass --allow-unlimited-wal.",
                        "请执行：ALTER SYSTEM SET max_slot_wal_keep_size = '4GB'; SELECT pg_reload_conf(); 或加 --allow-unlimited-wal。",
                    ),
                    missed,
                ),
            )

    def _promise(self, session: Session) -> Text:
        rows = session.execute(_SLOT, (self._slot,))
        kept = int(rows[0][2] or 0) if rows else 0
        return Text(
            f"slot {self._slot}: the server keeps {kept // 1024 // 1024} MB of log for it; when you stop watching for good, run "
            f"`sensscan watch --forget SOURCE`",
            f"复制槽 {self._slot}：服务器为它保留 {kept // 1024 // 1024} MB 日志；若不再监听，请运行 `sensscan watch --forget SOURCE`",
        )

    def next(self, seconds: float) -> Batch:
        """Ask the slot once; wait first, so that the server is asked about once per interval."""
        if not self._backlog:
            self._stop.wait(min(self._interval, seconds))
        session = self._session
        if session is None:
            raise LostError(Text("The connection was closed.", "连接已关闭。"))
        try:
            return self._poll(session)
        except Exception as error:  # drivers raise many kinds
            if error_code(error) == "57014":
                return self._skip(session)
            raise self._translated(error) from None

    def _poll(self, session: Session) -> Batch:
        snapshot, flushed = session.execute("SELECT pg_current_snapshot()::text, pg_current_wal_flush_lsn()::text")[0]
        rows = session.execute(_PEEK, (self._slot, self._step))
        self._backlog = sum(int(row[1]) for row in rows) >= self._step
        self._step = min(self._step * 2, _CHANGES_AT_MOST) if self._backlog else _CHANGES_AT_ONCE
        structure = self._catalogue_moved(session) if snapshot != self._snapshot else False
        touched: dict[TableRef, Text] = {}
        for text, count, _ in rows:
            self._note(str(text), int(count), touched)
        if snapshot != self._snapshot:
            self._look_at_blind(session, touched)
            self._snapshot = snapshot
        for base in list(touched):
            for top in self._followers.get(base, ()):
                touched.setdefault(top, touched[base])
        # Without a change the whole log up to the flush position read before is done with, other databases' traffic too.
        position = max((row[2] for row in rows), key=_lsn, default=flushed)
        return Batch(f"slot:{self._slot}:{position}", touched, structure=structure, notes=self._retained(session))

    def _note(self, text: str, count: int, touched: dict[TableRef, Text]) -> None:
        if text in ("BEGIN", "COMMIT"):
            return
        names = parse_tables(text.removeprefix("table "))
        if names is None:
            touched[TableRef(self._source, "", "")] = Text("a table with an unreadable name changed", "有名称无法解析的表发生变更")
            return
        for schema, table in names:
            touched[TableRef(self._source, schema, table)] = Text(f"{count} changes", f"{count} 处变更")

    def _catalogue_moved(self, session: Session) -> bool:
        digest = str(session.execute(_CATALOGUE_DIGEST)[0][0])
        if digest == self._digest:
            return False
        self._digest = digest
        self._relations = marks_postgresql.read_relations(session)
        self._followers = self._relations.followers(self._source)
        return True

    def _look_at_blind(self, session: Session, touched: dict[TableRef, Text]) -> None:
        """Follow by their marks what logical decoding does not show: unlogged tables and materialised views."""
        blind = [
            TableRef(self._source, one.schema, one.name)
            for one in self._relations.by_oid.values()
            if one.kind == "m" or one.persistence == "u"
        ]
        if not blind:
            return
        current = marks_postgresql.read(session, blind)
        for ref, mark in current.items():
            if ref in self._blind and not isinstance(compare(self._blind[ref], mark), Same):
                touched[ref] = Text("its change mark moved", "其变更标记已移动")
        self._blind = current

    def _retained(self, session: Session) -> tuple[Text, ...]:
        rows = session.execute(_SLOT, (self._slot,))
        kept = int(rows[0][2] or 0) if rows else 0
        if kept < 2 * self._warned:
            return ()
        self._warned = kept
        return (
            Text(
                f"warning: the server keeps {kept // 1024 // 1024} MB of log for slot {self._slot} (a long open transaction holds it back)",
                f"警告：服务器为复制槽 {self._slot} 保留了 {kept // 1024 // 1024} MB 日志（可能有长事务未结束）",
            ),
        )

    def _skip(self, session: Session) -> Batch:
        """A transaction too large to be decoded within the time limit: everything is unknown, and the slot goes on behind it."""
        flushed = str(session.execute("SELECT pg_current_wal_flush_lsn()::text")[0][0])
        gap = Text("a transaction was too large to decode in time; everything is compared", "某个事务过大，未能按时解码，将全部比对")
        return Batch(f"slot:{self._slot}:{flushed}", gap=gap, structure=True)

    def accept(self, position: str) -> None:
        """Let the server forget the log up to `position`."""
        lsn = position.rpartition(":")[2]
        if self._session is None or lsn == self._advanced or not position.startswith(f"slot:{self._slot}:"):
            return
        try:
            self._session.execute("SELECT pg_replication_slot_advance(%s, %s)", (self._slot, lsn))
        except Exception as error:
            # 55000: the slot stands behind that already (saved before a crash).
            if error_code(error) not in ("55000", "22023"):
                raise self._translated(error) from None
        self._advanced = lsn

    def _translated(self, error: Exception) -> SensscanError:
        if isinstance(error, SensscanError):
            return LostError(error.text, error.hint)
        found = translate(error, Text(f"The slot {self._slot}", f"复制槽 {self._slot}"))
        if error_code(error) in ("42501", "53400", "42704", "0A000") and not is_lost(error):
            return RefusedError(found.text, found.hint)
        return LostError(found.text, found.hint)

    def close(self) -> None:
        """Close the connection; the slot stays."""
        self._session = None
        self._stack.close()
        self._snapshot = ""


def forget_slot(session: Session, slot: str) -> bool:
    """Drop the slot, so that the server keeps no log for it; False when there is none."""
    if not session.execute(_SLOT, (slot,)):
        return False
    session.execute("SELECT pg_drop_replication_slot(%s)", (slot,))
    return True


def _lsn(text: Any) -> int:
    high, _, low = str(text).partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def _join(first: Text, second: Text) -> Text:
    return Text(f"{first.en} {second.en}", f"{first.zh}{second.zh}")
