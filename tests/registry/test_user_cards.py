"""Users' own cards: read strictly, patterns on RE2, examples checked, words and switches per source."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

import pytest

from sensscan.detect.prefilter import Prefilter
from sensscan.detect.shapes import shapes_of
from sensscan.errors import ConfigError
from sensscan.modes.config_file import load_config
from sensscan.modes.sources import requested
from sensscan.registry import load_registry
from sensscan.registry.cards import KEY_LINE, hashed_word, key_mark
from tests.registry.making import write_card


def refused(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_registry([folder])
    assert caught.value.text.zh
    return caught.value.text.en


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"B(?=[0-9])[0-9]{6}", "invalid perl operator: (?="),
        (r"(B)[0-9]{6}\1", r"invalid escape sequence: \1"),
        (r"B[0-9]{6,1001}", "invalid repetition size"),
        (r"B([0-9]{6}", "missing )"),
        (r"(?>B)[0-9]{6}", "invalid perl operator"),
    ],
)
def test_a_pattern_that_re2_does_not_know_is_refused_with_the_reason(pattern: str, reason: str, tmp_path: Path) -> None:
    write_card(tmp_path, values=f"pattern = '{pattern}'")
    said = refused(tmp_path)
    assert reason in said and "badge_no.toml" in said and "values.pattern" in said


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}$", "([a-z]+)*$"])
def test_no_pattern_can_slow_a_scan(pattern: str, tmp_path: Path) -> None:
    write_card(tmp_path, values=f"pattern = '{pattern}'", match='"aaaaaaaaaaaaaaaaaaaaaa"')
    matcher = load_registry([tmp_path]).matchers["badge_no"]
    values = ["a" * 40 + "!" * (number % 3) for number in range(300)] + ["a" * 4000 + "!"] * 30
    started = time.monotonic()
    answers = matcher.test(values)
    assert time.monotonic() - started < 3
    assert answers.passed[0] and not answers.passed[1] and not answers.passed[-1]


@pytest.mark.parametrize("pattern", [r"(?:.*a.{0,200}b.{0,300}c.{0,400}d)+", r"(.{0,500}a.{0,490}b)+"])
def test_a_linear_pattern_with_a_huge_factor_is_refused(pattern: str, tmp_path: Path) -> None:
    write_card(tmp_path, values=f"pattern = '{pattern}'", match="")
    said = refused(tmp_path)
    assert "values.pattern: too slow" in said and "4096 characters" in said


def test_a_greedy_pattern_in_a_whole_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sensscan.cli import _make_root
    from sensscan.cli.base import run

    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    write_card(tmp_path / "cards", values="pattern = '(a+)+$'", match='"aaaa"')
    connection = sqlite3.connect(tmp_path / "a.db")
    with connection:
        connection.execute("create table t (badge_no text)")
        connection.executemany("insert into t values (?)", [("a" * (30 + number) + "!",) for number in range(500)])
    connection.close()
    started = time.monotonic()
    assert run(_make_root(), ["scan", str(tmp_path / "a.db"), "--detectors", str(tmp_path / "cards"), "--quiet"]) == 0
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "pattern", [r"\p{Han}{2,4}号", r"[[:upper:]]{2}\d{3}", r"\QB-1\E[0-9]", r"(?i)b[0-9]+", r"[\x{4e00}-\x{9fff}]+\d{2}"]
)
def test_shapes_never_exclude_what_re2_accepts(pattern: str, tmp_path: Path) -> None:
    chosen = random.Random(pattern)
    write_card(tmp_path, values=f"pattern = '''{pattern}'''", match="")
    matcher = load_registry([tmp_path]).matchers["badge_no"]
    prefilter = Prefilter({"badge_no": matcher})
    values = ["".join(chosen.choices("AB-1b23中文号", k=chosen.randint(1, 7))) for _ in range(3000)]
    values += ["中文号", "AB123", "B-12", "b7", "中12"]
    passing = [value for value, yes in zip(values, matcher.test(matcher.normalise(values)).passed, strict=True) if yes]
    assert passing
    assert all(prefilter.candidates(shape) for shape in shapes_of(passing))


@pytest.mark.parametrize(
    ("values", "match", "said"),
    [
        ("pattern = 'B[0-9]{6}'", '"X1"', "examples.match: 'X1' does not pass"),
        ("pattern = 'B[0-9]{6}'\nvalidator = 'no_such'", '"B102938"', "values.validator: unknown: no_such; known: bank_card"),
        ("patern = 'B'", '"B"', "values.patern: unknown key"),
        ("pattern = 3", '"B"', "values.pattern: must be a string"),
        ("chance = 2.0\npattern = 'B'", '"B"', "values.chance: must be between 0 and 1"),
        ("words_files = ['none.txt']", '"B"', "cannot read none.txt"),
        ("families = ['texts']\npattern = 'B'", '"B"', "unknown database type texts"),
        ("hashed_words = ['00']", "", "SENSSCAN_WORDS_KEY is not set"),
    ],
)
def test_a_broken_card_is_named_with_key_and_reason(values: str, match: str, said: str, tmp_path: Path) -> None:
    write_card(tmp_path, values=values, match=match)
    found = refused(tmp_path)
    assert said in found and "badge_no.toml" in found


def test_a_folder_without_cards_is_refused(tmp_path: Path) -> None:
    assert "no card" in refused(tmp_path)
    assert "not exist" in refused(tmp_path / "nowhere")


def test_a_users_card_replaces_the_built_in_type(tmp_path: Path) -> None:
    write_card(tmp_path, "jwt", match='"B000001"')
    matcher = load_registry([tmp_path]).matchers["jwt"]
    assert matcher.detector is None and not matcher.trusted
    assert matcher.passes("B000001")


def test_validators_by_name_and_word_lists(tmp_path: Path) -> None:
    (tmp_path / "grades.txt").write_text("# comment\n金卡\n银卡\n", encoding="utf-8")
    write_card(tmp_path, "card_grade", values="words_files = ['grades.txt']\ncounting = 'vocabulary'", match='"金卡"')
    write_card(tmp_path, "member_no", values="pattern = '[0-9]{11}'\nvalidator = 'luhn'", match='"79927398713"')
    registry = load_registry([tmp_path])
    assert registry.matchers["card_grade"].passes("银卡") and not registry.matchers["card_grade"].passes("铜卡")
    assert registry.matchers["member_no"].passes("79927398713") and not registry.matchers["member_no"].passes("79927398712")


def test_keyed_dictionaries_hold_no_clear_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSSCAN_WORDS_KEY", "a long random text")
    lines = [KEY_LINE + key_mark(), hashed_word("某某某"), hashed_word("VIP-7")]
    (tmp_path / "vip.hashes").write_text("\n".join(lines), encoding="utf-8")
    write_card(tmp_path, "vip", values="hashed_words_files = ['vip.hashes']", match="")
    matcher = load_registry([tmp_path]).matchers["vip"]
    assert matcher.passes("某某某") and matcher.passes("vip-7") and not matcher.passes("某某")
    monkeypatch.setenv("SENSSCAN_WORDS_KEY", "another text")
    assert "another key" in refused(tmp_path)


def test_configuration_enables_disables_and_overrides_per_source(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    (tmp_path / "sensscan.toml").write_text(
        """
