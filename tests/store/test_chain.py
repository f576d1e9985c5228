"""The event log: every alteration at every place is found, and a crash at every point of a write leaves it whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from sensscan.errors import ConfigError, StoreError
from sensscan.store import Head, LabelChange, Store, open_store, schema
from sensscan.store.keys import StoreKey, new_hash
from tests.store.making import SOURCE, ref, scan, table

EVENTS = 12


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with twelve events."""
    scan(store, "a", [table("customer", {"a": "mobile_phone", "b": "email"})])
    store.decide({ref("customer", "a"): LabelChange(status="confirmed", note="x")}, actor="wang")
    store.decide({ref("customer", "b"): LabelChange(status="confirmed", note="y")}, actor="wang")
    assert store.head().count == EVENTS
    return store


@pytest.fixture
def raw(filled: Store, environ: dict[str, str]) -> Iterator[sqlite3.Connection]:
    """The store's file, open for tampering."""
    connection = sqlite3.connect(Path(environ["SENSSCAN_DATA_DIR"]) / "store.db", isolation_level=None)
    yield connection
    connection.close()


def test_an_untouched_log_is_consistent(filled: Store) -> None:
    found = filled.verify()
    assert found.ok
    assert not found.anchored
    assert filled.verify(filled.head()).anchored
    assert str(filled.head()) == f"{EVENTS}:{found.head}"


def test_an_edited_field_of_any_event_is_found_where_it_is(filled: Store, raw: sqlite3.Connection) -> None:
    names = [row[1] for row in raw.execute("PRAGMA table_info(events)") if row[1] != "seq"]
    assert len(names) == 17
    for place in range(1, EVENTS + 1):
        for name in names:
            [kept] = raw.execute(f'SELECT "{name}" FROM events WHERE seq = ?', (place,)).fetchone()
            raw.execute(f'UPDATE events SET "{name}" = \'"forged"\' WHERE seq = ?', (place,))
            assert filled.verify().broken_at == place, name
            raw.execute(f'UPDATE events SET "{name}" = ? WHERE seq = ?', (kept, place))
    assert filled.verify().ok


@pytest.mark.parametrize("place", range(1, EVENTS + 1))
def test_a_deleted_event_is_found_where_it_was(filled: Store, raw: sqlite3.Connection, place: int) -> None:
    raw.execute("DELETE FROM events WHERE seq = ?", (place,))
    assert filled.verify().broken_at == place


@pytest.mark.parametrize("place", range(1, EVENTS))
def test_a_deleted_event_is_found_when_the_rest_is_renumbered(filled: Store, raw: sqlite3.Connection, place: int) -> None:
    raw.execute("DELETE FROM events WHERE seq = ?", (place,))
    for later in range(place + 1, EVENTS + 1):
        raw.execute("UPDATE events SET seq = ? WHERE seq = ?", (later - 1, later))
    raw.execute("UPDATE chain SET length = length - 1")
    raw.execute("UPDATE runs SET events_count = 0")
    assert filled.verify().broken_at == place


@pytest.mark.parametrize("place", range(1, EVENTS + 2))
def test_an_inserted_event_is_found(filled: Store, raw: sqlite3.Connection, place: int) -> None:
    for later in range(EVENTS, place - 1, -1):
        raw.execute("UPDATE events SET seq = ? WHERE seq = ?", (later + 1, later))
    names = [row[1] for row in raw.execute("PRAGMA table_info(events)")][1:]
    copied = ", ".join(names)
    raw.execute(f"INSERT INTO events SELECT ?, {copied} FROM events WHERE seq = ?", (place, 1 if place > 2 else 7))
    raw.execute("UPDATE chain SET length = length + 1")
    assert filled.verify().broken_at == place


@pytest.mark.parametrize("place", range(1, EVENTS))
def test_two_exchanged_events_are_found(filled: Store, raw: sqlite3.Connection, place: int) -> None:
    for old, new in ((place, 99), (place + 1, place), (99, place + 1)):
        raw.execute("UPDATE events SET seq = ? WHERE seq = ?", (new, old))
    assert filled.verify().broken_at == place


