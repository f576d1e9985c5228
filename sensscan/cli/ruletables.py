"""Rules as tables and as JSON, for `sensscan rules`. Texts of foreign cards and names of databases are shown with `safe.show`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.looking import console
from sensscan.language import Language, Text
from sensscan.report.console import plain_table
from sensscan.report.safe import show
from sensscan.report.words import VERDICTS

if TYPE_CHECKING:
    from sensscan.model import Classification
    from sensscan.modes.backtest import Backtest, ShadowColumn
    from sensscan.modes.rule_facts import RuleFacts, Shape
    from sensscan.modes.rule_stats import RuleStats
    from sensscan.plugin import Card
    from sensscan.registry import Matcher, Registry

_CLASSES = {
    "digits": Text("digits", "数字"),
    "lower": Text("lower-case letters", "小写字母"),
    "upper": Text("upper-case letters", "大写字母"),
    "han": Text("Han characters", "汉字"),
    "other": Text("other characters", "其他字符"),
    " ": Text("space", "空格"),
}
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
_MOST_ROWS = 40


def _say(text: Text, language: Language) -> None:
    click.echo(text.pick(language))


def _table(heads: Sequence[Text], rows: Iterable[Sequence[str]], language: Language) -> None:
    from rich.text import Text as Plain

    table = plain_table()
    for head in heads:
        table.add_column(head.pick(language), overflow="fold")
    for row in rows:
        table.add_row(*(Plain(show(cell)) for cell in row))
    console().print(table)


def origin_of(matcher: Matcher) -> str:
    """Return where a rule comes from: "builtin", else the card's file."""
    return "builtin" if matcher.trusted else matcher.card.origin


def told_by(matcher: Matcher) -> list[str]:
    """Return what a rule looks at: pattern, words, check, code, name."""
    card = matcher.card
    found = {
        "pattern": bool(card.patterns),
        "words": bool(card.words or card.hashed_words),
        "check": bool(card.validator),
        "code": matcher.detector is not None,
        "db_type": bool(card.native),
        "name": card.needs_name,
    }
    return [name for name, yes in found.items() if yes]


# list -------------------------------------------------------------------------------------------------------------------


def list_data(registry: Registry) -> list[dict[str, Any]]:
    """Return all rules as JSON data."""
    return [
        {
            "type": type_id, "label": {"zh": matcher.card.label.zh, "en": matcher.card.label.en}, "category": matcher.card.category,
            "told_by": told_by(matcher), "validator": matcher.card.validator or None, "origin": origin_of(matcher),
            "version": matcher.card.version, "fingerprint": registry.fingerprints[type_id],
        }
        for type_id, matcher in registry.matchers.items()
    ]  # fmt: skip


def print_list(registry: Registry, language: Language) -> None:
    """Print one line per rule."""
    heads = (Text("Type", "类型"), Text("Label", "名称"), Text("Category", "类别"), Text("Told by", "依据"), Text("Origin", "来源"))
    _table(
        heads,
        (
            (type_id, matcher.card.label.pick(language), matcher.card.category, ", ".join(told_by(matcher)), origin_of(matcher))
            for type_id, matcher in registry.matchers.items()
        ),
        language,
    )
    _say(Text(f"{len(registry.matchers)} types", f"共 {len(registry.matchers)} 个类型"), language)


# show -------------------------------------------------------------------------------------------------------------------


def shape_text(shape: Shape) -> Text:
    """Say a shape in a sentence."""
    if shape.anything:
        return Text("any value: nothing bounds what it may pass", "任意值：没有可推导的范围")
    length = f"{shape.shortest}" if shape.shortest == shape.longest else f"{shape.shortest}-{shape.longest or ''}"
    names = [_CLASSES.get(name, Text(name, name)) for name in shape.characters]
    return Text(f"{length} characters of: {' '.join(n.en for n in names)}", f"{length} 个字符，取自：{' '.join(n.zh for n in names)}")


