"""Decisions of people: they outlive scans, follow renamed columns, and can be taken back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from sensscan.errors import UsageError
from sensscan.model import ColumnRef
from sensscan.store import LabelChange, Store
from tests.store.making import SOURCE, catalogue, column, grade_of, grades, ref, result, scan, table

MOBILE = ref("customer", "mobile")


def _customer(**types: str) -> list:  # type: ignore[type-arg]  # of TableResult
    return [table("customer", types or {"id": "none", "mobile": "mobile_phone"})]


def test_a_first_finding_writes_one_event_for_each_field(store: Store) -> None:
    summary, _ = scan(store, "a", _customer())
    assert summary.new == (MOBILE,)
    events = store.history(["customer.mobile"])
    assert [(event.field, event.old, event.new, event.cause) for event in events] == [
        ("type", None, '"mobile_phone"', "first_scan"),
        ("category", None, '"personal.contact"', "first_scan"),
        ("level:default", None, '"medium"', "first_scan"),
        ("status", None, '"found"', "first_scan"),
    ]
    basis = json.loads(events[0].basis)
    assert (basis["confidence"], basis["tested"], basis["passed"], basis["rule"]) == (0.98, 256, 250, "r1")
    assert json.loads(events[2].basis) == {"policy": "default@1:aa", "because": ["R1"], "certainty": "recalled", "clause": "annex A"}
    assert {event.actor for event in events} == {"sensscan 0.1"}
    assert {event.run_id for event in events} == {"a"}


def test_a_changed_finding_changes_the_label_and_says_why(store: Store) -> None:
    scan(store, "a", _customer())
    summary, _ = scan(store, "b", _customer(id="none", mobile="id_card"))
    assert summary.changed == {MOBILE: "mobile_phone medium"}
    tag = store.tags(SOURCE)[MOBILE]
    assert (tag.type_id, tag.level, tag.status, tag.run_id) == ("id_card", "high", "found", "b")
    changed = [(event.field, event.old, event.new, event.cause) for event in store.history(["customer.mobile"])[4:]]
    assert changed == [
        ("type", '"mobile_phone"', '"id_card"', "data"),
        ("category", '"personal.contact"', '"personal.identity.document"', "data"),
        ("level:default", '"medium"', '"high"', "data"),
    ]


def test_a_changed_detector_or_policy_is_named_as_the_cause(store: Store) -> None:
    scan(store, "a", _customer())
    scan(store, "b", _customer(id="none", mobile="id_card"), rules={"mobile_phone": "r2", "id_card": "r2"})
    assert store.history(["customer.mobile"])[4].cause == "detector"
    stricter = {name: grade_of("id_card") for name in grades(_customer())}
    store.start_run("c", mode="full", sources=[SOURCE], started_at=datetime.now(UTC), version="0.1", policy="default@2:bb")
    store.save_results("c", _customer(id="none", mobile="mobile_phone"), stricter, rules={"mobile_phone": "r2", "id_card": "r2"})
    scan(store, "d", _customer(id="none", mobile="mobile_phone"), policy="default@3:cc", rules={"mobile_phone": "r2"})
    assert store.history(["customer.mobile"])[-1].field == "level:default"
    assert store.history(["customer.mobile"])[-1].cause == "policy"


def test_an_emptied_column_keeps_its_label(store: Store) -> None:
    scan(store, "a", _customer())
    scan(store, "b", _customer(id="none", mobile="unknown"))
    assert store.tags(SOURCE)[MOBILE].type_id == "mobile_phone"


def test_a_column_found_harmless_loses_its_label_by_an_event(store: Store) -> None:
    scan(store, "a", _customer())
    scan(store, "b", _customer(id="none", mobile="none"))
    assert store.tags(SOURCE)[MOBILE].type_id == "none"
    assert [event.new for event in store.history(["customer.mobile"]) if event.field == "type"] == ['"mobile_phone"', '"none"']


def test_a_confirmed_label_outlives_a_conflicting_finding_which_is_shown(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({MOBILE: LabelChange(status="confirmed", ticket="SEC-1", note="checked")}, actor="wang")
    summary, _ = scan(store, "b", _customer(id="none", mobile="id_card"))
    tag = store.tags(SOURCE)[MOBILE]
    assert (tag.type_id, tag.level, tag.status, tag.set_by, tag.conflict) == ("mobile_phone", "medium", "confirmed", "wang", "id_card")
    assert summary.conflicts == {MOBILE: "id_card"}
    assert [(event.field, event.new) for event in store.history(["customer.mobile"])][-1] == ("conflict", '"id_card"')
    again, _ = scan(store, "c", _customer(id="none", mobile="id_card"))
    assert again.conflicts == {MOBILE: "id_card"}
    assert again.events == 0
    scan(store, "d", _customer())
    assert store.tags(SOURCE)[MOBILE].conflict == ""


def test_a_rejected_finding_stays_rejected_and_is_no_conflict(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({MOBILE: LabelChange(status="rejected", derived_levels={"default": "none"})}, actor="wang")
    summary, _ = scan(store, "b", _customer())
    tag = store.tags(SOURCE)[MOBILE]
    assert (tag.type_id, tag.status, tag.rejected, tag.conflict, tag.level) == ("none", "rejected", "mobile_phone", "", "none")
    assert summary.conflicts == {}
    other, _ = scan(store, "c", _customer(id="none", mobile="id_card"))
    assert other.conflicts == {MOBILE: "id_card"}


def test_a_level_set_by_a_person_is_the_last_word(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({MOBILE: LabelChange(level="high", policy="default", status="manual")}, actor="wang")
    scan(store, "b", _customer(), policy="default@2:bb")
    tag = store.tags(SOURCE)[MOBILE]
    assert tag.level == "high"
    assert tag.fixed_levels == {"default"}
    assert store.decided_levels(SOURCE, "default") == {MOBILE: "high"}
    scan(store, "c", _customer(), policy="gdpr@1:aa")
    assert store.tags(SOURCE, policy="gdpr")[MOBILE].level == "medium"
    assert store.tags(SOURCE, policy="default")[MOBILE].level == "high"


def test_a_rescan_after_1000_decisions_changes_none_and_lists_the_conflicts(store: Store) -> None:
    names = [f"c{number:04}" for number in range(1000)]
    scan(store, "a", [table("wide", dict.fromkeys(names, "mobile_phone"))])
    decided = {}
    for number, name in enumerate(names):
        status = ("confirmed", "manual", "rejected")[number % 3]
        decided[ref("wide", name)] = LabelChange(status=status, type_id="email" if status == "manual" else None)  # type: ignore[arg-type]  # of three
    assert store.decide(decided, actor="wang") == 1000
    before = store.tags(SOURCE)
    summary, _ = scan(
        store, "b", [table("wide", {name: ("id_card" if number % 2 else "mobile_phone") for number, name in enumerate(names)})]
    )
    after = store.tags(SOURCE)
    for one, tag in before.items():
        now = after[one]
        assert (now.type_id, now.status, now.level, now.owner, now.set_by) == (tag.type_id, tag.status, tag.level, tag.owner, tag.set_by)
    wanted = {
        ref("wide", name)
        for number, name in enumerate(names)
        if ("id_card" if number % 2 else "mobile_phone") != {0: "mobile_phone", 1: "email", 2: "mobile_phone"}[number % 3]
    }
    assert set(summary.conflicts) == wanted
    assert {one for one, tag in after.items() if tag.conflict} == wanted


def test_owner_permission_ticket_and_note_are_kept_with_their_events(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide(
        {MOBILE: LabelChange(owner={"department": "客服部", "steward": "王敏"}, permission={"share": "approved", "until": "2027-12-31"})},
        actor="li",
    )
    store.decide({MOBILE: LabelChange(owner={"steward": "", "system": "CRM"}, ticket="T-1", reviewer="zhao", note="=1+1")}, actor="li")
    tag = store.tags(SOURCE)[MOBILE]
    assert dict(tag.owner) == {"department": "客服部", "system": "CRM"}
    assert dict(tag.permission) == {"share": "approved", "until": "2027-12-31"}
    assert (tag.ticket, tag.reviewer, tag.note, tag.status) == ("T-1", "zhao", "=1+1", "found")
    fields = [event.field for event in store.history(["customer.mobile"])[4:]]
    assert fields == ["owner", "permission", "note", "ticket", "reviewer", "owner"]
    scan(store, "b", _customer(id="none", mobile="id_card"))
    assert dict(store.tags(SOURCE)[MOBILE].owner) == {"department": "客服部", "system": "CRM"}


@pytest.mark.parametrize(
    "change",
    [
        LabelChange(owner={"boss": "x"}),
        LabelChange(permission={"share": "never"}),
        LabelChange(permission={"x": "y"}),
        LabelChange(level="high"),
    ],
)
def test_unknown_words_are_refused_and_nothing_is_written(store: Store, change: LabelChange) -> None:
    scan(store, "a", _customer())
    head = store.head()
    with pytest.raises(UsageError):
        store.decide({MOBILE: LabelChange(status="confirmed"), ref("customer", "id"): change}, actor="wang")
    assert store.head() == head


def test_a_decision_about_an_unknown_column_changes_nothing_else(store: Store) -> None:
    scan(store, "a", _customer())
    with pytest.raises(UsageError, match="No such column"):
        store.decide({MOBILE: LabelChange(status="confirmed"), ref("customer", "nope"): LabelChange(status="confirmed")}, actor="wang")
    assert store.tags(SOURCE)[MOBILE].status == "found"


def test_undo_brings_every_field_back_by_new_events(store: Store) -> None:
    scan(store, "a", _customer())
    before = store.tags(SOURCE)[MOBILE]
    store.decide({MOBILE: LabelChange(status="rejected", note="no", owner={"system": "CRM"}, level="high", policy="default")}, actor="wang")
    length = store.head().count
    assert store.undo(MOBILE, actor="li")
    now = store.tags(SOURCE)[MOBILE]
    assert (now.type_id, now.category, now.status, now.note, now.owner, now.level, now.rejected, now.fixed_levels) == (
        before.type_id, before.category, before.status, before.note, before.owner, before.level, "", frozenset(),
    )  # fmt: skip
    assert store.head().count > length
    assert {event.cause for event in store.history(["customer.mobile"])[-3:]} == {"undo"}
    assert store.undo(MOBILE, actor="li") == []
    assert store.verify().ok


def test_undo_goes_back_one_decision_at_a_time(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({MOBILE: LabelChange(status="confirmed")}, actor="wang")
    store.decide({MOBILE: LabelChange(note="later")}, actor="wang")
    store.undo(MOBILE, actor="wang")
    tag = store.tags(SOURCE)[MOBILE]
    assert (tag.status, tag.note) == ("confirmed", "")
    store.undo(MOBILE, actor="wang")
    assert store.tags(SOURCE)[MOBILE].status == "found"


def test_undo_of_a_label_set_by_hand_removes_it(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({ref("customer", "id"): LabelChange(type_id="id_card", status="manual", derived_levels={"default": "high"})}, actor="wang")
    assert store.tags(SOURCE)[ref("customer", "id")].level == "high"
    store.undo(ref("customer", "id"), actor="wang")
    assert ref("customer", "id") not in store.tags(SOURCE)


def _renamed(old: dict[str, str], new: dict[str, str], store: Store, **change: object) -> ColumnRef | None:
    scan(store, "a", [table("customer", old)])
    store.decide({MOBILE: LabelChange(status="confirmed", owner={"system": "CRM"})}, actor="wang")
    summary, _ = scan(store, "b", [table("customer", new)])
    return {old_name: new_name for new_name, old_name in summary.followed.items()}.get(MOBILE)


def test_a_decision_follows_a_renamed_column(store: Store) -> None:
    found = _renamed(
        {"id": "none", "mobile": "mobile_phone", "mail": "email"}, {"id": "none", "tel": "mobile_phone", "mail": "email"}, store
    )
    assert found == ref("customer", "tel")
    tag = store.tags(SOURCE)[ref("customer", "tel")]
    assert (tag.status, tag.set_by, dict(tag.owner)) == ("confirmed", "wang", {"system": "CRM"})
    assert MOBILE not in store.tags(SOURCE, with_gone=True)
    renamed = [event for event in store.history(["customer.tel"]) if event.field == "renamed"]
    assert [(json.loads(event.old or ""), json.loads(event.new or "")) for event in renamed] == [
        ([SOURCE, "crm", "customer", "mobile"], [SOURCE, "crm", "customer", "tel"])
    ]
    assert store.history(["customer.tel"])[0].cause == "first_scan"


def test_a_decision_follows_even_when_the_new_name_tells_the_scanner_less(store: Store) -> None:
    assert _renamed({"id": "none", "mobile": "mobile_phone"}, {"id": "none", "c2": "none"}, store) == ref("customer", "c2")
    assert store.tags(SOURCE)[ref("customer", "c2")].conflict == "none"


def test_another_kind_of_data_at_the_same_place_is_another_column(store: Store) -> None:
    assert _renamed({"id": "none", "mobile": "mobile_phone"}, {"id": "none", "card": "id_card"}, store) is None
    assert store.tags(SOURCE)[ref("customer", "card")].status == "found"
    assert store.tags(SOURCE, with_gone=True)[MOBILE].status == "confirmed"


def test_another_declared_type_at_the_same_place_is_another_column(store: Store) -> None:
    first = table("customer", {"mobile": "mobile_phone"})
    scan(store, "a", [first])
    store.decide({MOBILE: LabelChange(status="confirmed")}, actor="wang")
    number = column(ref("customer", "tel"), 1, "bigint")
    other = table("customer", {"tel": "none"})
    changed = type(other)(type(other.table)(other.table.ref, "table", (number,)), (result(number, "none"),))
    summary, _ = scan(store, "b", [changed])
    assert summary.followed == {}


def test_a_dropped_column_whose_neighbours_move_up_is_not_taken_for_a_rename(store: Store) -> None:
    found = _renamed({"id": "none", "mobile": "mobile_phone", "mail": "email"}, {"id": "none", "mail": "email", "extra": "none"}, store)
    assert found is None


def test_a_decision_follows_a_renamed_table(store: Store) -> None:
    scan(store, "a", [table("customer", {"id": "none", "mobile": "mobile_phone"}), table("log", {"t": "none"})])
    store.decide({MOBILE: LabelChange(status="rejected")}, actor="wang")
    summary, _ = scan(store, "b", [table("client", {"id": "none", "mobile": "mobile_phone"}), table("log", {"t": "none"})])
    assert summary.gone == ()
    assert summary.new == ()
    assert store.tags(SOURCE)[ref("client", "mobile")].status == "rejected"
    assert [event.field for event in store.history(["client.mobile"])].count("renamed") == 1


def test_two_tables_of_one_shape_are_not_guessed(store: Store) -> None:
    scan(store, "a", [table("customer", {"mobile": "mobile_phone"})])
    store.decide({MOBILE: LabelChange(status="confirmed")}, actor="wang")
    summary, _ = scan(store, "b", [table("x", {"mobile": "mobile_phone"}), table("y", {"mobile": "mobile_phone"})])
    assert set(summary.gone) == {MOBILE}
    assert store.tags(SOURCE, with_gone=True)[MOBILE].status == "confirmed"


def test_a_rename_inside_a_scan_without_a_catalogue_is_followed_too(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({MOBILE: LabelChange(status="confirmed")}, actor="wang")
    summary, _ = scan(store, "b", _customer(id="none", tel="mobile_phone"), whole=False)
    assert summary.followed == {ref("customer", "tel"): MOBILE}


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("customer.mobile", {"crm.customer.mobile"}),
        ("CRM.Customer.MOBILE", {"crm.customer.mobile"}),
        ("customer", {"crm.customer.mobile", "crm.customer.mail"}),
        ("hr.*", {"hr.staff.mobile"}),
        ("*.*.mobile", {"crm.customer.mobile", "hr.staff.mobile"}),
        ('"crm"."customer"."mail"', {"crm.customer.mail"}),
        ('"CRM"."customer"."mail"', set()),
    ],
)
def test_columns_are_named_as_people_write_them(store: Store, pattern: str, wanted: set[str]) -> None:
    scan(
        store,
        "a",
        [table("customer", {"mobile": "mobile_phone", "mail": "email"}), table("staff", {"mobile": "mobile_phone"}, schema="hr")],
    )
    assert {f"{name.schema}.{name.table}.{name.column}" for name in store.tags(patterns=[pattern])} == wanted


@pytest.mark.parametrize("pattern", ["", "a.b.c.d", 'a."b', "a..b"])
def test_what_names_no_column_is_refused(store: Store, pattern: str) -> None:
    with pytest.raises(UsageError, match="Not a column"):
        store.tags(patterns=[pattern])


def test_a_notice_is_an_event_about_the_change(store: Store) -> None:
    scan(store, "a", _customer())
    scan(store, "b", _customer(id="none", mobile="id_card"))
    [move] = [move for move in store.moves() if not move.first]
    assert (move.ref, move.event.field, move.event.new, move.told) == (MOBILE, "type", '"id_card"', False)
    assert store.add_notices([move.event.seq], to=["营销部"], channel="mail", state="queued", actor="wang") == 1
    assert not store.moves(["customer.mobile"])[0].told
    store.add_notices([move.event.seq], to=["营销部"], state="confirmed", actor="wang", note="by phone")
    [move] = store.moves(["customer.mobile"])
    assert move.told
    assert [(notice.about, notice.field, json.loads(notice.new or "")["state"]) for notice in move.notices] == [
        (move.event.seq, "notice", "queued"),
        (move.event.seq, "notice", "confirmed"),
    ]
    scan(store, "c", _customer())
    assert not store.moves(["customer.mobile"])[0].told, "another change is to be told anew"
    assert store.verify().ok


def test_the_first_level_under_one_more_policy_is_no_change_to_be_told(store: Store) -> None:
    scan(store, "a", _customer())
    scan(store, "b", _customer(), policy="gdpr@1:bb")
    assert all(move.first for move in store.moves())
    assert {move.event.field for move in store.moves()} == {"type"}


def test_notices_are_all_written_or_none(store: Store) -> None:
    scan(store, "a", _customer())
    before = store.head()
    status = next(event.seq for event in store.history(["customer.mobile"]) if event.field == "status")
    for about, to, state in (([1, 999], ["x"], "sent"), ([1, status], ["x"], "sent"), ([1], [" "], "sent"), ([1], ["x" * 501], "sent")):
        with pytest.raises(UsageError):
            store.add_notices(about, to=to, state=state, actor="wang")  # type: ignore[arg-type]  # a state of the list
    with pytest.raises(UsageError, match="Unknown state"):
        store.add_notices([1], to=["x"], state="lost", actor="wang")  # type: ignore[arg-type]  # wrong on purpose
    assert store.head() == before


def test_undo_takes_back_the_decision_and_not_a_notice_about_it(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({MOBILE: LabelChange(type_id="id_card", status="manual")}, actor="wang")
    [move] = store.moves(["customer.mobile"])
    store.add_notices([move.event.seq], to=["x"], actor="wang")
    undone = store.undo(MOBILE, actor="wang")
    assert {event.field for event in undone} == {"type", "status"}
    assert store.tags()[MOBILE].type_id == "mobile_phone"
    assert store.verify().ok


def test_a_column_without_a_label_any_more_may_be_renamed_and_go_untold(store: Store) -> None:
    scan(store, "a", [table("t", {"a": "none", "b": "email"})])
    store.decide({ref("t", "a"): LabelChange(type_id="id_card", status="manual")}, actor="wang")
    store.undo(ref("t", "a"), actor="wang")
    scan(store, "b", [table("t", {"renamed": "none", "b": "email"})])
    assert store.verify().ok
    scan(store, "c", [table("t", {"b": "email"})])
    assert store.verify().ok


def test_what_would_change_is_told_without_changing_it(store: Store) -> None:
    other = ref("customer", "mail")
    scan(store, "a", [table("customer", {"mobile": "mobile_phone", "mail": "email"})])
    before = store.head()
    store.decide({other: LabelChange(status="confirmed")}, actor="wang")
    changes = {MOBILE: LabelChange(status="confirmed"), other: LabelChange(status="confirmed")}
    assert store.would_change(changes) == [MOBILE]
    assert store.head().count == before.count + 1
    with pytest.raises(UsageError):
        store.would_change({MOBILE: LabelChange(owner={"boss": "x"})})


def test_labels_that_persons_spoke_of_are_few_among_many(store: Store) -> None:
    scan(store, "a", [table("t", dict.fromkeys("abcde", "mobile_phone"))])
    store.decide({ref("t", "a"): LabelChange(status="rejected"), ref("t", "b"): LabelChange(owner={"steward": "li"})}, actor="wang")
    store.decide({ref("t", "c"): LabelChange(level="low", policy="gdpr"), ref("t", "d"): LabelChange(note="seen")}, actor="wang")
    found = store.tags(SOURCE, spoken_of=True)
    assert [name.column for name in found] == ["a", "b", "c"]
    everything = store.tags(SOURCE)
    assert all(everything[name] == tag for name, tag in found.items())
    assert store.tags(SOURCE, tables=[ref("t", "a").table_ref]) == everything
    assert store.tags(SOURCE, tables=[ref("other", "a").table_ref]) == {}


def test_reviews_come_back_to_what_was_passed_over_last(store: Store) -> None:
    scan(store, "a", [table("customer", {"a": "mobile_phone", "b": "email", "c": "id_card"})])
    store.pass_over("li", ref("customer", "a"))
    store.decide({ref("customer", "b"): LabelChange(status="confirmed")}, actor="li")
    assert [(item.tag.ref.column, item.passed_over) for item in store.pending_reviews("li")] == [("c", False), ("a", True)]
    assert [item.tag.ref.column for item in store.pending_reviews("zhao")] == ["a", "c"]
    scan(store, "b", [table("customer", {"a": "id_card", "b": "email", "c": "id_card"})])
    assert [(item.tag.ref.column, item.passed_over) for item in store.pending_reviews("li")] == [("a", False), ("c", False)]


def test_a_decision_that_a_scan_contradicts_is_open_for_review_until_looked_at(store: Store) -> None:
    scan(store, "a", _customer())
    store.decide({MOBILE: LabelChange(status="confirmed")}, actor="li")
    scan(store, "b", _customer(id="none", mobile="id_card"))
    assert [item.tag.conflict for item in store.pending_reviews("li")] == ["id_card"]
    store.pass_over("li", MOBILE)
    assert store.pending_reviews("li") == []


def test_catalogues_of_other_sources_touch_nothing(store: Store) -> None:
    scan(store, "a", _customer())
    other = [table("t", {"c": "none"}, source="sqlite:/x.db")]
    store.start_run("b", mode="full", sources=["sqlite:/x.db"], started_at=datetime.now(UTC), version="0.1", policy="default")
    summary = store.save_results("b", other, grades(other), catalogues=[catalogue(other, source="sqlite:/x.db")])
    assert summary.gone == ()
    assert MOBILE in store.tags(SOURCE)
