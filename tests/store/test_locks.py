"""Two scans of one source exclude each other, and a dead one does not block for ever."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from sensscan.errors import StoreError
from sensscan.store import Store, locks, open_store, schema
from tests.store.making import SOURCE


def _change_lock(store: Store, **values: object) -> None:
    with store._database.write() as connection:
        connection.execute(sa.update(schema.locks).values(**values))


def test_a_second_scan_of_a_source_is_refused_and_told_who_holds_it(store: Store, environ: dict[str, str]) -> None:
    with store.lock([SOURCE, "sqlite:/a.db"], "run-1"), open_store(None, environ=environ) as other:
        with pytest.raises(StoreError, match=f"run run-1, process {os.getpid()} on"), other.lock([SOURCE], "run-2"):
            pass
        with other.lock(["sqlite:/b.db"], "run-3"):
            pass
        held = other.lock_holder(SOURCE)
        assert held is not None
        assert held.run_id == "run-1"
    assert store.lock_holder(SOURCE) is None
    with store.lock([SOURCE], "run-4"):
        pass


def test_all_sources_or_none_are_locked(store: Store) -> None:
    with store.lock(["sqlite:/b.db"], "run-1"):
        with pytest.raises(StoreError), store.lock(["sqlite:/a.db", "sqlite:/b.db"], "run-2"):
            pass
        assert store.lock_holder("sqlite:/a.db") is None


def test_the_lock_is_given_back_after_an_error(store: Store) -> None:
    with pytest.raises(RuntimeError), store.lock([SOURCE], "run-1"):
        raise RuntimeError
    assert store.lock_holder(SOURCE) is None


def test_the_lock_of_a_dead_process_is_stale(store: Store) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    locks.acquire(store._database, [SOURCE], "run-1")
    _change_lock(store, pid=ended.pid)
    assert store.lock_holder(SOURCE) is None
    with store.lock([SOURCE], "run-2"):
        pass


def test_a_pid_given_to_another_process_does_not_hold_the_lock(store: Store) -> None:
    locks.acquire(store._database, [SOURCE], "run-1")
    _change_lock(store, process="12345")
    with store.lock([SOURCE], "run-2"):
        pass


def test_a_reboot_ends_the_locks_of_the_host(store: Store) -> None:
    locks.acquire(store._database, [SOURCE], "run-1")
    host, _, *rest = locks.host_identity().split(" ")
    _change_lock(store, host=" ".join([host, "11111111-2222-3333-4444-555555555555", *rest]))
    with store.lock([SOURCE], "run-2"):
        pass


def test_another_hosts_lease_holds_until_it_is_not_renewed(store: Store) -> None:
    locks.acquire(store._database, [SOURCE], "run-1")
    _change_lock(store, host="elsewhere boot ns")
    with pytest.raises(StoreError, match="on elsewhere"), store.lock([SOURCE], "run-2"):
        pass
    locks.renew(store._database, "run-1")
    assert store.lock_holder(SOURCE) is not None
    _change_lock(store, expires=0.0)
    with store.lock([SOURCE], "run-2"):
        pass
