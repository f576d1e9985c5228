"""`sensscan test` as a user calls it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sensscan.registry import load_registry
from tests.cli.conftest import Said

ID_CARD, WRONG_DIGIT = "11010519491231002X", "110105194912310021"

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def ask(say: Callable[..., Said]) -> Callable[..., Said]:
    return partial(say, "test")


def answer(said: Said, type_id: str, value: int = 0) -> dict[str, Any]:
    assert said[0] == 0, said
    answers = json.loads(said[1])[value]["answers"]
    return next(one for one in answers if one["type"] == type_id)


def test_a_right_and_a_wrong_check_digit(ask: Callable[..., Said]) -> None:
    right = answer(ask(ID_CARD, "--format", "json"), "id_card")
    assert (right["form"], right["check"], right["passes"], right["reason"]["en"]) == (True, True, True, "")
    wrong = answer(ask(WRONG_DIGIT, "--format", "json"), "id_card")
    assert (wrong["form"], wrong["check"], wrong["passes"], wrong["structure"]) == (True, False, False, True)
    assert "structure is right" in wrong["reason"]["en"] and "结构相符" in wrong["reason"]["zh"]


def test_what_passes_comes_first(ask: Callable[..., Said]) -> None:
    assert json.loads(ask(ID_CARD, "--format", "json")[1])[0]["answers"][0]["type"] == "id_card"


def test_values_are_masked_unless_asked_for(ask: Callable[..., Said]) -> None:
    for form in ("console", "json"):
        assert ID_CARD not in ask(ID_CARD, "--all", "--format", form)[1]
        assert ID_CARD in ask(ID_CARD, "--type", "id_card", "--format", form, "--show-values")[1]
    assert "男" not in ask("男", "--all", "--lang", "en")[1]


def test_masks_side_by_side_do_not_add_up(ask: Callable[..., Said]) -> None:
    shown = {one["normalised"] for one in json.loads(ask(ID_CARD, "--all", "--format", "json")[1])[0]["answers"]}
    assert shown == {"1********X"}


def test_normalised_forms_are_what_the_detector_sees(ask: Callable[..., Said]) -> None:
    seen = answer(ask("１３９－１２３４－５６７８", "--type", "mobile_phone", "--show-values", "--format", "json"), "mobile_phone")
    assert seen["normalised"].isascii() and seen["passes"]


def test_standard_input_keeps_values_off_the_command_line(ask: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ID_CARD}\n\n{WRONG_DIGIT}\n"))
    said = ask("-", "--type", "id_card", "--format", "json")
    assert [answer(said, "id_card", value)["passes"] for value in (0, 1)] == [True, False]
    help_text = ask("--help", "--lang", "en")[1]
    assert "history" in help_text and "processes" in help_text


def test_nothing_on_standard_input(ask: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert ask("-")[0] == 2


def test_only_detectors_that_can_match_are_asked(ask: Callable[..., Said]) -> None:
    some = json.loads(ask("1.2.3.4", "--format", "json")[1])[0]
    every = json.loads(ask("1.2.3.4", "--all", "--format", "json")[1])[0]
    assert some["asked"] < every["asked"] == len(load_registry().cards)
    assert some["asked"] + some["ruled_out"] == every["asked"]
    passing = {one["type"] for one in every["answers"] if one["passes"]}
    assert passing <= {one["type"] for one in some["answers"]}, "what is left out cannot pass"


def test_too_short_is_said_with_the_length(ask: Callable[..., Said]) -> None:
    said = answer(ask("1234", "--type", "id_card", "--format", "json"), "id_card")
    assert said["reason"]["en"].startswith("4 characters, at least") and said["check"] is None


def test_a_number_that_needs_its_name(ask: Callable[..., Said]) -> None:
    said = answer(ask("123", "--format", "json"), "cvv")
    assert said["passes"] and said["named_only"]
    assert "if named" in ask("123", "--type", "cvv", "--lang", "en")[1]


def test_a_model_shows_its_score(ask: Callable[..., Said]) -> None:
    name, word = (answer(ask(value, "--type", "person_name", "--format", "json"), "person_name") for value in ("张伟民", "服务器"))
    assert name["score"] > 0.5 > word["score"] and name["passes"] and not word["passes"]


def test_unknown_type_suggests_the_nearest(ask: Callable[..., Said]) -> None:
    code, _, err = ask("1", "--type", "mobile_phon", "--lang", "en")
    assert code == 2 and "mobile_phone" in err


def test_own_cards_answer_too(ask: Callable[..., Said], tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    cards.mkdir()
    (cards / "staff_no.toml").write_text(
        'id = "staff_no"\ncategory = "personal.work"\nlabel = {zh = "工号", en = "Staff number"}\n'
        "[values]\npattern = 'E[0-9]{6}'\n[examples]\nmatch = ['E123456']\nno_match = ['123456']\n",
        encoding="utf-8",
    )
    assert answer(ask("E654321", "--detectors", cards, "--format", "json"), "staff_no")["passes"]


def test_console_fits_80_columns(ask: Callable[..., Said]) -> None:
    from rich.cells import cell_len

    for language in ("en", "zh"):
        _, out, _ = ask(ID_CARD, "13912345678", "--all", "--lang", language)
        tables = [line for line in out.splitlines() if "--all" not in line]
        assert max(cell_len(line.rstrip()) for line in tables) <= 80
