"""The sample databases are the same everywhere, and their expected answers are complete."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from sample_dbs.build import NAMES, Name, TablesExistError, build, engine_for, expected_csv, expected_path, metadata_of, rows_of, sample
from sample_dbs.table import table_rows
from tests.servers import Server

ROOT = Path(__file__).resolve().parents[2]


def contents(name: Name, url: str) -> dict[str, list[str]]:
    """Return every table's rows as text, sorted: what all three servers must agree on."""
    engine = engine_for(url)
    metadata = metadata_of(sample(name))
    with engine.connect() as connection:
        return {t.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(t))) for t in metadata.sorted_tables}


def test_the_same_data_at_every_call() -> None:
    def digest() -> str:
        return hashlib.sha256(repr(rows_of(sample("shop"))).encode()).hexdigest()

    assert digest() == digest()


def test_the_same_data_in_another_process() -> None:
    code = "import hashlib; from sample_dbs.build import *; print(hashlib.sha256(repr(rows_of(sample('government'))).encode()).hexdigest())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}, cwd=ROOT
        ).stdout
        for seed in "12"
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_expected_once(name: Name) -> None:
    text = expected_path(name).read_text(encoding="utf-8")
    assert text == expected_csv(name), "run: python -m sample_dbs --expected"
    lines = list(csv.DictReader(io.StringIO(text)))
    columns = [(line["table"], line["column"]) for line in lines]
    assert len(columns) == len(set(columns))
    assert set(columns) == {(table.name, column.name) for table in sample(name).tables for column in table.columns}
    assert {line["verdict"] for line in lines} <= {"is", "contains", "none"}


@pytest.mark.parametrize("name", NAMES)
def test_tables_can_be_sampled_and_read_whole(name: Name) -> None:
    for table in sample(name).tables:
        assert 400 <= table.rows <= 1500 or table.rows == 20_000, table.name


def test_the_pca_table_stays_clean() -> None:
    pca = next(table for table in sample("antifraud").tables if table.name == "pca_transactions")
    assert [column.name for column in pca.columns] == ["time", *(f"V{n}" for n in range(1, 29)), "amount", "class"]
    assert {column.type for column in pca.columns} == {"none"}


def test_numbers_agree_with_name_and_birth_date() -> None:
    for row in rows_of(sample("government"))["rk_jbxx"]:
        number, birth = row["gmsfhm"], row["csrq"]
        if (
            isinstance(number, str)
            and isinstance(birth, str)
            and number.isascii()
            and len(number) == 18
            and "*" not in number
            and birth.strip()
        ):
            assert number[6:14] == birth


def test_dirt_of_every_kind_is_there() -> None:
    customer = sample("bank").tables[0]
    cells = [row["cert_no"] for row in table_rows("bank", customer, {})]
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert None in cells
    assert any(not text.strip() for text in texts)
    assert any("*" in text for text in texts)
    assert any("０" <= char <= "９" for text in texts for char in text)
    assert any(text in {"无", "-", "N/A", "不详"} for text in texts)


def test_an_existing_table_is_not_dropped(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/mine.db"
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.execute(sa.text("create table shop_user (a int)"))
    with pytest.raises(TablesExistError, match="shop_user"):
        build("shop", url)
    with engine.connect() as connection:
        assert [c["name"] for c in sa.inspect(connection).get_columns("shop_user")] == ["a"]


def test_command_line_writes_four_files(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sample_dbs", "shop", "--out", str(tmp_path)]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == 0
    assert (tmp_path / "shop.db").stat().st_size > 100_000
    again = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert again.returncode == 2
    assert "--replace" in again.stderr


@pytest.mark.parametrize("name", ["government", "shop"])
def test_three_servers_hold_the_same(name: Name, tmp_path: Path, postgres_server: Server, mariadb_server: Server) -> None:
    urls = {
        "sqlite": f"sqlite:///{tmp_path}/{name}.db",
        "postgresql": postgres_server.make_database(f"sample_{name}").admin_url,
        "mariadb": mariadb_server.make_database(f"sample_{name}").admin_url,
    }
    held = {}
    for server, url in urls.items():
        build(name, url)
        held[server] = contents(name, url)
    assert held["sqlite"] == held["postgresql"]
    assert held["sqlite"] == held["mariadb"]


@pytest.mark.parametrize("name", NAMES)
def test_comments_where_the_server_has_them(name: Name, postgres_server: Server, mariadb_server: Server) -> None:
    for server in (postgres_server, mariadb_server):
        url = server.make_database(f"comments_{name}").admin_url
        engine = engine_for(url)
        with engine.begin() as connection:
            metadata_of(sample(name)).create_all(connection)
            inspector = sa.inspect(connection)
            for table in sample(name).tables:
                found = {c["name"]: c["comment"] or "" for c in inspector.get_columns(table.name)}
                assert found == {c.name: c.comment for c in table.columns}
                assert inspector.get_table_comment(table.name)["text"] == table.comment


def test_json_documents_are_documents() -> None:
    order = rows_of(sample("shop"))["shop_order"][0]
    assert json.loads(json.dumps(order["ext"]))["receiver"]["phone"]
