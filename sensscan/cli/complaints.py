"""What click has to say against a command line, in both languages."""

from __future__ import annotations

import click

from sensscan.language import Text


def _bad_value(error: click.BadParameter) -> Text:
    param = error.param
    if isinstance(param, click.Option):
        name = max(param.opts, key=len)
    else:
        name = param.human_readable_name if param is not None else str(error.param_hint or "")
    kind = param.type if param is not None else None
    match kind:
        case click.Choice():
            choices = [str(choice) for choice in kind.choices]
            why = Text(f"choose one of {', '.join(choices)}.", f"请从 {'、'.join(choices)} 中选择。")
        case click.IntRange() | click.FloatRange():
            least, most = kind.min, kind.max
            number = Text("a whole number", "整数") if isinstance(kind, click.IntRange) else Text("a number", "数字")
            if most is None:
                why = Text(f"it must be {number.en} of at least {least}.", f"应为不小于 {least} 的{number.zh}。")
            else:
                why = Text(f"it must be {number.en} from {least} to {most}.", f"应为 {least} 至 {most} 之间的{number.zh}。")
        case click.types.IntParamType():
            why = Text("it must be a whole number.", "应为整数。")
        case click.types.FloatParamType():
            why = Text("it must be a number.", "应为数字。")
        case click.File() | click.Path(exists=True):
            why = Text("there is no such file, or it cannot be read.", "没有该文件，或无法读取。")
        case click.Path(file_okay=False):
            why = Text("it is not a folder.", "它不是目录。")
        case click.Path():
            why = Text("it is a folder, not a file.", "它是目录，不是文件。")
        case _:
            why = Text(error.message, error.message)
    return Text(f"Wrong value for {name}: {why.en}", f"{name} 的值不对：{why.zh}")


def missing_name(param: click.Parameter | None) -> str:
    """Return a parameter as one writes it on the command line: --labels FILE, or PATTERN."""
    match param:
        case None:
            return ""
        case click.Option():
            return " ".join(filter(None, (max(param.opts, key=len), param.metavar)))
        case _:
            return param.human_readable_name.strip("[].").upper()


def usage_message(error: click.UsageError) -> Text:
    """Say click's complaint in both languages."""
    match error:
        case click.NoSuchOption():
            near = " " + ", ".join(sorted(error.possibilities)) if error.possibilities else ""
            return Text(
                f"No such option: {error.option_name}.{' Did you mean' + near + '?' if near else ''}",
                f"没有这个选项：{error.option_name}。{'是否想用' + near + '？' if near else ''}",
            )
        case click.MissingParameter():
            name = missing_name(error.param)
            return Text(f"Missing: {name}; see --help.", f"缺少参数：{name}；见 --help。")
        case click.BadParameter():
            return _bad_value(error)
        case click.BadOptionUsage():
            flag = "not take a value" in error.message
            return Text(
                f"Option {error.option_name} {'takes no value' if flag else 'needs a value'}.",
                f"选项 {error.option_name} {'不带取值' if flag else '缺少取值'}。",
            )
        case _:
            if isinstance(error.ctx, click.Context) and isinstance(error.ctx.command, click.Group) and not error.ctx.args:
                return Text("A command is missing; see --help.", "缺少命令；见 --help。")
            # The rest of click's complaints: words too many on the command line, named in brackets.
            words = error.message.partition("(")[2].rpartition(")")[0]
            if words:
                return Text(f"Not understood: {words}.", f"多余的参数：{words}。")
            return Text(error.format_message(), f"命令行有误：{error.format_message()}")
