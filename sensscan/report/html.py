"""The HTML report: one file that needs no network, no other file and no server.

The page carries a Content Security Policy that allows exactly its own style and its own script (by hash) and nothing else: no request,
no form, no frame, no inline handler. Texts are escaped by Jinja (autoescape) or set by the script as text, never as markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from sensscan.language import Language, Text
from sensscan.model import UNKNOWN_LEVEL, LevelView, Report
from sensscan.report import words
from sensscan.report.charts import Bar, bars, by_schema
from sensscan.report.htmldata import CHANGE_ORDER, STATE_ORDER, STATUS_ORDER, detail_blocks, page_data, script_json, shown_columns
from sensscan.report.options import DEFAULTS, RenderOptions
from sensscan.report.safe import safe_color, show
from sensscan.report.shape import timestamp
from sensscan.report.view import Summary, duration, labels_of, object_name, summarise
from sensscan.report.words import W

NOT_READ_LISTED = 500
"""Groups of objects that were not read are listed in the page up to this many; every column is in the list of columns."""


def to_html(report: Report, language: Language, options: RenderOptions = DEFAULTS) -> str:
    """Return the report as one page in both languages, opened in `language`."""
    summary = summarise(report, options.min_confidence)
    levels = _with_unknown([level for level, _ in summary.levels])
    columns = shown_columns(report, options.min_confidence)
    not_read = _not_read(report)
    data = page_data(report, columns, levels) | {
        "levels": [[show(level.id), show(level.label.en), show(level.label.zh)] for level in levels],
        "states": _words(words.STATES, STATE_ORDER),
        "statuses": _words(words.STATUSES, STATUS_ORDER),
        "changes": _words(words.CHANGES, CHANGE_ORDER),
        "words": _all_words(),
    }
    return _page(
        "report.html.j2",
        language,
        levels=levels,
        scripts=("list.js", "report.js"),
        values={
            "report": report,
            "run": report.run,
            "summary": summary,
            "data": script_json(data),
            "blocks": detail_blocks(report, columns),
            "level_bars": _level_bars(summary),
            "type_bars": _type_bars(report, summary),
            "schema_bars": by_schema(summary.findings, levels, several_sources=len(report.run.sources) > 1),
            "not_read": not_read[:NOT_READ_LISTED],
            "not_read_more": max(len(not_read) - NOT_READ_LISTED, 0),
            "seconds": max((report.run.finished_at - report.run.started_at).total_seconds(), 0.0),
        },
    )


def _with_unknown(levels: Sequence[LevelView]) -> tuple[LevelView, ...]:
    return tuple(levels) if any(level.id == UNKNOWN_LEVEL.id for level in levels) else (*levels, UNKNOWN_LEVEL)


def _words(known: Mapping[str, Text], order: Sequence[str]) -> list[list[str]]:
    return [[key, *(known[key] if key in known else Text("", ""))] for key in order]


def _all_words() -> dict[str, list[str]]:
    """Return every word that the script may need, keyed `group.key`."""
    groups = {
        "kind": words.KINDS, "method": words.METHODS, "flag": words.FLAGS, "reason": words.REASONS, "verdict": words.VERDICTS,
        "owner": words.OWNER_KEYS, "w": W, "page": PAGE,
    }  # fmt: skip
    return {f"{group}.{key}": [text.en, text.zh] for group, known in groups.items() for key, text in known.items()}


def _level_bars(summary: Summary) -> list[Bar]:
    return bars([(level.id, level.label, count, place) for place, (level, count) in enumerate(summary.levels)])


def _type_bars(report: Report, summary: Summary) -> list[Bar]:
    labels = labels_of(report)
    return bars([(type_id, labels.get(type_id, Text(type_id, type_id)), count, -1) for type_id, count in summary.types[:12]])


def _not_read(report: Report) -> list[tuple[str, str, str, Text, int]]:
    """Return what was not read, columns of one table with one reason together: schema, table, code, text, number of columns (0: all)."""
    groups: dict[tuple[str, str, str, Text], int] = {}
    for item in report.skipped:
        key = (show(item.schema), show(item.table), item.reason.code, Text(show(item.reason.text.en), show(item.reason.text.zh)))
        groups[key] = groups.get(key, 0) + (1 if item.column else 0)
    return sorted((*key, count) for key, count in groups.items())


def _page(template: str, language: Language, *, levels: Sequence[LevelView], scripts: Sequence[str], values: Mapping[str, Any]) -> str:
    """Return the page: style and scripts from the package, their hashes in the Content Security Policy."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("sensscan.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"show": show, "stamp": timestamp, "thousands": lambda count: f"{count:,}"}
    style = _resource("report.css") + "".join(f".lv{place}{{--lv:{safe_color(level.color)}}}\n" for place, level in enumerate(levels))
    script = "".join(_resource(name) for name in scripts)
    text = environment.get_template(template).render(
        language=language,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'",
        levels=levels,
        W=W,
        P=PAGE,
        V=words,
        duration=duration,
        object_name=object_name,
        **values,
    )
    return text.encode("utf-8", "replace").decode("utf-8")


