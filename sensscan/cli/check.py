"""`sensscan check`: can it be scanned, what would be read, which rights are needed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.cli.options import CONFIG
from sensscan.errors import EXIT_DONE, EXIT_INCOMPLETE, EXIT_NOTHING_READ
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.modes.readiness import Readiness

_METHODS = {
    "all": Text("all rows", "全部行"),
    "tablesample": Text("random blocks", "随机数据块"),
    "blocks": Text("random blocks", "随机数据块"),
    "key_jumps": Text("jumps along the key", "沿主键跳读"),
    "head": Text("first rows only (no key)", "仅前若干行（无主键）"),
    "view_head": Text("first rows of the view", "视图前若干行"),
    "none": Text("not readable", "不可读"),
}
_SHOWN = 20


@declare(
    Text(
        "Check a source before a scan: driver, server, rights, how each table would be read, rows and minutes to expect, the least GRANT "
        "statements. No cell is read.",
        "扫描前检查来源：驱动、服务器、权限、各表的读取方式、预计行数与时长，以及最小授权语句。不读取任何数据。",
    ),
    examples=("sensscan check postgresql://scanner@db1/bank", "sensscan check sqlite:///shop.db"),
)
@argument("source", metavar="SOURCE")
@CONFIG
@option("--verbose", is_flag=True, help=Text("Show every table with its statement.", "列出每张表及其语句。"))
@pass_context
def command(context: Context, /, source: str, config_file: Path | None, verbose: bool) -> int:
    """Check one source and print; exit code 3 when something cannot be read, 4 when nothing can."""
    from sensscan.cli.scanning import ask_password
    from sensscan.modes.config_file import load_config
    from sensscan.modes.readiness import check_source
    from sensscan.modes.sources import requested

    found = check_source(requested(source, load_config(config_file), os.environ, ask=ask_password(context.language)))
    _print_source(context, found)
    _print_tables(context, found, verbose=verbose)
    _print_rights(context, found)
    if found.tables and all(item.read.method == "none" for item in found.tables):
        return EXIT_NOTHING_READ
    incomplete = found.unreadable_tables or any(item.reason.code != "unsupported" for item in found.skipped)
    return EXIT_INCOMPLETE if incomplete else EXIT_DONE


def _print_source(context: Context, found: Readiness) -> None:
    columns = sum(len(item.table.columns) for item in found.tables)
    minutes = (
        Text("less than a minute", "不到 1 分钟") if found.minutes < 1 else Text(f"{found.minutes:.0f} min", f"约 {found.minutes:.0f} 分钟")
    )
    for line in (
        Text(f"Source:   {found.identity}", f"来源：   {found.identity}"),
        Text(
            f"Server:   {found.server}, driver {found.driver}, read-only session", f"服务器： {found.server}，驱动 {found.driver}，只读会话"
        ),
        Text(f"Tables:   {len(found.tables)} with {columns} columns", f"表：     {len(found.tables)} 张，共 {columns} 列"),
        Text(f"Expected: {found.rows} rows, {minutes.en} with one worker", f"预计：   读取 {found.rows} 行，单进程{minutes.zh}"),
    ):
        context.say(line)
    if not found.tables:
        context.say(Text("There is no table that this account can see.", "该账号看不到任何表。"))


def _print_tables(context: Context, found: Readiness, *, verbose: bool) -> None:
    from sensscan.report.view import object_name

    counts: dict[str, int] = {}
    for item in found.tables:
        counts[item.read.method] = counts.get(item.read.method, 0) + 1
    for method, count in counts.items():
        label = _METHODS[method]
        context.say(Text(f"  {count} x {label.en}", f"  {count} 张：{label.zh}"))
    listed = found.tables if verbose else tuple(item for item in found.tables if item.unreadable)[:_SHOWN]
    for item in listed:
        name = object_name(item.table.ref.schema, item.table.ref.table)
        if item.unreadable:
            total = len(item.table.columns)
            text = Text(
                f"  {name}: no right to read {item.unreadable} of {total} columns",
                f"  {name}：{total} 列中有 {item.unreadable} 列无读取权限",
            )
        else:
            label = _METHODS[item.read.method]
            text = Text(f"  {name}: {label.en}, about {item.read.rows} rows", f"  {name}：{label.zh}，约 {item.read.rows} 行")
        context.say(text)
        if verbose and item.read.statement:
            context.say(Text(f"    {item.read.statement}", f"    {item.read.statement}"))
    for skipped in found.skipped[: None if verbose else _SHOWN]:
        place = object_name(skipped.schema, skipped.table, skipped.column)
        context.say(Text(f"  {place}: {skipped.reason.text.en}", f"  {place}：{skipped.reason.text.zh}"))


def _print_rights(context: Context, found: Readiness) -> None:
    if found.writable:
        context.say(
            Text(
                "This account may also write. sensscan never does; an account that can only read is safer.",
                "该账号还有写权限。sensscan 从不写入，但使用只读账号更安全。",
            )
        )
    if found.grants:
        context.say(Text("The least rights that a scan needs:", "扫描所需的最小授权："))
        for statement in found.grants:
            context.say(Text(f"  {statement}", f"  {statement}"))
