"""The sample databases: every expected answer is found, and the same on every server."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from sample_dbs.build import NAMES, Name, engine_for, expected_path, fill, metadata_of, rows_of, sample
from tests.end_to_end.running import Home, make_home
from tests.servers import Server

MOST_ROWS = 1500
"""Tables of this size are read whole, so that all servers must come to the same verdict; larger ones would cost minutes."""
COMPARED = ("verdict", "type", "level", "contains", "also")


def build_on(name: Name, urls: list[str]) -> None:
    """Write one sample database to several servers; the rows are made once."""
    described = sample(name)
    rows = rows_of(described)
    for url in urls:
        metadata, engine = metadata_of(described), engine_for(url)
        with engine.begin() as connection:
            metadata.create_all(connection)
            for table, lines in rows.items():
                fill(connection, metadata.tables[table], lines[:MOST_ROWS])
        engine.dispose()


def expected(name: Name) -> dict[str, tuple[str, set[str]]]:
    """Column -> verdict and the types that are right."""
    with expected_path(name).open(encoding="utf-8", newline="") as file:
        return {
            f"{line['table']}.{line['column']}": (line["verdict"], {line["type"], *filter(None, line["alternatives"].split("|"))})
            for line in csv.DictReader(file)
        }


def wrong(name: Name, columns: dict[str, dict[str, Any]]) -> list[str]:
    """Return the columns whose verdict is not the expected one."""
    answers = expected(name)
    assert columns.keys() == answers.keys()
    found = []
    for column, (verdict, types) in answers.items():
        got = columns[column]
        right = got["verdict"] == verdict or (got["verdict"] == "is" and "contains" not in verdict and got["type"] in types)
        if not right or (got["type"] not in types and not {one["type"] for one in got["contains"]} & types):
            found.append(f"{name}.{column}: {verdict} {'|'.join(sorted(types))}, found {got['verdict']} {got['type']} {got['confidence']}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_expected_answers_on_three_servers(name: Name, tmp_path: Path, postgres_server: Server, mariadb_server: Server) -> None:
    databases = [server.make_database(f"e2e_{name}") for server in (postgres_server, mariadb_server)]
    path = tmp_path / f"{name}.db"
    build_on(name, [f"sqlite:///{path}", *(database.admin_url for database in databases)])
    user: Home = make_home(tmp_path / "home")
    done = [user.scan(path), *(user.scan(database.url) for database in databases)]
    assert [one.code for one in done] == [0, 0, 0], [one.err for one in done]
    sqlite, postgres, mariadb = (one.columns for one in done)
    for columns, most in ((sqlite, 0.05), (postgres, 0.02), (mariadb, 0.02)):  # SQLite has no comments to read
        missed = wrong(name, columns)
        assert len(missed) <= most * len(columns), "\n".join(missed)
        alarms = [line for line in missed if ": none " in line]
        assert len(alarms) <= 0.01 * len(columns), "\n".join(alarms)
    assert not differing(postgres, mariadb)
    assert not differing(postgres, {column: found for column, found in sqlite.items() if not postgres[column]["comment"]})


def differing(one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]) -> list[str]:
    """Return what differs in the columns of `other`."""
    return [
        f"{column}: {field} {one[column][field]} there {other[column][field]}"
        for column in other
        for field in COMPARED
        if one[column][field] != other[column][field]
    ]
