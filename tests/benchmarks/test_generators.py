"""Labelled databases: seeded, complete, and labelled with types that exist."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pytest

from benchmarks.blind_columns import accepted, blind_database
from benchmarks.confusions import tables
from benchmarks.database import LabelledTable, write_all
from benchmarks.named_columns import databases, parse_column
from sensscan.registry import load_registry


@pytest.fixture(scope="module")
def made() -> dict[str, list[LabelledTable]]:
    """A small blind database, the confusions and all named schemas."""
    return {
        "blind": list(blind_database(20, 1)),
        **tables(20, 1),
        **{name: list(found) for name, found in databases(1).items()},
    }


def test_labels_are_types(made: dict[str, list[LabelledTable]]) -> None:
    known = {*load_registry().cards, "none", "unknown"}
    for name, found in made.items():
        for table in found:
            for column in table.columns:
                assert set(column.label.split("|")) <= known, (name, table.name, column.name, column.label)


def test_columns_of_a_table_have_different_names_and_equal_length(made: dict[str, list[LabelledTable]]) -> None:
    for found in made.values():
        for table in found:
            assert len({column.name.lower() for column in table.columns}) == len(table.columns), table.name
            assert len({len(column.cells) for column in table.columns}) == 1


def test_enough_of_everything(made: dict[str, list[LabelledTable]]) -> None:
    blind = [column.label for table in made["blind"] for column in table.columns]
    assert sum(label.startswith("none") for label in blind) >= 400
    named = [column for name, found in made.items() if name != "blind" for table in found for column in table.columns]
    assert len(named) >= 1500
    assert len(databases(1)) >= 12


def test_the_same_seed_gives_the_same() -> None:
    assert blind_database(5, 3) == blind_database(5, 3)
    assert blind_database(5, 3) != blind_database(5, 4)
    assert tables(5, 3) == tables(5, 3)


def test_few_rows_excuse_guesses() -> None:
    assert accepted("uscc", 5, strict=True) == "uscc"
    assert accepted("person_name", 5, strict=False) == "person_name|none|unknown"
    assert accepted("none", 50, strict=False) == "none"


def test_written_files_agree(tmp_path: Path, made: dict[str, list[LabelledTable]]) -> None:
    write_all(tmp_path, {"confusions_named": made["confusions_named"]})
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert set(lines[0]) == {"db", "schema", "table", "column", "type"}
    with sqlite3.connect(tmp_path / "confusions_named.db") as connection:
        for line in lines:
            (filled,) = connection.execute(f'select count("{line["column"]}") from "{line["table"]}"').fetchone()
            assert filled >= 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mobile mobile 手机", ("mobile", "mobile", "mobile_phone", "手机")),
        ("x md5=none~password_hash 摘要", ("x", "md5", "none|password_hash", "摘要")),
        ("x company~none 单位", ("x", "company", "company_name|none", "单位")),
    ],
)
def test_schema_lines(text: str, expected: tuple[str, str, str, str]) -> None:
    assert parse_column(text) == expected
