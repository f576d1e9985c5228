"""Own policies: what `extends` merges, and everything that is refused, with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.errors import ConfigError, SensscanError, UsageError
from sensscan.grade import load_policy
from sensscan.grade.places import key_lines

HEAD = 'policy = "own"\nextends = "default"\n'


def refused(tmp_path: Path, text: str, name: str = "own.toml") -> tuple[int, str, str]:
    """Return line, key and reason of the refusal."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_policy(str(path), {"plugin_type": "other"})
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.text.en
    assert caught.value.text.zh.startswith(f"{path}:")
    where, key, reason = caught.value.text.en.removeprefix(f"{path}:").split(": ", 2)
    return int(where), key, reason


def rule(kind: str, *lines: str) -> str:
    return HEAD + f"[[{kind}]]\n" + "\n".join(lines) + "\n"


K = ('id = "K9"', 'types = ["url"]', 'flags = ["masked"]')
C = ('id = "C99"', 'all = ["url"]', 'scope = "table"')
O = ('id = "O1"', 'table = "x"')  # noqa: E741  # the letter of its ids

REFUSALS = [
    ("unknown key", HEAD + "\ncolour = 1\n", 4, "colour", "unknown key"),
    ("unknown key in a rule", rule("conditions", *K, "lower = 1", 'ceiling = "high"'), 8, "conditions[1].ceiling", "unknown key"),
    (
        "unknown type",
        HEAD + '[types]\nage = { level = "low" }\nid_crad = { level = "high" }\n',
        5,
        "types.id_crad",
        "did you mean 'id_card'",
    ),
    (
        "unknown type in a rule",
        rule("conditions", 'id = "K9"', 'types = ["urll"]', 'flags = ["masked"]', "lower = 1"),
        5,
        "conditions[1].types",
        "'url'",
    ),
    ("unknown category", HEAD + '[types]\nage = { category = "persona", level = "low" }\n', 4, "types.age.category", "'personal'"),
    (
        "unknown category in a rule",
        rule("combinations", 'id = "C99"', 'all = ["personal.finances"]', "raise = 1"),
        5,
        "combinations[1].all",
        "finance",
    ),
    ("unknown category of unlisted", HEAD + '[unlisted]\ncategory = "x"\nlevel = "low"\n', 4, "unlisted.category", "unknown category"),
    ("unknown flag", rule("conditions", K[0], K[1], 'flags = ["maskd"]', "lower = 1"), 6, "conditions[1].flags", "did you mean 'masked'"),
    ("unknown flag of a C", rule("combinations", *C, 'flags = ["x"]', "raise = 1"), 7, "combinations[1].flags", "unknown flag"),
    ("unknown scope", rule("combinations", C[0], C[1], 'scope = "database"', "raise = 1"), 6, "combinations[1].scope", "unknown scope"),
    ("unknown scope of unless_clear", rule("conditions", *K, "lower = 1", 'unless_clear = "fk"'), 8, "conditions[1].unless_clear", "scope"),
    ("unknown object", rule("combinations", *C, 'on = "rows"', "raise = 1"), 7, "combinations[1].on", "unknown"),
    ("unknown level of a type", HEAD + '[types]\nage = { level = "hgih" }\n', 4, "types.age.level", "did you mean 'high'"),
    ("unknown level of a K", rule("conditions", *K, 'level = "4"'), 7, "conditions[1].level", "unknown level"),
    ("unknown level of a C", rule("combinations", *C, 'at_least = "4"'), 7, "combinations[1].at_least", "unknown level"),
    ("unknown floor", rule("conditions", *K, "lower = 1", 'floor = "x"'), 8, "conditions[1].floor", "unknown level"),
    ("unknown level of an override", rule("overrides", *O, 'at_least = "x"'), 6, "overrides[1].at_least", "unknown level"),
    ("unknown raise_cap", HEAD + '[rollup]\nraise_cap = "x"\n', 4, "rollup.raise_cap", "unknown level"),
    ("unknown way to roll up", HEAD + '[rollup]\ntable = "mean"\n', 4, "rollup.table", "one of max"),
    ("unknown certainty", HEAD + 'certainty = "sure"\n', 3, "certainty", "unknown certainty"),
    ("unknown certainty of a cell", HEAD + '[types]\nage = { level = "low", certainty = "sure" }\n', 4, "types.age.certainty", "unknown"),
    ("unknown mask", HEAD + '[masks]\nage = "star"\n', 4, "masks.age", "unknown mask"),
    ("mask of an unknown type", HEAD + '[masks]\nagee = "region"\n', 4, "masks.agee", "unknown type"),
    (
        "none in a rule",
        rule("combinations", 'id = "C99"', 'all = ["url", ["none"]]', "raise = 1"),
        5,
        "combinations[1].all",
        "both a type and a category",
    ),
    (
        "id of type and category in a rule",
        HEAD + '[categories]\nurl = { zh = "网", en = "u" }\n' + rule("conditions", *K, "lower = 1").removeprefix(HEAD),
        7,
        "conditions[1].types",
        "both a type and a category",
    ),
    ("type without a category", HEAD + '[types]\nplugin_type = { level = "low" }\n', 4, "types.plugin_type", "names no category"),
    (
        "category without its parent",
        HEAD + '[categories]\n"people.staff" = { zh = "员工", en = "Staff" }\n',
        4,
        'categories."people.staff"',
        "parent category 'people' is missing",
    ),
    (
        "two rules with one id",
        rule("conditions", *K, "lower = 1") + "[[combinations]]\n" + 'id = "K9"\nall = ["url"]\nraise = 1\n',
        9,
        "combinations[1].id",
        "two rules",
    ),
    (
        "two overrides with one id",
        rule("overrides", *O, 'at_least = "low"') + '[[overrides]]\nid = "O1"\nat_least = "low"\n',
        8,
        "overrides[2].id",
        "two rules or overrides",
    ),
    ("C with both", rule("combinations", *C, 'at_least = "low"', "raise = 1"), 3, "combinations[1]", "either at_least or raise"),
    ("C with neither", rule("combinations", *C), 3, "combinations[1]", "either at_least or raise"),
    ("V with neither", rule("volumes", *C, "rows = 5"), 3, "volumes[1]", "either at_least or raise"),
    ("K with both", rule("conditions", *K, 'level = "low"', "lower = 1"), 3, "conditions[1]", "either level or lower"),
    ("K with neither", rule("conditions", *K), 3, "conditions[1]", "either level or lower"),
    ("override with both", rule("overrides", *O, 'level = "low"', 'at_least = "low"'), 3, "overrides[1]", "either level or at_least"),
    ("rows without a number", rule("volumes", *C, 'rows = "many"', "raise = 1"), 7, "volumes[1].rows", "whole number"),
    ("V without rows", rule("volumes", *C, "raise = 1"), 3, "volumes[1]", "rows must be a whole number"),
    ("exact without by", rule("overrides", *O, 'level = "low"', 'reason = "r"', "until = 2030-01-01"), 3, "overrides[1]", "'by'"),
    ("exact without reason", rule("overrides", *O, 'level = "low"', 'by = "b"', "until = 2030-01-01"), 3, "overrides[1]", "'reason'"),
    ("exact without until", rule("overrides", *O, 'level = "low"', 'by = "b"', 'reason = "r"'), 3, "overrides[1]", "'until'"),
    ("until in quotes", rule("overrides", *O, 'at_least = "low"', 'until = "2030-01-01"'), 7, "overrides[1].until", "date"),
    ("rule without an id", rule("combinations", 'all = ["url"]', "raise = 1"), 3, "combinations[1]", "'id' is missing"),
    ("empty all", rule("combinations", 'id = "C99"', "all = []", "raise = 1"), 5, "combinations[1].all", "must list"),
    ("raise of nothing", rule("combinations", *C, "raise = 0"), 7, "combinations[1].raise", "whole number"),
    ("floor without lower", rule("conditions", *K, 'level = "low"', 'floor = "low"'), 8, "conditions[1].floor", "floor goes with lower"),
    ("other level ids than the parent", HEAD + '[[levels]]\nid = "x"\n', 3, "levels", "same level ids"),
    ("confidence above 1", HEAD + "confidence = 7\n", 3, "confidence", "from 0 to 1"),
    ("unknown parent", 'policy = "own"\nextends = "defualt"\n', 2, "extends", "did you mean 'default'"),
    ("broken TOML", 'policy = "own"\nextends = \n', 2, "not valid TOML", ""),
]