def facts_data(facts: RuleFacts, registry: Registry) -> dict[str, Any]:
    """Return the measures of one rule as JSON data."""
    card, matcher = facts.card, registry.matchers[facts.card.id]
    return {
        "type": card.id, "label": {"zh": card.label.zh, "en": card.label.en}, "category": card.category, "standard": card.standard,
        "origin": origin_of(matcher), "version": card.version, "fingerprint": registry.fingerprints[card.id], "told_by": told_by(matcher),
        "patterns": list(card.patterns), "validator": card.validator or None, "words": len(card.words),
        "names": list(card.names), "weak": list(card.weak_names), "not": list(card.not_names), "needs_name": card.needs_name,
        "shape": {
            "anything": facts.shape.anything, "shortest": facts.shape.shortest, "longest": facts.shape.longest,
            "characters": list(facts.shape.characters),
        },
        "cost": {
            "instructions": facts.cost.instructions, "microseconds": round(facts.cost.microseconds, 3), "asked": round(facts.cost.asked, 4),
        },
        "chance": {"card": card.chance, "measured": facts.chance.share, "tried": facts.chance.tried, "passed": facts.chance.passed},
        "look_alike": {
            "card": card.look_alike, "measured": round(facts.look_alike.share, 4), "columns": facts.look_alike.columns,
            "alike": [{"column": one.place, "type": one.type_id, "share": round(one.share, 4)} for one in facts.look_alike.alike],
        },
        "overlaps": [
            {"type": one.type_id, "columns": one.columns, "examples": one.examples, "words": list(one.words), "related": one.related}
            for one in facts.overlaps
        ],
    }  # fmt: skip


def _both(text: str) -> Text:
    return Text(text, text)


def _rows_of(facts: RuleFacts, registry: Registry) -> list[tuple[Text, Text]]:
    card = facts.card
    words = f"{len(card.words)}" if card.words else ""
    chance = facts.chance
    measured = f"{chance.share:.2g}" if chance.share is not None else "-"
    alike = facts.look_alike
    return [
        (Text("Label", "名称"), card.label),
        (Text("Category", "类别"), _both(card.category)),
        (Text("Standard", "标准"), _both(card.standard)),
        (Text("Form", "形式"), card.form),
        (Text("Origin", "来源"), _both(f"{origin_of(registry.matchers[card.id])} (v{card.version}, {registry.fingerprints[card.id]})")),
        (Text("Normaliser", "规范化"), _both(card.normaliser)),
        *((Text("Pattern", "模式"), _both(pattern)) for pattern in card.patterns),
        (Text("Words", "词表"), _both(words)),
        (Text("Check", "校验"), _both(card.validator)),
        (Text("Column words", "列名词"), _both(_short(card.names))),
        (Text("Weak words", "弱列名词"), _both(_short(card.weak_names))),
        (Text("Words against", "反对词"), _both(_short(card.not_names))),
        (Text("Shape", "形状"), shape_text(facts.shape)),
        (
            Text("Cost", "开销"),
            Text(
                f"{facts.cost.instructions} RE2 instructions; {facts.cost.microseconds:.2f} us per value asked; "
                f"asked of {facts.cost.asked:.1%} of the sample databases' values",
                f"{facts.cost.instructions} 条 RE2 指令；每个被询问的值 {facts.cost.microseconds:.2f} 微秒；"
                f"样例库中 {facts.cost.asked:.1%} 的值会被询问",
            ),
        ),
        (
            Text("Chance", "偶然通过率"),
            Text(
                f"card {card.chance:g}; measured {measured} ({chance.passed} of {chance.tried} random values of the examples' shapes)",
                f"规则卡 {card.chance:g}；实测 {measured}（与示例同形的 {chance.tried} 个随机值中 {chance.passed} 个通过）",
            ),
        ),
        (
            Text("Look-alikes", "相似列占比"),
            Text(
                f"card {card.look_alike:g}; measured {alike.share:.2g} ({len(alike.alike)} of {alike.columns} other sample columns)",
                f"规则卡 {card.look_alike:g}；实测 {alike.share:.2g}（样例库 {alike.columns} 个其他列中 {len(alike.alike)} 个）",
            ),
        ),
    ]


def _short(words: Sequence[str], most: int = 12) -> str:
    return ", ".join(words[:most]) + (f" ... ({len(words)})" if len(words) > most else "")


def print_facts(facts: RuleFacts, registry: Registry, language: Language) -> None:
    """Print card, measures and overlaps of one rule."""
    from sensscan.modes.rule_facts import doubts

    click.echo(facts.card.id)
    rows = ((head.pick(language), text.pick(language)) for head, text in _rows_of(facts, registry) if text.pick(language))
    _table((Text("Of the rule", "规则"), Text("", "")), rows, language)
    if facts.look_alike.alike:
        _say(Text("Sample columns of other types that look like it:", "样例库中与之相似的其他类型的列："), language)
        found = facts.look_alike.alike[:_MOST_ROWS]
        heads = (Text("Column", "列"), Text("Is", "实为"), Text("Pass", "通过"))
        _table(heads, ((one.place, one.type_id, f"{one.share:.0%}") for one in found), language)
    _print_overlaps(facts, language)
    _print_doubts(list(doubts(facts)), language)


