"""`sensscan test`: every detector's answer to values that the user gives."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.cli.looking import NLP
from sensscan.cli.options import ALLOW_CODE, CONFIG, DETECTORS
from sensscan.errors import EXIT_DONE, UsageError
from sensscan.language import Language, Text

if TYPE_CHECKING:
    from sensscan.modes.answers import Answer, Answers
    from sensscan.registry import Registry

_MOST = 1000
_CHARACTERS = 4096


@declare(
    Text(
        "Ask every detector about values: normalised form, form, check, whether it passes and why not. Use - to read the values from "
        "standard input, one per line: a real value on the command line stays in the shell's history and in the list of processes. "
        "Values are shown masked unless --show-values is given. A verdict is never made from one value: a column is more than its cells.",
        "用每个检测器检验给定的值：规范化形式、格式、校验、是否通过及原因。用 - 从标准输入逐行读取：写在命令行上的真实值会留在 shell 历史和"
        "进程列表中。除非给出 --show-values，值一律脱敏显示。单个值不构成判定，判定以整列为准。",
    ),
    examples=(
        "sensscan test 11010519491231002X",
        "sensscan test --type mobile_phone --type landline_phone 0571-88157800",
        "sensscan test - < values.txt",
    ),
)
@argument("values", nargs=-1, required=True, metavar="VALUE...")
@option("--type", "types", multiple=True, metavar="ID", help=Text("Only this type; may be repeated.", "仅此类型，可重复。"))
@option(
    "--all", "everything", is_flag=True,
    help=Text(
        "Ask all detectors, also those whose length and characters rule the value out.", "询问全部检测器，包括长度和字符已排除该值的。"
    ),
)  # fmt: skip
@option(
    "--show-values", is_flag=True,
    help=Text(
        "Show the values themselves: on a screen that others see, or in a log, they are exposed.",
        "显示明文：在他人可见的屏幕或日志中会泄露。",
    ),
)  # fmt: skip
@NLP
@DETECTORS
@ALLOW_CODE
@CONFIG
@option(
    "--format", "form", type=click.Choice(["console", "json"]), default="console", show_default=True,
    help=Text("Form of standard output.", "标准输出的格式。"),
)  # fmt: skip
@pass_context
def command(context: Context, /, values: tuple[str, ...], **options: Any) -> int:
    """Ask and print; always exit code 0 when it could ask."""
    from sensscan.cli.policytables import print_json
    from sensscan.modes.answers import answers

    registry, shown = _registry(options), options["show_values"]
    found = answers(registry, _given(values), types=options["types"], everything=options["everything"])
    for failure in registry.guards.take() if registry.guards is not None else ():
        context.say(failure.reason, error=True)
    if options["form"] == "json":
        print_json([_data(one, registry, show_values=shown) for one in found])
        return EXIT_DONE
    for number, one in enumerate(found, start=1):
        _print(one, registry.labels, context.language, number=number if len(found) > 1 else 0, show_values=shown)
        if one.ruled_out and not options["types"]:
            rest = Text(
                f"{one.ruled_out} detectors were not asked: length and characters rule the value out (--all asks them).",
                f"另有 {one.ruled_out} 个检测器未询问：长度和字符已排除该值（--all 可询问全部）。",
            )
            context.say(rest)
    return EXIT_DONE


def _registry(options: Mapping[str, Any]) -> Registry:
    from sensscan.modes.config_file import load_config
    from sensscan.pipeline import RuleSet

    settings = load_config(options["config_file"]).settings
    rules = RuleSet((*settings.detector_dirs, *options["detector_dirs"]), settings.allow_code or options["allow_code"])
    return replace(rules, nlp=options["nlp"]).load()


def _given(values: Sequence[str]) -> list[str]:
    """Return the values; - stands for the lines of standard input, without empty ones."""
    found: list[str] = []
    for value in values:
        if value == "-":
            found += [line for line in sys.stdin.read().splitlines() if line.strip()]
        else:
            found.append(value)
    if not found:
        raise UsageError(Text("No value was given.", "没有给出值。"), Text("One value per line.", "每行一个值。"))
    if len(found) > _MOST:
        raise UsageError(
            Text(f"{len(found)} values: at most {_MOST} are tested.", f"{len(found)} 个值：最多检验 {_MOST} 个。"),
            Text("Scan a database for more.", "更多的值请放入数据库扫描。"),
        )
    return [value[:_CHARACTERS] for value in found]


def _title(one: Answers, number: int, language: Language, *, show_values: bool) -> str:
    from sensscan.report.safe import show

    count = len(one.value)
    length = Text(f"{count} character{'' if count == 1 else 's'}", f"{count} 个字符").pick(language)
    name = Text(f"Value {number}", f"第 {number} 个值").pick(language) if number else Text("Value", "值").pick(language)
    colon = Text(": ", "：").pick(language)
    return f"{name}{colon}{show(one.value) if show_values else _stars(one.value)} ({length})"


def _stars(value: str) -> str:
    """Return a value masked; by one rule for all detectors, because several masks side by side would show more than each alone."""
    from sensscan.text import mask

    return mask(value, "keep:1,1") or "*"


def _shown(one: Answer, *, show_values: bool) -> str:
    from sensscan.report.safe import show

    return show(one.normalised) if show_values else _stars(one.normalised)


def _print(one: Answers, labels: Mapping[str, Text], language: Language, *, number: int, show_values: bool) -> None:
    from rich.text import Text as Line

    from sensscan.cli.looking import console
    from sensscan.report.console import plain_table

    out = console()
    if number > 1:
        out.print()
    out.print(Line(_title(one, number, language, show_values=show_values), style="bold"))
    if one.answers:
        table = plain_table()
        table.add_column(Text("type", "类型").pick(language), overflow="fold")
        table.add_column(Text("normalised", "规范化").pick(language), overflow="fold", max_width=28)
        for head in (Text("form", "格式"), Text("check", "校验"), Text("passes", "通过")):
            table.add_column(head.pick(language), no_wrap=True)
        table.add_column(Text("why", "原因").pick(language), overflow="fold", style="dim")
        for said in one.answers:
            name = said.type_id if language == "en" else f"{labels[said.type_id].zh} {said.type_id}"
            shown = f"{_shown(said, show_values=show_values)} ({len(said.normalised)})"
            cells = [Line(shown), _yes(said.form, language), _check(said, language), _passes(said, language)]
            table.add_row(Line(name), *cells, Line(said.reason.pick(language)))
        out.print(table)


def _yes(said: bool | None, language: Language) -> str:
    if said is None:
        return "–"
    return Text("yes", "是").pick(language) if said else Text("no", "否").pick(language)


def _check(said: Answer, language: Language) -> str:
    if said.check is None and said.score is not None:
        return f"{said.score:.2f}"
    return _yes(said.check, language)


def _passes(said: Answer, language: Language) -> Any:
    from rich.text import Text as Line

    if said.passes and said.named_only:
        return Line(Text("if named", "需列名").pick(language), style="yellow")
    return Line(_yes(said.passes, language), style="green" if said.passes else "")


def _data(one: Answers, registry: Registry, *, show_values: bool) -> dict[str, Any]:
    return {
        "value": one.value if show_values else _stars(one.value),
        "characters": len(one.value),
        "asked": one.asked,
        "ruled_out": one.ruled_out,
        "answers": [
            {
                "type": said.type_id, "label": registry.labels[said.type_id]._asdict(), "normalised": _shown(said, show_values=show_values),
                "characters": len(said.normalised),
                "form": said.form, "check": said.check, "score": said.score, "passes": said.passes, "named_only": said.named_only,
                "structure": said.structure, "reason": said.reason._asdict(),
            }
            for said in one.answers
        ],
    }  # fmt: skip
