"""The store's file beside other programs, and when it cannot be written."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sensscan.errors import StoreError
from sensscan.model import TableRef
from sensscan.store import WatchState, open_store

READ_AND_CLOSE = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('select count(*) from meta').fetchall(); c.close()"


def test_a_second_look_in_one_process_does_not_give_up_the_first_ones_locks(tmp_path: Path) -> None:
    """A watcher holds the store while its scans open it again; another program that closes it then must leave its log alone."""
    path = tmp_path / "store.db"
    with open_store(f"sqlite:///{path}", environ={"SENSSCAN_CONFIG_DIR": str(tmp_path / "config")}) as watching:
        watching.save_watch_position("s", WatchState("p1", {}))
        with open_store(f"sqlite:///{path}", environ={"SENSSCAN_CONFIG_DIR": str(tmp_path / "config")}) as scanning:
            assert scanning.watch_position("s") is not None
        subprocess.run([sys.executable, "-c", READ_AND_CLOSE, str(path)], check=True)
        assert path.with_name("store.db-wal").exists(), "the log was taken away while it was in use"
        watching.save_watch_position("s", WatchState("p2", {TableRef("s", "a", "b"): 1}))
    with sqlite3.connect(path) as other:
        assert other.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert other.execute("select position from watches").fetchall() == [("p2",)]
    other.close()


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError), open_store(f"sqlite:///{tmp_path}", environ={"SENSSCAN_CONFIG_DIR": str(tmp_path / "config")}):
        pass


def test_a_new_store_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(f"sqlite:///{path}", environ={"SENSSCAN_CONFIG_DIR": str(tmp_path / "config")}):
        assert path.stat().st_mode & 0o777 == 0o600
