"""Between the options of `sensscan scan` and the library: the request, the dry run, what is printed, the exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan import errors
from sensscan.language import Language, Text

_PLAN_LINES = 20
"""Lines per kind (rescan, keep, gone) of an incremental run's plan without --verbose."""

if TYPE_CHECKING:
    from sensscan.config import Filters, ReadLimits
    from sensscan.model import ScanMode
    from sensscan.modes.config_file import Config
    from sensscan.modes.request import RequestedSource, ScanRequest
    from sensscan.modes.running import FinishedScan


def ask_password(language: Language) -> Callable[[str], str] | None:
    """Return a prompt for a password; None where nobody could answer it."""
    import sys

    if not sys.stdin.isatty():
        return None
    prompt = Text("Password for", "请输入密码：").pick(language)
    return lambda identity: str(click.prompt(f"{prompt} {identity}", hide_input=True, err=True, default="", show_default=False))


def _filters(options: Mapping[str, Any]) -> Filters:
    from sensscan.config import Filters

    return Filters(options["schemas"], options["tables"], options["columns"], options["excludes"], options["views"])


def _limits(limits: ReadLimits, options: Mapping[str, Any]) -> ReadLimits:
    """Return the source's limits with what the options say."""
    chosen = {
        "sample_rows": options["sample"],
        "seed": options["seed"],
        "pause_ms": options["pause_ms"],
        "all_rows": options["all_rows"] or None,
        "exact": options["exact"] or None,
    }
    found = replace(limits, **{name: value for name, value in chosen.items() if value is not None})
    if (options["workers"] or 1) > found.max_connections:
        raise errors.UsageError(
            Text(
                f"--workers {options['workers']}: at most {found.max_connections} connections are allowed.",
                f"--workers {options['workers']}：最多允许 {found.max_connections} 个连接。",
            ),
            Text(
                "Raise max_connections in sensscan.toml if the server can bear it.",
                "若服务器可承受，请在 sensscan.toml 中调高 max_connections。",
            ),
        )
    return found


def _until(text: str, now: datetime | None = None) -> datetime:
    """Return the next time of day HH:MM."""
    start = now or datetime.now().astimezone()
    try:
        hour, minute = (int(part) for part in text.split(":"))
        at = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        raise errors.UsageError(
            Text(f"--until {text}: not a time of day.", f"--until {text}：不是时刻。"), Text("Write HH:MM.", "请写成 HH:MM。")
        ) from None
    return at if at > start else at + timedelta(days=1)


def _sources(options: Mapping[str, Any], config: Config, language: Language) -> tuple[RequestedSource, ...]:
    from sensscan.modes.sources import requested

    words = list(options["sources"])
    if options["all_sources"]:
        words += [name for name in config.sources if name not in words]
    if not words:
        raise errors.UsageError(
            Text("Nothing to scan.", "没有要扫描的来源。"),
            Text("Name a SOURCE, or --all with sources in sensscan.toml.", "请给出 SOURCE，或在 sensscan.toml 中配置来源后使用 --all。"),
        )
    found = []
    for word in words:
        source = requested(word, config, os.environ, filters=_filters(options), nlp=options["nlp"], ask=ask_password(language))
        rules = replace(
            source.rules, dirs=(*source.rules.dirs, *options["detector_dirs"]), allow_code=source.rules.allow_code or options["allow_code"]
        )
        found.append(replace(source, config=replace(source.config, limits=_limits(source.config.limits, options)), rules=rules))
    identities = [source.identity for source in found]
    twice = next((name for name in identities if identities.count(name) > 1), None)
    if twice is not None:
        raise errors.UsageError(Text(f"Named twice: {twice}.", f"重复给出：{twice}。"))
    return tuple(found)


def request_from(options: Mapping[str, Any], language: Language) -> ScanRequest:
    """Return the request that options and configuration make. Raises UsageError and ConfigError."""
    from sensscan.modes.config_file import load_config
    from sensscan.modes.named import names_of
    from sensscan.modes.request import ScanRequest
    from sensscan.modes.targets import read_targets
    from sensscan.report import format_of

    for path in options["outputs"]:
        format_of(path)
        _check_folder(path)
    config = load_config(options["config_file"])
    sources = _sources(options, config, language)
    targets = read_targets(options["targets"]) if options["targets"] is not None else ()
    mode: ScanMode = options["mode"] or ("manual" if targets else "full")
    _check_mode(mode, targeted=bool(targets), filtered=any(names_of(source.config.filters) for source in sources))
    until = options["until"] or sources[0].config.window
    return ScanRequest(
        sources=sources,
        mode=mode,
        targets=targets,
        policy=options["policy"] or sources[0].config.policy or config.settings.policy,
        store_url=options["store_url"] or config.store_url(),
        min_confidence=config.settings.min_confidence if options["min_confidence"] is None else options["min_confidence"],
        workers=options["workers"] or config.settings.workers,
        resume=options["resume"],
        until=_until(until) if until else None,
        log_file=options["log_file"],
        fail_on=options["fail_on"] or "",
        fail_on_new=options["fail_on_new"] or "",
    )


