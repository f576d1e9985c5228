"""Excepted single values do not count in a scan; nothing but their keyed fingerprint is kept."""

import sqlite3
from pathlib import Path

import pytest

from sensscan.config import SourceConfig
from sensscan.model import ColumnResult, Report
from sensscan.modes.request import RequestedSource, ScanRequest
from sensscan.modes.run import scan
from sensscan.pipeline import RuleSet
from sensscan.source import parse_source
from sensscan.store import open_store

HOTLINE = "13967137258"
MAILS = [f"user{number}@example.com" for number in range(30)]


def run(url: str, workers: int = 1) -> Report:
    source = RequestedSource(parse_source(url), SourceConfig("", url), RuleSet())
    return scan(ScanRequest((source,), workers=workers)).report


def values_tested(report: Report, column: str) -> dict[str, int | None]:
    found = next(one for one in report.columns if one.column.ref.column == column).outcome
    assert isinstance(found, ColumnResult)
    return {line.type_id: line.tested for line in found.classification.evidence if line.kind == "values"}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table orders (id integer primary key, mail text, note text)")
        connection.executemany(
            "insert into orders values (?, ?, ?)", [(n, mail, f"请致电 {HOTLINE} 咨询，订单已发货") for n, mail in enumerate(MAILS)]
        )
    return f"sqlite:///{path}"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_excepted_value_does_not_count(database: str, workers: int) -> None:
    assert values_tested(run(database), "mail")["email"] == 30
    with open_store() as store:
        store.add_exception(column="*", type_id="email", value=MAILS[3], reason="test account", author="me")
    assert values_tested(run(database, workers), "mail")["email"] == 29


def test_a_hotline_in_every_note_is_no_finding_once_excepted(database: str) -> None:
    notes = [one.outcome for one in run(database).columns if one.column.ref.column == "note"]
    assert isinstance(notes[0], ColumnResult)
    with open_store() as store:
        store.add_exception(column="*", type_id="*", value=HOTLINE, reason="our hotline", author="me")
    after = next(one.outcome for one in run(database).columns if one.column.ref.column == "note")
    assert isinstance(after, ColumnResult)
    assert not after.classification.contains
    stored = b"".join(
        file.read_bytes() for file in (Path(database.removeprefix("sqlite:///")).parent / "data").rglob("*") if file.is_file()
    )
    assert HOTLINE.encode() not in stored
