"""Results by validity: what a run stores, what an unchanged one does not, and reports of earlier runs."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import (
    Also,
    Alternative,
    Classification,
    Column,
    Contained,
    Coverage,
    Evidence,
    Grade,
    Reason,
    Report,
    ReportColumn,
    ReportTable,
    SkippedObject,
    Table,
    TableRef,
    TableResult,
)
from sensscan.store import Store, codec
from sensscan.store.codec import decode_outcome, decode_table_result, encode_outcome, encode_table_result
from tests.store.making import LEVELS, SOURCE, catalogue, column, grades, ref, report, result, rich_result, scan, skipped, table


def test_every_field_of_an_outcome_survives_the_store() -> None:
    one = column(ref("t", "c"), 1, comment="手机号")
    for outcome in (result(one), rich_result(one), skipped(one)):
        assert decode_outcome(encode_outcome(outcome)[0], one.ref) == outcome


def test_no_field_of_the_model_is_forgotten() -> None:
    stored = {
        Column: (*codec.COLUMN_FIELDS, "ref"),
        Evidence: codec.EVIDENCE_FIELDS,
        Contained: codec.CONTAINED_FIELDS,
        Also: codec.ALSO_FIELDS,
        Alternative: codec.ALTERNATIVE_FIELDS,
        Coverage: (*codec.COVERAGE_FIELDS, "row_estimate"),
        Classification: codec.CLASSIFICATION_FIELDS,
        Grade: codec.GRADE_FIELDS,
        Table: (*codec.TABLE_FIELDS, "ref", "columns"),
    }
    for noun, names in stored.items():
        assert {field.name for field in fields(noun)} == set(names), noun
    assert len(fields(ReportColumn)) == 13
    assert len(fields(ReportTable)) == 7
    assert len(fields(Report)) == 6


def test_grades_and_references_survive_the_store() -> None:
    grade = Grade(LEVELS["high"], "default", "personal", ("C1",), ("mark",), (ref("a", "b"),), 3, "recalled", "6.5")
    assert codec.decode_grade(codec.from_json(codec.to_json(codec.encode_grade(grade)))) == grade
    one = replace(column(ref("t", "c"), 1), references=ref("u", "id"), enum_values=("a", "b"), charset="gbk", length=20)
    assert decode_outcome(encode_outcome(result(one))[0], one.ref) == result(one)


def test_a_checkpoint_gives_back_the_same_table() -> None:
    cut_off = SkippedObject("crm", "customer", "id", Reason("timeout", Text("a detector was cut off", "检测器超时")))
    one = replace(table("customer", {"id": "none", "mobile": "mobile_phone"}), failed=(cut_off,), seconds={"fetch": 0.25})
    assert decode_table_result(encode_table_result(one)) == one
    assert len(fields(TableResult)) == 6


def test_numbers_of_numpy_are_stored_as_numbers() -> None:
    import numpy

    one = column(ref("t", "c"), 1)
    counted = result(one, rows=numpy.int64(1000))  # type: ignore[arg-type]  # what a careless detector hands over
    assert decode_outcome(encode_outcome(counted)[0], one.ref) == result(one)


def test_an_unchanged_scan_adds_no_row_even_when_the_row_estimate_moves(store: Store) -> None:
    scan(store, "a", [table("customer", {"id": "none", "mobile": "mobile_phone"}, estimate=5000)])
    before = store.info().counts
    summary, _ = scan(store, "b", [table("customer", {"id": "none", "mobile": "mobile_phone"}, estimate=5003)])
    after = store.info().counts
    assert (after["results"], after["events"], after["columns"]) == (before["results"], before["events"], before["columns"])
    assert not summary.new
    assert not summary.changed
    assert summary.events == 0


def test_the_run_that_looked_last_is_known_although_no_row_was_written(store: Store) -> None:
    first = [table("customer", {"mobile": "mobile_phone"}), table("orders", {"phone": "mobile_phone"})]
    scan(store, "a", first)
    scan(store, "b", first[:1], whole=False)
    looked = {name.table: stored.run_id for name, stored in store.load_results(SOURCE).items()}
    assert looked == {"customer": "b", "orders": "a"}
    outcome = store.load_results(SOURCE)[ref("customer", "mobile")].outcome
    assert outcome == first[0].outcomes[0]


def test_a_column_that_could_not_be_read_keeps_its_label(store: Store) -> None:
    whole = table("customer", {"mobile": "mobile_phone"})
    scan(store, "a", [whole])
    unread = TableResult(whole.table, (skipped(whole.table.columns[0]),))
    scan(store, "b", [unread])
    assert store.load_results(SOURCE)[ref("customer", "mobile")].verdict == "unknown"
    assert store.tags(SOURCE)[ref("customer", "mobile")].type_id == "mobile_phone"


def test_a_report_comes_back_as_it_was_saved(store: Store) -> None:
    first = [table("customer", {"id": "none", "mobile": "mobile_phone"}), table("orders", {"mail": "email"})]
    _, head = scan(store, "a", first)
    scan(store, "b", [table("customer", {"id": "none", "mobile": "id_card"}), first[1]])
    assert store.load_report("a") == report("a", first, head, [SOURCE])
    assert store.load_report("latest").run.id == "b"
    assert store.load_report("previous").run.id == "a"
    assert store.load_report("latest").columns[1].outcome == table("customer", {"id": "none", "mobile": "id_card"}).outcomes[1]


def test_an_unknown_run_is_said(store: Store) -> None:
    with pytest.raises(UsageError, match="No such run: x"):
        store.load_report("x")
    with pytest.raises(UsageError, match="no such run yet"):
        store.load_report()


def test_the_beginning_of_an_id_is_enough_when_it_is_one_run(store: Store) -> None:
    scan(store, "20260105-abc", [table("t", {"c": "none"})])
    scan(store, "20260106-abd", [table("t", {"c": "none"})])
    assert store.load_report("20260105").run.id == "20260105-abc"
    with pytest.raises(UsageError, match="Several runs begin with 2026"):
        store.load_report("2026")


def test_diff_names_new_gone_and_changed_columns(store: Store) -> None:
    scan(store, "a", [table("customer", {"id": "none", "mobile": "mobile_phone", "old": "email"})])
    scan(store, "b", [table("customer", {"id": "id_card", "mobile": "mobile_phone"}), table("staff", {"mail": "email"})])
    found = {
        (change.kind, change.ref.table, change.ref.column): (change.old_type, change.new_type) for change in store.diff("a", "b").changes
    }
    assert found == {
        ("changed", "customer", "id"): ("none", "id_card"),
        ("gone", "customer", "old"): ("email", None),
        ("new", "staff", "mail"): (None, "email"),
    }
    assert store.diff("b", "b").changes == ()
    back = {(change.kind, change.ref.column) for change in store.diff("b", "a").changes}
    assert back == {("changed", "id"), ("new", "old"), ("gone", "mail")}


def test_a_scan_of_one_table_says_nothing_about_the_others(store: Store) -> None:
    both = [table("customer", {"mobile": "mobile_phone"}), table("orders", {"phone": "mobile_phone"})]
    scan(store, "a", both)
    store.start_run("b", mode="manual", sources=[SOURCE], started_at=datetime.now(UTC), version="0.1", policy="default")
    summary = store.save_results(
        "b", both[:1], grades(both), catalogues=[catalogue(both[:1])], in_scope=lambda name: name.table == "customer"
    )
    head = store.finish_run("b", outcome="complete", finished_at=datetime.now(UTC))
    store.save_report(report("b", both[:1], head, [SOURCE]))
    assert summary.gone == ()
    assert set(store.tags(SOURCE)) == {ref("customer", "mobile"), ref("orders", "phone")}
    difference = store.diff("a", "b")
    assert difference.changes == ()
    assert difference.not_compared == 1


def test_a_schema_that_could_not_be_listed_is_not_gone(store: Store) -> None:
    both = [table("customer", {"mobile": "mobile_phone"}), table("staff", {"phone": "mobile_phone"}, schema="hr")]
    scan(store, "a", both)
    store.start_run("b", mode="full", sources=[SOURCE], started_at=datetime.now(UTC), version="0.1", policy="default")
    hidden = (SkippedObject("hr", "", "", Reason("permission", Text("no right", "无权限"))),)
    summary = store.save_results("b", both[:1], grades(both), catalogues=[catalogue(both[:1], missing=hidden)])
    assert summary.gone == ()


def test_what_is_gone_and_comes_back_keeps_its_label(store: Store) -> None:
    both = [table("customer", {"mobile": "mobile_phone"}), table("orders", {"phone": "mobile_phone", "n": "none"})]
    scan(store, "a", both)
    summary, _ = scan(store, "b", both[:1])
    assert set(summary.gone) == {ref("orders", "phone"), ref("orders", "n")}
    assert ref("orders", "phone") not in store.tags(SOURCE)
    assert ref("orders", "phone") in store.tags(SOURCE, with_gone=True)
    again, _ = scan(store, "c", both)
    assert again.new == ()
    assert store.tags(SOURCE)[ref("orders", "phone")].type_id == "mobile_phone"
    said = [(event.old, event.new) for event in store.history(["orders.phone"]) if event.field == "present"]
    assert said == [("true", "false"), ("false", "true")]
    assert store.verify().ok


def test_killed_and_interrupted_runs_can_be_resumed(store: Store) -> None:
    tables = [table(f"t{n}", {"c": "mobile_phone"}) for n in range(3)]
    store.start_run(
        "a",
        mode="full",
        sources=[SOURCE],
        started_at=datetime.now(UTC),
        version="0.1",
        policy="default",
        options_fingerprint="f",
        options={"sample": "1000"},
    )
    for one in tables[:2]:
        store.checkpoint("a", one)
    store.flush_checkpoints()
    run = store.unfinished_run([SOURCE], "f")
    assert run is not None
    assert run.id == "a"
    assert run.options == {"sample": "1000"}
    assert store.unfinished_run([SOURCE], "other") is None
    assert set(store.load_checkpoints("a")) == {one.table.ref for one in tables[:2]}
    store.save_results("a", tables, grades(tables))
    store.finish_run("a", outcome="complete", finished_at=datetime.now(UTC))
    assert store.unfinished_run([SOURCE]) is None
    assert store.load_checkpoints("a") == {}


def test_a_checkpoint_waits_at_most_a_second(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.start_run("a", mode="full", sources=[SOURCE], started_at=datetime.now(UTC), version="0.1", policy="default")
    store.checkpoint("a", table("t0", {"c": "none"}))
    assert store.load_checkpoints("a") == {}
    later = time.monotonic() + 1.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    store.checkpoint("a", table("t1", {"c": "none"}))
    assert len(store.load_checkpoints("a")) == 2


def test_saving_the_same_run_twice_changes_nothing(store: Store) -> None:
    tables = [table("customer", {"mobile": "mobile_phone"})]
    scan(store, "a", tables)
    events = store.head()
    store.save_results("a", tables, grades(tables))
    assert store.head() == events
    assert store.info().counts["results"] == 1


def test_names_of_any_alphabet_length_and_case_are_kept_apart(store: Store) -> None:
    names = ["Mobile", "mobile", "手机号" * 60, "a.b", 'say "x"', "naïve", "MOBILE ", "\U0001f4f1"]
    one = table("客户表", dict.fromkeys(names, "mobile_phone"))
    scan(store, "a", [one])
    assert [name.column for name in store.tags(SOURCE)] == names
    assert len(store.load_results(SOURCE)) == len(names)


def test_365_unchanged_nights_of_many_columns_stay_small(store: Store, environ: dict[str, str]) -> None:
    """10,000 columns and 365 nights may grow by 50 MB; here a fiftieth of each, and growth is by night, not by column."""
    tables = [table(f"t{n:03}", {f"c{k:02}": "mobile_phone" if k % 3 == 0 else "none" for k in range(20)}) for n in range(10)]
    scan(store, "first", tables)
    size = store.info().bytes
    assert size is not None
    for night in range(8):
        scan(store, f"night{night:03}", tables)
    grown = store.info().bytes
    assert grown is not None
    sqlite3.connect(Path(environ["SENSSCAN_DATA_DIR"]) / "store.db").execute("PRAGMA wal_checkpoint(TRUNCATE)")
    grown = store.info().bytes
    assert grown is not None
    assert grown - size < 100_000
    assert store.info().counts["results"] == 200


@pytest.mark.soak
def test_2000_columns_are_stored_quickly(store: Store) -> None:
    tables = [table(f"t{n:03}", {f"c{k:02}": "mobile_phone" if k % 3 == 0 else "none" for k in range(20)}) for n in range(100)]
    began = time.process_time()
    scan(store, "a", tables)
    assert time.process_time() - began < 5  # generous: test machines are shared; benchmarks hold the real goal


def test_an_empty_run_is_stored(store: Store) -> None:
    summary, _ = scan(store, "a", [])
    assert summary.new == ()
    assert store.load_report("a").columns == ()


def test_a_table_without_a_structure_hash_is_compared_by_its_columns(store: Store) -> None:
    one = table("t", {"c": "mobile_phone"})
    bare = TableResult(Table(TableRef(SOURCE, "crm", "t"), "table", one.table.columns), one.outcomes)
    scan(store, "a", [bare])
    summary, _ = scan(store, "b", [bare])
    assert summary.gone == ()
    assert summary.events == 0
