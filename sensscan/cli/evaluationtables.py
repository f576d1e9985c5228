"""An evaluation as console tables, for `sensscan evaluate`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sensscan.cli.looking import console
from sensscan.language import Language, Text
from sensscan.naming import dotted
from sensscan.report.console import plain_table
from sensscan.report.safe import show
from sensscan.report.words import KINDS, word

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from sensscan.modes.evaluate import Evaluation, Scorecard, Wrong
    from sensscan.modes.measures import Case, Measures, TypeMeasure

_WIDE = 100
_PAIRS = 15
_LISTED = 10
_NOTHING = "–"

UNITS = {"database": Text("databases", "个数据库"), "table": Text("tables", "张表")}
NO_LABEL = Text("no label", "无标签")


def share(value: float | None, digits: int = 3) -> str:
    """Return a share between 0 and 1; a dash where there is none."""
    return _NOTHING if value is None else f"{value:.{digits}f}"


def per_cent(value: float) -> str:
    """Return a share in per cent with one decimal."""
    return f"{value:.1%}".replace("%", " %")


def said_text(case: Case, language: Language) -> str:
    """Return what was said of a column: a type with its confidence, or that nothing was."""
    if case.unread:
        return Text("not read", "未读取").pick(language)
    if case.verdict == "unknown":
        return Text("undecided", "无法判定").pick(language)
    if case.said == "none":
        return f"none {case.confidence:.0%}"
    return f"{case.said} {case.confidence:.0%}"


def column_text(case: Case, *, several: bool) -> str:
    """Return table.column, with the database where there are several; a schema called main says nothing."""
    ref = case.ref
    parts = [case.database if several else "", ref.schema if ref.schema not in ("main", case.database) else "", ref.table, ref.column]
    return show(dotted(*parts))


def print_evaluation(found: Evaluation, labels: Mapping[str, Text], language: Language, *, worst: int) -> None:
    """Print everything; `worst` wrong columns with their scorecards."""
    out = console()
    _head(out, found, language)
    if found.by_database:
        _section(out, Text("By database", "按数据库"), language)
        out.print(_databases(found, language))
    _section(out, Text("By type", "按类型"), language)
    out.print(_types(found.total, labels, language, wide=out.width >= _WIDE))
    _section(out, Text("Confusion matrix without its diagonal", "混淆矩阵（不含对角线）"), language)
    out.print(_confusions(found, language))
    _section(out, Text("If labels below a confidence did not count", "若只计不低于某把握度的标签"), language)
    out.print(_curve(found, language))
    _calibration(out, found, language)
    if worst and found.wrong:
        _section(out, Text("Wrong columns, the surest first", "判错的列，把握最高者在前"), language)
        for wrong in found.wrong[:worst]:
            for part in _wrong(wrong, found, language):
                out.print(part)
        more = len(found.wrong) - worst
        if more > 0:
            out.print(Text(f"{more} more: --worst {len(found.wrong)}", f"另有 {more} 列：--worst {len(found.wrong)}").pick(language))


def _section(out: Console, title: Text, language: Language) -> None:
    from rich.text import Text as Line

    out.print()
    out.print(Line(title.pick(language), style="bold"))


def _head(out: Console, found: Evaluation, language: Language) -> None:
    from rich.table import Table
    from rich.text import Text as Line

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    shown = [show(source) for source in found.sources[:_LISTED]]
    if len(found.sources) > _LISTED:
        shown.append(f"… {len(found.sources) - _LISTED}")
    grid.add_row(Text("Source", "来源").pick(language), Line("\n".join(shown)))
    grid.add_row(Text("Labels", "标注").pick(language), Line(show(str(found.labels))))
    counted = Text(
        f"{found.total.columns:,} scored, {found.unlabelled:,} without a label",
        f"计分 {found.total.columns:,} 列，无标注 {found.unlabelled:,} 列",
    )
    grid.add_row(Text("Columns", "列").pick(language), Line(counted.pick(language)))
    warnings = list(_warnings(found, language))
    if warnings:
        grid.add_row("", Line("\n".join(warnings), style="bold red"))
    out.print(grid)
    out.print()
    out.print(_headline(found, language))
    if found.interval is not None:
        drawn = found.interval
        note = Text(
            f"Interval: bootstrap over {drawn.units} {UNITS[drawn.unit].en}", f"区间：对 {drawn.units} {UNITS[drawn.unit].zh}自助抽样"
        )
        out.print(Line(note.pick(language), style="dim"))


def _warnings(found: Evaluation, language: Language) -> Iterable[str]:
    if found.unread:
        yield Text(f"{found.unread:,} could not be read and count as no label", f"{found.unread:,} 列无法读取，按无标签计").pick(language)
    if found.missing:
        first = found.missing[0]
        name = show(f"{first.table}.{first.column}")
        yield Text(
            f"{len(found.missing):,} labels fit no column, first {name} (line {first.line})",
            f"{len(found.missing):,} 条标注没有对应的列，首条为 {name}（第 {first.line} 行）",
        ).pick(language)


def _headline(found: Evaluation, language: Language) -> RenderableType:
    total, spread = found.total, found.interval
    table = plain_table()
    table.add_column("", no_wrap=True)
    table.add_column("", justify="right")
    table.add_column(Text("95 % interval", "95 % 区间").pick(language) if spread else "", no_wrap=True)
    table.add_column("", overflow="fold", style="dim")

    def between(pair: tuple[float, float] | None) -> str:
        return "" if pair is None else f"{pair[0]:.3f} – {pair[1]:.3f}"

    labelled = sum(one.labelled > 0 for one in total.types)
    table.add_row(
        Text("macro-F1", "宏平均 F1").pick(language), share(total.macro_f1), between(spread.macro_f1 if spread else None),
        Text(f"mean over {labelled} types", f"{labelled} 种类型的平均").pick(language),
    )  # fmt: skip
    right = Text(f"{total.micro.right:,} right labels", f"{total.micro.right:,} 个标签正确")
    table.add_row(
        Text("micro-F1", "微平均 F1").pick(language),
        share(total.micro.f1),
        between(spread.micro_f1 if spread else None),
        right.pick(language),
    )
    table.add_row(
        Text("precision / recall", "精确率 / 召回率").pick(language), f"{share(total.micro.precision)} / {share(total.micro.recall)}", "",
        Text("all types together", "所有类型合计").pick(language),
    )  # fmt: skip
    table.add_row(
        Text("false positives", "误报率").pick(language), share(total.false_positive_rate),
        between(spread.false_positive_rate if spread else None),
        _of_none(total).pick(language),
    )  # fmt: skip
    return table


def _of_none(total: Measures) -> Text:
    return Text(f"{total.false_positives:,} of {total.negatives:,} none", f"{total.negatives:,} 个 none 中 {total.false_positives:,} 个")


def _databases(found: Evaluation, language: Language) -> RenderableType:
    table = plain_table()
    table.add_column(Text("Database", "数据库").pick(language), overflow="fold")
    for head in (Text("Columns", "列"), Text("macro-F1", "宏平均 F1"), Text("micro-F1", "微平均 F1"), Text("FP on none", "误报率")):
        table.add_column(head.pick(language), justify="right", no_wrap=True)
    for name, one in found.by_database:
        micro = share(one.micro.f1) if one.types else _NOTHING
        table.add_row(show(name), f"{one.columns:,}", share(one.macro_f1) if one.types else _NOTHING, micro, share(one.false_positive_rate))
    return table


def worst_first(types: Sequence[TypeMeasure]) -> list[TypeMeasure]:
    """Return the types with the lowest F1 first, the more common of equals first."""
    return sorted(types, key=lambda one: (round(one.f1, 3), -one.labelled, one.type_id))


def _types(total: Measures, labels: Mapping[str, Text], language: Language, *, wide: bool) -> RenderableType:
    table = plain_table()
    table.add_column(Text("Type", "类型").pick(language), no_wrap=True)
    named = wide or language == "zh"
    if named:
        table.add_column(Text("Label", "名称").pick(language), overflow="fold")
    for head in (
        Text("labels", "标注"),
        Text("said", "判出"),
        Text("right", "正确"),
        Text("precision", "精确率"),
        Text("recall", "召回率"),
        Text("F1", "F1"),
    ):  # fmt: skip
        table.add_column(head.pick(language), justify="right", no_wrap=True)
    for one in worst_first(total.types):
        cells = [one.type_id]
        if named:
            cells.append(labels[one.type_id].pick(language) if one.type_id in labels else "")
        table.add_row(
            *cells, f"{one.labelled}", f"{one.said}", f"{one.right}", share(one.precision, 2), share(one.recall, 2), share(one.f1, 2)
        )
    return table


def _confusions(found: Evaluation, language: Language) -> RenderableType:
    from rich.text import Text as Line

    from sensscan.modes.evaluate import pairs

    wrong = pairs(found.confusions.items())
    if not wrong:
        return Line(Text("Nothing was confused.", "没有混淆。").pick(language), style="green")
    table = plain_table()
    table.add_column(Text("right", "正确类型").pick(language), no_wrap=True)
    table.add_column(Text("said", "判为").pick(language), no_wrap=True)
    table.add_column(Text("columns", "列数").pick(language), justify="right", no_wrap=True)
    table.add_column(Text("for example", "例如").pick(language), overflow="fold", style="dim")
    for right, said, count in wrong[:_PAIRS]:
        example = next(one.case for one in found.wrong if (one.case.truth, one.case.said) == (right, said))
        table.add_row(right, said, f"{count}", Line(column_text(example, several=bool(found.by_database))))
    if len(wrong) > _PAIRS:
        table.add_row(f"… {len(wrong) - _PAIRS}", "", f"{sum(count for _, _, count in wrong[_PAIRS:])}", "")
    return table


def _curve(found: Evaluation, language: Language) -> RenderableType:
    table = plain_table()
    for head in (
        Text("from", "不低于"), Text("said", "判出"), Text("precision", "精确率"), Text("recall", "召回率"), Text("micro-F1", "微平均 F1"),
        Text("macro-F1", "宏平均 F1"), Text("FP on none", "误报率"),
    ):  # fmt: skip
        table.add_column(head.pick(language), justify="right", no_wrap=True)
    for point in found.curve:
        table.add_row(
            f"{point.threshold:.2f}", f"{point.said:,}", share(point.precision), share(point.recall), share(point.micro_f1),
            share(point.macro_f1), share(point.false_positive_rate),
        )  # fmt: skip
    return table


def _calibration(out: Console, found: Evaluation, language: Language) -> None:
    one = found.calibration
    if not one.columns:
        return
    title = Text(f"Is the confidence true? {one.columns:,} columns called sensitive", f"把握度是否属实？判为敏感的 {one.columns:,} 列")
    _section(out, title, language)
    table = plain_table()
    for head in (Text("confidence", "把握度"), Text("columns", "列数"), Text("mean", "平均"), Text("right", "正确率")):
        table.add_column(head.pick(language), justify="right", no_wrap=True)
    for part in one.bins:
        table.add_row(f"{part.lowest:.3f} – {part.highest:.3f}", f"{part.columns}", share(part.confidence), share(part.right))
    out.print(table)
    out.print(
        Text(
            f"Expected calibration error {one.ece:.3f}, log loss {one.log_loss:.3f}",
            f"期望校准误差 {one.ece:.3f}，对数损失 {one.log_loss:.3f}",
        ).pick(language)
    )


def _wrong(wrong: Wrong, found: Evaluation, language: Language) -> Iterable[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text as Line

    case = wrong.case
    yield Line.assemble("\n", (column_text(case, several=bool(found.by_database)), "bold"))
    what = Text(
        f"right: {' | '.join(case.accepted)}   said: {said_text(case, 'en')}",
        f"正确：{' | '.join(case.accepted)}   判为：{said_text(case, 'zh')}",
    )
    yield Padding(Line(what.pick(language)), (0, 0, 0, 2))
    for card in wrong.scorecards:
        yield Padding(_scorecard(card, language), (0, 0, 0, 2))


def _scorecard(card: Scorecard, language: Language) -> RenderableType:
    from rich.text import Text as Line

    if not card.lines:
        return Line(Text(f"{card.type_id}: nothing spoke for it", f"{card.type_id}：没有任何依据").pick(language), style="dim")
    table = plain_table()
    table.add_column(f"{card.total:+.2f}", justify="right", no_wrap=True)
    table.add_column(card.type_id, no_wrap=True)
    table.add_column("", overflow="fold")
    for line in card.lines:
        style = "green" if line.weight > 0 else "red" if line.weight < 0 else "dim"
        table.add_row(
            Line(f"{line.weight:+.2f}", style=style),
            Line(word(KINDS, line.kind, language), style="dim"),
            Line(show(line.reason.pick(language))),
        )
    return table
