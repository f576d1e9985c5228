"""An evaluation as one HTML page: no script, no other file, no network; plots are inline SVG."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from sensscan.cli.evaluationtables import UNITS, column_text, per_cent, said_text, share, worst_first
from sensscan.language import Language, Text
from sensscan.report.safe import show
from sensscan.report.words import KINDS

if TYPE_CHECKING:
    from sensscan.modes.evaluate import Evaluation

LISTED = 200
"""Wrong columns with their scorecards; the page says how many more there are."""
MATRIX = 40
"""Types in the confusion matrix: those with the most wrong columns."""

WIDTH, HEIGHT = 520, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 10, 34

_WORDS = {
    "title": Text("Evaluation", "识别效果评估"),
    "sources": Text("Sources", "来源"),
    "labels": Text("Labels", "标注"),
    "columns": Text("columns scored", "列计分"),
    "unlabelled": Text("without a label", "无标注"),
    "unread": Text("not read, counted as no label", "未读取，按无标签计"),
    "missing": Text("labels that fit no column", "条标注没有对应的列"),
    "macro": Text("macro-F1", "宏平均 F1"),
    "micro": Text("micro-F1", "微平均 F1"),
    "precision": Text("precision", "精确率"),
    "recall": Text("recall", "召回率"),
    "fp": Text("false positives on none", "none 列误报率"),
    "interval": Text("95 % interval by bootstrap over", "95 % 区间，自助抽样："),
    "curves": Text("If labels below a confidence did not count", "若只计不低于某把握度的标签"),
    "calibration": Text("Is the confidence true?", "把握度是否属实？"),
    "calibration_note": Text(
        "Columns called sensitive, in bins of equal count; on the line, 90 % sure is right nine times in ten.",
        "判为敏感的列，等量分箱；落在对角线上，即把握 90 % 的十次对九次。",
    ),
    "ece": Text("expected calibration error", "期望校准误差"),
    "loss": Text("log loss", "对数损失"),
    "confidence": Text("confidence", "把握度"),
    "right": Text("share of right labels", "正确比例"),
    "types": Text("By type", "按类型"),
    "type": Text("Type", "类型"),
    "name": Text("Label", "名称"),
    "labelled": Text("labels", "标注"),
    "said": Text("said", "判出"),
    "correct": Text("right", "正确"),
    "databases": Text("By database", "按数据库"),
    "database": Text("Database", "数据库"),
    "count": Text("Columns", "列数"),
    "matrix": Text("Confusion matrix", "混淆矩阵"),
    "matrix_note": Text(
        "Rows: the right type. Columns: what was said. Only types with a wrong column.",
        "行为正确类型，列为判定结果；仅列出有判错列的类型。"
    ),
    "wrong": Text("Wrong columns, the surest first", "判错的列，把握最高者在前"),
    "none_wrong": Text("No column was judged wrongly.", "没有判错的列。"),
    "expected": Text("right:", "正确："),
    "got": Text("said:", "判为："),
    "more": Text("more in the JSON form", "列见 JSON 输出"),
    "no_lines": Text("nothing spoke for it", "没有任何依据"),
    "threshold": Text("least confidence that counts", "计入的最低把握度"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot."""

    key: str
    points: str
    """As SVG wants them: x,y x,y."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of the calibration plot."""

    x: float
    y: float
    radius: float
    title: str


def evaluation_page(found: Evaluation, labels: Mapping[str, Text], language: Language) -> str:
    """Return the page in one language."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters |= {"show": show, "share": share, "per_cent": per_cent, "thousands": "{:,}".format}
    style = _resource("evaluation.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    wrong_types = _confused(found)
    text = environment.from_string(_resource("evaluation.html.j2")).render(
        lang="zh-CN" if language == "zh" else "en",
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        w={key: word.pick(language) for key, word in _WORDS.items()},
        found=found,
        unit=UNITS[found.interval.unit].pick(language) if found.interval else "",
        types=[(one, labels[one.type_id].pick(language) if one.type_id in labels else "") for one in worst_first(found.total.types)],
        curves=_curves(found),
        confidence_ticks=[Tick(_x(value, 0.5), f"{value:.1f}") for value in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)],
        share_ticks=[Tick(_y(value), f"{value:.1f}") for value in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)],
        dots=_dots(found),
        half=_y(0.5),
        plot={"width": WIDTH, "height": HEIGHT, "left": _LEFT, "right": WIDTH - _RIGHT, "top": _TOP, "bottom": HEIGHT - _BOTTOM},
        wrong_types=wrong_types,
        cell=lambda right, said: found.confusions.get((right, said), 0),
        wrong=found.wrong[:LISTED],
        wrong_more=max(0, len(found.wrong) - LISTED),
        column_text=lambda case: column_text(case, several=bool(found.by_database)),
        said_text=lambda case: said_text(case, language),
        kind=lambda line: KINDS[line.kind].pick(language),
        reason=lambda line: line.reason.pick(language),
    )
    return text.encode("utf-8", "replace").decode("utf-8")


def _resource(name: str) -> str:
    return files("sensscan.cli").joinpath("templates", name).read_text(encoding="utf-8")


def _x(value: float, least: float) -> float:
    return round(_LEFT + (value - least) / (1 - least) * (WIDTH - _LEFT - _RIGHT), 1)


def _y(value: float) -> float:
    return round(_TOP + (1 - value) * (HEIGHT - _TOP - _BOTTOM), 1)


def _curves(found: Evaluation) -> list[Line]:
    lines = []
    for key in ("precision", "recall", "micro_f1", "macro_f1"):
        values = [(point.threshold, getattr(point, key)) for point in found.curve]
        points = " ".join(f"{_x(threshold, 0.5)},{_y(value)}" for threshold, value in values if value is not None)
        lines.append(Line(key.removesuffix("_f1"), points))
    return lines


def _dots(found: Evaluation) -> list[Dot]:
    most = max((one.columns for one in found.calibration.bins), default=1)
    dots = []
    for one in found.calibration.bins:
        title = f"{one.confidence:.3f} / {one.right:.3f} ({one.columns})"
        dots.append(Dot(_x(max(0.5, one.confidence), 0.5), _y(one.right), round(3 + 4 * (one.columns / most) ** 0.5, 1), title))
    return dots


def _confused(found: Evaluation) -> list[str]:
    """Return the types with a cell off the diagonal, those with the most columns first."""
    counts: dict[str, int] = {}
    for (right, said), count in found.confusions.items():
        if right != said:
            for name in (right, said):
                counts[name] = counts.get(name, 0) + count
    return sorted(counts, key=lambda name: (name == "none", -counts[name], name))[:MATRIX]
