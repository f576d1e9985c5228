"""A run that finds nothing to examine carries the report before it over, and says exactly what judging anew would say."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sensscan.config import ReadLimits, SourceConfig
from sensscan.model import ColumnRef, Report
from sensscan.modes import finish
from sensscan.modes.request import RequestedSource, ScanRequest
from sensscan.modes.run import scan
from sensscan.modes.running import FinishedScan
from sensscan.pipeline import RuleSet
from sensscan.source import parse_source
from sensscan.store import LabelChange, Store, open_store

_RULES = RuleSet(enabled=("mobile_phone", "id_card", "email"), nlp="off")


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as writer:
        for number in range(12):
            writer.execute(f"create table t{number} (id integer primary key, phone text, mail text, empty text)")
            rows = [(f"1380013{number}{row:03}"[:11], f"a{row}@example{number}.com") for row in range(20 + number)]
            writer.executemany(f"insert into t{number} (phone, mail) values (?, ?)", rows)
        writer.execute("create table child (id integer primary key, v text references t1 (phone))")
    writer.close()
    time.sleep(0.05)
    return Night(path, monkeypatch)


class Night:
    """One database, scanned again and again."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path, self.monkeypatch = path, monkeypatch

    @property
    def source(self) -> str:
        return parse_source(f"sqlite:///{self.path}").identity

    def request(self, policy: str = "default") -> ScanRequest:
        url = f"sqlite:///{self.path}"
        source = RequestedSource(parse_source(url), SourceConfig("", url, limits=ReadLimits()), _RULES)
        return ScanRequest((source,), "incremental", policy=policy)

    def full(self, policy: str = "default") -> Report:
        return scan(replace(self.request(policy), mode="full")).report

    def quick(self, request: ScanRequest | None = None) -> FinishedScan:
        """Scan and make sure that nothing is judged anew."""
        with self.monkeypatch.context() as patch:
            patch.setattr(finish, "_judged_anew", _must_not_be_called)
            return scan(request or self.request())

    def slow(self, request: ScanRequest | None = None) -> FinishedScan:
        """Scan and make sure that everything is judged anew."""
        with self.monkeypatch.context() as patch:
            patch.setattr(finish, "carry_over", lambda *_: None)
            return scan(request or self.request())

    def is_judged_anew(self, request: ScanRequest | None = None) -> Report:
        """Scan and make sure that it noticed something."""
        asked: list[object] = []
        with self.monkeypatch.context() as patch:
            anew = finish._judged_anew

            def noticed(*given: Any) -> Any:
                asked.append(given)
                return anew(*given)

            patch.setattr(finish, "_judged_anew", noticed)
            report = scan(request or self.request()).report
        assert asked
        return report

    def both_ways(self, request: ScanRequest | None = None) -> tuple[FinishedScan, FinishedScan]:
        """Scan twice from one and the same store, the quick way and the long way."""
        data = Path(os.environ["SENSSCAN_DATA_DIR"])
        shutil.copytree(data, kept := data.with_name("kept"))
        quick = self.quick(request)
        shutil.rmtree(data)
        shutil.move(kept, data)
        return quick, self.slow(request)


def _must_not_be_called(*_: object) -> None:
    raise AssertionError("judged anew")


def without_times(report: Report) -> Report:
    """Return a report without what two runs never share."""
    never = report.run.started_at
    return replace(report, run=replace(report.run, id="", started_at=never, finished_at=never, timings={}))


def same(quick: FinishedScan, slow: FinishedScan) -> None:
    a, b = without_times(quick.report), without_times(slow.report)
    assert replace(a.run, started_at=b.run.started_at, finished_at=b.run.started_at) == b.run
    assert a.columns == b.columns
    assert a.tables == b.tables
    assert (a.skipped, a.levels, a.type_labels) == (b.skipped, b.levels, b.type_labels)
    assert quick.plans == slow.plans
    assert (quick.new_findings, quick.changed, quick.gone, quick.conflicts, quick.notes) == (
        slow.new_findings, slow.changed, slow.gone, slow.conflicts, slow.notes,
    )  # fmt: skip


def decide(night: Night, status: str = "rejected") -> ColumnRef:
    ref = ColumnRef(night.source, "main", "t3", "phone")
    with open_store(None) as store:
        store.decide({ref: LabelChange(status=status, owner={"department": "IT"})}, actor="li.na")  # type: ignore[arg-type]  # a status
    return ref


def test_the_night_after_a_full_scan_says_what_judging_anew_says(night: Night) -> None:
    first = night.full()
    quick, slow = night.both_ways()
    same(quick, slow)
    assert [column.column.ref for column in quick.report.columns] == [column.column.ref for column in first.columns]
    assert {column.examined_in for column in quick.report.columns} == {first.run.id}
    assert (quick.report.run.columns_examined, quick.report.run.columns_kept, quick.report.run.rows_read) == (0, len(first.columns), 0)
    assert not any(column.change for column in quick.report.columns)


def test_a_second_quiet_night_says_the_same_and_stores_no_second_copy(night: Night) -> None:
    night.full()
    night.quick()
    with sqlite3.connect(Path(os.environ["SENSSCAN_DATA_DIR"]) / "store.db") as store:
        before = store.execute("select count(*) from blobs").fetchone()
    same(*night.both_ways())
    with sqlite3.connect(Path(os.environ["SENSSCAN_DATA_DIR"]) / "store.db") as store:
        assert store.execute("select count(*) from blobs").fetchone() == before


