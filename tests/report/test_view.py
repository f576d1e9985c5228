"""Names in reports: as commands take them, and with their source where there are several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sensscan.language import Text
from sensscan.model import Reason, Report, SkippedObject
from sensscan.naming import parse_name
from sensscan.report import Format, render
from sensscan.report.view import SkippedGroup, column_name, grouped_skipped, object_name, skipped_place
from tests.report.fixtures import SOURCE, Spec, make_report

ODD = Spec("Order Items", "e.mail", "email", schema="my schema")
WHY = Reason("permission", Text("no right", "无权限"))


def two_sources() -> Report:
    """A report of two sources, in both of which the same names were not read."""
    one, two = "mysql://db1:3306", "mysql://db2:3306"
    skipped = [SkippedObject("crm", "Order Items", "note", WHY, one), SkippedObject("crm", "Order Items", "note", WHY, two)]
    skipped += [SkippedObject("", "", "", WHY, two), SkippedObject("", "custmer", "", WHY)]
    made = make_report([ODD], skipped, one)
    return replace(made, run=replace(made.run, sources=(one, two)))


def test_names_are_written_as_commands_take_them() -> None:
    (column,) = make_report([ODD]).columns
    name = column_name(column, short={SOURCE: ""})
    assert name == '"my schema"."Order Items"."e.mail"'
    assert [part.text for part in parse_name(name)] == ["my schema", "Order Items", "e.mail"]
    assert (object_name("crm", "客户"), object_name("")) == ("crm.客户", "*")


@pytest.mark.parametrize("form", ["console", "markdown"])
def test_every_form_for_people_quotes(form: Format) -> None:
    text = str(render(make_report([ODD]), form, language="en"))
    assert '"Order Items"' in text.replace("\\", "") and '"e.mail"' in text.replace("\\", "")


def test_what_was_not_read_says_of_which_source() -> None:
    report = two_sources()
    assert grouped_skipped(report) == [
        SkippedGroup("custmer", "permission", WHY.text, 0),
        SkippedGroup('db1:3306 crm."Order Items"', "permission", WHY.text, 1),
        SkippedGroup('db2:3306 crm."Order Items"', "permission", WHY.text, 1),
        SkippedGroup("mysql://db2:3306", "permission", WHY.text, 0),
    ]
    text = str(render(report, "console", language="en"))
    assert 'db1:3306 crm."Order Items"' in text and 'db2:3306 crm."Order Items"' in text


def test_with_one_source_its_name_is_not_repeated() -> None:
    short = {SOURCE: ""}
    assert skipped_place(SkippedObject("crm", "t", "c", WHY, SOURCE), short) == "crm.t.c"
    assert skipped_place(SkippedObject("crm", "t", "c", WHY, SOURCE), short, column=False) == "crm.t"
