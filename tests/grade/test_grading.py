"""Levels of columns, tables, schemas and sources: from cell to source, in the fixed order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sensscan.grade import grade, grade_column, load_policy
from sensscan.model import UNKNOWN_LEVEL, ColumnRef, ColumnResult, TableRef, Tag
from tests.grade.scene import (
    TODAY,
    column,
    level,
    own,
    ref,
    run,
    skipped,
    table_level,
    tables,
)

PERSON = column("t.name", "person_name")
DOCUMENT = column("t.idno", "id_card")


# Columns (R1, R2, R3, R5, R6) ---------------------------------------------------------------------------------------------


def test_a_column_takes_the_cell_of_its_type() -> None:
    found = run("default", PERSON).columns[PERSON.column.ref]
    assert (found.level.id, found.category, found.because, found.policy) == ("medium", "personal.identity", ("R1",), "default")


def test_the_grade_says_how_sure_the_policy_is() -> None:
    found = run("jrt0197", PERSON).columns[PERSON.column.ref]
    assert (found.certainty, found.clause.split(":")[0]) == ("recalled", "annex A")


def test_a_mixture_takes_the_highest_contained_type() -> None:
    graded = run("default", column("t.remark", "email", contains=("email", "id_card", "gender")))
    found = graded.columns[ref("t.remark")]
    assert (found.level.id, found.category, found.because) == ("high", "personal.identity.document", ("R2",))


def test_none_and_types_below_the_threshold_take_the_level_of_none() -> None:
    graded = run(
        "default",
        column("t.a", "none"),
        column("t.b", "id_card", confidence=0.4),
        column("t.c", "id_card", contains=("id_card",), confidence=0.3),
    )
    assert [level(graded, path) for path in ("t.a", "t.b", "t.c")] == ["none"] * 3
    assert graded.columns[ref("t.b")].because == ("R3",)


def test_the_threshold_can_be_moved_both_ways() -> None:
    weak = column("t.b", "id_card", confidence=0.4)
    assert level(run("default", weak, min_confidence=0.3), "t.b") == "high"
    assert level(run("default", column("t.b", "id_card", confidence=0.7), min_confidence=0.8), "t.b") == "none"


def test_unknown_and_unread_columns_have_no_rank() -> None:
    graded = run("default", column("t.a", "unknown"), skipped("t.b"))
    for path, rule in (("t.a", "R3"), ("t.b", "R6")):
        found = graded.columns[ref(path)]
        assert (found.level, found.because, found.category) == (UNKNOWN_LEVEL, (rule,), "unknown")
    assert table_level(graded) == "unknown"
    assert graded.sources["s"].level == UNKNOWN_LEVEL


def test_unknown_does_not_count_in_the_highest_and_is_counted() -> None:
    graded = run("default", column("t.a", "unknown"), skipped("t.b"), column("t.c", "none"), skipped("u.d"))
    assert (table_level(graded), graded.tables[TableRef("s", "main", "t")].unknown_columns) == ("none", 2)
    assert (graded.schemas["s", "main"].level.id, graded.schemas["s", "main"].unknown_columns) == ("none", 3)
    assert graded.sources["s"].unknown_columns == 3


def test_one_column_alone() -> None:
    policy = load_policy("default", {})
    assert grade_column(DOCUMENT, policy).level.id == "high"
    assert grade_column(skipped("t.x"), policy).level is UNKNOWN_LEVEL


# Order --------------------------------------------------------------------------------------------------------------------


def test_all_raises_together_are_limited(tmp_path: Path) -> None:
    quasi = [column("t.sex", "gender"), column("t.born", "age"), column("t.mail", "email")]
    rules = 'combinations = [{ id = "A", all = ["gender", "age"], raise = 1 }, { id = "B", all = ["age"], raise = 1 }]\n'
    assert table_level(run(own(tmp_path, rules), *quasi, rows=100_000)) == "medium"
    assert table_level(run(own(tmp_path, rules + "[rollup]\nmax_raise = 5\n"), *quasi, rows=100_000)) == "high"
    assert table_level(run(own(tmp_path, rules + '[rollup]\nmax_raise = 5\nraise_cap = "medium"\n'), *quasi, rows=100_000)) == "medium"
    assert table_level(run(own(tmp_path, rules + '[rollup]\nraise_cap = "low"\n'), DOCUMENT, *quasi)) == "high"


def test_at_least_comes_before_raise(tmp_path: Path) -> None:
    rules = 'combinations = [{ id = "A", all = ["gender"], raise = 1 }, { id = "B", all = ["age"], at_least = "medium" }]\n'
    assert table_level(run(own(tmp_path, rules), column("t.sex", "gender"), column("t.age", "age"))) == "high"


OVERRIDE = 'by = "data office"\nreason = "ticket 1"\nuntil = 2027-12-31\n'


def test_an_exact_override_on_a_column_is_final_and_the_table_follows(tmp_path: Path) -> None:
    policy = own(tmp_path, '[[overrides]]\nid = "O1"\nsource = "S"\ntable = "t"\ncolumn = "CARD"\nlevel = "low"\n' + OVERRIDE)
    graded = run(policy, column("t.card", "bank_card"), column("t.exp", "card_expiry"), column("u.card", "bank_card"))
    assert (level(graded, "t.card"), graded.columns[ref("t.card")].because) == ("low", ("R1", "C4", "O1"))
    assert (level(graded, "t.exp"), level(graded, "u.card"), table_level(graded)) == ("high", "high", "high")


def test_an_exact_override_on_a_table_is_final_there(tmp_path: Path) -> None:
    policy = own(tmp_path, '[[overrides]]\nid = "O1"\ntable = "*_test"\nlevel = "none"\n' + OVERRIDE)
    graded = run(policy, column("x_test.id", "id_card"), rows=5_000_000)
    assert (level(graded, "x_test.id"), table_level(graded, "x_test")) == ("high", "none")
    assert graded.sources["s"].level.id == "none"


def test_an_override_at_least_only_raises(tmp_path: Path) -> None:
    policy = own(
        tmp_path,
        '[[overrides]]\nid = "O1"\nschema = "main"\nat_least = "medium"\n[[overrides]]\nid = "O2"\ntable = "t"\nat_least = "low"\n',
    )
    graded = run(policy, column("t.x", "none"))
    assert (level(graded, "t.x"), table_level(graded), graded.schemas["s", "main"].level.id) == ("none", "low", "medium")
    graded = run(policy, DOCUMENT)
    assert (graded.schemas["s", "main"].level.id, graded.schemas["s", "main"].because[-1]) == ("high", "O1")


def test_levels_that_only_people_give_come_by_override(tmp_path: Path) -> None:
    policy = own(tmp_path, '[[overrides]]\nid = "O1"\nsource = "core*"\nat_least = "5"\n', "jrt0197")
    graded = run(policy, column("t.mail", "email", source="core-bank"), column("t.mail", "email"))
    assert (graded.sources["core-bank"].level.id, graded.sources["s"].level.id) == ("5", "3")


def test_an_expired_override_is_ignored_and_reported(tmp_path: Path) -> None:
    policy = own(tmp_path, '[[overrides]]\nid = "O1"\ntable = "t"\nlevel = "none"\n' + OVERRIDE)
    result = tables(DOCUMENT)
    on_the_day = grade(result, policy, today=date(2027, 12, 31))
    after = grade(result, policy, today=date(2028, 1, 1))
    assert (table_level(on_the_day), on_the_day.notes) == ("none", ())
    assert table_level(after) == "high"
    assert "O1" in after.notes[0].en
    assert "2027-12-31" in after.notes[0].zh


def test_a_decided_type_replaces_the_found_one() -> None:
    tags = {
        ref("t.a"): Tag(ref("t.a"), "none", "none", "rejected", rejected="id_card"),
        ref("t.b"): Tag(ref("t.b"), "id_card", "high", "manual"),
        ref("t.c"): Tag(ref("t.c"), "id_card", "high", "found"),
        ref("t.d"): Tag(ref("t.d"), "health", "high", "confirmed"),
    }
    results = tables(column("t.a", "id_card"), column("t.b", "none"), column("t.c", "none"), skipped("t.d"))
    graded = grade(results, load_policy("default", {}), today=TODAY, tags=tags)
    assert [level(graded, f"t.{name}") for name in "abcd"] == ["none", "high", "none", "high"]
    assert graded.columns[ref("t.b")].because == ("R1", "tag")


def test_a_level_set_by_a_person_is_the_last_word_of_its_policy_only(tmp_path: Path) -> None:
    tag = Tag(ref("t.idno"), "id_card", "low", "manual", levels={"own": "low"}, fixed_levels=frozenset({"own"}))
    policy = own(tmp_path, '[[overrides]]\nid = "O1"\ncolumn = "*"\nat_least = "medium"\n')
    graded = grade(tables(DOCUMENT), policy, today=TODAY, tags={ref("t.idno"): tag})
    assert (level(graded, "t.idno"), table_level(graded)) == ("low", "low")
    other = grade(tables(DOCUMENT), load_policy("jrt0197", {}), today=TODAY, tags={ref("t.idno"): tag})
    assert level(other, "t.idno") == "3"


def test_because_and_columns_name_what_gave_the_level() -> None:
    graded = run("default", DOCUMENT, column("t.mail", "email"), column("t.dsn", "url", "credentials"))
    found = graded.tables[TableRef("s", "main", "t")]
    assert (found.because, found.columns) == (("R4", "K1"), (ref("t.idno"), ref("t.dsn")))
    assert graded.sources["s"].columns == (ref("t.idno"), ref("t.dsn"))


# Properties ---------------------------------------------------------------------------------------------------------------

TYPES = [
    "none",
    "person_name",
    "id_card",
    "mobile_phone",
    "address",
    "email",
    "bank_card",
    "cvv",
    "gender",
    "birth_date",
    "city",
    "health",
    "date",
    "image",
]
POLICIES = {name: load_policy(name, {}) for name in ("default", "jrt0197", "gbt43697", "gbt35273", "pcidss", "hipaa")}
COLUMNS = st.lists(st.tuples(st.sampled_from("tuv"), st.sampled_from(TYPES), st.booleans()), min_size=1, max_size=8)


def scene(drawn: list[tuple[str, str, bool]]) -> list[ColumnResult]:
    keys = {"t": "u.k", "u": "v.k", "v": ""}
    first = [column(f"{table}.k", "none", to=keys[table]) for table in "tuv"]
    return [
        *first,
        *(column(f"{table}.c{n}", type_id, *(("masked",) if masked else ())) for n, (table, type_id, masked) in enumerate(drawn)),
    ]


@given(COLUMNS, st.sampled_from(sorted(POLICIES)), st.sampled_from([None, 10, 20_000, 3_000_000]))
def test_rules_only_raise_and_tables_are_not_below_their_columns(drawn: list[tuple[str, str, bool]], name: str, rows: int | None) -> None:
    policy, columns = POLICIES[name], scene(drawn)
    graded = run(policy, *columns, rows=rows)
    ranks = {ref_: found.level.rank for ref_, found in graded.columns.items()}
    for table, found in graded.tables.items():
        highest = max(rank for ref_, rank in ranks.items() if ref_.table_ref == table and rank is not None)
        assert found.level.rank is not None
        assert found.level.rank >= highest
    assert graded.sources["s"].level.rank == max(found.level.rank or 0 for found in graded.tables.values())
    for one in columns:
        alone = grade_column(one, policy)
        assert "K2" in alone.because or "K3" in alone.because or (ranks[one.column.ref] or 0) >= (alone.level.rank or 0)


@given(COLUMNS, st.tuples(st.sampled_from("tuv"), st.sampled_from(TYPES)), st.sampled_from(sorted(POLICIES)))
def test_one_more_clear_column_never_lowers_anything(drawn: list[tuple[str, str, bool]], more: tuple[str, str], name: str) -> None:
    policy = POLICIES[name]
    before = run(policy, *scene(drawn))
    after = run(policy, *scene([*drawn, (*more, False)]))
    for ref_, found in before.columns.items():
        assert (after.columns[ref_].level.rank or 0) >= (found.level.rank or 0)
    for table, found in before.tables.items():
        assert (after.tables[table].level.rank or 0) >= (found.level.rank or 0)


@given(COLUMNS, st.sampled_from(sorted(POLICIES)), st.randoms())
def test_the_order_of_tables_and_columns_does_not_matter(drawn: list[tuple[str, str, bool]], name: str, random: object) -> None:
    results = tables(*scene(drawn))
    shuffled = list(results)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random
    first, second = (grade(found, POLICIES[name], today=TODAY) for found in (results, shuffled))
    assert dict(first.columns) == dict(second.columns)
    assert dict(first.tables) == dict(second.tables)
    assert dict(first.schemas) == dict(second.schemas)
    assert dict(first.sources) == dict(second.sources)


def test_results_hold_columns_of_every_source() -> None:
    refs = {ColumnRef("s", "main", "t", "a"), ColumnRef("z", "main", "t", "a")}
    graded = run("default", column("t.a", "email"), column("t.a", "email", source="z"))
    assert set(graded.columns) == refs
    assert set(graded.sources) == {"s", "z"}