[detectors]
paths = ["cards"]
seconds = 3
[sources.hr]
url = "sqlite:///hr.db"
disable = ["qq", "wechat_id"]
[sources.hr.types.mobile_phone]
add_names = ["bp_ji"]
add_not = ["fax_copy"]
look_alike = 0.02
[sources.shop]
url = "sqlite:///shop.db"
enable = ["email", "badge_no"]
[sources.shop.types.gender]
add_codes = ["M1"]
""",
        encoding="utf-8",
    )
    config = load_config(tmp_path / "sensscan.toml")
    hr = requested("hr", config, {}).rules.load()
    assert "qq" not in hr.cards and "badge_no" in hr.cards
    phone = hr.cards["mobile_phone"]
    assert "bp_ji" in phone.names and "手机号" in phone.names and "fax_copy" in phone.not_names and phone.look_alike == 0.02
    shop = requested("shop", config, {}).rules.load()
    assert set(shop.cards) == {"email", "badge_no"}
    assert hr.fingerprints["mobile_phone"] != load_registry().fingerprints["mobile_phone"]
    assert requested("hr", config, {}).rules.guard.seconds == 3
    assert set(shop.joined([hr]).cards) >= {"email", "mobile_phone", "badge_no"}


def test_an_override_of_a_type_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        load_registry(overrides={"mobile_phnoe": {"names": ["x"]}})
    assert "mobile_phnoe" in caught.value.text.en
    assert caught.value.hint is not None and "mobile_phone" in caught.value.hint.en
