"""The JSON report and its line form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from sensscan.model import Report
from sensscan.report.shape import SCHEMA_VERSION, column_object, report_parts, run_object, skipped_object, table_object


def json_schema() -> Mapping[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every JSON report meets."""
    text = files("sensscan.report").joinpath("schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def to_json(report: Report) -> str:
    """Return the report as one JSON object; each column on its own line, so that text tools can compare two files."""
    dump = _encoder()
    parts = []
    for key, value in report_parts(report):
        if isinstance(value, Iterator):
            lines = ",\n".join("  " + dump(item) for item in value)
            parts.append(f"{dump(key)}: [\n{lines}\n]" if lines else f"{dump(key)}: []")
        else:
            parts.append(f"{dump(key)}: {dump(value)}")
    return encodable("{" + ",\n".join(parts) + "}\n")


def to_json_lines(report: Report) -> str:
    """Return one JSON object per line: first the run, then every column, table and skipped object, told apart by `record`."""
    dump = _encoder()
    return encodable("".join(dump(line) + "\n" for line in _records(report)))


def _records(report: Report) -> Iterator[dict[str, Any]]:
    yield {"record": "run", "schema_version": SCHEMA_VERSION, **run_object(report.run)}
    for column in report.columns:
        yield {"record": "column", **column_object(column)}
    for table in report.tables:
        yield {"record": "table", **table_object(table)}
    for item in report.skipped:
        yield {"record": "skipped", **skipped_object(item)}


def _encoder() -> Callable[[object], str]:
    """Return a function that writes one value; objects are written as soon as they are made, so that only their text is kept."""
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False).encode


def encodable(text: str) -> str:
    """Return JSON text in which half surrogates (names that are not valid UTF-8) are JSON escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
