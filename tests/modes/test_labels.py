"""Which label belongs to which column."""

from __future__ import annotations

from pathlib import Path

import pytest

from sensscan.errors import UsageError
from sensscan.model import Column, ColumnRef, Family, Table, TableRef
from sensscan.modes.labels import Labels, read_comments, read_labels


def table(name: str, *columns: str, schema: str = "main") -> Table:
    made = tuple(Column(ColumnRef("s", schema, name, column), "text", Family.TEXT, place) for place, column in enumerate(columns, start=1))
    return Table(TableRef("s", schema, name), "table", made)


def read(tmp_path: Path, text: str) -> Labels:
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    return read_labels(tmp_path / "l.csv")


def said(labels: Labels, where: Table, column: int = 0, *databases: str) -> tuple[str, ...] | None:
    found = labels.of(databases, where, where.columns[column])
    return None if found is None else found.accepted


def test_alternatives_come_after_the_type_and_unknown_is_none(tmp_path: Path) -> None:
    labels = read(tmp_path, "table,column,type,verdict,alternatives\nt,a,id_card|unknown,is,date|id_card\n")
    assert said(labels, table("t", "a")) == ("id_card", "none", "date")


def test_case_decides_only_between_two(tmp_path: Path) -> None:
    labels = read(tmp_path, "table,column,type\nt,name,none\nt,Name,email\n")
    assert said(labels, table("T", "NAME")) == ("none",)
    assert said(labels, table("t", "Name")) == ("email",)


def test_database_and_schema_must_fit_where_they_are_given(tmp_path: Path) -> None:
    labels = read(tmp_path, "db,schema,table,column,type\nshop,,t,a,email\n,sales,t,a,city\n")
    assert said(labels, table("t", "a"), 0, "shop") == ("email",)
    assert said(labels, table("t", "a", schema="sales"), 0, "other") == ("city",)
    assert said(labels, table("t", "a", schema="else"), 0, "other") is None
    assert said(labels, table("t", "a", schema="shop")) == ("email",), "on MySQL a schema is a database"


def test_comments_of_the_right_database(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("db,table,column,comment\nshop,t,a,电话\nother,t,a,city\n", encoding="utf-8-sig")
    comments = read_comments(tmp_path / "c.csv")
    assert comments.of({"shop"}, table("t", "a")) == {"a": "电话"}
    assert comments.of({"none"}, table("t", "a")) == {}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00t", b'table,column,type\n"t,a', b""])
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "l.csv").write_bytes(content)
    with pytest.raises(UsageError) as error:
        read_labels(tmp_path / "l.csv")
    assert "l.csv" in error.value.message("en") and "l.csv" in error.value.message("zh")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"l\.csv"):
        read_labels(tmp_path / "l.csv")
