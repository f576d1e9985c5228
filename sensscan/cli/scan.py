"""`sensscan scan`: the main command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sensscan.cli.base import Context, argument, current_language, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.language import Text

_FORMATS = ("console", "json", "csv", "markdown")


class Seed(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A whole number, or "rotate" for another sample every day."""

    name = "seed"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seed."""
        if isinstance(value, int):
            return value
        if value == "rotate":
            from datetime import UTC, datetime

            return datetime.now(UTC).toordinal()
        try:
            return int(value)
        except ValueError:
            self.fail(Text("it must be a whole number or rotate.", "应为整数或 rotate。").pick(current_language()), param, ctx)


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
@option("--schema", "schemas", multiple=True, metavar="GLOB", help=Text("Only these schemas.", "只扫描这些 schema。"))
@option(
    "--table",
    "tables",
    multiple=True,
    metavar="GLOB",
    help=Text("Only these tables: table or schema.table.", "只扫描这些表：table 或 schema.table。"),
)
@option("--column", "columns", multiple=True, metavar="GLOB", help=Text("Only these columns.", "只扫描这些列。"))
@option(
    "--exclude",
    "excludes",
    multiple=True,
    metavar="GLOB",
    help=Text("Leave out: any prefix of schema.table.column.", "排除：schema.table.column 的任意前缀。"),
)
@option("--views", is_flag=True, help=Text("Scan views too.", "同时扫描视图。"))
@option(
    "--sample",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help=Text("Rows per table (default: 1000).", "每表取样行数（默认 1000）。"),
)
@option("--all-rows", is_flag=True, help=Text("Read all rows instead of a sample.", "读取全部行，不取样。"))
@option("--exact", is_flag=True, help=Text("Test every sampled value, not 256 per column.", "检验每个取样值，而非每列 256 个。"))
@option(
    "--seed",
    type=Seed(),
    default=None,
    metavar="N|rotate",
    help=Text("Choice of rows (default: 0, the same every night).", "取样种子（默认 0，每晚相同）。"),
)
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
@option(
    "--detectors",
    "detector_dirs",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=Text("Folder with detector cards of your own.", "自定义规则卡目录。"),
)
@option("--allow-code", is_flag=True, help=Text("Allow Python detectors in such a folder.", "允许该目录中的 Python 检测器。"))
@option(
    "--store",
    "store_url",
    default=None,
    metavar="URL",
    help=Text("Tag store (default: a SQLite file in the user's data folder).", "标签库（默认为用户数据目录中的 SQLite 文件）。"),
)
@option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="console",
    show_default=True,
    help=Text("Form of standard output.", "标准输出的格式。"),
)
@option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help=Text(
        "Write a report; its form by suffix: .json .csv .html .xlsx .md .jsonl.",
        "写出报告，格式由后缀决定：.json .csv .html .xlsx .md .jsonl。",
    ),
)
@option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=None,
    help=Text("Hide findings below this confidence.", "隐藏低于此把握度的结果。"),
)
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
@option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=Text("Configuration file (default: sensscan.toml).", "配置文件（默认 sensscan.toml）。"),
)
@option("--verbose", is_flag=True, help=Text("Show each evidence line with its weight.", "显示每条依据及其权重。"))
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