def test_a_carried_report_can_be_loaded_again(night: Night) -> None:
    night.full()
    made = night.quick().report
    with open_store(None) as store:
        loaded = store.load_report(made.run.id)
    assert [(c.column, c.outcome, c.grade, c.status, c.examined_in) for c in loaded.columns] == [
        (c.column, c.outcome, c.grade, c.status, c.examined_in) for c in made.columns
    ]
    assert loaded.run.id == made.run.id


def test_the_quick_way_neither_grades_nor_saves_results(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.full()
    monkeypatch.setattr(Store, "save_results", _must_not_be_called)
    monkeypatch.setattr(Store, "load_results", _must_not_be_called)
    monkeypatch.setattr(finish, "grade", _must_not_be_called)
    assert night.quick().report.run.outcome == "complete"


def test_a_decision_is_noticed_and_then_carried(night: Night) -> None:
    night.full()
    night.quick()
    ref = decide(night)
    anew = night.is_judged_anew()
    assert next(column for column in anew.columns if column.column.ref == ref).status == "rejected"
    same(*night.both_ways())
    carried = next(column for column in night.quick().report.columns if column.column.ref == ref)
    assert (carried.status, carried.owner) == ("rejected", {"department": "IT"})


def test_a_decision_made_while_a_run_ends_is_not_lost(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.full()
    end = Store.finish_run
    made: list[ColumnRef] = []

    def decide_first(store: Store, run_id: str, **given: object) -> object:
        if not made:
            made.append(decide(night))
        return end(store, run_id, **given)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Store, "finish_run", decide_first)
    report = scan(night.request()).report
    assert next(column for column in report.columns if column.column.ref == made[0]).status == "rejected"


def test_an_exception_is_noticed_and_its_end_too(night: Night) -> None:
    night.full()
    with open_store(None) as store:
        rule = store.add_exception(column="t5.phone", reason="test data", author="li.na", expires=date.today() + timedelta(days=1))
    hidden = night.is_judged_anew()
    assert hidden.run.exceptions_hidden == 1
    same(*night.both_ways())
    assert night.quick().report.run.exceptions_hidden == 1
    night.monkeypatch.setattr(finish, "_today", lambda: date.today() + timedelta(days=5))
    assert scan(night.request()).report.run.exceptions_hidden == 0
    assert rule.id


def test_another_policy_is_graded_anew_once(night: Night) -> None:
    night.full()
    night.is_judged_anew(night.request("jrt0197"))
    same(*night.both_ways(night.request("jrt0197")))


def test_limits_and_filters_that_changed_are_judged_anew(night: Night) -> None:
    night.full()
    request = night.request()
    source = request.sources[0]
    config = replace(source.config, limits=replace(source.config.limits, sample_rows=500))
    night.is_judged_anew(replace(request, sources=(replace(source, config=config),)))


def test_a_look_at_one_table_between_two_nights_is_judged_anew(night: Night) -> None:
    from sensscan.modes.targets import parse_target

    night.full()
    manual = scan(replace(night.request(), mode="manual", targets=(parse_target("t2.phone"),))).report
    report = night.is_judged_anew()
    looked = {column.column.ref.table for column in report.columns if column.examined_in == manual.run.id}
    assert looked == {"t2"}
    same(*night.both_ways())


@pytest.mark.parametrize(
    "change", ["create table fresh (id integer, v text)", "drop table t4", "alter table t4 rename to t44", "delete from t4"]
)
def test_any_change_is_judged_anew(night: Night, change: str) -> None:
    night.full()
    night.quick()
    with sqlite3.connect(night.path) as writer:
        writer.execute(change)
    writer.close()
    time.sleep(0.05)
    night.is_judged_anew()
    same(*night.both_ways())


def test_fail_on_is_asked_on_carried_findings_too(night: Night) -> None:
    night.full()
    limited = replace(night.request(), fail_on="1")
    assert night.quick(limited).report.run.fail_on_reached
    assert not night.quick(replace(night.request(), fail_on_new="1")).report.run.fail_on_reached


def _policy(tmp_path: Path, until: date, rows: int) -> str:
    file = tmp_path / "own.toml"
    file.write_text(
        'policy = "own"\nversion = 1\nlabel = { zh = "自定", en = "own" }\ndocument = "x"\nextends = "default"\n'
        f'[[overrides]]\nid = "O1"\ntable = "t1"\nlevel = "high"\nby = "data office"\nreason = "x"\nuntil = {until.isoformat()}\n'
        f'[[volumes]]\nid = "V1"\nall = [["personal.contact"]]\nscope = "table"\nrows = {rows}\nraise = 1\n'
        'why = { zh = "多", en = "many" }\n',
        encoding="utf-8",
    )
    return str(file)


def test_an_override_that_expires_is_noticed(night: Night, tmp_path: Path) -> None:
    policy = _policy(tmp_path, date.today() + timedelta(days=1), 1_000_000)
    night.full(policy)
    same(*night.both_ways(night.request(policy)))
    night.monkeypatch.setattr(finish, "_today", lambda: date.today() + timedelta(days=3))
    with night.monkeypatch.context() as patch:
        patch.setattr(finish, "_carried", lambda *_: None)
        expected = scan(night.request(policy))
    assert expected.notes
    assert {table.table.ref.table: table.grade for table in expected.report.tables} == {
        table.table.ref.table: table.grade for table in night.is_judged_anew(night.request(policy)).tables
    }


def test_what_is_carried_over_costs_no_write_of_labels(night: Night) -> None:
    night.full()
    with open_store(None) as store:
        before = store.info().head
    night.quick()
    with open_store(None) as store:
        assert store.info().head == before
