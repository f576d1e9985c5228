"""Rules as tables and as JSON, for `sensscan rules`. Texts of foreign cards and names of databases are shown with `safe.show`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.looking import console
from sensscan.language import Language, Text
from sensscan.report.console import plain_table
from sensscan.report.safe import show

if TYPE_CHECKING:
    from sensscan.modes.rule_facts import RuleFacts, Shape
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
MOST_ROWS = 40


def say(text: Text, language: Language) -> None:
    """Print one line."""
    click.echo(text.pick(language))


def print_table(heads: Sequence[Text], rows: Iterable[Sequence[str]], language: Language) -> None:
    """Print a table of plain cells."""
    from rich.text import Text as Plain

    table = plain_table()
    for head in heads:
        table.add_column(head.pick(language), overflow="fold")
    for row in rows:
        table.add_row(*(Plain(show(cell)) for cell in row))
    console().print(table)


def origin_text(matcher: Matcher, language: Language) -> str:
    """Return the origin for a person."""
    return Text("built in", "自带").pick(language) if matcher.trusted else matcher.card.origin


def origin_of(matcher: Matcher) -> str:
    """Return where a rule comes from: "builtin", else the card's file."""
    return "builtin" if matcher.trusted else matcher.card.origin


_TOLD_BY = {
    "pattern": Text("pattern", "模式"), "words": Text("words", "词表"), "check": Text("check", "校验"), "code": Text("code", "程序"),
    "db_type": Text("column type", "列类型"), "name": Text("name", "列名"),
}  # fmt: skip


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


def _told_text(matcher: Matcher, language: Language) -> str:
    return Text(", ", "、").pick(language).join(_TOLD_BY[name].pick(language) for name in told_by(matcher))


def print_list(registry: Registry, language: Language) -> None:
    """Print one line per rule."""
    heads = (Text("Type", "类型"), Text("Label", "名称"), Text("Category", "类别"), Text("Told by", "依据"), Text("Origin", "来源"))
    print_table(
        heads,
        (
            (
                type_id,
                matcher.card.label.pick(language),
                matcher.card.category,
                _told_text(matcher, language),
                origin_text(matcher, language),
            )
            for type_id, matcher in registry.matchers.items()
        ),
        language,
    )
    say(Text(f"{len(registry.matchers)} types", f"共 {len(registry.matchers)} 个类型"), language)


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
        "type": card.id, "label": {"zh": card.label.zh, "en": card.label.en}, "category": card.category,
        "standard": {"zh": card.standard.zh, "en": card.standard.en},
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


def _origin(registry: Registry, card: Card) -> Text:
    english, chinese = (origin_text(registry.matchers[card.id], language) for language in ("en", "zh"))
    about = f"v{card.version}, {registry.fingerprints[card.id]}"
    return Text(f"{english} ({about})", f"{chinese}（{about}）")


def _rows_of(facts: RuleFacts, registry: Registry) -> list[tuple[Text, Text]]:
    card = facts.card
    words = f"{len(card.words)}" if card.words else ""
    chance = facts.chance
    measured = f"{chance.share:.2g}" if chance.share is not None else "-"
    alike = facts.look_alike
    return [
        (Text("Label", "名称"), card.label),
        (Text("Category", "类别"), _both(card.category)),
        (Text("Standard", "标准"), card.standard),
        (Text("Form", "形式"), card.form),
        (Text("Origin", "来源"), _origin(registry, card)),
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
    print_table((Text("Of the rule", "规则"), Text("", "")), rows, language)
    if facts.look_alike.alike:
        say(Text("Sample columns of other types that look like it:", "样例库中与之相似的其他类型的列："), language)
        found = facts.look_alike.alike[:MOST_ROWS]
        heads = (Text("Column", "列"), Text("Is", "实为"), Text("Pass", "通过"))
        print_table(heads, ((one.place, one.type_id, f"{one.share:.0%}") for one in found), language)
    _print_overlaps(facts, language)
    _print_doubts(list(doubts(facts)), language)


def _print_overlaps(facts: RuleFacts, language: Language) -> None:
    if not facts.overlaps:
        return
    say(Text("Overlaps with other types:", "与其他类型的重叠："), language)
    heads = (
        Text("Type", "类型"),
        Text("Sample columns", "样例列"),
        Text("Its examples that pass", "通过的示例"),
        Text("Shared words", "共有的列名词"),
        Text("Meant", "有意"),
    )
    rows = ((one.type_id, str(one.columns), str(one.examples), ", ".join(one.words), "+" if one.related else "") for one in facts.overlaps)
    print_table(heads, rows, language)


def _print_doubts(found: Sequence[tuple[str, str, str]], language: Language) -> None:
    for key, en, zh in found:
        say(Text(f"  look again: {key}: {show(en)}", f"  请再看：{key}：{show(zh)}"), language)


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
        say(Text(f"{show(card.origin)}: ok, {examples} examples right", f"{show(card.origin)}：正确，{examples} 个示例符合预期"), language)
        _print_doubts(list(doubts(one)), language)
    if not facts:
        say(Text("No card besides the built-in ones.", "除自带规则外没有其他规则卡。"), language)
