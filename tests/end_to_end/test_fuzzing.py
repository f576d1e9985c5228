"""Random databases, cells and statements for a fixed time: nothing crashes, nothing clear leaves the process. Only in `make soak`."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from jsonschema import Draft202012Validator

from sample_dbs.values import GENERATORS, example
from sensscan.detect.prefilter import Prefilter
from sensscan.detect.shapes import shapes_of
from sensscan.modes.watch_ddl import touched_by
from sensscan.modes.watch_postgresql import parse_tables
from sensscan.numbers import VALIDATORS
from sensscan.registry import load_registry
from sensscan.report.jsonform import json_schema
from tests.end_to_end.running import Home

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("SENSSCAN_FUZZ_SECONDS", "120"))
"""For each test."""
KINDS = tuple(sorted(GENERATORS))
CHARACTERS = "0123456789abcxyzABCXYZ-_.:/@ *%\\'\"`;,|#\t\n\r\x00\x1b\x7f张李王省市路号男é߷\u200b\u202e１😀\ufffd"
TYPES = ("text", "varchar(20)", "int", "bigint", "real", "blob", "date", "", "decimal(10,2)", "clob", "boolean", "geometry")


def rounds(seed: int) -> Iterator[Random]:
    """Yield fresh sources of randomness until the time is over; a failure names its seed."""
    end = time.monotonic() + SECONDS
    number = 0
    while time.monotonic() < end:
        yield Random(seed * 1_000_003 + number)
        number += 1
    print(f"{number} rounds in {SECONDS:.0f} s")


def noise(draw: Random, longest: int = 40) -> str:
    return "".join(draw.choice(CHARACTERS) for _ in range(draw.randrange(longest)))


def cell(draw: Random) -> object:
    """Return anything that can stand in a cell: a value of a kind, a damaged one, a number, bytes, text of any form."""
    kind = draw.randrange(9)
    if kind < 3:
        return str(example(draw.choice(KINDS), draw))
    if kind == 3:
        value = str(example(draw.choice(KINDS), draw))
        place = draw.randrange(len(value))
        return value[:place] + draw.choice(CHARACTERS) + value[place + 1 :]
    if kind == 4:
        return draw.choice([None, "", " ", "NULL", "-", 0, 1, -1, 2**63 - 1, 1e308, -0.0, float("inf")])
    if kind == 5:
        return draw.randbytes(draw.randrange(80))
    if kind == 6:
        return json.dumps({noise(draw, 8): str(example(draw.choice(KINDS), draw)), "n": [noise(draw, 8)] * draw.randrange(3)})
    if kind == 7:
        return noise(draw, 6) * draw.randrange(3000)
    return noise(draw)


def build(path: Path, draw: Random) -> set[str]:
    """Write a random database and return its long values: none of them may come out."""
    secrets: set[str] = set()
    with sqlite3.connect(path) as connection:
        for number in range(draw.randrange(1, 4)):
            names = list(
                dict.fromkeys((noise(draw, 12).replace("\x00", "") or f"c{place}").lower() for place in range(draw.randrange(1, 7)))
            )
            quoted = ['"' + name.replace('"', '""') + '" ' + draw.choice(TYPES) for name in names]
            connection.execute(f"create table t{number} ({', '.join(quoted)})")
            rows = [tuple(cell(draw) for _ in names) for _ in range(draw.choice([0, 1, 30, 300]))]
            connection.executemany(f"insert into t{number} values ({', '.join('?' * len(names))})", rows)
            secrets |= {one for row in rows for one in row if isinstance(one, str) and len(one) >= 15 and one.isalnum() and one.isascii()}
    return secrets


def test_any_database_is_scanned(tmp_path: Path) -> None:
    schema = Draft202012Validator(json_schema())
    for number, draw in enumerate(rounds(1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        home = Home(folder)
        secrets = build(folder / "a.db", draw)
        done = home.scan(folder / "a.db", "--log-file", "log.txt", "-o", "a.html", "-o", "a.csv", "-o", "a.md")
        assert done.code in (0, 3), (number, done.code, done.err)
        assert "Traceback" not in done.err, (number, done.err)
        schema.validate(done.report)
        written = done.out + done.err + "".join((folder / name).read_text("utf-8") for name in ("log.txt", "a.html", "a.csv", "a.md"))
        assert not [number for secret in secrets if secret in written], number
        again = home.scan(folder / "a.db")
        assert [column["verdict"] for column in again.report["columns"]] == [column["verdict"] for column in done.report["columns"]], number


def test_no_cell_is_judged_otherwise_by_the_fast_way() -> None:
    matchers = load_registry().matchers
    prefilter = Prefilter(matchers)
    for draw in rounds(2):
        values = [str(found) for found in (cell(draw) for _ in range(50)) if isinstance(found, str)]
        shapes = shapes_of(values)
        for value, shape in zip(values, shapes, strict=True):
            candidates = prefilter.candidates(shape)
            for type_id in matchers.keys() - candidates:
                matcher = matchers[type_id]
                assert not matcher.test(matcher.normalise([value]), named=False).passed[0], type_id
        for name, validator in VALIDATORS.items():
            assert [bool(yes) for yes in validator.check_many(values)] == [validator.check(value) for value in values], name


def test_no_statement_of_a_log_breaks_the_watcher() -> None:
    words = [
        "CREATE",
        "DROP",
        "ALTER",
        "RENAME",
        "TRUNCATE",
        "TABLE",
        "VIEW",
        "IF EXISTS",
        "TO",
        "`a`",
        "b.c",
        "/*",
        "*/",
        "--",
        "XA",
        "(",
        ")",
        ",",
    ]
    for draw in rounds(3):
        for _ in range(200):
            text = " ".join(draw.choice([*words, noise(draw, 10)]) for _ in range(draw.randrange(12)))
            began = time.process_time()
            touched_by(text, "d")
            parse_tables(text)
            assert time.process_time() - began < 1, len(text)
