"""The CSV report: one line per column, the names of the JSON report."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

from sensscan.language import Language, Text
from sensscan.model import UNKNOWN_LEVEL, Column, ColumnRef, Family, Grade, Reason, Report, ReportColumn, SkippedColumn
from sensscan.report.safe import inert
from sensscan.report.shape import column_object

JsonObject = Mapping[str, Any]
BOM = "\ufeff"


def _evidence(lines: list[JsonObject], language: Language) -> str:
    return " | ".join(f"{line['type']} {line['kind']} {line['weight']:+.2f} {line['reason'][language]}" for line in lines)


def _contains(found: list[JsonObject], _language: Language) -> str:
    return " | ".join(f"{c['type']} {c['rows']} {c['share']:.4f} {c['path'] or ''}".rstrip() for c in found)


def _also(found: list[JsonObject], language: Language) -> str:
    return " | ".join(f"{a['type']} {a['confidence']:.4f} {a['why'][language]}" for a in found)


def _alternatives(found: list[JsonObject], _language: Language) -> str:
    return " | ".join(f"{a['type']} {a['confidence']:.4f}" for a in found)


def _owner(owner: Mapping[str, str], _language: Language) -> str:
    return " | ".join(f"{key}={value}" for key, value in owner.items())


def _references(target: JsonObject | None, _language: Language) -> str:
    return f"{target['schema']}.{target['table']}.{target['column']}" if target else ""


_SUMMARIES: Mapping[str, Callable[[Any, Language], str]] = {
    "evidence": _evidence,
    "contains": _contains,
    "also": _also,
    "alternatives": _alternatives,
    "owner": _owner,
    "references": _references,
}
_OBJECTS = {
    "level": ("id", "rank", "label"),
    "coverage": ("method", "rows", "non_null", "distinct", "placeholders", "complete", "row_estimate", "miss_below"),
    "reason": ("code", "text"),
}


def flat(column: JsonObject, language: Language) -> dict[str, object]:
    """Return a column object as cells: `level` is the level's id, parts of an object are `level.rank`, `coverage.rows` and so on."""
    cells: dict[str, object] = {}
    for key, value in column.items():
        if key == "label":
            cells["label"] = value[language]
        elif key in _OBJECTS:
            cells.update(_parts(key, value or {}, language))
        elif key in _SUMMARIES:
            cells[key] = _SUMMARIES[key](value, language)
        elif isinstance(value, list):
            cells[key] = " ".join(value)
        else:
            cells[key] = value
    return cells


def _parts(key: str, value: JsonObject, language: Language) -> dict[str, object]:
    parts: dict[str, object] = {key: value.get("id")} if key == "level" else {}
    for name in _OBJECTS[key]:
        if (key, name) == ("level", "id"):
            continue
        part = value.get(name)
        parts[f"{key}.{name}"] = part[language] if isinstance(part, Mapping) else part
    return parts


def cell(value: object) -> str:
    """Return one CSV cell: numbers and booleans as JSON writes them, texts without control characters and inert."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case _:
            return inert(str(value))


def to_csv(report: Report, language: Language, *, bom: bool = False) -> str:
    """Return the CSV report (RFC 4180, every cell quoted, line ends CR LF); `bom` is for Excel."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header())
    for column in report.columns:
        writer.writerow([cell(value) for value in flat(column_object(column), language).values()])
    return (BOM if bom else "") + out.getvalue()


def header() -> tuple[str, ...]:
    """Return the names of the cells, the same for every report."""
    nowhere = Column(ColumnRef("", "", "", ""), "", Family.OTHER, 1)
    outcome = SkippedColumn(nowhere, Reason("excluded", Text("", "")))
    return tuple(flat(column_object(ReportColumn(nowhere, "table", outcome, Grade(UNKNOWN_LEVEL, ""), Text("", ""))), "en"))
