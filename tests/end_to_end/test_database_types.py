"""Numbers, fixed lengths and the types that only one server has: the same verdicts wherever the values lie."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sample_dbs import machines, money, papers, people, places
from sample_dbs.build import engine_for
from tests.end_to_end.running import Home
from tests.servers import Server

ROWS = 120


@dataclass(frozen=True)
class Typed:
    """A column of a database's own type."""

    sql: str
    make: Callable[[Random], object]
    type_id: str
    """Accepted; several with bars."""
    verdict: str = "is"
    flag: str = ""
    value: str = "%s"
    """How one value is written in an INSERT."""


def floating(make: Callable[[Random], str]) -> Callable[[Random], object]:
    """Numbers as a spreadsheet or a float column holds them."""
    return lambda r: float(make(r).replace("X", "0"))


def digits_only(r: Random) -> int:
    """An ID number without X."""
    while (number := papers.id_card(r)).endswith("X"):
        pass
    return int(number)


def document(r: Random) -> str:
    """A JSON document with a telephone number and a mail address inside."""
    return json.dumps({"id": r.randint(1, 9000), "user": {"phone": places.mobile(r), "mail": people.email(r)}}, ensure_ascii=False)


# Under names that say nothing: c01, c02 ...
EVERYWHERE: Sequence[Typed] = (
    Typed("BIGINT", lambda r: int(places.mobile(r)), "mobile_phone"),
    Typed("NUMERIC(20,0)", lambda r: Decimal(money.bank_card(r)), "bank_card"),
    Typed("BIGINT", digits_only, "id_card"),
    Typed("INTEGER", lambda r: int(f"{papers.born(r):%Y%m%d}"), "date|birth_date"),
    Typed("DOUBLE PRECISION", floating(papers.id_card), "id_card", flag="damaged"),
    Typed("DOUBLE PRECISION", floating(places.mobile), "mobile_phone"),
    Typed("CHAR(32)", papers.id_card, "id_card"),
    Typed("CHAR(20)", places.mobile, "mobile_phone"),
    Typed("DATE", papers.born, "date|birth_date"),
    Typed("TEXT", document, "mobile_phone|email", "contains"),
    Typed("BOOLEAN", lambda r: r.random() < 0.5, "none", "none"),
    Typed("INTEGER", lambda r: r.randint(0, 1), "none", "none"),
    Typed("NUMERIC(10,2)", lambda r: Decimal(r.randint(100, 99999)) / 100, "none", "none"),
    Typed("BIGINT", lambda r: r.randint(10**18, 9 * 10**18), "none", "none"),
    Typed("DOUBLE PRECISION", lambda r: r.gauss(0, 1), "none", "none"),
)

POSTGRES: Sequence[Typed] = (
    *EVERYWHERE,
    Typed("text[]", lambda r: [places.mobile(r) for _ in range(r.randint(1, 3))], "mobile_phone", "contains"),
    Typed("bigint[]", lambda r: [int(places.mobile(r)) for _ in range(2)], "mobile_phone", "contains"),
    Typed("int[]", lambda r: [r.randint(1, 90) for _ in range(3)], "none", "none"),
    Typed("jsonb", document, "mobile_phone|email", "contains"),
    Typed("json", lambda r: json.dumps([places.mobile(r), papers.id_card(r)]), "mobile_phone|id_card", "contains"),
    Typed("uuid", machines.uuid, "none", "none"),
    Typed("inet", machines.ipv4, "ipv4"),
    Typed("inet", machines.ipv6, "ipv6"),
    Typed("macaddr", machines.mac_address, "mac_address"),
    Typed("point", lambda r: f"({r.uniform(80, 120):.6f},{r.uniform(22, 45):.6f})", "coordinates"),
    Typed("bytea", machines.png, "image"),
    Typed("bytea", lambda r: people.han_name(r).encode(), "person_name"),
    Typed("bytea", lambda r: r.randbytes(40), "none|unknown", "none|unknown"),
    Typed("bit(8)", lambda r: f"{r.randrange(256):08b}", "none", "none"),
    Typed("sexes", lambda r: r.choice("男女"), "gender"),
    Typed("states", lambda r: r.choice(("new", "paid", "closed")), "none", "none"),
    Typed("card_number", papers.id_card, "id_card"),
    Typed("timestamptz", lambda r: f"2024-0{r.randint(1, 9)}-11 10:{r.randint(10, 59)}:00+08", "date"),
    Typed("interval", lambda r: f"{r.randint(1, 90)} days", "none", "none"),
    Typed("xml", lambda r: f"<p><phone>{places.mobile(r)}</phone></p>", "mobile_phone", "contains"),
)

MARIADB: Sequence[Typed] = (
    *EVERYWHERE,
    Typed("BIGINT UNSIGNED ZEROFILL", lambda r: int(places.mobile(r)), "mobile_phone"),
    Typed("JSON", document, "mobile_phone|email", "contains"),
    Typed("UUID", machines.uuid, "none", "none"),
    Typed("INET6", machines.ipv6, "ipv6"),
    Typed("POINT", lambda r: f"POINT({r.uniform(80, 120):.6f} {r.uniform(22, 45):.6f})", "coordinates", value="ST_GeomFromText(%s)"),
    Typed("BLOB", machines.png, "image"),
    Typed("VARBINARY(60)", lambda r: people.han_name(r).encode("gbk"), "person_name"),
    Typed("BINARY(16)", lambda r: r.randbytes(16), "none|unknown", "none|unknown"),
    Typed("BIT(1)", lambda r: r.randrange(2), "none", "none"),
    Typed("BIT(8)", lambda r: r.randrange(256), "none", "none"),
    Typed("ENUM('男','女')", lambda r: r.choice("男女"), "gender"),
    Typed("ENUM('new','paid','closed')", lambda r: r.choice(("new", "paid", "closed")), "none", "none"),
    Typed("SET('music','sport','art')", lambda r: r.choice(("music", "music,art", "sport")), "none", "none"),
    Typed("YEAR", lambda r: r.randint(1990, 2024), "none|date", "none|is"),
    Typed("TIME", lambda r: f"{r.randrange(24):02d}:{r.randrange(60):02d}:00", "none|date", "none|is"),
    Typed("MEDIUMTEXT", lambda r: f"收货人：{people.han_name(r)}，电话 {places.mobile(r)}", "mobile_phone|person_name", "contains"),
)


