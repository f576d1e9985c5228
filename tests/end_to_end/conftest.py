"""Users with a home of their own, and small databases that hold the same on every server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sensscan import detect, pipeline
from sensscan.registry import load_registry
from tests.end_to_end.people import fill
from tests.end_to_end.running import Home, make_home
from tests.servers import Database, Server


@pytest.fixture(scope="session", autouse=True)
def _built_in_cards_are_read_once() -> Iterator[None]:
    """Loading and compiling the cards takes most of the time of a small scan; processes of their own still do it each time."""
    load, compile_cards = load_registry, vars(detect)["Prefilter"]
    registries: dict[str, Any] = {}
    compiled: dict[int, Any] = {}

    def load_once(dirs: Sequence[Path] = (), **options: Any) -> Any:
        if dirs or options.get("cards"):
            return load(dirs, **options)
        key = repr(sorted(options.items()))
        if key not in registries:
            registries[key] = load(**options)
        return registries[key]

    def compile_once(matchers: Any) -> Any:
        # The registries are kept, so an id stands for one of them.
        if not any(one.matchers is matchers for one in registries.values()):
            return compile_cards(matchers)
        if id(matchers) not in compiled:
            compiled[id(matchers)] = compile_cards(matchers)
        return compiled[id(matchers)]

    with mock.patch.object(pipeline, "load_registry", load_once), mock.patch.object(detect, "Prefilter", compile_once):
        yield


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
