"""The quality page: sets are scored, the page names its command, speed can be measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import accuracy, quality, speed
from benchmarks.confusions import tables
from benchmarks.database import LabelledColumn, LabelledTable, write_all
from sensscan.registry import Registry, load_registry

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def folder(place: Path) -> Path:
    mails = [f"user{number}@example.com" for number in range(30)]
    named = LabelledTable("t", (LabelledColumn("mail", "email", mails, "邮箱"), LabelledColumn("n", "none", list(range(30)))))
    blind = LabelledTable("t1", (LabelledColumn("c1", "email", mails), LabelledColumn("c2", "email", list(range(30)))))
    write_all(place, {"app": [named], "blind": [blind]})
    return place


def test_an_evaluation_folder_is_scored_named_with_comments_and_blind(tmp_path: Path, registry: Registry) -> None:
    found = {one.name: one.found.total for one in quality.evaluation_folder(folder(tmp_path), registry)}
    assert list(found) == ["evaluation, named", "evaluation, named, with comments", "evaluation, blind"]
    assert found["evaluation, named"].macro_f1 == 1.0
    assert found["evaluation, blind"].micro.recall == 0.5


def test_lines_of_the_table_line_up(tmp_path: Path, registry: Registry) -> None:
    lines = [one.line() for one in quality.evaluation_folder(folder(tmp_path), registry)]
    assert {len(line) for line in lines} == {len(quality.HEAD)}


def test_the_page_names_its_command_and_every_type(tmp_path: Path, registry: Registry) -> None:
    made = tables(20, 1)["confusions_named"][:2]
    write_all(tmp_path, {"x": made})
    one = quality.score(accuracy.NAMED, tmp_path, ["x"], registry)
    page = accuracy.page([one, quality.Scored(accuracy.BLIND, one.found)], registry, 15)
    assert accuracy.COMMAND in page and "generated" in page
    assert all(f"`{type_id}`" in page for type_id in registry.cards)


def test_the_shipped_page_is_of_this_program(registry: Registry) -> None:
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    assert accuracy.COMMAND in page
    assert all(f"`{type_id}`" in page for type_id in registry.cards), f"run: {accuracy.COMMAND}"


def test_the_typical_table_is_the_same_at_every_call() -> None:
    assert speed.rows_of(5) == speed.rows_of(5)
    assert len(speed.TYPICAL) == 20 and len(speed.rows_of(5)[0]) == 20
