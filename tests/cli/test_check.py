"""`sensscan check` on real servers: what a DBA wants to know before the first scan."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import run
from tests.servers import PASSWORD, Server


@pytest.fixture(autouse=True)
def _no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path))


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = run(_make_root(), ["check", "--lang", "en", *words])
    shown = capsys.readouterr()
    assert PASSWORD not in shown.out + shown.err
    return code, shown.out + shown.err


def test_sqlite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    connection = sqlite3.connect(tmp_path / "c.db")
    connection.execute("create table big (id integer primary key, a text)")
    connection.executemany("insert into big (a) values (?)", [("x",)] * 5000)
    connection.execute("create table small (id integer primary key, a text)")
    connection.commit()
    connection.close()
    code, shown = check(capsys, str(tmp_path / "c.db"), "--verbose")
    assert code == 0
    assert f"sqlite:{tmp_path}/c.db" in shown
    assert "SQLite 3" in shown
    assert "2 with 4 columns" in shown
    assert "1000 rows, less than a minute" in shown
    assert "main.big: jumps along the key, about 1000 rows" in shown
    assert "main.small: all rows, about 0 rows" in shown
    assert 'SELECT "id", "a" FROM "main"."small" LIMIT 2001' in shown


def test_postgres_grants(postgres_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    database = postgres_server.make_database("check_tests")
    database.execute("create table t (a int, b int)", "create table u (a int)", "grant select (a) on t to bare")
    code, shown = check(capsys, database.url)
    assert code == 0
    assert "PostgreSQL" in shown
    assert "may also write" not in shown
    for grant in ('GRANT CONNECT ON DATABASE "check_tests" TO "scanner";', 'GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "scanner";'):
        assert grant in shown
    code, shown = check(capsys, database.bare_url)
    assert code == 3
    assert "public.t: no right to read 1 of 2 columns" in shown
    assert "public.u: no right to read 1 of 1 columns" in shown
    grants = [line.strip() for line in shown.splitlines() if line.strip().startswith("GRANT")]
    database.execute(*grants)
    assert check(capsys, database.bare_url)[0] == 0
    assert "may also write" in check(capsys, database.admin_url)[1]
    database.execute("revoke all on all tables in schema public from bare")
    assert check(capsys, database.bare_url)[0] == 4
    postgres_server.drop_database("check_tests")


def test_mariadb_grants(mariadb_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    database = mariadb_server.make_database("check_tests")
    database.execute(
        "create table t (a int, b int)",
        "create user if not exists checked@'%' identified by 'x'",
        "grant select (a) on check_tests.t to checked@'%'",
    )
    url = database.url.replace("scanner", "checked").replace(PASSWORD, "x")
    code, shown = check(capsys, url)
    assert code == 0
    assert "MariaDB" in shown
    assert "1 with 1 columns" in shown
    grants = [line.strip() for line in shown.splitlines() if line.strip().startswith("GRANT")]
    assert grants == [r"GRANT SELECT ON `check\_tests`.* TO 'checked'@'%';"]
    database.execute(*grants)
    assert "1 with 2 columns" in check(capsys, url)[1]
    assert "may also write" in check(capsys, database.admin_url)[1]
    database.execute("drop user checked@'%'")
    mariadb_server.drop_database("check_tests")


def test_failures_have_the_exit_codes_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, "postgresql://u:p@127.0.0.1:1/d")[0] == 4
    assert check(capsys, str(tmp_path / "missing.db"))[0] in (2, 4)
    assert check(capsys, "oracle://u:p@h/d")[0] == 2
    (tmp_path / "text.db").write_text("not a database " * 100)
    code, shown = check(capsys, str(tmp_path / "text.db"))
    assert code == 4
    assert len(shown.strip().splitlines()) == 1


def test_an_empty_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.db").touch()
    code, shown = check(capsys, str(tmp_path / "e.db"))
    assert code == 0
    assert "no table" in shown