def fill(url: str, columns: Sequence[Typed], *, statements: Sequence[str] = ()) -> None:
    """Make the table `typed` with c01, c02 ... and its rows."""
    engine = engine_for(url)
    names = [f"c{place:02d}" for place in range(1, len(columns) + 1)]
    described = ", ".join(f"{name} {column.sql}" for name, column in zip(names, columns, strict=True))
    values = ", ".join(column.value for column in columns)
    randoms = [Random(place) for place in range(len(columns))]
    rows = [tuple(column.make(random) for column, random in zip(columns, randoms, strict=True)) for _ in range(ROWS)]
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"CREATE TABLE typed ({described})")
        mark = "?" if engine.dialect.name == "sqlite" else "%s"
        insert = f"INSERT INTO typed VALUES ({values})".replace("%s", mark)
        for row in rows:
            connection.exec_driver_sql(insert, tuple(str(cell) if isinstance(cell, Decimal) and mark == "?" else cell for cell in row))
    engine.dispose()


def wrong_ones(found: Mapping[str, Mapping[str, Any]], columns: Sequence[Typed]) -> dict[str, tuple[object, ...]]:
    """Return what was not found as it should be."""
    wrong: dict[str, tuple[object, ...]] = {}
    for place, column in enumerate(columns, 1):
        one = found[f"typed.c{place:02d}"]
        inside = {hit["type"] for hit in one["contains"]} & set(column.type_id.split("|"))
        types = one["type"] in column.type_id.split("|") or inside
        if not types or one["verdict"] not in column.verdict.split("|") or (column.flag and column.flag not in one["flags"]):
            wrong[f"c{place:02d} {column.sql}"] = (one["verdict"], one["type"], one["flags"], column.type_id)
    return wrong


def test_sqlite(home: Home, tmp_path: Path) -> None:
    fill(f"sqlite:///{tmp_path / 'typed.db'}", EVERYWHERE)
    assert wrong_ones(home.scan(tmp_path / "typed.db").columns, EVERYWHERE) == {}


def test_postgresql(home: Home, postgres_server: Server) -> None:
    database = postgres_server.make_database("typed")
    types = [
        "CREATE TYPE sexes AS ENUM ('男', '女')",
        "CREATE TYPE states AS ENUM ('new', 'paid', 'closed')",
        "CREATE DOMAIN card_number AS varchar(18)",
    ]
    fill(database.admin_url, POSTGRES, statements=types)
    done = home.scan(database.url)
    assert done.code == 0, done.err
    assert wrong_ones(done.columns, POSTGRES) == {}


def test_mariadb(home: Home, mariadb_server: Server) -> None:
    database = mariadb_server.make_database("typed")
    fill(database.admin_url, MARIADB, statements=["ALTER DATABASE typed CHARACTER SET utf8mb4"])
    done = home.scan(database.url)
    assert done.code == 0, done.err
    assert wrong_ones(done.columns, MARIADB) == {}


@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_labels_of_an_empty_enum_speak_from_the_catalogue(
    home: Home, postgres_server: Server, mariadb_server: Server, dialect: str
) -> None:
    server = postgres_server if dialect == "postgresql" else mariadb_server
    database = server.make_database("enums")
    if dialect == "postgresql":
        database.execute(
            "CREATE TYPE sexes AS ENUM ('男', '女', '未知的性别')",
            "CREATE TYPE states AS ENUM ('new', 'paid')",
            "CREATE TABLE e (a sexes, b states)",
        )
    else:
        database.execute("CREATE TABLE e (a ENUM('男', '女', '未知的性别'), b ENUM('new', 'paid')) CHARACTER SET utf8mb4")
    columns = home.scan(database.url).columns
    assert (columns["e.a"]["verdict"], columns["e.a"]["type"]) == ("is", "gender")
    assert columns["e.a"]["coverage"]["rows"] == 0
    assert (columns["e.b"]["verdict"], columns["e.b"]["reason"]["code"]) == ("unknown", "empty")


def test_rows_of_persons_tell_what_their_codes_are(home: Home, tmp_path: Path) -> None:
    """Sex codes and ages under names that say nothing are recognised by the ID numbers of their rows, and explained by them."""
    random = Random(4)
    path = tmp_path / "rows.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (c01 text, c02 integer, c03 integer)")
        for _ in range(ROWS):
            born, sex = papers.born(random), random.choice("男女")
            connection.execute(
                "insert into t values (?, ?, ?)", (papers.id_card_of(random, born, sex), 1 if sex == "男" else 2, 2024 - born.year)
            )
    columns = home.scan(path).columns
    assert (columns["t.c02"]["type"], columns["t.c03"]["type"]) == ("gender", "age")
    line = next(line for line in columns["t.c02"]["evidence"] if line["kind"] == "context")
    assert (line["passed"], line["tested"]) == (ROWS, ROWS)
