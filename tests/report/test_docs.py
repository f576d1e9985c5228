"""The field reference says exactly what the schema says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sensscan.report.jsonform import json_schema
from sensscan.report.options import SUFFIXES

DOCS = Path(__file__).parents[2] / "docs"


def section(title: str) -> str:
    text = (DOCS / "report-format.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found.group(1)


def fields(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the description of every field below `node`."""
    for name, value in node["properties"].items():
        yield prefix + name, value.get("description", "")
        inner, mark = (value["items"], "[].") if value.get("type") == "array" else (value, ".")
        inner = inner["anyOf"][0] if "anyOf" in inner else inner
        if inner.get("type") == "object" and "properties" in inner:
            yield from fields(inner, prefix + name + mark)


def parts() -> dict[str, Mapping[str, Any]]:
    schema = json_schema()
    named = {"run": schema["properties"]["run"]}
    named |= {f"{name}[]": schema["properties"][name]["items"] for name in ("levels", "columns", "tables", "skipped")}
    return named | dict(schema["$defs"])


@pytest.mark.parametrize(
    "title", ["run", "levels[]", "columns[]", "tables[]", "skipped[]", "text", "level", "reason", "coverage", "evidence"]
)
def test_each_field_is_documented_with_the_schema_s_words(title: str) -> None:
    rows = dict(re.findall(r"^\| `([^`]+)` \| .*? \| (.*) \|$", section(title), re.MULTILINE))
    assert rows == dict(fields(parts()[title]))


def test_top_level_fields_are_documented() -> None:
    for name, value in json_schema()["properties"].items():
        assert f"| `{name}` |" in section("Report") and value["description"] in section("Report")


def test_every_required_field_is_a_property_and_every_property_required() -> None:
    for node in parts().values():
        assert set(node["required"]) == set(node["properties"])


def test_reports_page_names_every_suffix() -> None:
    text = (DOCS / "reports.md").read_text(encoding="utf-8")
    assert all(suffix in text for suffix in SUFFIXES if suffix not in {".htm", ".markdown", ".ndjson"})