def _print_overlaps(facts: RuleFacts, language: Language) -> None:
    if not facts.overlaps:
        return
    _say(Text("Overlaps with other types:", "与其他类型的重叠："), language)
    heads = (
        Text("Type", "类型"),
        Text("Sample columns", "样例列"),
        Text("Its examples that pass", "通过的示例"),
        Text("Shared words", "共有的列名词"),
        Text("Meant", "有意"),
    )
    rows = ((one.type_id, str(one.columns), str(one.examples), ", ".join(one.words), "+" if one.related else "") for one in facts.overlaps)
    _table(heads, rows, language)


def _print_doubts(found: Sequence[tuple[str, str, str]], language: Language) -> None:
    for key, en, zh in found:
        _say(Text(f"  look again: {key}: {show(en)}", f"  请再看：{key}：{show(zh)}"), language)


# check ------------------------------------------------------------------------------------------------------------------


def check_data(facts: Sequence[RuleFacts]) -> list[dict[str, Any]]:
    """Return the checked cards with their doubts as JSON data."""
    from sensscan.modes.rule_facts import doubts

    return [
        {"type": one.card.id, "file": one.card.origin, "doubts": [{"key": k, "text": {"zh": zh, "en": en}} for k, en, zh in doubts(one)]}
        for one in facts
    ]


def print_check(facts: Sequence[RuleFacts], language: Language) -> None:
    """Print one line per card and its doubts."""
    from sensscan.modes.rule_facts import doubts

    for one in facts:
        card: Card = one.card
        examples = len(card.match) + len(card.no_match)
        _say(Text(f"{show(card.origin)}: ok, {examples} examples right", f"{show(card.origin)}：正确，{examples} 个示例符合预期"), language)
        _print_doubts(list(doubts(one)), language)
    if not facts:
        _say(Text("No card besides the built-in ones.", "除自带规则外没有其他规则卡。"), language)


# backtest ---------------------------------------------------------------------------------------------------------------


def _place(column: ShadowColumn) -> str:
    ref = column.ref
    return f"{ref.schema}.{ref.table}.{ref.column}"


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
    _say(
        Text(
            f"Shadow run of {found.type_id} ({kind.en}) on {show(found.source)}: {found.tables} tables, {found.columns} columns, "
            f"seed {found.seed}. No label was changed.",
            f"{found.type_id}（{kind.zh}）在 {show(found.source)} 上的影子运行：{found.tables} 张表、{found.columns} 列，"
            f"种子 {found.seed}。未改任何标签。",
        ),
        language,
    )
    _say(
        Text(
            f"Labelled {len(found.labelled)}; gained {counts['gained']}, lost {counts['lost']}, other changes {counts['other']}.",
            f"将标注 {len(found.labelled)} 列；新增 {counts['gained']}，失去 {counts['lost']}，其他变化 {counts['other']}。",
        ),
        language,
    )
    agrees, against, missed = (len(found.decisions(word)) for word in ("agrees", "contradicts", "missed"))
    _say(
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
            _place(column), _CHANGES[column.change].pick(language), _said(column.before, language), _said(column.after, language),
            _DECISIONS[column.decision].pick(language),
        )
        for column in ordered[:_MOST_ROWS]
    ]  # fmt: skip
    if rows:
        _table(heads, rows, language)
    if len(ordered) > _MOST_ROWS:
        _say(Text(f"{len(ordered) - _MOST_ROWS} more: --format json", f"其余 {len(ordered) - _MOST_ROWS} 列：--format json"), language)
    for text in dict.fromkeys(one.reason.text for one in found.skipped):
        _say(Text(f"Not judged: {show(text.en)}", f"未判断：{show(text.zh)}"), language)


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
        _say(Text("No stored run with a report yet.", "还没有带报告的扫描记录。"), language)
        return
    first, last = found.runs[-1], found.runs[0]
    _say(
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
        _table(heads, rows, language)
    never = [one.type_id for one in found.of("never")]
    if never:
        _say(Text(f"Never fired ({len(never)}): {', '.join(never)}", f"从未命中（{len(never)}）：{'、'.join(never)}"), language)
