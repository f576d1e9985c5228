"""A watcher lists only what was touched, and still knows the whole catalogue."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.model import TableRef
from sensscan.modes.listing import LONGEST_SECONDS, Listing
from sensscan.source import open_source, parse_source
from tests.servers import Server


def ref(table: str) -> TableRef:
    return TableRef("s", "main", table)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as writer:
        for name in ("altered", "dropped", "left_out", "untouched"):
            writer.execute(f"create table {name} (id integer primary key)")
    return path


def columns(listing: Listing, file: Path, *touched: str) -> tuple[dict[str, list[str]], set[str] | None]:
    """Return table -> columns as the listing has them, and which tables it asked for."""
    with open_source(parse_source(f"sqlite:///{file}"), ReadLimits()) as session:
        filters = Filters(excludes=("main.left_out",))
        catalogue, listed = listing.catalogue(session, "s", filters, [ref(name) for name in touched])
    found = {table.ref.table: [column.ref.column for column in table.columns] for table in catalogue.tables}
    return found, None if listed is None else {one.table for one in listed}


def change(file: Path) -> None:
    with sqlite3.connect(file) as writer:
        writer.execute("alter table altered add column v text")
        writer.execute("alter table untouched add column v text")
        writer.execute("drop table dropped")
        writer.execute("create table created (id integer primary key, v text)")


def test_only_touched_tables_are_listed_anew(file: Path) -> None:
    listing = Listing()
    assert columns(listing, file) == ({"altered": ["id"], "dropped": ["id"], "untouched": ["id"]}, None)
    change(file)
    expected = {"altered": ["id", "v"], "created": ["id", "v"], "untouched": ["id"]}
    assert columns(listing, file, "altered", "created", "dropped", "left_out") == (expected, {"altered", "created", "dropped", "left_out"})
    # What was listed stays known to the next scan.
    assert columns(listing, file, "altered")[0] == expected


def test_without_a_first_listing_everything_is_listed(file: Path) -> None:
    assert columns(Listing(), file, "altered")[1] is None


def test_after_an_hour_everything_is_listed(file: Path) -> None:
    now = 0.0
    listing = Listing(clock=lambda: now)
    columns(listing, file)
    change(file)
    now = LONGEST_SECONDS
    found, listed = columns(listing, file, "altered")
    assert found["untouched"] == ["id", "v"]
    assert listed is None


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_listing_some_tables_says_of_them_what_listing_all_says(kind: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue("postgres_server" if kind == "postgresql" else "mariadb_server")
    database = server.make_database("some_tables")
    database.execute(
        "create table parent (id int primary key, code varchar(10) unique)",
        "create table child (id int primary key, parent_id int, foreign key (parent_id) references parent(id))",
        "create table other (id int primary key)",
        "create view v as select id from other",
    )
    filters = Filters(views=True)
    with open_source(parse_source(database.url), ReadLimits()) as session:
        every = {table.ref: table for table in enumerate_source(session, "s", filters).tables}
        some = [one for one in every if one.table in ("child", "v")]
        found = enumerate_source(session, "s", filters, only=[*some, TableRef("s", some[0].schema, "nowhere"), TableRef("s", "no", "t")])
        assert enumerate_source(session, "s", filters, only=[]).tables == ()
    assert {table.ref: table for table in found.tables} == {one: every[one] for one in some}
