"""Every K, C and V rule of the shipped policies: it fires, and it does not fire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sensscan.grade import table_rows
from sensscan.model import TableRef
from tests.grade.scene import (
    column,
    level,
    own,
    ref,
    run,
    table_because,
    table_level,
    table_marks,
    tables,
)

PERSON = column("t.name", "person_name")
DOCUMENT = column("t.idno", "id_card")


# K ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "wanted"), [("default", "high"), ("open3", "sensitive"), ("jrt0197", "4"), ("jrt0171", "C3"), ("gbt43697", "4")]
)
def test_k1_addresses_with_credentials(policy: str, wanted: str) -> None:
    graded = run(policy, column("t.dsn", "jdbc_url", "credentials"), column("t.link", "url"))
    found = graded.columns[ref("t.dsn")]
    assert (found.level.id, found.because, found.marks) == (wanted, ("R1", "K1"), ("notify_security",))
    assert graded.columns[ref("t.link")].because == ("R1",)


@pytest.mark.parametrize(("policy", "clear", "masked"), [("default", "high", "medium"), ("jrt0197", "3", "2"), ("gbt43697", "4", "3")])
def test_k2_masked_without_a_clear_copy(policy: str, clear: str, masked: str) -> None:
    one = column("t.card", "bank_card", "masked")
    assert level(run(policy, one), "t.card") == masked
    assert level(run(policy, one, column("other.x.card", "bank_card")), "t.card") == masked
    assert level(run(policy, one, column("u.card", "bank_card", "hashed")), "t.card") == masked
    assert level(run(policy, one, column("u.card", "bank_card")), "t.card") == clear
    assert level(run(policy, one, column("u.note", "bank_card", contains=("bank_card",))), "t.card") == clear


def test_k2_has_a_floor_and_leaves_lower_cells_alone() -> None:
    assert level(run("default", column("t.mail", "email", "masked")), "t.mail") == "low"
    assert level(run("gbt43697", column("t.mail", "email", "masked")), "t.mail") == "2"
    assert level(run("default", column("t.co", "company_name", "masked")), "t.co") == "none"


@pytest.mark.parametrize("flag", ["hashed", "encrypted", "damaged", "free_text"])
def test_other_flags_keep_the_level(flag: str) -> None:
    assert level(run("default", column("t.id", "id_card", flag)), "t.id") == "high"  # type: ignore[arg-type]  # words of Flag


def test_k3_masked_card_numbers_are_outside_pci() -> None:
    assert level(run("pcidss", column("t.card", "bank_card", "masked")), "t.card") == "out"
    assert level(run("pcidss", column("t.card", "bank_card", "masked"), column("u.card", "bank_card")), "t.card") == "chd"


def test_k_applies_to_contained_types(tmp_path: Path) -> None:
    graded = run("default", column("t.log", "url", "credentials", contains=("url", "email")))
    assert (level(graded, "t.log"), graded.columns[ref("t.log")].marks) == ("high", ("notify_security",))


def test_the_first_condition_counts(tmp_path: Path) -> None:
    policy = own(
        tmp_path,
        '[[conditions]]\nid = "A"\ntypes = ["email"]\nflags = ["masked"]\nlevel = "none"\n'
        '[[conditions]]\nid = "B"\ntypes = ["personal"]\nflags = ["masked", "hashed"]\nlevel = "high"\n',
    )
    graded = run(policy, column("t.a", "email", "masked"), column("t.b", "qq", "hashed"))
    assert (level(graded, "t.a"), level(graded, "t.b")) == ("none", "high")


# C ------------------------------------------------------------------------------------------------------------------------

COMBINATIONS = [
    ("C1", ("person_name", "passport"), "fk", {"default": "high", "open3": "sensitive", "gbt43697": "4", "gbt35273": "spi"}),
    ("C2", ("person_name", "mobile_phone", "address"), "table", {"default": "high", "open3": "sensitive", "gbt43697": "3"}),
    ("C3", ("person_name", "id_card", "mobile_phone"), "fk", {"default": "high", "jrt0197": "4", "gbt43697": "4"}),
    (
        "C5",
        ("email", "blood_type"),
        "fk",
        {"default": "high", "jrt0197": "4", "gbt35273": "spi", "gbt45574": "spi", "gbt43697": "4", "gdpr": "sc"},
    ),
    ("C8", ("password_hash", "email"), "table", {"default": "high", "jrt0197": "4", "gbt43697": "4"}),
    ("C11", ("image", "person_name"), "table", {"default": "high", "jrt0197": "4", "gbt35273": "spi", "gbt45574": "spi", "gbt43697": "4"}),
    (
        "C12",
        ("coordinates", "date", "imei"),
        "table",
        {"default": "high", "jrt0197": "4", "gbt35273": "spi", "gbt45574": "spi", "gbt43697": "4"},
    ),
]
EVERY = [(rule, types, scope, policy, wanted) for rule, types, scope, by_policy in COMBINATIONS for policy, wanted in by_policy.items()]


@pytest.mark.parametrize(("rule", "types", "scope", "policy", "wanted"), EVERY, ids=[f"{case[0]}-{case[3]}" for case in EVERY])
def test_combination_in_one_table(rule: str, types: tuple[str, ...], scope: str, policy: str, wanted: str) -> None:
    columns = [column(f"t.c{number}", type_id) for number, type_id in enumerate(types)]
    graded = run(policy, *columns)
    assert table_level(graded) == wanted
    assert rule in table_because(graded)
    for left_out in range(len(columns)):
        fewer = [one for number, one in enumerate(columns) if number != left_out]
        assert rule not in table_because(run(policy, *fewer)), f"fired without {types[left_out]}"
        weak = [column(f"t.c{number}", t, confidence=0.4 if number == left_out else 0.99) for number, t in enumerate(types)]
        assert rule not in table_because(run(policy, *weak)), f"fired with a weak {types[left_out]}"


@pytest.mark.parametrize(("rule", "types", "scope", "policy", "wanted"), EVERY, ids=[f"{case[0]}-{case[3]}" for case in EVERY])
def test_combination_across_a_foreign_key(rule: str, types: tuple[str, ...], scope: str, policy: str, wanted: str) -> None:
    first, *rest = types
    columns = [column("t.c0", first), column("t.u_id", "none", to="u.id"), column("u.id", "none")]
    columns += [column(f"u.c{number}", type_id) for number, type_id in enumerate(rest)]
    graded = run(policy, *columns)
    for table in ("t", "u"):
        assert (rule in table_because(graded, table)) == (scope == "fk")
    apart = [one for one in columns if one.column.references is None]
    assert rule not in table_because(run(policy, *apart))


def test_rules_that_a_policy_does_not_have_do_not_fire() -> None:
    everything = [column(f"t.c{n}", t) for n, t in enumerate(("person_name", "id_card", "mobile_phone", "address", "health", "password"))]
    for policy in ("base", "pcidss"):
        assert table_because(run(policy, *everything)) == ("R4",)


def test_a_neighbour_is_one_key_away_and_one_item_is_in_the_table_itself() -> None:
    graded = run(
        "default",
        column("a.name", "person_name"), column("a.id", "none"),
        column("b.a_id", "none", to="a.id"), column("b.id", "none"),
        column("c.b_id", "none", to="b.id"), column("c.doc", "passport"),
    )  # fmt: skip
    assert all("C1" not in table_because(graded, table) for table in "abc")


def test_a_foreign_key_to_another_source_is_no_neighbour() -> None:
    here = column("t.name", "person_name")
    linked = replace(here, column=replace(here.column, references=ref("u.doc", "other")))
    assert "C1" not in table_because(run("default", linked, column("u.doc", "passport", source="other")))
    linked = replace(here, column=replace(here.column, references=ref("u.doc")))
    assert "C1" in table_because(run("default", linked, column("u.doc", "passport")))


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("default", "high"),
        ("open3", "sensitive"),
        ("jrt0197", "4"),
        ("jrt0171", "C3"),
        ("gbt35273", "spi"),
        ("gbt45574", "spi"),
        ("gbt43697", "4"),
    ],
)
def test_c4_raises_the_columns_that_take_part(policy: str, wanted: str) -> None:
    graded = run(policy, column("t.card", "bank_card"), column("t.exp", "card_expiry"), column("t.mail", "email"))
    assert (level(graded, "t.card"), level(graded, "t.exp")) == (wanted, wanted)
    assert "C4" in graded.columns[ref("t.exp")].because
    assert graded.columns[ref("t.exp")].columns == (ref("t.card"), ref("t.exp"))
    assert "C4" not in graded.columns[ref("t.mail")].because
    assert (table_level(graded), "C4" in table_because(graded)) == (wanted, True)
    alone = run(policy, column("t.card", "bank_card"), column("u.exp", "card_expiry"))
    assert "C4" not in alone.columns[ref("t.card")].because


def test_c4_of_pci_raises_what_stands_beside_the_number() -> None:
    graded = run(
        "pcidss", column("t.card", "bank_card"), column("t.name", "person_name"), column("t.exp", "card_expiry"), column("t.mail", "email")
    )
    assert [level(graded, f"t.{name}") for name in ("card", "name", "exp", "mail")] == ["chd", "chd", "chd", "out"]
    assert level(run("pcidss", column("t.card", "bank_card", "masked"), column("t.name", "person_name")), "t.name") == "out"


def test_c5_of_hipaa_raises_identifiers_beside_health_data() -> None:
    graded = run(
        "hipaa",
        column("p.name", "person_name"), column("p.id", "none"), column("p.sex", "gender"),
        column("v.p_id", "none", to="p.id"), column("v.dx", "health"), column("v.day", "date"), column("far.name", "person_name"),
    )  # fmt: skip
    assert [level(graded, path) for path in ("p.name", "p.sex", "v.dx", "v.day", "far.name")] == ["phi", "out", "phi", "phi", "identifier"]


def test_c7_raises_by_one_and_not_above_the_cap() -> None:
    quasi = [column("t.sex", "gender"), column("t.born", "birth_date"), column("t.zip", "postcode")]
    graded = run("default", *quasi)
    assert (table_level(graded), table_because(graded)) == ("high", ("R4", "C7"))
    assert table_level(run("gbt43697", *quasi)) == "3"
    assert table_level(run("gbt43697", *quasi, column("t.faith", "religion"))) == "4"
    assert "C7" not in table_because(run("default", *quasi[:2]))


@pytest.mark.parametrize(("policy", "wanted"), [("jrt0171", "C3"), ("gbt35273", "spi")])
def test_c8_raises_the_login_columns(policy: str, wanted: str) -> None:
    graded = run(policy, column("t.login", "username"), column("t.pw", "password"), column("t.city", "city"))
    assert (level(graded, "t.login"), level(graded, "t.pw")) == (wanted, wanted)
    assert "C8" not in graded.columns[ref("t.city")].because


def test_one_column_is_not_two_items_but_two_contained_types_are(tmp_path: Path) -> None:
    policy = own(
        tmp_path, '[[combinations]]\nid = "C90"\nall = ["personal.contact", ["email", "qq"]]\nscope = "table"\nat_least = "high"\n'
    )
    assert "C90" not in table_because(run(policy, column("t.a", "email")))
    assert "C90" in table_because(run(policy, column("t.a", "email"), column("t.b", "email")))
    assert "C90" in table_because(run(policy, column("t.a", "email", contains=("email", "address"))))
    assert "C90" not in table_because(run(policy, column("t.a", "email", contains=("email", "email"))))
    linked = [column("t.a", "email", to="u.id"), column("u.id", "none")]
    assert "C90" not in table_because(run(policy, *linked, column("u.c", "address")))


def test_fk_items_may_need_a_choice(tmp_path: Path) -> None:
    policy = own(
        tmp_path,
        '[[combinations]]\nid = "C90"\nall = ["personal.contact", ["email", "qq"]]\nscope = "fk"\non = "columns"\nat_least = "high"\n',
    )
    graded = run(policy, column("t.a", "email", to="u.id"), column("u.id", "none"), column("u.c", "address"), column("u.d", "address"))
    assert [level(graded, path) for path in ("t.a", "u.c", "u.d")] == ["high"] * 3
    alone = run(policy, column("t.x", "none", to="u.id"), column("u.id", "none"), column("u.c", "email"), column("v.u", "none", to="u.id"))
    assert level(alone, "u.c") == "low"


def test_masked_hashed_encrypted_columns_do_not_count_unless_listed(tmp_path: Path) -> None:
    for flag in ("masked", "hashed", "encrypted"):
        graded = run("default", PERSON, column("t.idno", "passport", flag))
        assert "C1" not in table_because(graded)
    policy = own(
        tmp_path,
        'combinations = [{ id = "C90", all = ["person_name", "passport"], flags = ["hashed"], at_least = "high" }]\n',
    )
    assert "C90" in table_because(run(policy, PERSON, column("t.idno", "passport", "hashed")))
    assert "C90" not in table_because(run(policy, PERSON, column("t.idno", "passport", "hashed", "masked")))


def test_a_password_digest_counts_though_it_is_hashed() -> None:
    assert "C8" in table_because(run("default", column("t.pw", "password_hash", "hashed"), column("t.mail", "email")))
    assert "C8" not in table_because(run("default", column("t.pw", "password", "hashed"), column("t.mail", "email")))


def test_schema_scope_raises_the_schema(tmp_path: Path) -> None:
    policy = own(tmp_path, 'combinations = [{ id = "C90", all = ["gender", "age"], scope = "schema", at_least = "high", mark = "look" }]\n')
    graded = run(policy, column("a.t.x", "gender"), column("a.u.y", "age"), column("b.t.x", "gender"))
    assert graded.schemas["s", "a"].level.id == "high"
    assert (graded.schemas["s", "a"].because, graded.schemas["s", "a"].marks) == (("R4", "C90"), ("look",))
    assert graded.schemas["s", "a"].columns == (ref("a.t.x"), ref("a.u.y"))
    assert graded.tables[TableRef("s", "a", "t")].level.id == "low"
    assert graded.schemas["s", "b"].level.id == "low"
    assert graded.sources["s"].level.id == "high"


def test_a_rule_that_changes_nothing_gives_its_reason() -> None:
    graded = run("default", PERSON, DOCUMENT, column("t.tel", "mobile_phone"))
    assert table_because(graded) == ("R4", "C1", "C3")


# V ------------------------------------------------------------------------------------------------------------------------


def test_v1_raises_from_100_000_rows() -> None:
    assert table_level(run("default", column("t.mail", "email"), rows=99_999)) == "low"
    graded = run("default", column("t.mail", "email"), rows=100_000)
    assert (table_level(graded), table_because(graded)) == ("medium", ("R4", "V1"))
    assert table_level(run("gbt43697", column("t.mail", "email"), rows=100_000)) == "3"
    assert table_level(run("open3", column("t.mail", "email"), rows=100_000)) == "sensitive"
    assert table_level(run("default", column("t.sex", "gender"), rows=100_000)) == "low"


@pytest.mark.parametrize(("policy", "wanted"), [("default", "high"), ("open3", "sensitive"), ("jrt0197", "4"), ("gbt43697", "4")])
def test_v2_from_a_million_rows(policy: str, wanted: str) -> None:
    graded = run(policy, column("t.mail", "email"), rows=1_000_000)
    assert (table_level(graded), "review_important" in table_marks(graded)) == (wanted, True)
    assert "V2" not in table_because(run(policy, column("t.mail", "email"), rows=999_999))


@pytest.mark.parametrize(("policy", "wanted"), [("default", "high"), ("open3", "sensitive"), ("gbt35273", "spi"), ("gbt45574", "spi")])
def test_v3_from_ten_thousand_rows(policy: str, wanted: str) -> None:
    graded = run(policy, column("t.pay", "salary"), rows=10_000)
    assert (table_level(graded), table_marks(graded)) == (wanted, ("export_assessment",))
    assert "V3" not in table_because(run(policy, column("t.pay", "salary"), rows=9_999))
    assert ("V3" in table_because(run(policy, DOCUMENT, rows=10_000))) == (policy != "gbt45574")


def test_unknown_rows_mark_the_table_and_raise_nothing() -> None:
    graded = run("default", column("t.mail", "email"), rows=None)
    assert (table_level(graded), table_marks(graded), table_because(graded)) == ("low", ("rows_unknown",), ("R4",))
    assert table_marks(run("default", column("t.x", "vin"), rows=None)) == ()


def test_rows_are_counted_when_the_table_was_read_whole() -> None:
    one = column("t.mail", "email")
    (result,) = tables(one, rows=5_000_000)
    assert (table_rows(result).rows, table_rows(result).counted) == (5_000_000, False)
    whole = replace(one, coverage=replace(one.coverage, complete=True, rows=40))
    (result,) = tables(whole, rows=5_000_000)
    assert (table_rows(result).rows, table_rows(result).counted) == (40, True)
