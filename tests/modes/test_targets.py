"""Named targets: globs, files, single columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensscan.errors import UsageError
from sensscan.model import Catalogue, Column, ColumnRef, Family, Table, TableRef
from sensscan.modes.targets import check_matched, parse_target, read_targets
from sensscan.naming import Part


def make(schema: str, name: str, *columns: str) -> Table:
    made = tuple(Column(ColumnRef("s", schema, name, column), "text", Family.TEXT, number) for number, column in enumerate(columns, 1))
    return Table(TableRef("s", schema, name), "table", made)


T = make("crm", "Customer", "Phone", "note")


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("customer", {"Phone", "note"}),
        ("crm.customer", {"Phone", "note"}),
        ("cust*", {"Phone", "note"}),
        ("customer.phone", {"Phone"}),
        ("crm.*.ph*", {"Phone"}),
        ('"Customer"', {"Phone", "note"}),
        ('"customer"', set()),
        ("`Customer`.`Phone`", {"Phone"}),
        ("[Customer].note", {"note"}),
        ("other.customer", set()),
    ],
)
def test_matching(text: str, hits: set[str]) -> None:
    target = parse_target(text)
    assert {column.ref.column for column in T.columns if target.matches(T, column)} == hits


@pytest.mark.parametrize("text", ["", "a..b", "a.b.c.d", '"open', '"a"b', ".a"])
def test_broken_targets_are_told(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_target(text, "list.txt:3")
    assert "list.txt:3" in caught.value.text.en


@given(st.text(min_size=1).filter(lambda name: name.strip() == name and "\n" not in name))
def test_quoted_names_come_back(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    assert parse_target(f"a.{quoted}").parts[1] == Part(name, quoted=True)


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    path.write_text("# 客户\ncrm.customer\n\n  customer.note  \n", encoding="utf-8")
    assert [target.text for target in read_targets(path)] == ["crm.customer", "customer.note"]
    path.write_text("# nothing\n")
    with pytest.raises(UsageError):
        read_targets(path)
    with pytest.raises(UsageError):
        read_targets(tmp_path / "missing.txt")


def test_misspelt_target_is_never_silently_skipped(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    path.write_text("customer\ncustomr.phone\n")
    with pytest.raises(UsageError) as caught:
        check_matched(read_targets(path), [Catalogue("s", "sqlite", "", (T,))])
    assert "targets.txt:2: customr.phone" in caught.value.text.en