@pytest.mark.parametrize(("text", "line", "key", "reason"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_refused_with_file_line_key(tmp_path: Path, text: str, line: int, key: str, reason: str) -> None:
    found_line, found_key, found_reason = refused(tmp_path, text)
    assert (found_line, found_key) == (line, key)
    assert reason in found_reason


WHOLE = """policy = "own"
categories = "default"
[[levels]]
id = "low"
label = { zh = "低", en = "Low" }
protect = { store = "plain", share = "open", onward = "yes", export = "free", display = "clear" }
[[levels]]
id = "high"
label = { zh = "高", en = "High" }
protect = { store = "encrypted", share = "approved", onward = "no", export = "approved", display = "full" }
[unlisted]
category = "other"
level = "high"
[types]
"""


def whole(*, without: str = "") -> str:
    types = load_policy("default", {}).cells
    return WHOLE + "".join(f'{name} = {{ level = "high" }}\n' for name in types if name != without)


def test_a_policy_without_a_parent_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(whole(), encoding="utf-8")
    policy = load_policy(str(path), {})
    assert policy.cell("id_card").category == "personal.identity.document"
    assert [level.id for level in policy.levels] == ["low", "high"]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "reason"),
    [
        ('id = "low"', 'id = "low"\nname = "x"', 5, "levels[1].name", "unknown key"),
        ('id = "low"', 'id = "unknown"', 4, "levels[1].id", "no level may be called 'unknown'"),
        ('id = "high"', 'id = "low"', 8, "levels[2].id", "two levels"),
        ('store = "plain"', 'store = "paper"', 6, "levels[1].protect.store", "unknown word for store"),
        ('share = "open", ', "", 6, "levels[1].protect", "'share' is missing"),
        ('[unlisted]\ncategory = "other"\nlevel = "high"\n', "", 1, "unlisted", "missing"),
        ('categories = "default"', 'categories = "nowhere"', 2, "categories", "no policy"),
    ],
)
def test_levels_and_words_are_refused(tmp_path: Path, old: str, new: str, line: int, key: str, reason: str) -> None:
    found_line, found_key, found_reason = refused(tmp_path, whole().replace(old, new, 1))
    assert (found_line, found_key) == (line, key)
    assert reason in found_reason


