"""Policies as tables and as JSON, for `sensscan policies`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.policywords import CERTAINTY, clause_text, protection_words
from sensscan.language import Language, Text
from sensscan.report.words import FLAGS, word

if TYPE_CHECKING:
    from sensscan.grade import Comparison, PageDifference, Policy, RaisingRule, Regraded
    from sensscan.grade.policy import Condition, Override
    from sensscan.model import LevelView

_SCOPES = {"table": Text("table", "表"), "fk": Text("table and foreign-key neighbours", "表及外键相邻表"), "schema": Text("schema", "库")}


def print_json(data: object) -> None:
    """Print data as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _print_table(title: Text, heads: Sequence[Text], rows: Iterable[Sequence[str]], language: Language) -> None:
    """Print one table; widths follow the terminal, Chinese characters count twice."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Plain

    table = Table(title=title.pick(language), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head.pick(language), overflow="fold")
    for row in rows:
        table.add_row(*(Plain(cell) for cell in row))
    Console(highlight=False).print(table)


def _line(text: Text, language: Language) -> None:
    click.echo(text.pick(language))


def list_data(policies: Sequence[Policy]) -> list[dict[str, Any]]:
    """Return the list as JSON data."""
    return [
        {
            "policy": p.id, "version": p.version, "label": _both(p.label), "document": _both(p.document), "extends": p.parent or None,
            "levels": [{"id": view.id, "rank": view.rank, "label": _both(view.label)} for view in p.levels],
            "rules": [rule.id for rule in p.rules()], "hash": p.hash,
        }
        for p in policies
    ]  # fmt: skip


def print_list(policies: Sequence[Policy], language: Language) -> None:
    """Print one line per policy."""
    heads = (Text("Policy", "策略"), Text("Name", "名称"), Text("Document", "依据"), Text("Levels, least first", "级别（由低到高）"))
    rows = [(p.id, p.label.pick(language), p.document.pick(language), _levels(p, language)) for p in policies]
    _print_table(Text("Shipped policies", "自带策略"), heads, rows, language)


def _levels(policy: Policy, language: Language) -> str:
    names = (Text(f"{v.label.en} ({v.id})", f"{v.label.zh}（{v.id}）").pick(language) for v in policy.levels)
    plain = (v.id if v.label.pick(language) == v.id else name for v, name in zip(policy.levels, names, strict=True))
    return Text(", ", "、").pick(language).join(plain)


def show_data(policy: Policy) -> dict[str, Any]:
    """Return everything that a policy says as JSON data."""
    return {
        **list_data((policy,))[0],
        "confidence": policy.confidence,
        "levels": [
            {
                "id": level.view.id, "rank": level.view.rank, "label": _both(level.view.label), "color": level.view.color,
                "protect": asdict(level.protect), "clause": level.clause, "certainty": level.certainty,
            }
            for level in policy.grades
        ],
        "types": {
            cell.type_id: {"category": cell.category, "level": cell.level, "certainty": cell.certainty, "clause": cell.clause}
            for cell in policy.cells.values()
        },
        "unlisted": {"category": policy.unlisted.category, "level": policy.unlisted.level},
        "rules": [_rule_data(rule) for rule in policy.rules()],
        "rollup": {"max_raise": policy.max_raise, "raise_cap": policy.raise_cap},
        "masks": dict(policy.masks),
        "overrides": [_override_data(override) for override in policy.overrides],
    }  # fmt: skip


def _rule_data(rule: Condition | RaisingRule) -> dict[str, Any]:
    from sensscan.grade import Condition, rule_result

    common = {
        "id": rule.id, "result": rule_result(rule), "flags": sorted(rule.flags), "mark": rule.mark, "why": _both(rule.why),
        "certainty": rule.certainty, "clause": rule.clause,
    }  # fmt: skip
    if isinstance(rule, Condition):
        return {**common, "types": list(rule.names), "unless_clear": rule.unless_clear}
    return {**common, "all": [list(names) for names in rule.names], "scope": rule.scope, "on_columns": rule.on_columns, "rows": rule.rows}


def _override_data(override: Override) -> dict[str, Any]:
    data = asdict(override)
    return {**data, "until": override.until.isoformat() if override.until else None, "object": override.target}


def print_policy(policy: Policy, language: Language) -> None:
    """Print everything that a policy says."""
    from sensscan.grade import CERTAINTY_LABELS

    label, document = policy.label, policy.document
    _line(Text(f"{policy.id}: {label.en} ({document.en})", f"{policy.id}：{label.zh}（{document.zh}）"), language)
    _line(
        Text(f"{policy.signature}, confidence from {policy.confidence}", f"{policy.signature}，把握度自 {policy.confidence} 起"), language
    )
    words = (Text("store", "存储"), Text("share", "共享"), Text("onward", "再提供"), Text("export", "导出"), Text("display", "展示"))
    heads: tuple[Text, ...] = (Text("Level", "级别"), Text("Name", "名称"), *words)
    rows = [(lv.view.id, lv.view.label.pick(language), *protection_words(asdict(lv.protect), language)) for lv in policy.grades]
    _print_table(
        Text("Levels, least sensitive first, and what users of the data may do", "级别（由低到高）与数据使用方的权限"),
        heads,
        rows,
        language,
    )
    heads = (Text("Type", "类型"), Text("Category", "类别"), Text("Level", "级别"), Text("How sure", "确定程度"), Text("Clause", "条款"))
    cells = [
        (
            c.type_id, policy.categories[c.category].pick(language), c.level, CERTAINTY[c.certainty].pick(language),
            clause_text(c.clause, language),
        )
        for c in policy.cells.values()
    ]  # fmt: skip
    _print_table(Text("Type to level", "类型与级别"), heads, cells, language)
    if policy.rules():
        _print_rules(policy, language)
    if policy.overrides:
        _print_overrides(policy, language)
    for certainty, text in CERTAINTY_LABELS.items():
        _line(Text(f"{certainty} = {text.en}", f"{CERTAINTY[certainty].zh}（{certainty}）= {text.zh}"), language)


def _print_rules(policy: Policy, language: Language) -> None:
    from sensscan.grade import rule_result

    heads = (Text("Rule", "规则"), Text("When", "条件"), Text("Where", "范围"), Text("Level", "级别"), Text("Why", "理由"))
    rows = [(r.id, _when(r, language), _where(r, language), rule_result(r), r.why.pick(language)) for r in policy.rules()]
    _print_table(Text("Rules", "规则"), heads, rows, language)


def _when(rule: Condition | RaisingRule, language: Language) -> str:
    from sensscan.grade import Condition

    either = Text(" or ", " 或 ").pick(language)
    if isinstance(rule, Condition):
        flags = either.join(word(FLAGS, flag, language) for flag in sorted(rule.flags))
        return Text(f"{either.join(rule.names)} ({flags})", f"{either.join(rule.names)}（{flags}）").pick(language)
    text = Text("; ", "；").pick(language).join(either.join(names) for names in rule.names)
    return text if rule.rows is None else text + Text(f"; {rule.rows:,} rows or more", f"；{rule.rows:,} 行及以上").pick(language)


def _where(rule: Condition | RaisingRule, language: Language) -> str:
    from sensscan.grade import Condition

    if not isinstance(rule, Condition):
        return _SCOPES[rule.scope].pick(language)
    if rule.unless_clear:
        beside = _SCOPES[rule.unless_clear]
        return Text(f"column; not with a clear copy in the {beside.en}", f"列；同{beside.zh}无明文").pick(language)
    return Text("column", "列").pick(language)


def _print_overrides(policy: Policy, language: Language) -> None:
    names = (Text("Override", "例外"), Text("Object", "对象"), Text("Level", "级别"))
    heads = (*names, Text("By", "决定人"), Text("Reason", "理由"), Text("Until", "有效期至"))
    rows = [
        (
            o.id, " ".join(f"{key}={glob}" for key in ("source", "schema", "table", "column") if (glob := getattr(o, key)) is not None),
            f"= {o.level}" if o.level is not None else f">= {o.at_least}", o.by, o.reason, o.until.isoformat() if o.until else "",
        )
        for o in policy.overrides
    ]  # fmt: skip
    _print_table(Text("Overrides", "例外"), heads, rows, language)


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON data."""
    return {
        "first": found.first.id, "second": found.second.id, "same_levels": found.same_levels,
        "types": [{"type": r.type_id, "category": r.category, "first": r.first, "second": r.second} for r in found.types],
        "rules": [{"rule": r.rule, "first": r.first, "second": r.second} for r in found.rules],
    }  # fmt: skip


