"""Any name at all: no format breaks, and none lets the name act."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sensscan.report import RenderOptions, render
from sensscan.report.jsonform import json_schema
from sensscan.report.safe import inert, looks_like_formula, show
from tests.report.fixtures import Spec, make_report
from tests.report.test_html import tags

NAMES = st.text(st.characters(), min_size=1, max_size=40)  # with half surrogates and controls
SCHEMA = Draft202012Validator(json_schema())
PLAIN = {tag for tag, _ in tags(str(render(make_report([Spec("t", "c", "email")]), "html")))}


@given(NAMES)
def test_no_cell_is_a_formula_and_no_character_is_hidden(name: str) -> None:
    assert not looks_like_formula(inert(name))
    assert all(ch.isprintable() or ch in "\u00a0\u3000 " or ord(ch) > 0x9F for ch in show(name))
    show(name).encode("utf-8")


@settings(max_examples=25, deadline=None)
@given(NAMES, NAMES, NAMES)
def test_every_format_survives(table: str, column: str, comment: str) -> None:
    report = make_report([Spec(table, column, "email", comment=comment, schema=column)])
    whole = json.loads(str(render(report, "json")))
    SCHEMA.validate(whole)
    assert whole["columns"][0]["column"] == column
    rows = list(csv.reader(io.StringIO(str(render(report, "csv")), newline="")))
    assert len(rows) == 2 and len(rows[0]) == len(rows[1])
    assert {tag for tag, _ in tags(str(render(report, "html")))} <= PLAIN
    assert "\x1b" not in str(render(report, "console", options=RenderOptions(width=80, verbose=True)))
    assert len([line for line in str(render(report, "markdown")).splitlines() if "E-mail" in line]) == 1