@pytest.mark.parametrize("left", range(EVENTS))
def test_a_cut_off_tail_is_found_by_the_head_even_when_the_store_hides_it(filled: Store, raw: sqlite3.Connection, left: int) -> None:
    head = filled.head()
    raw.execute("DELETE FROM events WHERE seq > ?", (left,))
    assert filled.verify().broken_at == left + 1
    end = raw.execute("SELECT hash FROM events WHERE seq = ?", (left,)).fetchone()
    raw.execute("UPDATE chain SET length = ?, head = ?", (left, end[0] if end else "0" * 64))
    raw.execute("UPDATE runs SET events_count = 0, events_head = ''")
    unanchored = filled.verify()
    if unanchored.problem is not None:  # the log alone does not tell; labels that it does not explain may
        assert "altered outside the log" in unanchored.problem.en
    found = filled.verify(head)
    assert not found.ok
    assert found.broken_at == left + 1


@pytest.mark.parametrize("place", range(1, EVENTS + 1))
def test_a_chain_recomputed_without_the_key_is_found(filled: Store, raw: sqlite3.Connection, place: int) -> None:
    from sensscan.store.codec import to_json

    raw.execute("UPDATE events SET actor = 'forged' WHERE seq = ?", (place,))
    forger = StoreKey(b"x" * 32, "forged").sealer("sha256")
    before = raw.execute("SELECT prev_hash FROM events WHERE seq = ?", (place,)).fetchone()[0]
    for seq in range(place, EVENTS + 1):
        row = list(raw.execute("SELECT * FROM events WHERE seq = ?", (seq,)).fetchone())
        digest = forger.seal(to_json([before, *row[:-2]]).encode())
        raw.execute("UPDATE events SET prev_hash = ?, hash = ? WHERE seq = ?", (before, digest, seq))
        before = digest
    raw.execute("UPDATE chain SET head = ?", (before,))
    assert filled.verify().broken_at == place


@pytest.mark.parametrize(
    ("statement", "said", "place"),
    [
        ("UPDATE tags SET status = 'rejected' WHERE column_id = 1", "column 1 differs from event 9 in status", 9),
        ('UPDATE tags SET owner = \'{"steward":"x"}\' WHERE column_id = 1', "in owner", 0),
        ("UPDATE tags SET note = '' WHERE column_id = 1", "column 1 differs from event 10 in note", 10),
        ("UPDATE tags SET set_by = 'li' WHERE column_id = 1", "column 1 differs from event 10 in set_by", 10),
        ("UPDATE tags SET version = 99 WHERE column_id = 1", "column 1 differs from event 10 in version", 10),
        ("UPDATE tag_levels SET level = 'none' WHERE column_id = 1", "column 1 differs from event 3 in level:default", 3),
        ("UPDATE tag_levels SET fixed = 1 WHERE column_id = 1", "column 1 differs from event 3 in level:default", 3),
        ("DELETE FROM tag_levels WHERE column_id = 2", "column 2 differs from event 7", 7),
        ("DELETE FROM tags WHERE column_id = 1", "column 1 differs from event 2 in category", 2),
        ("INSERT INTO tag_levels SELECT 1, 'gdpr', level, fixed, version FROM tag_levels WHERE column_id = 1", "in level:gdpr", 0),
        ("UPDATE columns SET column_name = 'harmless' WHERE id = 1", "Column 1 bears another name than in event 10", 10),
        ("UPDATE columns SET gone_run = 1 WHERE id = 1", "Column 1 is gone, but not by event", 10),
        ("UPDATE columns SET id = 77 WHERE id = 1", "Column 1 bears another name", 10),
        ("UPDATE tables SET table_name = 'other'", "Column 1 bears another name", 10),
        ("UPDATE tables SET schema_name = 'other'", "Column 1 bears another name", 10),
        ("UPDATE sources SET name = 'sqlite:/other.db'", "Column 1 bears another name", 10),
        ("INSERT INTO exceptions SELECT 'ffff', source, '*', type_glob, fingerprint, reason, author, created_at, expires, removed_at, "
         "removed_by FROM exceptions", "Exception ffff is not as in the log", 0),
        ("UPDATE exceptions SET expires = '2099-01-01'", "is not as in the log", 13),
        ("UPDATE exceptions SET column_glob = '*'", "is not as in the log", 13),
        ("UPDATE exceptions SET author = 'li'", "is not as in the log", 13),
        ("UPDATE exceptions SET reason = 'agreed with the auditor'", "is not as in the log", 13),
        ("UPDATE exceptions SET removed_at = '2026-01-01T00:00:00.000Z'", "is not as in the log", 13),
        ("DELETE FROM exceptions", "is not as in the log", 13),
        ("UPDATE runs SET id = 'other'", "Run a of event 1 is missing", 1),
        ("UPDATE results SET payload = replace(payload, 'mobile_phone', 'none')", "finding of column 1 was altered", 1),
        ("UPDATE results SET type_id = 'none' WHERE column_id = 3", "finding of column 3 was altered", 0),
        ("UPDATE blobs SET data = x'00'", "report of run a was altered", 1),
        ("DELETE FROM blobs", "report of run a was altered", 1),
    ],
)  # fmt: skip
def test_what_lies_beside_the_log_and_differs_from_it_is_found(
    filled: Store, raw: sqlite3.Connection, statement: str, said: str, place: int
) -> None:
    filled.add_exception(reason="own servers", author="wang", column="log.*", type_id="ipv4")
    if "column_id = 3" in statement:
        scan(filled, "b", [table("customer", {"a": "mobile_phone", "b": "email", "c": "id_card"})])
    assert filled.verify().ok
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute(statement)
    found = filled.verify()
    assert found.problem is not None
    assert said in found.problem.en
    assert found.problem.zh
    assert found.broken_at == place or (place == 0 and "column_id = 3" in statement)


