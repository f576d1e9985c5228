"""One scan of a source at a time.

On a SQLite store the holder is a process of this host: it is alive while its pid, its start time and the host's boot id are the
same. On a team store holders are on other hosts: they hold a lease and renew it; one that is not renewed ends by itself.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sensscan.errors import StoreError
from sensscan.language import Text
from sensscan.store import schema
from sensscan.store.chain import lock_head
from sensscan.store.database import Database, now_text, time_back
from sensscan.store.known import text_key
from sensscan.store.views import LockHolder

LEASE_SECONDS = 120.0
HEARTBEAT_SECONDS = 30.0


def host_identity() -> str:
    """Return this boot of this host, and its process numbering (containers have their own)."""
    parts = [socket.gethostname()]
    try:
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    except OSError:
        parts.append("")
    try:
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        parts.append("")
    return " ".join(parts)


def process_start(pid: int) -> str:
    """Return when a process began, in the kernel's ticks; "" where the system does not say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def alive(pid: int, started: str) -> bool:
    """Whether this very process still runs (a pid alone may have been given again)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return process_start(pid) == started


def _is_stale(row: sa.Row[tuple[object, ...]], now: float) -> bool:
    own = host_identity()
    if row.host == own[:255]:
        return not alive(row.pid, row.process)
    name, boot, *_ = own.split(" ")
    its_name, _, its_rest = str(row.host).partition(" ")
    rebooted = boot != "" and its_name == name and not its_rest.startswith(boot)
    return rebooted or float(row.expires) < now


def holder(database: Database, source: str) -> LockHolder | None:
    """Return who holds a source's lock; None when nobody does or the holder is gone."""
    with database.read() as connection:
        row = connection.execute(sa.select(schema.locks).where(schema.locks.c.key == text_key(source))).first()
        if row is None or _is_stale(row, database.server_seconds(connection)):
            return None
    return _to_holder(row)


def _to_holder(row: sa.Row[tuple[object, ...]]) -> LockHolder:
    return LockHolder(row.run_id, row.host.split(" ")[0], row.pid, time_back(row.since))


def _taken(source: str, held: LockHolder) -> StoreError:
    since = held.since.isoformat(timespec="seconds")
    return StoreError(
        Text(
            f"{source} is being scanned already: run {held.run_id}, process {held.pid} on {held.host}, since {since}.",
            f"{source} 正在被扫描：扫描 {held.run_id}，主机 {held.host} 进程 {held.pid}，开始于 {since}。",
        ),
        Text("Wait until it has ended.", "请等待其结束。"),
    )


def acquire(database: Database, sources: Sequence[str], run_id: str) -> None:
    """Take the locks of all sources or none. Raises StoreError naming the holder."""
    pid = os.getpid()
    with database.write() as connection:
        lock_head(connection)  # queues up with others that look at the same rows
        now = database.server_seconds(connection)
        for source in dict.fromkeys(sources):
            key = text_key(source)
            row = connection.execute(sa.select(schema.locks).where(schema.locks.c.key == key)).first()
            if row is not None:
                # Not even the same run twice: `--resume` while the run still goes on would read everything again beside it.
                own = (row.run_id, row.pid, row.process) == (run_id, pid, process_start(pid))
                if not own and not _is_stale(row, now):
                    raise _taken(source, _to_holder(row))
                connection.execute(sa.delete(schema.locks).where(schema.locks.c.key == key))
            values = (key, source, run_id, host_identity()[:255], pid, process_start(pid), now_text(), now + LEASE_SECONDS)
            database.insert(connection, schema.locks, [values])


def renew(database: Database, run_id: str) -> None:
    """Prolong the leases of a run."""
    with database.write() as connection:
        expires = database.server_seconds(connection) + LEASE_SECONDS
        connection.execute(sa.update(schema.locks).where(schema.locks.c.run_id == run_id).values(expires=expires))


def release(database: Database, run_id: str) -> None:
    """Give back the locks of a run."""
    with database.write() as connection:
        _release(connection, run_id)


def _release(connection: Connection, run_id: str) -> None:
    connection.execute(sa.delete(schema.locks).where(schema.locks.c.run_id == run_id))


@contextmanager
def locked(database: Database, sources: Sequence[str], run_id: str) -> Iterator[None]:
    """Hold the locks of sources; on a team store a thread renews the lease meanwhile."""
    acquire(database, sources, run_id)
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            try:
                renew(database, run_id)
            except StoreError:
                continue  # the next beat tries again; the lease outlives three of them

    thread = None if database.local else threading.Thread(target=beat, daemon=True, name="sensscan lease")
    if thread is not None:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if thread is not None:
            thread.join()
        release(database, run_id)
