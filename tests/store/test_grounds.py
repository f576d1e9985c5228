"""A rule or a policy that changed is in the log, with the run that noticed it."""

from __future__ import annotations

from sensscan.model import TableRef
from sensscan.store import Store, StoredMark
from sensscan.store.views import Event
from tests.store.making import NOW, SOURCE, scan, table

FOUND = [table("customer", {"a": "mobile_phone"})]


def grounds(store: Store) -> list[tuple[str, str | None, str | None, str, str]]:
    """Return what the log says of rules and policies."""
    said: list[Event] = [event for event in store.history() if event.field in ("rule", "policy")]
    return [(event.ref, event.old, event.new, event.cause, event.run_id) for event in said]


def examined(store: Store, run_id: str, rules: str) -> None:
    store.put_marks(run_id, {TableRef(SOURCE, "crm", "customer"): StoredMark("s", "d", rules, NOW)})


def test_a_new_version_of_a_policy_is_an_event_and_the_use_of_another_policy_is_none(store: Store) -> None:
    scan(store, "a", FOUND, policy="default@1:aa")
    scan(store, "b", FOUND, policy="default@1:aa")
    scan(store, "c", FOUND, policy="jrt0197@1:cc")
    assert grounds(store) == []
    scan(store, "d", FOUND, policy="default@2:bb")
    assert grounds(store) == [("policy:default", '"default@1:aa"', '"default@2:bb"', "policy", "d")]
    scan(store, "e", FOUND, policy="default@2:bb")
    assert len(grounds(store)) == 1


def test_a_changed_rule_is_an_event_of_the_run_that_used_it_first(store: Store) -> None:
    scan(store, "a", FOUND, rules={"mobile_phone": "1" * 16, "email": "2" * 16})
    examined(store, "a", f"0.1;email={'2' * 12},mobile_phone={'1' * 12}")
    scan(store, "b", FOUND, rules={"mobile_phone": "1" * 16, "email": "2" * 16})
    assert grounds(store) == []
    scan(store, "c", FOUND, rules={"mobile_phone": "3" * 16, "id_card": "4" * 16})
    assert grounds(store) == [("rule:mobile_phone", f'"{"1" * 12}"', f'"{"3" * 12}"', "detector", "c")]
    examined(store, "c", f"0.1;id_card={'4' * 12},mobile_phone={'3' * 12}")
    scan(store, "d", FOUND, rules={"mobile_phone": "3" * 16})
    assert len(grounds(store)) == 1
