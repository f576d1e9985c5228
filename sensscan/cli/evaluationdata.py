"""An evaluation as JSON, for `sensscan evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sensscan.report.shape import evidence_object, number, text_object

if TYPE_CHECKING:
    from sensscan.modes.evaluate import Evaluation, Wrong
    from sensscan.modes.measures import Case, Measures


def evaluation_data(found: Evaluation) -> dict[str, Any]:
    """Return the evaluation as JSON; both languages side by side, every labelled column once."""
    spread = found.interval
    return {
        "schema_version": 1,
        "sources": list(found.sources),
        "labels": str(found.labels),
        "total": measures_object(found.total),
        "interval": None
        if spread is None
        else {
            "unit": spread.unit,
            "units": spread.units,
            "level": 0.95,
            "macro_f1": _pair(spread.macro_f1),
            "micro_f1": _pair(spread.micro_f1),
            "false_positive_rate": _pair(spread.false_positive_rate),
        },
        "databases": [{"database": name, **measures_object(one)} for name, one in found.by_database],
        "confusions": [{"right": right, "said": said, "columns": count} for (right, said), count in found.confusions.items()],
        "curve": [
            {
                "threshold": p.threshold,
                "said": p.said,
                "precision": _number(p.precision),
                "recall": _number(p.recall),
                "micro_f1": number(p.micro_f1),
                "macro_f1": number(p.macro_f1),
                "false_positive_rate": number(p.false_positive_rate),
            }
            for p in found.curve
        ],
        "calibration": {
            "columns": found.calibration.columns,
            "ece": number(found.calibration.ece),
            "log_loss": number(found.calibration.log_loss),
            "bins": [
                {
                    "columns": b.columns,
                    "lowest": b.lowest,
                    "highest": b.highest,
                    "confidence": number(b.confidence),
                    "right": number(b.right),
                }
                for b in found.calibration.bins
            ],
        },
        "columns": [_case_object(case) for case in found.cases],
        "wrong": [_wrong_object(one) for one in found.wrong],
        "unlabelled": found.unlabelled,
        "unread": found.unread,
        "missing": [
            {"db": row.db, "schema": row.schema, "table": row.table, "column": row.column, "line": row.line} for row in found.missing
        ],
        "notes": [text_object(note) for note in found.notes],
    }


def measures_object(one: Measures) -> dict[str, Any]:
    """Return measures as JSON."""
    return {
        "columns": one.columns,
        "macro_f1": number(one.macro_f1),
        "micro_f1": number(one.micro.f1),
        "precision": _number(one.micro.precision),
        "recall": _number(one.micro.recall),
        "negatives": one.negatives,
        "false_positives": one.false_positives,
        "false_positive_rate": number(one.false_positive_rate),
        "types": [
            {
                "type": t.type_id,
                "labelled": t.labelled,
                "said": t.said,
                "right": t.right,
                "precision": _number(t.precision),
                "recall": _number(t.recall),
                "f1": number(t.f1),
            }
            for t in one.types
        ],
    }


def _pair(pair: tuple[float, float]) -> list[float]:
    return [number(edge) for edge in pair]


def _number(value: float | None) -> float | None:
    return None if value is None else number(value)


def _case_object(case: Case) -> dict[str, Any]:
    ref = case.ref
    return {
        "source": ref.source,
        "database": case.database,
        "schema": ref.schema,
        "table": ref.table,
        "column": ref.column,
        "accepted": list(case.accepted),
        "said": case.said,
        "verdict": case.verdict,
        "confidence": case.confidence,
        "right": case.right,
        "read": not case.unread,
    }


def _wrong_object(one: Wrong) -> dict[str, Any]:
    return {
        **_case_object(one.case),
        "data_type": one.column.data_type,
        "comment": one.column.comment,
        "scorecards": [
            {
                "type": card.type_id,
                "score": number(card.total),
                "confidence": _number(card.chance),
                "lines": [evidence_object(line) for line in card.lines],
            }
            for card in one.scorecards
        ],
    }
