"""`sensscan schedule`: scans from cron, silent unless something changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from sensscan import errors
from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.language import Text

_ANY = {"ignore_unknown_options": True, "allow_interspersed_args": False}
_CRONTAB = option(
    "--crontab",
    type=click.Path(dir_okay=False, path_type=Path),
    help=Text("A crontab file instead of the user's own crontab.", "使用指定的 crontab 文件，而非当前用户的 crontab。"),
)


@group(Text("Run scans from cron: silent on success, one line when something changed.", "用 cron 定时扫描：成功时静默，有变化时输出一行。"))
def command() -> None:
    """Hold the subcommands."""


def _without_dashes(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the scheduled command without the `--` in front of it."""
    return arguments[1:] if arguments[:1] == ("--",) else arguments


def _check_scan(arguments: tuple[str, ...]) -> click.Context:
    """Parse the scheduled command now: a mistake shall show when it is installed, not at two in the morning."""
    from sensscan.cli import scan

    if not arguments or arguments[0] != "scan":
        raise errors.UsageError(
            Text("Only `scan` can be scheduled.", "只能定时执行 `scan`。"),
            Text(
                'Such as: sensscan schedule install "0 2 * * *" -- scan --all --mode incremental',
                '例如：sensscan schedule install "0 2 * * *" -- scan --all --mode incremental',
            ),
        )
    scan_command: click.Command = vars(scan)["command"]
    return scan_command.make_context("scan", list(arguments[1:]), parent=click.get_current_context().find_root())


def _holds_password(word: str) -> bool:
    from sensscan.source import parse_source

    try:
        return "://" in word and parse_source(word).password is not None
    except errors.SensscanError:
        return False


@make_command(
    Text(
        "Install a scan in the user's crontab: WHEN is a cron time, after -- stands the command. It runs in this folder.",
        "把扫描写入当前用户的 crontab：WHEN 为 cron 时间，-- 之后是命令，在当前目录运行。",
    ),
    name="install",
    examples=('sensscan schedule install "0 2 * * *" -- scan --all --mode incremental',),
    context_settings=_ANY,
)
@option(
    "--name", default="default", show_default=True, help=Text("Name of the entry; the same name replaces it.", "条目名称；同名则替换。")
)
@_CRONTAB
@argument("when", metavar="WHEN")
@argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="-- scan ...")
@pass_context
def install(context: Context, /, name: str, crontab: Path | None, when: str, arguments: tuple[str, ...]) -> int:
    """Check the command, write the line, show it."""
    from sensscan.modes import schedule

    arguments = _without_dashes(arguments)
    _check_scan(arguments)
    line = schedule.command_line(arguments, Path.cwd(), os.environ)
    replaced = schedule.install(schedule.open_crontab(crontab), name, when, line)
    verb = Text("replaced", "已替换") if replaced else Text("installed", "已安装")
    context.say(Text(f"{verb.en} {name}: {when}  {line}", f"{verb.zh} {name}：{when}  {line}"))
    if any(_holds_password(word) for word in arguments):
        context.say(
            Text(
                "warning: the line holds a password; name a source of sensscan.toml instead",
                "警告：该行含有密码；建议改用 sensscan.toml 中的来源名称",
            ),
            error=True,
        )
    return errors.EXIT_DONE


@make_command(Text("Show the scheduled scans.", "显示已安排的扫描。"), examples=("sensscan schedule show",), name="show")
@_CRONTAB
@pass_context
def show(context: Context, /, crontab: Path | None) -> int:
    """Print one line per entry."""
    from sensscan.modes import schedule

    entries = schedule.scheduled(schedule.open_crontab(crontab))
    for entry in entries:
        click.echo(f"{entry.name}: {entry.when}  {entry.command}")
    if not entries:
        context.say(Text("No scan is scheduled.", "没有已安排的扫描。"))
    return errors.EXIT_DONE


@make_command(
    Text("Remove a scheduled scan.", "移除已安排的扫描。"),
    examples=("sensscan schedule remove --name nightly", "sensscan schedule remove --all"),
    name="remove",
)
@option("--name", default="default", show_default=True, help=Text("Name of the entry.", "条目名称。"))
@option("--all", "everything", is_flag=True, help=Text("Remove all of them.", "全部移除。"))
@_CRONTAB
@pass_context
def remove(context: Context, /, name: str, everything: bool, crontab: Path | None) -> int:
    """Remove our lines; other lines of the crontab stay as they are."""
    from sensscan.modes import schedule

    count = schedule.remove(schedule.open_crontab(crontab), "" if everything else name)
    if not count and not everything:
        raise errors.UsageError(
            Text(f"No scheduled scan is called {name}.", f"没有名为 {name} 的定时扫描。"),
            Text("See `sensscan schedule show`.", "见 `sensscan schedule show`。"),
        )
    context.say(Text(f"{count} removed", f"已移除 {count} 条"))
    return errors.EXIT_DONE


@make_command(
    Text(
        "What cron runs: a scan that prints nothing when nothing changed and one line when something did. Details go to the log file.",
        "cron 实际执行的命令：无变化时不输出，有变化时输出一行，详情写入日志文件。",
    ),
    examples=("sensscan schedule run -- scan --all --mode incremental",),
    name="run",
    context_settings=_ANY,
)
@argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="-- scan ...")
@pass_context
def run(context: Context, /, arguments: tuple[str, ...]) -> int:
    """Scan quietly, write reports, log, tell the channels; the exit code is the scan's own."""
    from sensscan.modes.config_file import load_config
    from sensscan.modes.line_log import line_log
    from sensscan.modes.notify import tell

    parsed = _check_scan(_without_dashes(arguments))
    options = {**parsed.params, "quiet": True}
    config = load_config(options.get("config_file"))
    log = line_log(config.log_path(), context.language, max_mb=config.log.max_mb, keep=config.log.keep) if config.log.file else None
    try:
        code, summary, changed, details = _scan(options, context)
    except errors.SensscanError as error:
        text = Text(error.message("en"), error.message("zh"))
        if log is not None:
            log(text)
        tell(config, os.environ, title="sensscan", body=text.pick(context.language), changed=False, failed=True)
        raise
    for line in details if log is not None else ():
        assert log is not None
        log(line)
    if log is not None:
        log(summary)
    failed = code not in (errors.EXIT_DONE, errors.EXIT_FINDINGS)
    if changed or failed:
        context.say(summary, error=failed)
    tell(config, os.environ, title="sensscan", body=summary.pick(context.language), changed=changed, failed=failed)
    return code


def _scan(options: dict[str, Any], context: Context) -> tuple[int, Text, bool, list[Text]]:
    """Run the scan; return exit code, summary, whether labels changed, and the lines of what changed."""
    from sensscan.cli.scanning import print_report, request_from
    from sensscan.modes.run import scan
    from sensscan.modes.watch_run import finding_line, run_line

    request = request_from(options, context.language)
    finished = scan(request)
    code = print_report(finished, options, context.language)
    columns = {column.column.ref: column for column in finished.report.columns}
    details = [finding_line(columns[ref]) for ref in (*finished.new_findings, *finished.changed) if ref in columns]
    summary = run_line(finished.report, len(finished.new_findings), len(finished.changed), len(finished.gone))
    changed = bool(finished.new_findings or finished.changed or finished.gone)
    return code, summary, changed, details


for _one in (install, show, remove, run):
    command.add_command(_one)