def print_comparison(found: Comparison, language: Language, *, every: bool) -> None:
    """Print what differs; everything when the policies have different levels, or when asked to."""
    heads = (Text("Type", "类型"), Text("Category", "类别"), Text(found.first.id, found.first.id), Text(found.second.id, found.second.id))
    whole = every or not found.same_levels
    rows = [(r.type_id, r.category, r.first, r.second) for r in found.types if whole or r.differs]
    _print_table(
        Text(f"Types: {len(rows)} of {len(found.types)}", f"类型：{len(found.types)} 个中的 {len(rows)} 个"), heads, rows, language
    )
    rules = [(r.rule, r.first or "-", r.second or "-") for r in found.rules if whole or r.first != r.second]
    if rules:
        _print_table(Text("Rules", "规则"), (Text("Rule", "规则"), *heads[2:]), rules, language)
    if not found.same_levels:
        _line(
            Text("The level ids differ, so equal words do not mean equal levels.", "两个策略的级别体系不同，级别之间不能互相换算。"),
            language,
        )


def page_data(found: Sequence[PageDifference]) -> list[dict[str, Any]]:
    """Return the differences from a page as JSON data."""
    return [asdict(one) for one in found]


def print_page_differences(found: Sequence[PageDifference], language: Language) -> None:
    """Print every cell that differs."""
    heads = (Text("Policy", "策略"), Text("Type", "类型"), Text("Line", "行"), Text("Page", "页面"), Text("Shipped", "自带"))
    rows = [(one.policy, one.type_id, str(one.line or "-"), one.page or "-", one.shipped or "-") for one in found]
    _print_table(Text(f"{len(found)} cells differ", f"有 {len(found)} 个单元格不同"), heads, rows, language)


def print_moved(found: Regraded, before: Sequence[LevelView], language: Language) -> None:
    """Print how many columns went from which level of the old policy, `before`, to which of the new one."""
    heads = (Text("Before", "原级别"), Text("Now", "新级别"), Text("Columns", "列数"))
    was, now = ({view.id: view.label.pick(language) for view in views} for views in (before, found.report.levels))
    most = sorted(found.moved.items(), key=lambda item: -item[1])
    rows = [(was.get(old, old), now.get(new, new), str(count)) for (old, new), count in most]
    _print_table(Text("Levels before and now", "级别变化"), heads, rows, language)
