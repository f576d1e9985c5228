"""Exceptions hide findings from reports, with reason, author and end; ended ones let them return."""

from __future__ import annotations

from datetime import date

import pytest

from sensscan.allowed import excepted_for
from sensscan.errors import UsageError
from sensscan.store import Store
from tests.store.making import ref

TODAY = date(2026, 6, 1)


def test_a_rule_hides_what_it_names(store: Store) -> None:
    rule = store.add_exception(column="log.*", type_id="ipv4", reason="own servers", author="li")
    hidden = store.allow_list(TODAY)
    assert hidden.hides(ref("log", "ip"), "ipv4") == rule
    assert hidden.hides(ref("log", "ip"), "mobile_phone") is None
    assert hidden.hides(ref("customer", "ip"), "ipv4") is None


def test_a_source_can_be_named(store: Store) -> None:
    store.add_exception(source="mysql://db*", type_id="email", reason="x", author="li")
    assert store.allow_list(TODAY).hides(ref("t", "c"), "email")
    assert not store.allow_list(TODAY).hides(ref("t", "c", source="sqlite:/x"), "email")


def test_an_ended_rule_hides_nothing_and_says_so(store: Store) -> None:
    rule = store.add_exception(column="log.*", reason="until the move", author="li", expires=date(2026, 5, 31))
    assert store.allow_list(date(2026, 5, 31)).hides(ref("log", "ip"), "ipv4")
    later = store.allow_list(TODAY)
    assert later.hides(ref("log", "ip"), "ipv4") is None
    assert later.returned(ref("log", "ip"), "ipv4") == rule
    assert later.expired == (rule,)


def test_a_value_is_kept_as_a_keyed_fingerprint_only(store: Store) -> None:
    rule = store.add_exception(value="13800138000", type_id="mobile_phone", reason="service line", author="li")
    assert len(rule.fingerprint) == 32 and "13800138000" not in repr(rule)
    allowed = store.allowed_values(TODAY)
    assert allowed is not None
    found = allowed.among(["13800138000", "13900139000"])
    assert found == {"13800138000": ("mobile_phone",)}
    assert excepted_for("mobile_phone", found) == {"13800138000"}
    assert excepted_for("id_card", found) == frozenset()
    assert store.allow_list(TODAY).hides(ref("t", "c"), "mobile_phone") is None


def test_adding_and_removing_are_events(store: Store) -> None:
    rule = store.add_exception(column="log", reason="x", author="li")
    store.remove_exception(rule.id, actor="wang")
    events = store.history()
    assert [(event.field, event.actor, event.ref) for event in events] == [
        ("exception", "li", f"exception:{rule.id}"),
        ("exception", "wang", f"exception:{rule.id}"),
    ]
    assert store.exceptions() == []
    assert [one.removed for one in store.exceptions(with_removed=True)] == [True]
    with pytest.raises(UsageError, match="No such exception"):
        store.remove_exception(rule.id, actor="wang")


def test_rules_need_a_reason_and_must_not_hide_everything(store: Store) -> None:
    with pytest.raises(UsageError, match="reason"):
        store.add_exception(column="log", reason=" ", author="li")
    with pytest.raises(UsageError, match="hide everything"):
        store.add_exception(reason="x", author="li")
    with pytest.raises(UsageError, match="Not a column"):
        store.add_exception(column="a.b.c.d", reason="x", author="li")
