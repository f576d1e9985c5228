"""The grants of docs/store.md on real servers: enough for everything that a scanner and a reviewer do, too little to change the log."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from sensscan.store import WatchState, open_store
from tests.end_to_end.running import Home, make_home
from tests.servers import PASSWORD, Server
from tests.store.making import table

DOCS = Path(__file__).parents[2] / "docs" / "store.md"
FORBIDDEN = (
    "UPDATE events SET actor = 'x'",
    "DELETE FROM events",
    "TRUNCATE TABLE events",
    "DROP TABLE events",
    "ALTER TABLE events ADD more INTEGER",
    "DELETE FROM runs",
    "DELETE FROM exceptions",
    "DELETE FROM chain",
    "INSERT INTO chain VALUES (2, 0, 'x', 'x')",
    "UPDATE alembic_version SET version_num = 'x'",
    "CREATE TABLE more (id INTEGER)",
)


def documented(dialect: str) -> tuple[list[str], list[str]]:
    """Return the statements that the page gives to the administrator, and those after the tables were made."""
    blocks = re.findall(r"```sql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    first, second = blocks[:2] if dialect == "postgresql" else blocks[2:4]
    return [_statements(first), _statements(second)]  # type: ignore[return-value]  # two blocks


def _statements(block: str) -> list[str]:
    text = block.replace("'...'", f"'{PASSWORD}'").replace("\\c labels", ";\\c labels;")
    return [statement.strip() for statement in text.split(";") if statement.strip()]


@pytest.fixture(params=["postgres_server", "mariadb_server"])
def team(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, Home]]:
    """The URLs of owner and scanner of a store made as the page says, and a user."""
    server: Server = request.getfixturevalue(request.param)
    user = make_home(tmp_path / "home")
    urls = [server.url_for(name, "labels") for name in ("sensscan_owner", "sensscan")]
    before, after = documented(server.dialect)
    try:
        _execute(server, before)
        assert user.run("store", "upgrade", "--store", urls[0]).code == 0
        _execute(server, ["\\c labels", *after], user="sensscan_owner" if server.dialect == "postgresql" else "admin")
        yield urls[0], urls[1], user
    finally:
        server.drop_database("labels")
        _execute(server, [f"DROP {'ROLE' if server.dialect == 'postgresql' else 'USER'} {name}" for name in ("sensscan_owner", "sensscan")])


def _execute(server: Server, statements: list[str], *, user: str = "admin") -> None:
    database = ""
    for statement in statements:
        if statement.startswith("\\c"):
            database = statement.split()[1]
            continue
        connection = server.connect(user, database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


def make_source(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (id integer primary key, mail text, phone text, other text)")
        rows = [(f"user{n}@example.com", f"1381234{n:04d}", f"note {n}") for n in range(60)]
        connection.executemany("insert into t (mail, phone, other) values (?, ?, ?)", rows)
    connection.close()


def test_the_documented_grants_are_enough_and_no_more(team: tuple[str, str, Home], tmp_path: Path) -> None:
    _owner, url, user = team
    source = tmp_path / "shop.db"
    make_source(source)

    def sensscan(*words: str | Path, code: int = 0) -> str:
        done = user.run(*words, "--store", url)
        assert done.code == code, (words, done.out, done.err)
        return done.out

    sensscan("scan", source, "--quiet")
    with sqlite3.connect(source) as connection:
        connection.execute("alter table t rename column phone to mobile")
        connection.execute("alter table t drop column other")
    connection.close()
    sensscan("scan", source, "--mode", "incremental", "--quiet")
    sensscan("scan", source, "--quiet")
    sensscan("tags", "confirm", "t.mail", "--note", "seen")
    sensscan("tags", "reject", "t.mobile")
    sensscan("tags", "undo", "t.mobile")
    sensscan("tags", "set", "t.id", "--type", "id_card", "--level", "low")
    sensscan("tags", "notice", "add", "t.id", "--to", "risk")
    number = sensscan("tags", "except", "add", "--column", "log.*", "--reason", "own").split()[1]
    sensscan("tags", "except", "remove", number)
    sensscan("tags", "export", tmp_path / "labels.csv")
    sensscan("tags", "import", tmp_path / "labels.csv")
    sensscan("policies", "regrade", "--policy", "jrt0197", "--save", "--quiet")
    sensscan("report")
    sensscan("store", "info")
    sensscan("store", "prune", "--before", "2099-01-01")
    sensscan("store", "backup", tmp_path / "copy.db")
    with open_store(url, environ=user.variables) as store:
        mail = next(ref for ref in store.tags() if ref.column == "mail")
        store.pass_over("li", mail)
        store.pass_over("li", mail, passed=False)
        for position in ("one", "two"):
            store.save_watch_position("s", WatchState(position))
        run = store.runs()[0].id
        store.checkpoint(run, table("t", {"c": "none"}))
        store.flush_checkpoints()
        store.checkpoint(run, table("t", {"c": "none"}))
    sensscan("store", "upgrade", "--hash", "sm3")
    sensscan("tags", "confirm", "t.id")
    assert sensscan("store", "verify").startswith("Consistent")
    _is_refused(url)
    assert sensscan("store", "verify").startswith("Consistent")


def _is_refused(url: str) -> None:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg2:").replace("mysql:", "mysql+pymysql:"))
    try:
        for statement in FORBIDDEN:
            with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as refused:
                connection.execute(sa.text(statement))
            code = getattr(refused.value.orig, "pgcode", None) or refused.value.orig.args[0]  # type: ignore[union-attr]  # a driver's error
            assert code in ("42501", 1142, 1044), (statement, code)
    finally:
        engine.dispose()
