"""Users with a home of their own, and small databases that hold the same on every server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.people import fill
from tests.end_to_end.running import Home, make_home
from tests.servers import Database, Server


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A user who never scanned anything."""
    return make_home(tmp_path / "home")


@pytest.fixture(scope="session")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database as an SQLite file; read only."""
    path = tmp_path_factory.mktemp("people") / "people.db"
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def people_postgres(postgres_server: Server) -> Database:
    """The small database on PostgreSQL."""
    database = postgres_server.make_database("people")
    fill(database.admin_url)
    return database


@pytest.fixture(scope="session")
def people_mariadb(mariadb_server: Server) -> Database:
    """The small database on MariaDB."""
    database = mariadb_server.make_database("people")
    fill(database.admin_url)
    return database
