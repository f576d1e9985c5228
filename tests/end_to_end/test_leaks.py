"""No clear value leaves a scan: not in a report, store, log, crash file, temporary file, nor on the terminal."""

from __future__ import annotations

import base64
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import pytest

from tests.end_to_end.people import people
from tests.end_to_end.running import Done, Home, make_home
from tests.servers import PASSWORD, Database

KEYS = ("110101199003070054", "330106198812121234")
"""Identity numbers used as primary keys: a jump along the key handles them."""


def forms(value: str) -> Iterator[bytes]:
    """A value as it could be written: plain, escaped, quoted, hexadecimal, base64 at any offset."""
    data = value.encode()
    yield data
    yield data.hex().encode()
    yield data.hex().upper().encode()
    yield json.dumps(value)[1:-1].encode()
    yield quote(value).encode()
    yield value.encode("unicode_escape")
    if not value.isascii():
        yield value.encode("gb18030")
        yield value.encode("utf-16-le")
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + data)
        # Without the first and last group, which depend on the neighbours.
        inner = coded[4 if shift else 0 : len(coded) - 4]
        if len(inner) >= 8:
            yield inner


@pytest.fixture(scope="module")
def needles() -> list[tuple[str, bytes]]:
    """Every planted value in every form. Values that are parts of ordinary words would prove nothing and are left out."""
    values = [value for value in people().secrets if len(value) >= 6 or (not value.isascii() and len(value) >= 3)]
    assert len(values) > 300
    return [(value, form) for value in [*values, *KEYS, PASSWORD] for form in forms(value)]


def contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file; what is packed in it too."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    if data.startswith(b"SQLite format 3"):
        import zlib

        with sqlite3.connect(path) as connection:
            for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
                for row in connection.execute(f'select * from "{table}"'):
                    for cell in row:
                        if isinstance(cell, bytes):
                            try:
                                yield zlib.decompress(cell)
                            except zlib.error:
                                yield cell


def search(needles: list[tuple[str, bytes]], texts: dict[str, bytes]) -> list[str]:
    """Return where something was found; the message names place and form, and the value, which is invented."""
    return [f"{name}: {value!r} as {form!r}" for name, text in texts.items() for value, form in needles if form in text]


def everything(home: Home, done: list[Done]) -> dict[str, bytes]:
    """All that the commands wrote."""
    texts = {f"output {number}": (one.out + one.err).encode() for number, one in enumerate(done)}
    for path in home.files():
        for number, data in enumerate(contents(path)):
            texts[f"{path.relative_to(home.folder)}#{number}"] = data
    return texts


def make_it_hard(database: Database) -> None:
    """Add what makes servers complain with values in their messages: broken views, keys that are values, wrong casts."""
    short = f"'{next(iter(sorted(people().secrets)))}'"
    if database.server.dialect == "postgresql":
        database.execute(
            "create table keyed (id_card varchar(18) primary key, n int)",
            *(f"insert into keyed values ('{key}', 1)" for key in KEYS),
            "insert into keyed select '2' || lpad(i::text, 17, '0'), i from generate_series(1, 4000) i",
            "analyze keyed",
            "create or replace view failing as select id_card::int as n from person",
            f"create or replace view raising as select ({short} || id_card)::date as d from person",
            "create table denied (id int)",
        )
    else:
        database.execute(
            "create table keyed (id_card varchar(18) primary key, n int)",
            *(f"insert into keyed values ('{key}', 1)" for key in KEYS),
            "insert into keyed select concat('2', lpad(seq, 17, '0')), seq from seq_1_to_4000",
            "analyze table keyed",
            "create or replace view failing as select extractvalue(concat('<', id_card), '/') as n from person",
        )


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The small database with hard cases, on each server."""
    from tests.end_to_end.people import fill

    if request.param == "sqlite":
        path = tmp_path / "leaks.db"
        fill(f"sqlite:///{path}")
        with sqlite3.connect(path) as connection:
            connection.execute("create table keyed (id_card text primary key, n int) without rowid")
            connection.executemany("insert into keyed values (?, 1)", [(key,) for key in KEYS])
            connection.executemany("insert into keyed values (?, 1)", [(f"{number:018}",) for number in range(4000)])
            connection.execute("create view failing as select json_extract(remark, '$.x') as n from note")
            connection.execute("create table broken_text (remark text)")
            connection.executemany("insert into broken_text values (cast(? as text))", [(v.encode() + b"\xff",) for v in people().secrets])
        return str(path)
    server = request.getfixturevalue("postgres_server" if request.param == "postgresql" else "mariadb_server")
    database = server.make_database("leaks")
    fill(database.admin_url)
    make_it_hard(database)
    return str(database.url)


def test_nothing_leaks(source: str, tmp_path: Path, needles: list[tuple[str, bytes]]) -> None:
    temporary = tmp_path / "home" / "tmp"
    temporary.mkdir(parents=True)
    home = make_home(tmp_path / "home", TMPDIR=str(temporary))
    outputs = [word for suffix in ("json", "csv", "html", "xlsx", "md", "jsonl") for word in ("-o", f"report.{suffix}")]
    done = [home.run("scan", source, "--views", "--verbose", "--log-file", "statements.log", "--sample", "300", *outputs)]
    assert done[0].code in (0, 3), done[0].err
    done.append(home.run("scan", source, "--exact", "--all-rows", "--format", "json"))
    done.append(home.run("scan", source, "--dry-run"))
    schema = next(iter(done[1].report["columns"]))["schema"]
    for words in (
        ("check", source),
        ("tags", "list", "--format", "json"),
        ("tags", "history", f"{schema}.person.id_card"),
        ("tags", "export", "tags.csv"),
        ("tags", "export", "tags.xlsx"),
        ("report", "--format", "csv"),
        ("report", "-o", "again.html"),
        ("explain", source, "person.id_card"),
        ("store", "backup", "copy.db"),
        ("scan", source, "--table", "nothing_like_this"),
    ):
        done.append(home.run(*words))
        assert done[-1].code in ((2,) if "nothing_like_this" in words else (0, 3)), (words, done[-1].err)
        assert "Traceback" not in done[-1].err
    value = sorted(people().secrets)[0]
    with mock.patch("sensscan.modes.run.finish", side_effect=RuntimeError(value)):
        done.append(home.run("scan", source))
    assert done[-1].code == 70
    texts = everything(home, done)
    assert any(name.startswith("data/crash-") for name in texts)
    assert {Path(name.partition("#")[0]).suffix for name in texts} >= {".json", ".csv", ".html", ".xlsx", ".md", ".jsonl", ".log", ".db"}
    found = search(needles, texts)
    assert not found, "\n".join(found[:20])


def test_nothing_leaks_from_an_interrupted_run_and_its_workers(
    tmp_path: Path, people_postgres: Database, needles: list[tuple[str, bytes]]
) -> None:
    import signal
    import time

    home = make_home(tmp_path / "home")
    process = home.start("scan", people_postgres.url, "--pause", "1500", "--log-file", "log.txt")
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        log = home.folder / "log.txt"
        if log.exists() and "LIMIT 2001" in log.read_text(encoding="utf-8"):
            break
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    found = search(needles, everything(home, [Done(130, out, err)]))
    assert not found, "\n".join(found[:20])


def test_the_search_would_find_a_leak(needles: list[tuple[str, bytes]]) -> None:
    value = next(value for value, _ in needles if not value.isascii())
    for text in (value, json.dumps({"x": value}), value.encode().hex(), base64.b64encode(f"..{value}..".encode()).decode()):
        assert search(needles, {"probe": text.encode()})