def test_the_time_zone_of_an_event_cannot_be_moved(filled: Store, raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE events SET at = replace(at, 'Z', '+08:00') WHERE seq = 5")
    assert filled.verify().broken_at == 5


def test_columns_set_to_null_are_found_or_refused(filled: Store, raw: sqlite3.Connection) -> None:
    nullable = {row[1] for row in raw.execute("PRAGMA table_info(events)") if not row[3]}
    assert nullable == {"column_id", "old", "new", "about"}
    for name in sorted(nullable):
        [[seq, kept]] = raw.execute(f'SELECT seq, "{name}" FROM events WHERE "{name}" IS NOT NULL LIMIT 1').fetchall() or [[0, None]]
        if seq:
            raw.execute(f'UPDATE events SET "{name}" = NULL WHERE seq = ?', (seq,))
            assert filled.verify().broken_at == seq
            raw.execute(f'UPDATE events SET "{name}" = ? WHERE seq = ?', (kept, seq))
    assert filled.verify().ok


def test_the_last_decisions_removed_together_with_their_label_are_found_by_a_head_only(filled: Store, raw: sqlite3.Connection) -> None:
    """Whoever rolls the whole store back leaves nothing to be found inside it: that is what the head in a report is for."""
    head = filled.head()
    [end] = raw.execute("SELECT hash FROM events WHERE seq = 10").fetchone()
    raw.execute("DELETE FROM events WHERE seq > 10")
    raw.execute("UPDATE chain SET length = 10, head = ?", (end,))
    raw.execute("UPDATE tags SET status = 'found', note = '', set_by = 'sensscan 0.1', version = 8 WHERE column_id = 2")
    unanchored = filled.verify()
    assert (unanchored.ok, unanchored.anchored) == (True, False)
    found = filled.verify(head)
    assert found.broken_at == 11
    assert found.problem is not None
    assert found.problem.en == "Events 11 to 12 are missing."


def test_an_old_backup_put_in_place_of_the_store_is_found_by_the_head_of_a_later_report(
    filled: Store, environ: dict[str, str], tmp_path: Path
) -> None:
    filled.backup(tmp_path / "old.db")
    filled.decide({ref("customer", "a"): LabelChange(status="rejected")}, actor="wang")
    head = filled.head()
    with open_store(str(tmp_path / "old.db"), environ=environ) as old:
        assert old.verify().ok
        assert not old.verify().anchored
        assert old.verify(head).broken_at == EVENTS + 1


def test_another_key_in_place_of_the_stores_own_is_found(filled: Store, environ: dict[str, str]) -> None:
    file = Path(environ["SENSSCAN_CONFIG_DIR"]) / "store.key"
    own = file.read_text()
    file.write_text("ab" * 32 + "\n")
    with open_store(None, environ=environ) as store:
        found = store.verify()
        assert found.broken_at == 1
        assert found.problem is not None and "another key" in found.problem.en
        with pytest.raises(StoreError, match="another key"):
            store.decide({ref("customer", "a"): LabelChange(note="z")}, actor="li")
    file.write_text(own)


def test_each_head_that_a_run_noted_is_compared_also_of_runs_that_ended_at_the_same_event(filled: Store, raw: sqlite3.Connection) -> None:
    one = [table("customer", {"a": "mobile_phone", "b": "email"})]
    scan(filled, "b", one)
    scan(filled, "c", one)
    raw.execute("UPDATE runs SET events_head = ? WHERE id = 'b'", ("f" * 64,))
    found = filled.verify(filled.head())
    assert found.broken_at == EVENTS
    assert found.problem is not None and "noted by run b" in found.problem.en


def test_a_head_of_another_log_is_found(filled: Store) -> None:
    assert filled.verify(Head(3, "f" * 64)).broken_at == 3


def test_an_older_head_still_anchors_a_longer_log(filled: Store) -> None:
    head = filled.head()
    filled.decide({ref("customer", "a"): LabelChange(note="more")}, actor="wang")
    found = filled.verify(head)
    assert (found.ok, found.anchored, found.anchored_to, found.count) == (True, False, EVENTS, EVENTS + 1)


def test_times_never_go_back(filled: Store, raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE chain SET at = '2999-01-01T00:00:00.000Z'")
    filled.decide({ref("customer", "a"): LabelChange(note="late")}, actor="wang")
    assert filled.history()[-1].at == "2999-01-01T00:00:00.000Z"
    assert filled.verify().ok


def test_sm3_seals_new_events_and_the_old_ones_stay_valid(filled: Store) -> None:
    filled.use_hash("sm3")
    filled.decide({ref("customer", "a"): LabelChange(note="sm3")}, actor="wang")
    assert {event.algorithm for event in filled.history()} == {"sha256", "sm3"}
    assert filled.verify().ok
    with pytest.raises(ConfigError, match="Unknown hash"):
        filled.use_hash("md5")


def test_sm3_is_the_one_of_gb_t_32905() -> None:
    digest = new_hash("sm3")
    digest.update(b"abc")
    assert digest.digest().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_the_log_is_sealed_by_hmac_as_documented(environ: dict[str, str], filled: Store) -> None:
    import hashlib
    import hmac

    from sensscan.store.codec import to_json

    secret = bytes.fromhex((Path(environ["SENSSCAN_CONFIG_DIR"]) / "store.key").read_text().strip())
    key = hmac.digest(secret, b"sensscan events", "sha256")
    event = filled.history()[4]
    fields = [getattr(event, name) for name in type(event).__dataclass_fields__][:-2]
    message = to_json([event.prev_hash, *fields]).encode()
    assert hmac.new(key, message, hashlib.sha256).hexdigest() == event.hash


# Keys -------------------------------------------------------------------------------------------------------------------


def test_the_key_is_its_owners_only_and_not_beside_the_store(filled: Store, environ: dict[str, str]) -> None:
    key = Path(environ["SENSSCAN_CONFIG_DIR"]) / "store.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (Path(environ["SENSSCAN_DATA_DIR"]) / "store.db").stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    with open_store(None, environ=environ) as again, pytest.raises(StoreError, match="can be read by others"):
        again.decide({ref("customer", "a"): LabelChange(note="x2")}, actor="wang")


def test_one_folder_for_key_and_store_is_refused(tmp_path: Path) -> None:
    environ = {"SENSSCAN_DATA_DIR": str(tmp_path), "SENSSCAN_CONFIG_DIR": str(tmp_path)}
    with open_store(None, environ=environ) as store, pytest.raises(StoreError, match="must not lie beside"):
        scan(store, "a", [table("t", {"c": "mobile_phone"})])


def test_another_key_cannot_go_on_with_the_log_and_verify_says_so(filled: Store, environ: dict[str, str]) -> None:
    other = {**environ, "SENSSCAN_STORE_KEY": "0" * 64}
    with open_store(None, environ=other) as store:
        with pytest.raises(StoreError, match="sealed with another key"):
            scan(store, "b", [])
        assert store.verify().broken_at == 1


def test_a_lost_key_is_not_replaced_by_a_new_one(filled: Store, environ: dict[str, str]) -> None:
    (Path(environ["SENSSCAN_CONFIG_DIR"]) / "store.key").unlink()
    with open_store(None, environ=environ) as store:
        with pytest.raises(StoreError, match="key of the store"):
            scan(store, "b", [])
        with pytest.raises(StoreError, match="Without the key"):
            store.verify()
        assert len(store.tags(SOURCE)) == 2  # reading needs no key


def test_a_short_key_is_refused(environ: dict[str, str]) -> None:
    with open_store(None, environ={**environ, "SENSSCAN_STORE_KEY": "secret"}) as store, pytest.raises(StoreError, match="shorter than 16"):
        scan(store, "a", [])


def test_the_key_can_come_from_the_keyring(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    kept: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(keyring, "get_password", lambda service, user: kept.get((service, user)))
    monkeypatch.setattr(keyring, "set_password", lambda service, user, text: kept.update({(service, user): text}))
    for run in ("a", "b"):
        with open_store(None, environ={**environ, "SENSSCAN_STORE_KEY": "keyring"}) as store:
            scan(store, run, [table("t", {"c": "mobile_phone"})])
            assert store.verify().ok
            assert store.info().key_place == "keyring"
    assert len(kept) == 1


# Crashes ----------------------------------------------------------------------------------------------------------------


class _PowerCutError(RuntimeError):
    pass


def _cut_after(statements: int) -> Callable[..., None]:
    left = statements

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal left
        if not statement.startswith(("PRAGMA", "SELECT", "BEGIN")):
            if left == 0:
                raise _PowerCutError
            left -= 1

    return count


def test_a_crash_before_each_statement_of_a_write_leaves_the_store_whole(environ: dict[str, str]) -> None:
    first = [table("customer", {"a": "mobile_phone", "b": "email", "c": "id_card"})]
    second = [table("customer", {"a": "id_card", "x": "email", "c": "id_card"}), table("orders", {"p": "mobile_phone"})]
    with open_store(None, environ=environ) as store:
        scan(store, "a", first)
        store.decide({ref("customer", "b"): LabelChange(status="confirmed")}, actor="wang")
    for statements in range(100):
        with open_store(None, environ=environ) as store:
            before, tags = store.head(), store.tags(SOURCE)
            hook = _cut_after(statements)
            engine = store._database.engine
            sa.event.listen(engine, "before_cursor_execute", hook)
            try:
                scan(store, f"run{statements}", second)
                done = True
            except _PowerCutError:
                done = False
            finally:
                sa.event.remove(engine, "before_cursor_execute", hook)
            with store._database.write() as connection:
                connection.execute(sa.delete(schema.locks))  # the process that "crashed" is this one, and lives
            assert store.verify(before).ok
            if store.head() == before:
                assert store.tags(SOURCE) == tags
        if done:
            break
    assert done
    with open_store(None, environ=environ) as store:
        assert store.tags(SOURCE)[ref("customer", "x")].status == "confirmed"
        assert store.verify().ok


def test_a_killed_writer_leaves_the_chain_whole(environ: dict[str, str], tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        from sensscan.store import open_store
        from tests.store.making import scan, table
        with open_store(None) as store:
            print("ready", flush=True)
            for number in range(10_000):
                kind = "mobile_phone" if number % 2 else "id_card"
                scan(store, f"{sys.argv[1]}-{number}", [table("t", {f"c{k}": kind for k in range(30)})])
        """
    )
    root = Path(__file__).parents[2]
    heads: list[Head] = []
    for number in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(number)],
            cwd=root,
            env={**os.environ, **environ, "PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.3 + 0.13 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with open_store(None, environ=environ) as store:
            for head in heads:
                assert store.verify(head).ok
            heads.append(store.head())
    assert heads[-1].count > 0
