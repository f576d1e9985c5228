"""An explanation as console tables and as JSON, for `sensscan explain`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sensscan.cli.looking import console
from sensscan.language import Language, Text
from sensscan.naming import written
from sensscan.report.console import plain_table
from sensscan.report.safe import show
from sensscan.report.shape import coverage_object, evidence_object, number, reason_object, text_object
from sensscan.report.words import FLAGS, KINDS, METHODS, STATUSES, VERDICTS, word

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from sensscan.modes.explain import Explanation, TypeCard
    from sensscan.modes.whatif import LineEffect, Outcome, Share

Labels = Mapping[str, Text]


_NOTHING = Text("Nothing speaks for any type.", "没有任何类型的依据。")
_NOTHING_WHOLE = Text(
    "Nothing speaks for any type of whole values; what was found inside them stands below.",
    "没有依据表明整个值属于任何类型；值内的发现见下。",
)


def per_cent(chance: float) -> str:
    """Return a chance so that neither nearly certain nor nearly impossible looks absolute.

    >>> per_cent(0.5), per_cent(0.9997), per_cent(0.99999), per_cent(0.00001)
    ('50.0 %', '99.97 %', '> 99.99 %', '< 0.01 %')
    """
    if chance > 0.9999:
        return "> 99.99 %"
    if chance < 0.0001:
        return "< 0.01 %"
    return f"{chance:.2%}".replace("%", " %") if chance > 0.99 or chance < 0.01 else f"{chance:.1%}".replace("%", " %")


def type_text(type_id: str, labels: Labels, language: Language) -> str:
    """Return the label with the id behind it."""
    if type_id not in labels or type_id in ("none", "unknown"):
        return VERDICTS[type_id].pick(language) if type_id in VERDICTS else show(type_id)
    return f"{show(labels[type_id].pick(language))} ({type_id})" if language == "en" else f"{show(labels[type_id].zh)}（{type_id}）"


def outcome_text(outcome: Outcome, labels: Labels, language: Language) -> str:
    """Return a verdict in short."""
    match outcome.verdict:
        case "unknown":
            return VERDICTS["unknown"].pick(language)
        case "contains":
            what = f"{VERDICTS['contains'].pick(language)} {type_text(outcome.type_id, labels, language)}"
        case _:
            what = type_text(outcome.type_id, labels, language)
    return f"{what} {per_cent(outcome.confidence)}"


# Console ----------------------------------------------------------------------------------------------------------------


def print_explanation(found: Explanation, labels: Labels, language: Language) -> None:
    """Print everything that a person needs to follow the verdict."""
    out = console()
    _head(out, found, labels, language)
    _section(out, Text("How the scores add up", "分数如何累加"), language)
    note = Text(
        "Weights are natural logarithms of odds: +0.7 doubles the odds of the type, +2.3 makes them ten times as large.",
        "权重为几率的自然对数：+0.7 使该类型的几率翻倍，+2.3 使其变为十倍。",
    )
    _dim(out, note, language)
    for place, card in enumerate(found.cards):
        _card(out, card, labels, language, first=place == 0)
    if not found.cards:
        _dim(out, _NOTHING_WHOLE if found.classification.contains else _NOTHING, language)
    _section(out, Text("From scores to confidence", "由分数到把握度"), language)
    out.print(_chances(found, labels, language))
    note = Text("confidence = e^s / sum of all e^s; from 50 % on it is a verdict", "把握度 = e^s / 所有 e^s 之和；达到 50 % 即作出判定")
    _dim(out, note, language)
    _contained(out, found, labels, language)
    _section(out, Text("What would change the verdict", "哪些变化会改变判定"), language)
    out.print(_changes(found, labels, language))
    if not found.linked and found.column.references is not None:
        note = Text(
            "This column has a foreign key; with --store URL what it refers to counts too.",
            "该列有外键；使用 --store URL 可计入其引用的列。",
        )
        _dim(out, note, language)


def _section(out: Console, title: Text, language: Language) -> None:
    from rich.text import Text as Line

    out.print()
    out.print(Line(title.pick(language), style="bold"))


def _dim(out: Console, text: Text, language: Language) -> None:
    from rich.text import Text as Line

    out.print(Line(text.pick(language), style="dim"))


def _head(out: Console, found: Explanation, labels: Labels, language: Language) -> None:
    from rich.table import Table
    from rich.text import Text as Line

    column, coverage, verdict = found.column, found.coverage, found.classification
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")

    def row(name: Text, *parts: str) -> None:
        grid.add_row(name.pick(language), Line("  ".join(part for part in parts if part)))

    row(
        Text("Column", "列"),
        show(written(column.ref)),
        show(column.data_type),
        show(column.comment),
    )
    said = outcome_text(found.now if verdict.unlinked is None else _outcome(found), labels, language)
    grid.add_row(Text("Verdict", "判定").pick(language), Line(said, style="bold"))
    if verdict.reason is not None:
        row(Text("Why undecided", "未判定原因"), show(verdict.reason.text.pick(language)))
    for failure in found.cut_off:
        grid.add_row(Text("Cut off", "被中止").pick(language), Line(show(failure.reason.pick(language)), style="bold red"))
    if verdict.flags:
        row(Text("Flags", "标记"), *(word(FLAGS, flag, language) for flag in verdict.flags))
    for other in verdict.also:
        row(Text("Also", "同时是"), type_text(other.type_id, labels, language), per_cent(other.confidence), show(other.why.pick(language)))
    looked = Text(
        f"{METHODS[coverage.method].en}: {coverage.rows:,} rows, {coverage.non_null:,} not null, {coverage.distinct:,} distinct, "
        f"{coverage.placeholders:,} placeholders; {found.evidence.profile.checked:,} values tested",
        f"{METHODS[coverage.method].zh}：{coverage.rows:,} 行，非空 {coverage.non_null:,}，不同值 {coverage.distinct:,}，"
        f"占位值 {coverage.placeholders:,}；检验 {found.evidence.profile.checked:,} 个值",
    )
    row(Text("Looked at", "检查范围"), looked.pick(language))
    if coverage.miss_below is not None:
        missed = Text(
            f"kinds of values in fewer than {per_cent(coverage.miss_below)} of the rows", f"占比低于 {per_cent(coverage.miss_below)} 的取值"
        )
        row(Text("Can be missed", "可能漏检"), missed.pick(language))
    if found.tag is not None:
        row(
            Text("Stored label", "已存标签"),
            type_text(found.tag.type_id, labels, language),
            found.tag.level,
            word(STATUSES, found.tag.status, language),
        )
    out.print(grid)


def _outcome(found: Explanation) -> Outcome:
    from sensscan.modes.whatif import Outcome

    return Outcome.of(found.classification)


def _card(out: Console, card: TypeCard, labels: Labels, language: Language, *, first: bool) -> None:
    from rich.text import Text as Line

    title = Line.assemble("\n", (type_text(card.type_id, labels, language), "bold" if first else ""))
    if card.chance is None:
        title.append(
            Text("  does not compete: second label or general type", "  不参与竞争：第二标签或更一般的类型").pick(language), style="dim"
        )
    out.print(title)
    table = plain_table()
    table.add_column(Text("weight", "权重").pick(language), justify="right", no_wrap=True)
    table.add_column(Text("sum", "累计").pick(language), justify="right", no_wrap=True)
    table.add_column(Text("evidence", "依据").pick(language), no_wrap=True)
    table.add_column("", overflow="fold")
    total = 0.0
    for line in card.lines:
        total += line.weight
        reason = show(line.reason.pick(language))
        if line.examples:
            reason += "  " + " ".join(show(example) for example in line.examples)
        table.add_row(
            Line(f"{line.weight:+.2f}", style="green" if line.weight > 0 else "red" if line.weight < 0 else "dim"),
            f"{total:+.2f}",
            Line(word(KINDS, line.kind, language), style="dim"),
            Line(reason),
        )
    out.print(table)


def _chances(found: Explanation, labels: Labels, language: Language) -> RenderableType:
    table = plain_table()
    table.add_column(Text("type", "类型").pick(language), overflow="fold")
    for head in (Text("score s", "分数 s"), Text("weight e^s", "权重 e^s"), Text("confidence", "把握度")):
        table.add_column(head.pick(language), justify="right", no_wrap=True)
    rows = [(type_text(card.type_id, labels, language), card.score, card.chance) for card in found.cards if card.chance is not None]
    rows.append((VERDICTS["none"].pick(language), 0.0, found.none_chance))
    for name, score, chance in sorted(rows, key=lambda row: -row[1]):
        table.add_row(name, f"{score:+.2f}", _power(score / found.temperature), per_cent(chance))
    if found.others >= 0.0001:
        table.add_row(Text("all others", "其他类型合计").pick(language), "", "", per_cent(found.others))
    return table


def _power(score: float) -> str:
    value = math.exp(min(score, 300.0))
    if value < 0.001:
        return f"{value:.0e}"
    return f"{value:,.3f}" if value < 10 else f"{value:,.0f}" if value < 1e7 else f"{value:.1e}"


def _contained(out: Console, found: Explanation, labels: Labels, language: Language) -> None:
    hits = found.classification.contains
    if not hits:
        return
    _section(out, Text("Found inside the values", "值内发现"), language)
    table = plain_table()
    table.add_column(Text("type", "类型").pick(language), overflow="fold")
    table.add_column(Text("where", "位置").pick(language), overflow="fold")
    for head in (Text("rows", "行"), Text("share", "占比"), Text("distinct", "不同值"), Text("confidence", "把握度")):
        table.add_column(head.pick(language), justify="right", no_wrap=True)
    for hit in hits:
        where = show(hit.path) if hit.path else Text("in the text", "文本中").pick(language)
        table.add_row(
            type_text(hit.type_id, labels, language),
            where,
            f"{hit.rows:,}",
            f"{hit.share:.1%}",
            f"{hit.distinct:,}",
            per_cent(hit.confidence),
        )
    out.print(table)


def _changes(found: Explanation, labels: Labels, language: Language) -> RenderableType:
    from rich.text import Text as Line

    table = plain_table()
    table.show_header = False
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for name, said, changed in _change_rows(found, labels, language):
        table.add_row(Line(name), Line(said, style="bold" if changed else ""))
    return table


def _change_rows(found: Explanation, labels: Labels, language: Language) -> Iterable[tuple[str, str, bool]]:
    stays = Text("stays: ", "不变：").pick(language)
    turns = Text("changes: ", "改变：").pick(language)
    for variant in found.variants:
        yield (
            variant.what.pick(language),
            (turns if variant.changes else stays) + outcome_text(variant.outcome, labels, language),
            variant.changes,
        )
    for effect in found.effects:
        if effect.decisive:
            yield _effect_name(effect, language), turns + outcome_text(effect.without, labels, language), True
    if found.effects and not any(effect.decisive for effect in found.effects):
        none = Text("no single line of evidence decides", "没有单独起决定作用的依据")
        yield Text("without any one line", "去掉任意一条依据").pick(language), stays + none.pick(language), False
    if found.share is not None:
        yield _share_row(found.share, labels, language)
    if found.margin is not None:
        between = found.margin
        first, second = (type_text(name, labels, language) for name in (between.first, between.second))
        odds = f"{between.odds:,.1f}" if between.odds < 10 else f"{between.odds:,.0f}" if between.odds < 1e7 else f"{between.odds:.0e}"
        said = Text(
            f"{first} is {between.units:.2f} before {second}: {odds} times likelier",
            f"{first} 领先 {second} {between.units:.2f}：可能性为其 {odds} 倍",
        )
        yield Text("margin", "差距").pick(language), said.pick(language), False


def _effect_name(effect: LineEffect, language: Language) -> str:
    kind = KINDS[effect.line.kind]
    weight = f"{effect.line.weight:+.2f}"
    return Text(f"without this line: {kind.en} {weight}", f"去掉这条依据：{kind.zh} {weight}").pick(language)


def _share_row(share: Share, labels: Labels, language: Language) -> tuple[str, str, bool]:
    now = Text(
        f"values passing {share.type_id}: now {share.passing:,} of {share.tested:,} ({share.passing / share.tested:.0%})",
        f"通过 {share.type_id} 检验的值：现为 {share.tested:,} 个中 {share.passing:,} 个（{share.passing / share.tested:.0%}）",
    ).pick(language)
    if share.turns_at is None or share.then is None:
        return now, Text("no other number changes the verdict", "数量增减都不改变判定").pick(language), False
    then = outcome_text(share.then, labels, language)
    fewer = share.turns_at < share.passing
    said = Text(
        f"changes at {share.turns_at:,} or {'fewer' if fewer else 'more'} ({share.turns_at / share.tested:.0%}): {then}",
        f"{'减至' if fewer else '增至'} {share.turns_at:,} 个（{share.turns_at / share.tested:.0%}）时改变：{then}",
    )
    return now, said.pick(language), True


# JSON -------------------------------------------------------------------------------------------------------------------


def explanation_data(found: Explanation) -> dict[str, Any]:
    """Return the explanation as JSON, both languages side by side."""
    column, verdict = found.column, found.classification
    ref = column.ref
    return {
        "schema_version": 1,
        "column": {
            "source": ref.source, "schema": ref.schema, "table": ref.table, "column": ref.column, "data_type": column.data_type,
            "comment": column.comment,
        },
        **_outcome_object(_outcome(found)),
        "reason": reason_object(verdict.reason) if verdict.reason else None,
        "flags": list(verdict.flags),
        "also": [{"type": a.type_id, "confidence": number(a.confidence), "why": text_object(a.why)} for a in verdict.also],
        "contains": [
            {
                "type": c.type_id, "rows": c.rows, "share": number(c.share), "path": c.path, "distinct": c.distinct,
                "confidence": number(c.confidence),
            }
            for c in verdict.contains
        ],
        "coverage": {**coverage_object(found.coverage), "tested": found.evidence.profile.checked},
        "cut_off": [
            {"type": one.type_id, "detector": one.detector, "reason": text_object(one.reason)} for one in found.cut_off
        ],
        "scorecards": [
            {
                "type": card.type_id, "score": number(card.score), "confidence": None if card.chance is None else number(card.chance),
                "lines": [evidence_object(line) for line in card.lines],
            }
            for card in found.cards
        ],
        "confidence_of": {"none": number(found.none_chance), "others": number(found.others), "temperature": found.temperature},
        "linked": found.linked,
        "changes": {
            "variants": [{"key": one.key, **_outcome_object(one.outcome), "changes": one.changes} for one in found.variants],
            "lines": [
                {"line": evidence_object(one.line), "without": _outcome_object(one.without), "decisive": one.decisive}
                for one in found.effects
            ],
            "share": _share_object(found.share),
            "margin": None if found.margin is None else {
                "first": found.margin.first, "second": found.margin.second, "units": number(found.margin.units),
            },
        },
        "tag": None if found.tag is None else {"type": found.tag.type_id, "level": found.tag.level, "status": found.tag.status},
    }  # fmt: skip


def _outcome_object(outcome: Outcome) -> dict[str, Any]:
    return {"verdict": outcome.verdict, "type": outcome.type_id, "confidence": number(outcome.confidence)}


def _share_object(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {
        "type": share.type_id,
        "passing": share.passing,
        "tested": share.tested,
        "turns_at": share.turns_at,
        "then": None if share.then is None else _outcome_object(share.then),
    }
