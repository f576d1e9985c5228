"""Information, pruning, backup and restore, and the way of a store URL."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensscan.errors import ConfigError, StoreError, UsageError
from sensscan.store import LabelChange, Store, open_store
from tests.store.making import SOURCE, ref, scan, table

LATER = datetime.now(UTC) + timedelta(days=1)


def test_prune_keeps_labels_their_evidence_and_the_log(store: Store) -> None:
    mobile = ref("customer", "mobile")
    for run, type_id in (("a", "mobile_phone"), ("b", "mobile_phone"), ("c", "id_card"), ("d", "none"), ("e", "none")):
        scan(store, run, [table("customer", {"mobile": type_id, "n": "none"}, rows=1000 + ord(run))])
        if run == "b":
            store.decide({mobile: LabelChange(status="confirmed")}, actor="wang")
    head, tags = store.head(), store.tags(SOURCE)
    gone = store.prune(before=LATER)
    assert (gone.runs, gone.results) == (4, 6)
    assert gone.kept_as_evidence == 2  # when it was found (a), and when it was confirmed (b)
    assert store.tags(SOURCE) == tags
    assert store.verify(head).ok
    assert [run.id for run in store.runs()] == ["e", "d", "c", "b", "a"]
    assert store.load_report("e").run.id == "e"
    with pytest.raises(UsageError, match="pruned"):
        store.load_report("a")
    assert store.prune(before=LATER).results == 0


def test_prune_before_the_first_run_removes_nothing(store: Store) -> None:
    scan(store, "a", [table("t", {"c": "none"})])
    assert store.prune(before=datetime(2000, 1, 1, tzinfo=UTC)).runs == 0


def test_a_backup_is_one_private_file_that_can_be_restored(store: Store, environ: dict[str, str], tmp_path: Path) -> None:
    scan(store, "a", [table("customer", {"mobile": "mobile_phone"})])
    store.decide({ref("customer", "mobile"): LabelChange(status="confirmed")}, actor="wang")
    file = tmp_path / "backup.db"
    store.backup(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.db"]
    with pytest.raises(UsageError, match="exists already"):
        store.backup(file)
    with open_store(str(tmp_path / "new" / "store.db"), environ=environ) as restored:
        assert restored.restore(file) > 0
        assert restored.tags(SOURCE) == store.tags(SOURCE)
        assert restored.load_report("a") == store.load_report("a")
        assert restored.verify(store.head()).ok
        scan(restored, "b", [table("customer", {"mobile": "mobile_phone"})])
        with pytest.raises(UsageError, match="not empty"):
            restored.restore(file)


def test_the_default_store_lies_in_the_data_folder(environ: dict[str, str]) -> None:
    with open_store(None, environ=environ) as store:
        assert store.place == str(Path(environ["SENSSCAN_DATA_DIR"]) / "store.db")
        facts = store.info()
        assert (facts.dialect, facts.revision, facts.head.count) == ("sqlite", "0001", 0)


@pytest.mark.parametrize("url", ["oracle://x/y", "sqlite://", "sqlite:///:memory:", "://"])
def test_a_wrong_url_is_refused(environ: dict[str, str], url: str) -> None:
    with pytest.raises(ConfigError), open_store(url, environ=environ):
        pass


def test_a_server_that_does_not_answer_is_said_without_the_password(environ: dict[str, str]) -> None:
    with pytest.raises(StoreError) as caught, open_store("postgresql://u:s3cret@127.0.0.1:1/x", environ=environ):
        pass
    assert "s3cret" not in str(caught.value) + repr(caught.value.text)
    assert "postgresql://127.0.0.1:1/x" in caught.value.text.en


def test_a_file_that_is_no_store_is_left_alone(environ: dict[str, str], tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, and long enough to be read as one " * 50)
    with pytest.raises(StoreError, match="not a sensscan store"), open_store(str(text), environ=environ):
        pass
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE t (a)").connection.commit()
    with pytest.raises(StoreError, match="but not a sensscan store"), open_store(str(other), environ=environ):
        pass


def test_the_store_holds_no_value_of_the_scanned_database(store: Store, environ: dict[str, str]) -> None:
    store.add_exception(value="13800138000", reason="test number", author="li")
    scan(store, "a", [table("customer", {"mobile": "mobile_phone"})])
    files = b"".join(path.read_bytes() for path in Path(environ["SENSSCAN_DATA_DIR"]).iterdir())
    assert b"13800138000" not in files
    assert b"138****1234" in files
