"""What foreign keys and equal names add to weak columns, and what they do not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sensscan.language import Text
from sensscan.link import link
from sensscan.model import (
    Alternative,
    Classification,
    Column,
    ColumnRef,
    ColumnResult,
    Coverage,
    Evidence,
    Family,
    Reason,
    ReasonCode,
    SkippedColumn,
    Table,
    TableRef,
    TableResult,
)

AMBIGUOUS = Reason("ambiguous", Text("?", "？"))


def ref(path: str, source: str = "s") -> ColumnRef:
    table, name = path.split(".")
    return ColumnRef(source, "main", table, name)


def result(path: str, found: Classification, *, to: str = "", family: Family = Family.TEXT, source: str = "s") -> ColumnResult:
    column = Column(ref(path, source), "text", family, 1, references=ref(to, source) if to else None)
    return ColumnResult(column, found, Coverage("head", 9, 9, 9, 0, complete=False, row_estimate=9, miss_below=0.3))


def sure(type_id: str, confidence: float = 0.99) -> Classification:
    return Classification("is", type_id, confidence)


def nothing(*lines: Evidence) -> Classification:
    return Classification("none", "none", 1.0, evidence=lines)


def unknown(code: ReasonCode = "ambiguous", **near: float) -> Classification:
    alternatives = tuple(Alternative(type_id, chance) for type_id, chance in near.items())
    return Classification(
        "unknown", "unknown", max(near.values(), default=0.0), alternatives=alternatives, reason=Reason(code, AMBIGUOUS.text)
    )


def tables(*results: ColumnResult) -> list[TableResult]:
    groups: dict[TableRef, list[ColumnResult]] = {}
    for one in results:
        groups.setdefault(one.column.ref.table_ref, []).append(one)
    return [TableResult(Table(name, "table", tuple(o.column for o in found)), tuple(found)) for name, found in groups.items()]


def linked(*results: ColumnResult) -> dict[str, Classification]:
    found = {}
    for table in link(tables(*results)):
        for outcome in table.outcomes:
            assert isinstance(outcome, ColumnResult)
            found[f"{outcome.column.ref.table}.{outcome.column.ref.column}"] = outcome.classification
    return found


def link_lines(found: Classification) -> list[str]:
    return [line.detector for line in found.evidence if line.kind == "link"]


def test_a_foreign_key_inherits_the_type_of_the_key() -> None:
    found = linked(result("orders.made_by", nothing(), to="staff.login"), result("staff.login", sure("username")))["orders.made_by"]
    assert (found.verdict, found.type_id) == ("is", "username")
    assert 0.5 < found.confidence < 0.99
    (line,) = found.evidence
    assert (line.kind, line.type_id, line.weight) == ("link", "username", 6.0)
    assert "staff.login" in line.reason.en
    assert "staff.login" in line.reason.zh
    assert found.unlinked == nothing()


def test_a_key_that_is_nothing_hands_on_nothing() -> None:
    found = linked(result("o.c_id", nothing(), to="c.id", family=Family.INTEGER), result("c.id", nothing(), family=Family.INTEGER))
    assert found["o.c_id"] == nothing()


def test_an_uncertain_key_hands_on_nothing() -> None:
    assert linked(result("o.a", nothing(), to="c.a"), result("c.a", sure("username", 0.7)))["o.a"] == nothing()


def test_another_family_inherits_nothing() -> None:
    assert linked(result("o.a", nothing(), to="c.a", family=Family.INTEGER), result("c.a", sure("mobile_phone")))["o.a"] == nothing()


def test_a_column_with_a_verdict_of_its_own_is_left_alone() -> None:
    assert linked(result("o.a", sure("email"), to="c.a"), result("c.a", sure("username")))["o.a"] == sure("email")


def test_strong_evidence_against_is_heard() -> None:
    against = Evidence("none", "name", "names", 5.0, Text("status", "状态"))
    found = linked(result("o.a", nothing(against), to="c.a"), result("c.a", sure("username")))["o.a"]
    assert found.verdict == "none"
    assert link_lines(found) == ["foreign_key"]
    assert found.alternatives[0].type_id == "username"


def test_a_chain_of_keys_is_followed_to_its_certain_end() -> None:
    found = linked(result("a.x", nothing(), to="b.x"), result("b.x", nothing(), to="c.x"), result("c.x", sure("id_card")))
    assert (found["a.x"].type_id, found["b.x"].type_id) == ("id_card", "id_card")
    assert "c.x" in found["a.x"].evidence[-1].reason.en


def test_a_circle_of_keys_ends() -> None:
    found = linked(result("a.x", nothing(), to="b.x"), result("b.x", nothing(), to="a.x"), result("c.x", nothing(), to="c.x"))
    assert all(one == nothing() for one in found.values())


def test_an_equal_name_tips_an_undecided_column() -> None:
    found = linked(result("a.cust_tel", unknown(mobile_phone=0.3)), result("b.CUST_TEL", sure("mobile_phone")))["a.cust_tel"]
    assert (found.verdict, found.type_id, found.reason) == ("is", "mobile_phone", None)
    assert link_lines(found) == ["same_name"]


def test_an_equal_name_alone_only_suggests() -> None:
    found = linked(result("a.cust_tel", unknown("too_few")), result("b.cust_tel", sure("mobile_phone")))["a.cust_tel"]
    assert found.verdict == "unknown"
    assert found.alternatives[0].type_id == "mobile_phone"
    assert found.reason is not None
    assert found.reason.code == "too_few"


def test_a_column_without_values_gets_no_verdict() -> None:
    columns = (result("a.made_by", unknown("empty"), to="b.login"), result("b.login", sure("username")))
    found = linked(*columns)["a.made_by"]
    assert (found.verdict, found.alternatives[0].type_id) == ("unknown", "username")


def test_generic_names_say_nothing() -> None:
    for name in ("id", "code", "login_name", "备注"):
        found = linked(result(f"a.{name}", unknown(email=0.3)), result(f"b.{name}", sure("email")))[f"a.{name}"]
        assert (found.verdict == "is") == (name == "login_name")


def test_columns_of_one_name_that_disagree_say_nothing() -> None:
    before = unknown(mobile_phone=0.3)
    for other in (sure("landline_phone"), nothing()):
        columns = (result("b.cust_tel", sure("mobile_phone")), result("c.cust_tel", other))
        assert linked(result("a.cust_tel", before), *columns)["a.cust_tel"] == before


def test_another_source_or_family_says_nothing() -> None:
    before = unknown(mobile_phone=0.3)
    assert linked(result("a.cust_tel", before), result("b.cust_tel", sure("mobile_phone"), source="z"))["a.cust_tel"] == before
    assert linked(result("a.cust_tel", before), result("b.cust_tel", sure("mobile_phone"), family=Family.INTEGER))["a.cust_tel"] == before


def test_a_column_called_none_does_not_follow_its_name() -> None:
    assert linked(result("a.cust_tel", nothing()), result("b.cust_tel", sure("mobile_phone")))["a.cust_tel"] == nothing()


def test_a_link_vanishes_with_its_reason() -> None:
    child, key = result("orders.made_by", nothing(), to="staff.login"), result("staff.login", sure("username"))
    before = link(tables(child, key))
    rescanned = [table if table.table.ref.table == "orders" else tables(replace(key, classification=nothing()))[0] for table in before]
    after = link(rescanned)
    assert after == tuple(tables(child, replace(key, classification=nothing())))


def test_unread_columns_stay_unread() -> None:
    child = result("orders.made_by", nothing(), to="staff.login")
    unread = SkippedColumn(child.column, Reason("permission", Text("no", "否")))
    results = [TableResult(Table(child.column.ref.table_ref, "table", ()), (unread,)), *tables(result("staff.login", sure("username")))]
    assert link(results) == tuple(results)


FOUND = st.sampled_from(
    [
        nothing(),
        sure("username"),
        sure("username", 0.6),
        sure("email"),
        unknown(email=0.4),
        unknown("too_few"),
        unknown("empty"),
        unknown(username=0.45, email=0.2),
    ]
)
NAMES = ("login", "cust_tel", "id")
PLACES = [f"{table}.{name}" for table in "abc" for name in NAMES]


@given(
    st.lists(FOUND, min_size=len(PLACES), max_size=len(PLACES)),
    st.lists(st.sampled_from(["", *PLACES]), min_size=len(PLACES), max_size=len(PLACES)),
    st.randoms(),
)
def test_neither_order_nor_repetition_changes_anything(found: list[Classification], keys: list[str], random: object) -> None:
    results = tables(*(result(path, one, to=key) for path, one, key in zip(PLACES, found, keys, strict=True)))
    once = link(results)
    assert link(once) == once
    shuffled = [replace(table, outcomes=tuple(reversed(table.outcomes))) for table in results]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random
    again = {o.column.ref: o for table in link(shuffled) for o in table.outcomes}
    assert again == {o.column.ref: o for table in once for o in table.outcomes}
    for table, before in zip(once, results, strict=True):
        for new, old in zip(table.outcomes, before.outcomes, strict=True):
            assert isinstance(new, ColumnResult)
            assert isinstance(old, ColumnResult)
            changed = new.classification != old.classification
            assert changed == bool(link_lines(new.classification))
            assert new.classification.unlinked == (old.classification if changed else None)
            total = sum(other.confidence for other in new.classification.alternatives)
            assert total <= 1.001
