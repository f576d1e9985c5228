"""Fixtures shared by all tests: one real server of each kind per test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import Server, ServerMissingError, run_mariadb, run_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A running PostgreSQL; see `tests.servers.Server.make_database`."""
    try:
        with run_postgres() as server:
            yield server
    except ServerMissingError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A running MariaDB; see `tests.servers.Server.make_database`."""
    try:
        with run_mariadb() as server:
            yield server
    except ServerMissingError as error:
        pytest.fail(str(error), pytrace=False)
