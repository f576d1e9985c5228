"""`sensscan watch`: follow changes and rescan only what was touched."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan import errors
from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.options import CONFIG, EXCLUDE, SCHEMA, STORE, TABLE
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.modes.config_file import WatchConfig
    from sensscan.modes.request import RequestedSource


@make_command(
    Text(
        "Follow the changes of a database and rescan only what was touched. PostgreSQL by logical decoding, MySQL and MariaDB by the "
        "binary log, SQLite by polling; where a right or setting is missing, one line says what would grant it, and the change marks are "
        "polled instead. Runs until Ctrl-C or SIGTERM and takes up where it ended.",
        "监听数据库变更，只重扫被改动的部分。PostgreSQL 用逻辑解码，MySQL/MariaDB 用二进制日志，SQLite 用轮询；"
        "缺少权限或设置时，用一行说明所需语句，并改为轮询变更标记。持续运行，直到 Ctrl-C 或 SIGTERM，下次从中断处继续。",
    ),
    examples=(
        "sensscan watch bank-core",
        "sensscan watch postgresql://watcher@db1/bank --quiet-time 10",
        "sensscan watch --forget postgresql://watcher@db1/bank",
    ),
)
@argument("source", metavar="SOURCE")
@option(
    "--quiet-time",
    type=click.FloatRange(0),
    default=None,
    metavar="S",
    help=Text("Scan a table when nothing touched it for so many seconds (default: 30).", "表静默多少秒后扫描（默认 30）。"),
)
@option(
    "--longest",
    type=click.FloatRange(0),
    default=None,
    metavar="S",
    help=Text("... or when it has been touched for so long (default: 600).", "或持续被改动多少秒后扫描（默认 600）。"),
)
@option(
    "--poll",
    type=click.FloatRange(0.1),
    default=None,
    metavar="S",
    help=Text("Seconds between two polls (default: 5).", "轮询间隔秒数（默认 5）。"),
)
@option(
    "--by",
    "way",
    type=click.Choice(["auto", "poll"]),
    default="auto",
    show_default=True,
    help=Text("auto: the server's events where it can; poll: change marks only.", "auto：优先用服务器事件；poll：只轮询变更标记。"),
)
@option(
    "--slot",
    default=None,
    metavar="NAME",
    help=Text("Replication slot (PostgreSQL; default: sensscan).", "复制槽名（PostgreSQL，默认 sensscan）。"),
)
@option(
    "--server-id",
    type=click.IntRange(1, 2**32 - 1),
    default=None,
    metavar="N",
    help=Text("Replica id, unique at the server (MySQL; default: random).", "从库编号，须唯一（MySQL，默认随机）。"),
)
@option(
    "--allow-unlimited-wal",
    is_flag=True,
    help=Text("Make a slot even if the server may keep log for it without limit.", "即使服务器不限制为复制槽保留的日志量，也创建复制槽。"),
)
@option(
    "--forget", is_flag=True, help=Text("Stop watching for good: drop the slot, forget the position.", "不再监听：删除复制槽并忘记位置。")
)
@SCHEMA
@TABLE
@EXCLUDE
@option("--views", is_flag=True, help=Text("Watch views too.", "同时监听视图。"))
@option("--policy", default=None, metavar="NAME|FILE", help=Text("Grading policy.", "分级策略。"))
@option("--nlp", type=click.Choice(["builtin", "hanlp", "off"]), default=None, help=Text("Engine for names.", "姓名识别引擎。"))
@STORE
@option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=Text("Write lines to a rotated file instead of standard output.", "把日志行写入可轮转的文件而非标准输出。"),
)
@CONFIG
@pass_context
def command(context: Context, /, **options: Any) -> int:
    """Put the watcher together, run it until it is told to stop."""
    from sensscan.cli.scanning import ask_password
    from sensscan.config import Filters
    from sensscan.modes.config_file import load_config
    from sensscan.modes.line_log import line_log
    from sensscan.modes.request import ScanRequest
    from sensscan.modes.sources import requested
    from sensscan.modes.watch_run import make_watcher, teller
    from sensscan.store import open_store

    config = load_config(options["config_file"])
    filters = Filters(options["schemas"], options["tables"], (), options["excludes"], options["views"])
    source = requested(options["source"], config, os.environ, filters=filters, nlp=options["nlp"], ask=ask_password(context.language))
    settings = _settings(config.watch, options)
    store_url = options["store_url"] or config.store_url()
    if options["forget"]:
        return _forget(source, settings, store_url, context)
    _check_start(source, context)
    policy = options["policy"] or source.config.policy or config.settings.policy
    request = ScanRequest((source,), mode="watch", policy=policy, store_url=store_url, workers=config.settings.workers)
    say = line_log(options["log_file"] or config.log_path(), context.language, max_mb=config.log.max_mb, keep=config.log.keep)
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with open_store(store_url) as store:
            tell = teller(config, os.environ, say)
            make_watcher(source, request, store, settings, way=options["way"], say=say, tell=tell, stop=stop).run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    say(Text("stopped; the next start takes up here", "已停止；下次启动从此处继续"))
    return errors.EXIT_INTERRUPTED


def _check_start(source: RequestedSource, context: Context) -> None:
    """End the command at once where address, password or filters are wrong; later losses are waited out, later tables noticed.

    Raises NothingReadError, ReadError and UsageError; says which of several names fits nothing yet.
    """
    from sensscan.catalog import enumerate_source
    from sensscan.modes.named import fit_of, refuse_nothing
    from sensscan.source import open_source

    with open_source(source.url, source.config.limits) as session:
        fit = fit_of(session, source, enumerate_source(session, source.identity, source.config.filters))
    refuse_nothing([fit])
    for missing in fit.missing:
        context.say(missing.text, error=True)


def _settings(found: WatchConfig, options: dict[str, Any]) -> WatchConfig:
    given = {
        "quiet": options["quiet_time"],
        "longest": options["longest"],
        "poll": options["poll"],
        "slot": options["slot"],
        "server_id": options["server_id"],
        "allow_unlimited_wal": options["allow_unlimited_wal"] or None,
    }
    return replace(found, **{name: value for name, value in given.items() if value is not None})


def _forget(source: RequestedSource, settings: WatchConfig, store_url: str | None, context: Context) -> int:
    """Drop what the server keeps for us, and the saved position."""
    from sensscan.modes.watch_postgresql import forget_slot
    from sensscan.source import open_source, translate
    from sensscan.store import WatchState, open_store

    dropped = False
    if source.url.dialect == "postgresql":
        with open_source(source.url, source.config.limits) as session:
            try:
                dropped = forget_slot(session, settings.slot)
            except Exception as error:
                raise translate(error, Text(f"The slot {settings.slot}", f"复制槽 {settings.slot}")) from None
    with open_store(store_url) as store:
        store.save_watch_position(source.identity, WatchState(""))
    slot = Text(f"slot {settings.slot} dropped; ", f"已删除复制槽 {settings.slot}；") if dropped else Text("", "")
    context.say(Text(f"{slot.en}the position of {source.identity} is forgotten", f"{slot.zh}已忘记 {source.identity} 的位置"))
    return errors.EXIT_DONE