def test_a_builtin_type_without_a_row_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, whole(without="age")) == (14, "types", "no row for the built-in type age")


def test_circles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('policy = "a"\nextends = "b"\n')
    (tmp_path / "b.toml").write_text('policy = "b"\n\nextends = "a.toml"\n')
    with pytest.raises(ConfigError, match=r"b\.toml:3: extends: .*circle"):
        load_policy(str(tmp_path / "a.toml"), {})
    (tmp_path / "c.toml").write_text('policy = "c"\ncategories = "c"\n')
    with pytest.raises(ConfigError, match=r"c\.toml:2: categories: .*circle"):
        load_policy(str(tmp_path / "c.toml"), {})


def test_an_error_names_the_file_that_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text('policy = "house"\nextends = "default"\n\n[types]\nage = { level = "hgih" }\n')
    own = tmp_path / "own.toml"
    own.write_text('policy = "own"\nextends = "house"\n')
    with pytest.raises(ConfigError, match=r"house\.toml:5: types\.age\.level"):
        load_policy(str(own), {})


def test_extends_merges_tables_by_key_and_replaces_lists(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        HEAD + 'combinations = []\n[types]\nage = { level = "medium" }\n[masks]\nvin = "keep:3,0"\n'
        '[categories]\nstaff = { zh = "员工", en = "Staff" }\n',
        encoding="utf-8",
    )
    own, parent = load_policy(str(path), {}), load_policy("default", {})
    assert own.id == "own"
    assert own.label.en == "own"
    assert (own.cell("age").level, own.cell("age").category) == ("medium", "personal.attribute")
    assert own.cell("id_card") == parent.cell("id_card")
    assert own.combinations == ()
    assert [rule.id for rule in own.volumes] == ["V1", "V2", "V3"]
    assert (own.masks["vin"], own.masks["email"]) == ("keep:3,0", "local:1")
    assert "staff" in own.categories
    assert "personal" in own.categories


def test_a_new_level_does_not_inherit_how_sure_the_old_one_was(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('policy = "own"\nextends = "jrt0197"\n[types]\nid_card = { level = "4" }\npassport = { clause = "house rule 7" }\n')
    policy = load_policy(str(path), {})
    assert (policy.cell("id_card").certainty, policy.cell("id_card").clause) == ("judgement", "")
    assert (policy.cell("passport").level, policy.cell("passport").certainty, policy.cell("passport").clause) == (
        "3",
        "recalled",
        "house rule 7",
    )
    assert policy.cell("email").certainty == "recalled"


def test_an_unknown_policy_names_the_shipped_ones() -> None:
    with pytest.raises(UsageError) as caught:
        load_policy("jrt197", {})
    assert "did you mean 'jrt0197'" in caught.value.text.en
    assert "hipaa" in caught.value.message("zh")


def test_lines_of_keys_wherever_they_stand() -> None:
    text = (
        '# first\na = """\nb = 1\n"""\n[c.d]\n"e.f" = [ # why\n  { g = 1 },\n  "]",\n  { h = "}" }\n]\nx.y = 2\n'
        "[[r]]\ns = 1\n[[r]]\n[r.t]\nu = 'it is'\n"
    )
    lines = key_lines(text)
    assert lines["a",] == 2
    assert lines["c", "d", "e.f"] == 6
    assert lines["c", "d", "e.f", 0, "g"] == 7
    assert lines["c", "d", "e.f", 2, "h"] == 9
    assert lines["c", "d", "x", "y"] == 11
    assert lines["r", 0, "s"] == 13
    assert lines["r", 1] == 14
    assert lines["r", 1, "t", "u"] == 16


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_our_words(tmp_path_factory: pytest.TempPathFactory, tail: str) -> None:
    path = tmp_path_factory.mktemp("p") / "own.toml"
    path.write_text(HEAD + tail, encoding="utf-8", errors="replace")
    try:
        load_policy(str(path), {})
    except SensscanError as error:
        assert error.exit_code == 2
