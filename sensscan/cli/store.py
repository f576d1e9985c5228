"""`sensscan store`: look after the tag store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.options import STORE
from sensscan.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.store import Head, StoreInfo


@group(Text("The tag store: information, integrity, backup, retention, versions.", "标签库：信息、完整性、备份、保留与版本。"))
def command() -> None:
    """Hold the subcommands."""


def _form_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return option(
        "--format",
        "form",
        type=click.Choice(["console", "json"]),
        default="console",
        help=Text("Form of standard output.", "标准输出的格式。"),
    )(function)


@make_command(
    Text("Show place, version, size, key and the head of the event log.", "显示位置、版本、大小、密钥和事件日志末端。"),
    examples=("sensscan store info",),
)
@STORE
@_form_option
@pass_context
def info(context: Context, /, **options: Any) -> int:
    """Print facts about the store."""
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        facts = store.info()
    if options["form"] == "json":
        click.echo(json.dumps(_facts(facts), ensure_ascii=False, indent=2))
        return EXIT_DONE
    size = "-" if facts.bytes is None else f"{facts.bytes / 1024 / 1024:.1f} MB"
    counts = ", ".join(f"{name} {count}" for name, count in facts.counts.items())
    for text in (
        Text(f"Store:   {facts.place} ({facts.dialect}, {size})", f"标签库：{facts.place}（{facts.dialect}，{size}）"),
        Text(f"Version: {facts.revision}, created {facts.created_at}", f"版本：{facts.revision}，创建于 {facts.created_at}"),
        Text(f"Key:     {facts.key_place or 'none'} ({facts.algorithm})", f"密钥：{facts.key_place or '无'}（{facts.algorithm}）"),
        Text(f"Rows:    {counts}", f"行数：{counts}"),
        Text(f"Log:     {facts.head}", f"日志：{facts.head}"),
    ):
        context.say(text)
    return EXIT_DONE


def _facts(facts: StoreInfo) -> dict[str, Any]:
    return {
        "place": facts.place,
        "dialect": facts.dialect,
        "revision": facts.revision,
        "id": facts.store_id,
        "created_at": facts.created_at,
        "bytes": facts.bytes,
        "key": facts.key_place,
        "algorithm": facts.algorithm,
        "events": {"count": facts.head.count, "head": facts.head.hash},
        "counts": dict(facts.counts),
    }


def _parse_head(text: str) -> Head:
    from sensscan.store import Head

    count, _, digest = text.partition(":")
    if not count.isdecimal() or len(digest) != 64 or any(letter not in "0123456789abcdef" for letter in digest.lower()):
        raise UsageError(
            Text(f"Not a head: {text}", f"不是日志末端：{text}"),
            Text("Form: COUNT:HASH, as runs and reports print it.", "格式：条数:哈希，见扫描输出与报告。"),
        )
    return Head(int(count), digest.lower())


@make_command(
    Text(
        "Check that no event was altered, removed, inserted or reordered. Exit code 1 when one was.",
        "校验事件是否被改动、删除、插入或调换顺序；若有，退出码为 1。",
    ),
    examples=("sensscan store verify", "sensscan store verify --head 1204:9f2c..."),
)
@option(
    "--head",
    default=None,
    metavar="COUNT:HASH",
    help=Text("End of the log as an earlier run or report printed it.", "先前扫描或报告打印的日志末端。"),
)
@STORE
@_form_option
@pass_context
def verify(context: Context, /, **options: Any) -> int:
    """Walk the chain and say where it breaks."""
    from sensscan.store import open_store

    head = None if options["head"] is None else _parse_head(options["head"])
    with open_store(options["store_url"]) as store:
        found = store.verify(head)
    if options["form"] == "json":
        problem = None if found.problem is None else {"at": found.broken_at, "text": {"en": found.problem.en, "zh": found.problem.zh}}
        click.echo(
            json.dumps(
                {
                    "ok": found.ok,
                    "count": found.count,
                    "head": found.head,
                    "anchored": found.anchored,
                    "anchored_to": found.anchored_to,
                    "problem": problem,
                },
                ensure_ascii=False,
            )
        )
        return EXIT_DONE if found.ok else EXIT_FINDINGS
    if found.problem is not None:
        context.say(Text(f"Broken: {found.problem.en}", f"日志不完整：{found.problem.zh}"))
        return EXIT_FINDINGS
    here = f"{found.count}:{found.head}"
    if found.anchored_to is not None and not found.anchored:
        least, later = found.anchored_to, found.count - found.anchored_to
        context.say(
            Text(
                f"Consistent, anchored to event {least}; {later} later events are not. {here}",
                f"一致，已核对至第 {least} 条事件，其后 {later} 条未核对。{here}",
            )
        )
    elif found.anchored:
        context.say(Text(f"Consistent, end anchored. {here}", f"一致，末端已核对。{here}"))
    else:
        context.say(Text(f"Consistent, end not anchored. {here}", f"一致，末端未核对。{here}"))
    return EXIT_DONE


@make_command(
    Text(
        "Copy the store into one file (SQLite, mode 0600). The key is not in it.", "把标签库复制为一个文件（SQLite，权限 0600），不含密钥。"
    ),
    examples=("sensscan store backup labels-2026-01.db",),
)
@argument("file", type=click.Path(dir_okay=False, path_type=Path))
@STORE
@pass_context
def backup(context: Context, /, **options: Any) -> int:
    """Write the backup."""
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        rows = store.backup(options["file"])
        head = store.head()
    context.say(Text(f"{rows} rows written: {options['file']}. Log: {head}", f"已写出 {rows} 行：{options['file']}。日志：{head}"))
    return EXIT_DONE


@make_command(
    Text("Take a backup into a new store, on any kind of server.", "把备份恢复到新的标签库，目标可为任意类型的服务器。"),
    examples=("sensscan store restore labels-2026-01.db --store postgresql://sensscan@db/labels",),
)
@argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@STORE
@pass_context
def restore(context: Context, /, **options: Any) -> int:
    """Read the backup into an empty store."""
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        rows = store.restore(options["file"])
    context.say(Text(f"{rows} rows restored.", f"已恢复 {rows} 行。"))
    return EXIT_DONE


@make_command(
    Text(
        "Remove old reports and superseded results. Labels, their evidence and the event log stay.",
        "清理旧报告和已被取代的结果；标签、其依据和事件日志保留。",
    ),
    examples=("sensscan store prune --older-than 180", "sensscan store prune --before 2026-01-01"),
)
@option(
    "--older-than",
    "days",
    type=click.IntRange(min=1),
    default=None,
    metavar="DAYS",
    help=Text("Runs older than so many days.", "早于多少天的扫描。"),
)
@option("--before", default=None, metavar="DATE", help=Text("Runs before this day.", "此日期之前的扫描。"))
@STORE
@pass_context
def prune(context: Context, /, **options: Any) -> int:
    """Prune and say what went and what stayed."""
    from sensscan.store import open_store

    days, text = options["days"], options["before"]
    if (days is None) == (text is None):
        raise UsageError(Text("Give --older-than DAYS or --before DATE.", "请给出 --older-than 天数 或 --before 日期。"))
    if days is not None:
        before = datetime.now(UTC) - timedelta(days=days)
    else:
        try:
            before = datetime.fromisoformat(text).astimezone()
        except ValueError as error:
            raise UsageError(Text(f"Not a date: {text}", f"不是日期：{text}")) from error
    with open_store(options["store_url"]) as store:
        gone = store.prune(before=before)
    context.say(
        Text(
            f"Removed: reports of {gone.runs} runs, {gone.results} superseded results. Kept as evidence: {gone.kept_as_evidence}.",
            f"已清理：{gone.runs} 次扫描的报告、{gone.results} 条被取代的结果。作为标签依据保留：{gone.kept_as_evidence} 条。",
        )
    )
    return EXIT_DONE


@make_command(
    Text(
        "Bring the store to a version of this program (default: the newest), or choose the hash of new events.",
        "把标签库升级到某个版本（默认最新），或选择新事件的摘要算法。",
    ),
    examples=("sensscan store upgrade", "sensscan store upgrade --hash sm3"),
)
@option(
    "--to",
    "target",
    default="head",
    metavar="VERSION",
    help=Text("Version of the store; an older one migrates down.", "标签库版本；较旧的版本会向下迁移。"),
)
@option(
    "--hash",
    "algorithm",
    type=click.Choice(["sha256", "sm3"]),
    default=None,
    help=Text("Hash that seals new events.", "封印新事件的摘要算法。"),
)
@option("--yes", is_flag=True, help=Text("Do not ask before migrating down.", "向下迁移前不再询问。"))
@STORE
@pass_context
def upgrade(context: Context, /, **options: Any) -> int:
    """Migrate, say from where to where."""
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        target = options["target"]
        if target == "base" and not options["yes"]:
            raise UsageError(
                Text("Version base removes every table of the store.", "版本 base 会删除标签库的所有表。"),
                Text("Make a backup, then add --yes.", "请先备份，再加 --yes。"),
            )
        if options["algorithm"] is not None:
            store.use_hash(options["algorithm"])
            context.say(Text(f"New events are sealed with {options['algorithm']}.", f"新事件使用 {options['algorithm']} 封印。"))
        before, after = store.migrate(target)
    context.say(Text(f"Store version: {before} -> {after}", f"标签库版本：{before} -> {after}"))
    return EXIT_DONE


for _one in (info, verify, backup, restore, prune, upgrade):
    command.add_command(_one)
