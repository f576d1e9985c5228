"""The test servers themselves: accounts, replication settings, clean up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.servers import Server


def _rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@pytest.mark.parametrize("kind", ["postgres_server", "mariadb_server"])
def test_accounts_read_and_only_read(kind: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(kind)
    database = server.make_database("server_check")
    database.execute("create table t (a int)", "insert into t values (1), (2)")
    for user in ("scanner", "watcher"):
        connection = server.connect(user, "server_check")
        assert len(_rows(connection, "select * from t")) == 2
        with pytest.raises(Exception, match="denied"):
            _rows(connection, "insert into t values (3)")
        connection.close()
    server.drop_database("server_check")


def test_replication_is_possible(postgres_server: Server, mariadb_server: Server) -> None:
    postgres = postgres_server.connect("watcher", "postgres")
    assert _rows(postgres, "show wal_level") == [("logical",)]
    assert _rows(postgres, "select rolreplication from pg_roles where rolname = 'watcher'") == [(True,)]
    mariadb = mariadb_server.connect("watcher", "")
    assert _rows(mariadb, "select @@log_bin, @@binlog_format") == [(1, "ROW")]
    assert _rows(mariadb, "show master status")
    postgres.close()
    mariadb.close()
