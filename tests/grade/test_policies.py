"""The shipped policies: the reference table, and what must hold between frameworks."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from sensscan.errors import ConfigError, UsageError
from sensscan.grade import PROTECTION_WORDS, compare, compare_with_page, list_policies, load_policy
from sensscan.grade.files import SHIPPED
from sensscan.grade.reading import builtin_types

PAGE = Path(__file__).parents[1] / "data" / "grading_table.md"


def at_least(policy: str, type_id: str, level: str) -> bool:
    loaded = load_policy(policy, {})
    return loaded.ranks[loaded.cell(type_id).level] >= loaded.ranks[level]


def test_shipped_policies_agree_with_the_reference_table() -> None:
    assert compare_with_page(PAGE) == ()


def test_a_changed_cell_is_found_with_its_line(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if row.startswith("| passport |"))
    changed = line.replace("| medium (d) |", "| high (d) |", 1)
    page = tmp_path / "page.md"
    page.write_text(text.replace(line, changed), encoding="utf-8")
    (found,) = compare_with_page(page)
    assert (found.policy, found.type_id, found.page, found.shipped) == ("base", "passport", "high document", "medium document")
    assert page.read_text(encoding="utf-8").splitlines()[found.line - 1] == changed


def test_a_changed_mark_and_a_missing_row_are_found(tmp_path: Path) -> None:
    rows = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [row.replace("| 3 (r) |", "| 3 |") if row.startswith("| email |") else row for row in rows if not row.startswith("| age |")]
    page = tmp_path / "page.md"
    page.write_text("\n".join(rows), encoding="utf-8")
    found = compare_with_page(page)
    assert [(one.policy, one.page, one.shipped) for one in found if one.type_id == "email"] == [("jrt0197", "3 judgement", "3 recalled")]
    assert {one.policy for one in found if one.type_id == "age"} == set(SHIPPED)


def test_a_page_without_the_table_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# nothing", encoding="utf-8")
    with pytest.raises(ConfigError):
        compare_with_page(page)


@pytest.mark.parametrize(("protected", "security"), [("C3", "4"), ("C2", "3"), ("C1", "2")])
def test_financial_levels_fit_together(protected: str, security: str) -> None:
    policy = load_policy("jrt0171", {})
    for cell in policy.cells.values():
        if cell.level == protected:
            assert at_least("jrt0197", cell.type_id, security), cell.type_id


@pytest.mark.parametrize(("personal", "general"), [("spi", "4"), ("pi", "2")])
def test_general_levels_are_not_below_the_floors_of_personal_information(personal: str, general: str) -> None:
    policy = load_policy("gbt35273", {})
    for cell in policy.cells.values():
        if cell.level == personal:
            assert at_least("gbt43697", cell.type_id, general), cell.type_id


def test_the_newer_standard_is_never_above_the_older_one() -> None:
    old, new = load_policy("gbt35273", {}), load_policy("gbt45574", {})
    assert all(new.ranks[new.cell(t).level] <= old.ranks[old.cell(t).level] for t in builtin_types())


def test_three_levels_follow_from_four() -> None:
    four, three = load_policy("default", {}), load_policy("open3", {})
    wanted = {"none": "public", "low": "internal", "medium": "sensitive", "high": "sensitive"}
    assert {t: three.cell(t).level for t in builtin_types()} == {t: wanted[four.cell(t).level] for t in builtin_types()}
    assert [rule.id for rule in three.rules()] == [rule.id for rule in four.rules() if rule.id != "K2"]


@pytest.mark.parametrize("name", SHIPPED)
def test_higher_levels_never_protect_less(name: str) -> None:
    policy = load_policy(name, {})
    for key, words in PROTECTION_WORDS.items():
        strengths = [words.index(asdict(level.protect)[key]) for level in policy.grades]
        assert strengths == sorted(strengths), key


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_hold_no_decisions_of_an_institution(name: str) -> None:
    policy = load_policy(name, {})
    assert policy.overrides == ()
    assert policy.id == name
    assert all(rule.why.zh and rule.why.en for rule in policy.rules())


def test_unknown_is_handled_like_the_highest_level() -> None:
    for policy in list_policies():
        assert policy.protection("unknown") == policy.grades[-1].protect
        assert policy.level("unknown").rank is None


def test_levels_are_named_by_id_not_by_rank() -> None:
    policy = load_policy("jrt0197", {})
    assert policy.level("4").rank == 3
    with pytest.raises(UsageError, match="no level '0'"):
        policy.level("0")


def test_secrets_are_hidden_whatever_the_masks_say() -> None:
    for policy in list_policies():
        for type_id in ("password", "jwt", "private_key", "cvv"):
            assert policy.mask_rule(type_id) == "hidden"
        assert policy.mask_rule("url", frozenset({"credentials"})) == "hidden"
    assert load_policy("pcidss", {}).mask_rule("bank_card") == "keep:6,4"
    assert load_policy("default", {}).mask_rule("mobile_phone") == "keep:3,4"
    assert load_policy("default", {}).mask_rule("vin") == "keep:1,1"


def test_types_of_plugins_are_unlisted_and_keep_a_category_of_the_tree() -> None:
    policy = load_policy("default", {"policy_number": "personal.finance", "odd": "no.such"})
    assert (policy.cell("policy_number").level, policy.cell("policy_number").category) == ("medium", "personal.finance")
    assert policy.cell("odd").category == "other"
    assert policy.cell("never_heard_of").level == "medium"
    assert "policy_number" in policy.volumes[0].items[0]


def test_the_hash_follows_content_not_writing(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a.toml", "b.toml", "c.toml"))
    first.write_text('policy = "own"\nextends = "default"\n[types]\nage = { level = "medium" }\n')
    second.write_text('# comment\nextends = "default"\npolicy = "own"\n\n[types.age]\nlevel = "medium"\n')
    third.write_text('policy = "own"\nextends = "default"\n[types]\nage = { level = "high" }\n')
    one, two, three = (load_policy(str(path), {}).hash for path in (first, second, third))
    assert one == two != three


def test_compare_shows_types_and_rules_side_by_side() -> None:
    found = compare(load_policy("base", {}), load_policy("default", {}))
    rows = {row.type_id: row for row in found.types}
    assert found.same_levels
    assert (rows["passport"].first, rows["passport"].second, rows["passport"].differs) == ("medium", "high", True)
    assert not rows["id_card"].differs
    assert {row.rule: (row.first, row.second) for row in found.rules}["C4"] == ("", ">= high (columns)")


def test_the_example_of_the_documentation_is_in_order(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    path = tmp_path / "bank.toml"
    path.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    policy = load_policy(str(path), {})
    assert (policy.cell("email").level, policy.cell("email").certainty, policy.masks["mobile_phone"]) == ("2", "checked", "keep:3,2")
    assert [override.target for override in policy.overrides] == ["schema", "column"]


def test_the_documentation_names_every_policy_and_word() -> None:
    page = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    for name in SHIPPED:
        levels = ", ".join(load_policy(name, {}).ranks)
        assert f"| `{name}` |" in page
        assert f"| {levels} |" in page
    for words in PROTECTION_WORDS.values():
        assert f"| {', '.join(words)} |" in page