def _resource(name: str) -> str:
    return files("sensscan.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the CSP source expression for an inline element with exactly this text (CSP Level 3, section 8.2)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


PAGE: Mapping[str, Text] = {
    "skip": Text("Skip to the list of columns", "跳到列清单"),
    "nav": Text("Sections", "章节"),
    "print": Text("Print", "打印"),
    "search": Text("Search table, column, type, comment", "搜索表、列、类型、注释"),
    "all_types": Text("All types", "全部类型"),
    "all_schemas": Text("All schemas", "全部库/模式"),
    "all_statuses": Text("All statuses", "全部状态"),
    "all_levels": Text("All levels", "全部级别"),
    "all_changes": Text("Any change", "不限变化"),
    "none_status": Text("no label", "无标签"),
    "reset": Text("Clear filters", "清除筛选"),
    "sort": Text("Sort by", "排序"),
    "shown": Text("shown", "项"),
    "of": Text("of", "/ 共"),
    "details": Text("Details of the column", "列详情"),
    "close": Text("Close", "关闭"),
    "pick": Text("Choose a column to see why it was judged so.", "选择一列，查看判定依据。"),
    "nothing": Text("No column meets these filters.", "没有符合筛选条件的列。"),
    "shortcuts": Text("Keys: / search, ↑ ↓ move, Enter open, Esc close", "快捷键：/ 搜索，↑ ↓ 移动，Enter 打开，Esc 关闭"),
    "unread_title": Text("Not read: this report says nothing about these", "未读取：本报告不对以下对象作任何结论"),
    "unread_hint": Text(
        "A column that was not read may hold anything. Grant the right or raise the limit, and scan again.",
        "未读取的列可能包含任何数据。请授予权限或放宽限额后重新扫描。",
    ),
    "everything_below": Text("everything below", "其下全部"),
    "column_count": Text("columns", "列"),
    "more_groups": Text("more; all columns are in the list below under “Not read”", "组未列出；全部列见下方清单的“未读取”"),
    "about": Text("About this run", "关于本次扫描"),
    "level_legend": Text("Levels of the policy", "策略的级别"),
    "score": Text("The weights of one type add up (natural logarithm); more is surer.", "同一类型的权重相加（自然对数），越大越确定。"),
    "total": Text("Sum", "合计"),
    "other_lines": Text("Evidence for other types", "其他类型的证据"),
    "not_looked": Text("This column was not read.", "该列未被读取。"),
    "script_off": Text(
        "The list of columns needs JavaScript; it is part of this file and loads nothing.",
        "列清单需要启用 JavaScript；脚本在本文件内，不会加载任何外部内容。",
    ),
    "print_cut": Text("Only the first rows are printed. Filter the list to print others.", "仅打印前若干行；如需其他行，请先筛选。"),
    "tables_search": Text("Search tables", "搜索表"),
    "columns_of": Text("Columns of this table", "该表的列"),
    "masked": Text("masked", "已脱敏"),
    "hidden": Text(
        "findings are not shown (below the wanted confidence, or under an exception)", "项发现未显示（低于要求的置信度，或属于例外）"
    ),
    "below": Text("less than", "低于"),
    "of_rows": Text("of the rows", "的行"),
    "sensitive_columns": Text("Sensitive columns", "敏感列"),
    "no_schema_findings": Text("No findings.", "没有发现。"),
    "show_them": Text("Show them", "查看"),
    "generated": Text("Made by sensscan", "由 sensscan 生成"),
    "examples_note": Text("Examples are masked; clear values are never stored.", "示例均已脱敏；明文从不保存。"),
    "by": Text("by", "按"),
    "nothing_kept": Text("No details.", "没有详情。"),
    "first_run": Text("new labels", "新增标签"),
    "position": Text("Position", "位置"),
    "references": Text("References", "引用"),
    "distinct_hits": Text("distinct", "不同值"),
    "previous": Text("before", "之前"),
}
"""Words of the page alone."""
