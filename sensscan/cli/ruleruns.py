"""Shadow runs and statistics of rules as tables and as JSON, for `sensscan rules backtest` and `sensscan rules stats`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sensscan.cli.ruletables import MOST_ROWS, print_table, say
from sensscan.language import Language, Text
from sensscan.naming import written
from sensscan.report.safe import show
from sensscan.report.words import VERDICTS

if TYPE_CHECKING:
    from sensscan.model import Classification
    from sensscan.modes.backtest import Backtest, ShadowColumn
    from sensscan.modes.rule_stats import RuleStats

_STATES = {
    "never": Text("never fired", "从未命中"),
    "silent": Text("fell silent", "不再命中"),
    "drifts": Text("drifts", "漂移"),
    "fires": Text("fires", "正常命中"),
}
_CHANGES = {
    "gained": Text("gained", "新增"),
    "lost": Text("lost", "失去"),
    "other": Text("other change", "其他变化"),
    "same": Text("same", "不变"),
}
_DECISIONS = {
    "": Text("", ""),
    "agrees": Text("agrees with a person", "与人工决定一致"),
    "contradicts": Text("contradicts a person", "与人工决定相悖"),
    "missed": Text("misses a person's label", "漏掉人工标签"),
}


# backtest ---------------------------------------------------------------------------------------------------------------


def _said(found: Classification, language: Language) -> str:
    if found.verdict in ("none", "unknown"):
        return VERDICTS[found.verdict].pick(language)
    inside = f"{VERDICTS['contains'].pick(language)} " if found.verdict == "contains" else ""
    return f"{inside}{found.type_id} {found.confidence:.0%}"


def _shadow_data(column: ShadowColumn) -> dict[str, Any]:
    ref = column.ref
    return {
        "schema": ref.schema, "table": ref.table, "column": ref.column, "labelled": column.labelled, "change": column.change,
        "decision": column.decision or None,
        "before": {"verdict": column.before.verdict, "type": column.before.type_id, "confidence": column.before.confidence},
        "after": {"verdict": column.after.verdict, "type": column.after.type_id, "confidence": column.after.confidence},
    }  # fmt: skip


def backtest_data(found: Backtest) -> dict[str, Any]:
    """Return a shadow run as JSON data."""
    return {
        "source": found.source, "type": found.type_id, "replaces": found.replaces, "seed": found.seed, "tables": found.tables,
        "columns": found.columns, "labelled": len(found.labelled), "gained": len(found.of("gained")), "lost": len(found.of("lost")),
        "other": len(found.of("other")), "decided": found.decided, "agrees": len(found.decisions("agrees")),
        "contradicts": len(found.decisions("contradicts")), "missed": len(found.decisions("missed")),
        "shown": [_shadow_data(column) for column in found.shown],
        "near": [
            {"schema": one.ref.schema, "table": one.ref.table, "column": one.ref.column, "passed": one.passed, "tested": one.tested,
             "named": one.named, "confidence": round(one.confidence, 4)}
            for one in found.near
        ],
        "skipped": [
            {"schema": one.schema, "table": one.table, "column": one.column,
             "reason": {"code": one.reason.code, "text": {"zh": one.reason.text.zh, "en": one.reason.text.en}}}
            for one in found.skipped
        ],
    }  # fmt: skip


def print_backtest(found: Backtest, language: Language) -> None:
    """Print counts, then the columns that would bear the label or change."""
    kind = Text("changed rule", "改动的规则") if found.replaces else Text("new rule", "新规则")
    counts = {change: len(found.of(change)) for change in ("gained", "lost", "other")}
    say(
        Text(
            f"Shadow run of {found.type_id} ({kind.en}) on {show(found.source)}: {found.tables} tables, {found.columns} columns, "
            f"seed {found.seed}. No label was changed.",
            f"{found.type_id}（{kind.zh}）在 {show(found.source)} 上的影子运行：{found.tables} 张表、{found.columns} 列，"
            f"种子 {found.seed}。未改任何标签。",
        ),
        language,
    )
    say(
        Text(
            f"Labelled {len(found.labelled)}; gained {counts['gained']}, lost {counts['lost']}, other changes {counts['other']}.",
            f"将标注 {len(found.labelled)} 列；新增 {counts['gained']}，失去 {counts['lost']}，其他变化 {counts['other']}。",
        ),
        language,
    )
    agrees, against, missed = (len(found.decisions(word)) for word in ("agrees", "contradicts", "missed"))
    say(
        Text(
            f"Of {found.decided} columns that persons decided: agrees with {agrees}, contradicts {against}, misses {missed}.",
            f"人工决定过的 {found.decided} 列中：一致 {agrees}，相悖 {against}，漏掉 {missed}。",
        ),
        language,
    )
    heads = (Text("Column", "列"), Text("Change", "变化"), Text("Without", "无此规则"), Text("With", "有此规则"), Text("Persons", "人工"))
    ordered = sorted(found.shown, key=lambda column: (column.change == "same", column.ref))
    rows = [
        (
            written(column.ref), _CHANGES[column.change].pick(language), _said(column.before, language), _said(column.after, language),
            _DECISIONS[column.decision].pick(language),
        )
        for column in ordered[:MOST_ROWS]
    ]  # fmt: skip
    if rows:
        print_table(heads, rows, language)
    if len(ordered) > MOST_ROWS:
        say(Text(f"{len(ordered) - MOST_ROWS} more: --format json", f"其余 {len(ordered) - MOST_ROWS} 列：--format json"), language)
    _print_near(found, language)
    for text in dict.fromkeys(one.reason.text for one in found.skipped):
        say(Text(f"Not judged: {show(text.en)}", f"未判断：{show(text.zh)}"), language)


def _print_near(found: Backtest, language: Language) -> None:
    """Print which columns came near the label, and what is missing; nothing where the rule labels and nothing comes near."""
    if not found.near:
        if not found.labelled:
            nothing = Text(
                "No column name has a word of the card, and hardly a value passes its pattern and check: try one with `sensscan test`.",
                "没有列名含该卡的词，也几乎没有取值通过其模式和校验：可用 `sensscan test` 检验单个值。",
            )
            say(nothing, language)
        return
    say(Text("Not labelled, but something speaks for it:", "未标注，但有依据的列："), language)
    heads = (Text("Column", "列"), Text("Values pass", "通过的值"), Text("Named", "列名"), Text("Sure", "把握度"), Text("Verdict", "判定"))
    yes, no = Text("yes", "是"), Text("no", "否")
    rows = [
        (
            written(one.ref), f"{one.passed:,} / {one.tested:,}" if one.tested else "0", (yes if one.named else no).pick(language),
            f"{one.confidence:.0%}", _said(one.after, language),
        )
        for one in found.near
    ]  # fmt: skip
    print_table(heads, rows, language)
    say(
        Text(
            "`sensscan explain SOURCE COLUMN --detectors DIR` shows the whole scorecard.",
            "`sensscan explain SOURCE COLUMN --detectors DIR` 显示完整评分。",
        ),
        language,
    )


# stats ------------------------------------------------------------------------------------------------------------------


def stats_data(found: RuleStats) -> dict[str, Any]:
    """Return the statistics as JSON data."""
    return {
        "runs": [
            {"id": run.id, "started_at": run.started_at.isoformat(), "sources": list(run.sources), "columns": run.columns,
             "hits": dict(sorted(run.hits.items()))}
            for run in found.runs
        ],
        "rules": [
            {"type": one.type_id, "state": one.state, "known": one.type_id in found.known, "runs": one.runs, "latest": one.latest,
             "usual": round(one.usual, 2), "confidence": one.confidence, "usual_confidence": one.usual_confidence,
             "confirmed": one.confirmed, "rejected": one.rejected}
            for one in found.rules
        ],
    }  # fmt: skip


def print_stats(found: RuleStats, labels: Mapping[str, Text], language: Language) -> None:
    """Print the rules that fire, then the ones that never did."""
    if not found.runs:
        say(Text("No stored run with a report yet.", "还没有带报告的扫描记录。"), language)
        return
    first, last = found.runs[-1], found.runs[0]
    say(
        Text(
            f"{len(found.runs)} runs, {first.started_at:%Y-%m-%d} to {last.started_at:%Y-%m-%d}; manual runs are left out",
            f"{len(found.runs)} 次扫描，{first.started_at:%Y-%m-%d} 至 {last.started_at:%Y-%m-%d}；不含手动扫描",
        ),
        language,
    )
    heads = (
        Text("Type", "类型"), Text("Label", "名称"), Text("State", "状态"), Text("Runs", "次数"), Text("Columns", "列数"),
        Text("Usual", "通常"), Text("Sure", "把握度"), Text("Confirmed", "确认"), Text("Rejected", "驳回"),
    )  # fmt: skip
    order = ("drifts", "silent", "fires")
    rows = [
        (
            one.type_id, labels[one.type_id].pick(language) if one.type_id in labels else "", _STATES[one.state].pick(language),
            str(one.runs), str(one.latest), f"{one.usual:.3g}", f"{one.confidence:.0%}" if one.confidence is not None else "",
            str(one.confirmed or ""), str(one.rejected or ""),
        )
        for state in order
        for one in found.rules
        if one.state == state
    ]  # fmt: skip
    if rows:
        print_table(heads, rows, language)
    never = [one.type_id for one in found.of("never")]
    if never:
        say(Text(f"Never fired ({len(never)}): {', '.join(never)}", f"从未命中（{len(never)}）：{'、'.join(never)}"), language)