def _check_mode(mode: str, *, targeted: bool, filtered: bool) -> None:
    """Refuse modes that would pass over what was named, or that need a name and have none. Raises UsageError."""
    if mode == "full" and targeted:
        raise errors.UsageError(
            Text("--targets names single objects; --mode full would read all.", "--targets 指定了个别对象，而 --mode full 会读取全部。"),
            Text("Leave out --mode, or use manual or incremental.", "请去掉 --mode，或使用 manual、incremental。"),
        )
    if mode == "manual" and not targeted and not filtered:
        raise errors.UsageError(
            Text("--mode manual: nothing is named.", "--mode manual：没有指定对象。"),
            Text("Add --targets, --schema, --table or --column.", "请加上 --targets、--schema、--table 或 --column。"),
        )


def _check_folder(path: Path) -> None:
    """Refuse an output that could not be written, before an hour of reading."""
    folder = path.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise errors.UsageError(Text(f"{path}: the folder does not exist or cannot be written.", f"{path}：目录不存在或不可写。"))


def run_request(request: ScanRequest, options: Mapping[str, Any], language: Language) -> FinishedScan:
    """Run the scan with progress on the terminal."""
    from sensscan.modes.run import scan
    from sensscan.report import ConsoleProgress

    with ConsoleProgress(language=language, quiet=options["quiet"]) as progress:
        return scan(request, progress=progress)


def print_report(finished: FinishedScan, options: Mapping[str, Any], language: Language) -> int:
    """Write the outputs, print the report, return the exit code."""
    import sys

    from sensscan.report import RenderOptions, render, write_report

    report = finished.report
    shown = RenderOptions(verbose=options["verbose"], min_confidence=finished.min_confidence, color=sys.stdout.isatty())
    for path in options["outputs"]:
        write_report(report, path, language=language, options=replace(shown, color=False))
    form = options["form"]
    if not options["quiet"] or form in ("json", "csv"):
        click.echo(render(report, form, language=language, options=shown), nl=False)
    if not options["quiet"] and form == "console" and report.run.mode == "incremental":
        _print_plans(finished, limit=None if options["verbose"] else _PLAN_LINES, language=language)
    if not options["quiet"]:
        for note in finished.notes:
            click.echo(note.pick(language), err=True)
    if finished.interrupted and not options["quiet"]:
        click.echo(
            Text("Interrupted; continue with --resume and the same options.", "已中断；用相同选项加 --resume 继续。").pick(language),
            err=True,
        )
    return exit_code(finished)


def _print_plans(finished: FinishedScan, *, limit: int | None, language: Language) -> None:
    """Say why each column was examined or kept; the report holds every reason."""
    from sensscan.modes.plan import summary

    for chosen in finished.plans.values():
        for line in summary(chosen, limit):
            click.echo(line.pick(language))


def exit_code(finished: FinishedScan) -> int:
    """Return the contract's exit code: interrupted, findings (before incomplete), nothing read, incomplete, done."""
    from sensscan.model import ColumnResult

    report = finished.report
    if finished.interrupted:
        return errors.EXIT_INTERRUPTED
    if report.run.fail_on_reached:
        return errors.EXIT_FINDINGS
    if report.run.outcome == "incomplete":
        read = any(isinstance(column.outcome, ColumnResult) for column in report.columns)
        return errors.EXIT_INCOMPLETE if read else errors.EXIT_NOTHING_READ
    return errors.EXIT_DONE


def print_dry_run(request: ScanRequest, language: Language) -> int:
    """Show what a scan would read: plan, statements, rows. Reads the catalogue and no data."""
    from sensscan.modes.preview import preview

    lines, complete = preview(request)
    for line in lines:
        click.echo(line.pick(language))
    return errors.EXIT_DONE if complete else errors.EXIT_INCOMPLETE
