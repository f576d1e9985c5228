"""Migrations up and down, on SQLite, PostgreSQL and MariaDB; a new SQLite store is the same as a migrated one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from sensscan.errors import StoreError
from sensscan.store import Store, open_store, schema
from sensscan.store.upgrade import known_revisions
from tests.servers import Database, Server
from tests.store.making import SOURCE, scan, table


def _tables(store: Store) -> dict[str, set[str]]:
    with store._database.read() as connection:
        inspector = sa.inspect(connection)
        return {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}


def _wanted() -> dict[str, set[str]]:
    return {table.name: {column.name for column in table.columns} for table in schema.metadata.sorted_tables} | {
        "alembic_version": {"version_num"}
    }


def _up_and_down(store: Store) -> None:
    assert _tables(store) == _wanted()
    scan(store, "a", [table("customer", {"mobile": "mobile_phone", "手机": "id_card"})])
    assert store.migrate("head") == (schema.REVISION, schema.REVISION)
    assert store.migrate("base") == (schema.REVISION, "-")
    assert _tables(store).keys() <= {"alembic_version"}
    assert store.migrate("head") == ("-", schema.REVISION)
    assert _tables(store) == _wanted()


def test_up_and_down_on_sqlite(store: Store) -> None:
    _up_and_down(store)


def test_the_newest_migration_is_the_programs_version() -> None:
    assert known_revisions()[-1] == schema.REVISION


def test_a_new_sqlite_store_equals_a_migrated_one(store: Store, environ: dict[str, str], tmp_path: Path) -> None:
    with open_store(str(tmp_path / "migrated.db"), environ=environ) as other:
        other.migrate("base")
        other.migrate("head")

    def shape(path: Path) -> set[tuple[object, ...]]:
        connection = sqlite3.connect(path)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {(name, *tuple(row)[1:4], bool(row[5])) for name in names for row in connection.execute(f'PRAGMA table_info("{name}")')} | {
            (name, *tuple(row)[2:5]) for name in names for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')
        }

    assert shape(Path(environ["SENSSCAN_DATA_DIR"]) / "store.db") == shape(tmp_path / "migrated.db")


def test_a_store_of_a_newer_program_is_refused(store: Store, environ: dict[str, str]) -> None:
    with store._database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer than this program"), open_store(None, environ=environ):
        pass


def test_an_unknown_version_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="Unknown version"):
        store.migrate("7")


@pytest.fixture
def team_database(request: pytest.FixtureRequest) -> Database:
    """An empty database on the server that the parameter names."""
    server: Server = request.getfixturevalue(request.param)
    return server.make_database("labels_" + request.node.name.split("[")[0][-20:])


@pytest.mark.parametrize("team_database", ["postgres_server", "mariadb_server"], indirect=True)
def test_up_and_down_on_a_server(team_database: Database, environ: dict[str, str]) -> None:
    with open_store(team_database.admin_url, environ=environ) as store:
        assert store.info().revision == schema.REVISION
        _up_and_down(store)


@pytest.mark.parametrize("team_database", ["postgres_server", "mariadb_server"], indirect=True)
def test_a_team_store_does_everything_that_a_file_does(team_database: Database, environ: dict[str, str], tmp_path: Path) -> None:
    from sensscan.store import LabelChange
    from tests.store.making import ref

    with open_store(team_database.admin_url, environ=environ) as store:
        first = [table("customer", {"Mobile": "mobile_phone", "mobile": "none", "邮箱 📱": "email"})]
        scan(store, "a", first)
        summary, _ = scan(store, "b", first)
        assert summary.events == 0
        store.decide({ref("customer", "Mobile"): LabelChange(status="confirmed", note="it's = 'x'")}, actor="王敏")
        scan(store, "c", [table("customer", {"Tel": "mobile_phone", "mobile": "none", "邮箱 📱": "id_card"})])
        assert store.tags(SOURCE)[ref("customer", "Tel")].status == "confirmed"
        assert store.tags(SOURCE)[ref("customer", "邮箱 📱")].type_id == "id_card"
        assert len(store.load_report("a").columns) == 3
        assert {change.kind for change in store.diff("a", "c").changes} == {"changed"}
        with store.lock([SOURCE], "x"), open_store(team_database.admin_url, environ=environ) as other:
            assert other.lock_holder(SOURCE) is not None
        assert store.verify(store.head()).ok
        assert (store.info().bytes or 0) > 0
        assert store.prune(before=store.runs()[0].started_at).runs >= 0
        store.backup(tmp_path / "team.db")
        head, tags = store.head(), store.tags(SOURCE)
        store.migrate("base")
        store.migrate("head")
        store.restore(tmp_path / "team.db")
        assert store.verify(head).ok
        assert store.tags(SOURCE) == tags
        scan(store, "d", [table("customer", {"Tel": "mobile_phone"})])
        assert store.verify().ok
