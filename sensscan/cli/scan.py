"""`sensscan scan`: the main command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.cli.options import (
    ALLOW_CODE,
    CONFIG,
    DETECTORS,
    EXACT,
    EXCLUDE,
    SAMPLE,
    SCHEMA,
    SEED,
    TABLE,
    VERBOSE,
    form,
    min_confidence,
    outputs,
)
from sensscan.language import Text

_FORMATS = ("console", "json", "csv", "markdown")


@declare(
    Text(
        "Scan databases and label their sensitive columns. SOURCE is a URL (sqlite:///file.db, postgresql://..., mysql://...), "
        "a SQLite file, or a name from sensscan.toml. The database is only read: one query per table, a sample of its rows.",
        "扫描数据库，标出敏感列。SOURCE 是 URL（sqlite:///file.db、postgresql://…、mysql://…）、SQLite 文件，或 sensscan.toml 中的名称。"
        "对数据库只读：每表一条查询，只取样本行。",
    ),
    examples=(
        "sensscan scan sqlite:///shop.db",
        "sensscan scan postgresql://scanner@db1/bank --schema public -o bank.html -o bank.json",
        "sensscan scan mysql://scanner@db2 --table 'crm.*' --policy jrt0197 --fail-on 4",
        "sensscan scan --all --mode incremental --quiet",
    ),
)
@argument("sources", nargs=-1, metavar="SOURCE...")
@option(
    "--mode",
    type=click.Choice(["full", "incremental", "manual"]),
    default=None,
    help=Text("What to examine (default: full; manual when targets are given).", "检查范围（默认 full；给出目标时为 manual）。"),
)
@option(
    "--targets",
    type=click.Path(dir_okay=False, path_type=Path),
    help=Text("File with one [SCHEMA.]TABLE[.COLUMN] per line.", "目标文件，每行一个 [SCHEMA.]TABLE[.COLUMN]。"),
)
@option("--all", "all_sources", is_flag=True, help=Text("Scan all sources of sensscan.toml.", "扫描 sensscan.toml 中的所有来源。"))
@SCHEMA
@TABLE
@option("--column", "columns", multiple=True, metavar="GLOB", help=Text("Only these columns.", "只扫描这些列。"))
@EXCLUDE
@option("--views", is_flag=True, help=Text("Scan views too.", "同时扫描视图。"))
@SAMPLE
@option("--all-rows", is_flag=True, help=Text("Read all rows instead of a sample.", "读取全部行，不取样。"))
@EXACT
@SEED
@option(
    "--nlp",
    type=click.Choice(["builtin", "hanlp", "off"]),
    default=None,
    help=Text("Engine for names and addresses (default: builtin).", "姓名与地址的识别引擎（默认 builtin）。"),
)
@option(
    "--policy",
    default=None,
    metavar="NAME|FILE",
    help=Text("Grading policy (default: default).", "分级策略（默认 default）。"),
)
@DETECTORS
@ALLOW_CODE
@option(
    "--store",
    "store_url",
    default=None,
    metavar="URL",
    help=Text("Tag store (default: a SQLite file in the user's data folder).", "标签库（默认为用户数据目录中的 SQLite 文件）。"),
)
@form(*_FORMATS)
@outputs(
    Text(
        "Write a report; its form by suffix: .json .csv .html .xlsx .md .jsonl.",
        "写出报告，格式由后缀决定：.json .csv .html .xlsx .md .jsonl。",
    )
)
@min_confidence(Text("Hide findings below this confidence.", "隐藏低于此把握度的结果。"))
@option(
    "--fail-on",
    default=None,
    metavar="LEVEL",
    help=Text("Exit 1 when a finding has this level (id or rank) or more.", "发现达到该级别（id 或序号）时以 1 退出。"),
)
@option(
    "--fail-on-new",
    default=None,
    metavar="LEVEL",
    help=Text("The same for findings that the store did not know.", "同上，但只看标签库中没有的新发现。"),
)
@option("--resume", is_flag=True, help=Text("Continue the newest unfinished run.", "继续最近一次未完成的扫描。"))
@option(
    "--dry-run",
    is_flag=True,
    help=Text("Show plan, statements and expected reads; read no data.", "只显示计划、语句和预计读取量，不读数据。"),
)
@option(
    "--workers",
    type=click.IntRange(1, 64),
    default=None,
    metavar="N",
    help=Text("Worker processes, one connection each (default: 1).", "工作进程数，各用一个连接（默认 1）。"),
)
@option(
    "--pause",
    "pause_ms",
    type=click.IntRange(0),
    default=None,
    metavar="MS",
    help=Text("Pause between tables, milliseconds.", "表与表之间的停顿（毫秒）。"),
)
@option("--until", default=None, metavar="HH:MM", help=Text("End by this time; resumable.", "到此时刻结束，可续扫。"))
@option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=Text("Log every statement with rows and milliseconds.", "记录每条语句、行数和毫秒数。"),
)
@CONFIG
@VERBOSE
@option(
    "--quiet",
    is_flag=True,
    help=Text("No output but errors, and a json or csv asked for by --format.", "除错误和 --format 指定的 json/csv 外不输出。"),
)
@pass_context
def command(context: Context, /, **options: Any) -> int:
    """Parse, call `modes.run.scan`, print, return the exit code."""
    from sensscan.cli.scanning import print_dry_run, print_report, request_from, run_request

    request = request_from(options, context.language)
    if options["dry_run"]:
        return print_dry_run(request, context.language)
    return print_report(run_request(request, options, context.language), options, context.language)
