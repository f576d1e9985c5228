"""`sensscan tags notice`: which users of the data were told that class or level of a column changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.asking import agreed, by_pattern, yes_option
from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.tagdecide import one_source, source_option, store_option
from sensscan.errors import EXIT_DONE, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.store import Store
    from sensscan.store.notices import Move


@group(
    Text(
        "Notices: which users of the data were told that a column's type or level changed. Nothing is sent, only recorded.",
        "通知：列的类型或级别变更后，已告知哪些数据使用方。只记录，不发送。",
    ),
    name="notice",
)
def notice_group() -> None:
    """Hold the subcommands."""


@make_command(
    Text(
        "List the newest change of type or level of each column, and who was told of it.",
        "列出每列最近一次类型或级别变更，以及已告知何人。",
    ),
    name="list",
    examples=("sensscan tags notice list --open", "sensscan tags notice list 'crm.*' --format json"),
)
@argument("patterns", nargs=-1, metavar="[PATTERN]...")
@option("--open", "only_open", is_flag=True, help=Text("Only changes that nobody was told of.", "仅尚未告知任何人的变更。"))
@option("--all", "everything", is_flag=True, help=Text("Also columns whose first label has not changed.", "包括首次打标后未变更的列。"))
@option(
    "--format", "form", type=click.Choice(["console", "json"]), default="console", help=Text("Form of standard output.", "标准输出的格式。")
)
@source_option
@store_option
@pass_context
def list_command(context: Context, /, **options: Any) -> int:
    """Print the changes."""
    from sensscan.cli.historytables import moves_json, moves_text
    from sensscan.cli.tagging import Knowledge, Names
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        found = store.moves(options["patterns"], sources=one_source(options["sources"]))
    shown = [move for move in found if (options["everything"] or not move.first) and not (options["only_open"] and move.told)]
    if options["form"] == "json":
        click.echo(json.dumps(moves_json(shown), ensure_ascii=False, indent=2))
    elif shown:
        click.echo(moves_text(shown, Names(Knowledge(None), context.language)), nl=False)
    else:
        context.say(Text("No change of type or level is open.", "没有待通知的类型或级别变更。"))
    return EXIT_DONE


@make_command(
    Text(
        "Record that users of the data were told of the newest change of type or level of columns, or of the first label.",
        "记录已将列最近一次类型或级别变更（尚无变更时为首次标签）告知数据使用方。",
    ),
    name="add",
    examples=(
        "sensscan tags notice add crm.customer.mobile --to 营销部 --channel mail",
        "sensscan tags notice add --about 118 --to 'risk team' --state confirmed --note 'minutes of 12 May'",
    ),
)
@argument("patterns", nargs=-1, metavar="[PATTERN]...")
@option("--to", multiple=True, required=True, metavar="NAME", help=Text("Who was told; may be repeated.", "被告知方，可重复。"))
@option("--channel", default="", metavar="TEXT", help=Text("How: mail, ticket, meeting ...", "方式：邮件、工单、会议等。"))
@option(
    "--state",
    type=click.Choice(["queued", "sent", "confirmed"]),
    default="sent",
    show_default=True,
    help=Text("How far it is; each step is a record of its own.", "进展；每一步各记一条。"),
)
@option(
    "--about",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="EVENT",
    help=Text("Number of the event instead of columns; may be repeated.", "以事件编号代替列，可重复。"),
)
@option("--note", default="", help=Text("Reason or remark.", "理由或备注。"))
@option("--by", default=None, metavar="NAME", help=Text("Who records it (default: login name).", "记录人（默认为登录名）。"))
@yes_option
@source_option
@store_option
@pass_context
def add(context: Context, /, **options: Any) -> int:
    """Write one event per change."""
    from sensscan.cli.tagging import actor_name
    from sensscan.store import open_store

    if bool(options["patterns"]) == bool(options["about"]):
        raise UsageError(Text("Name columns, or events by --about.", "请指明列，或用 --about 指明事件。"))
    with open_store(options["store_url"]) as store:
        about: Sequence[int] = options["about"]
        if options["patterns"]:
            chosen = _moves(store, options["patterns"], one_source(options["sources"]))
            asks = not options["yes"] and by_pattern([move.ref for move in chosen], options["patterns"])
            if asks and not agreed(context, len(chosen), len(chosen)):
                return EXIT_DONE
            about = [move.event.seq for move in chosen]
        said = {name: options[name] for name in ("to", "channel", "state", "note")}
        count = store.add_notices(about, actor=actor_name(options["by"]), **said)
    context.say(Text(f"Notices recorded: {count}.", f"已记录 {count} 条通知。"))
    return EXIT_DONE


def _moves(store: Store, patterns: Sequence[str], sources: list[str] | None) -> list[Move]:
    found = store.moves(patterns, sources=sources)
    if not found:
        words = ", ".join(patterns)
        raise UsageError(
            Text(f"No labelled column in the store fits: {words}.", f"标签库中没有匹配的带标签的列：{words}。"),
            Text("See `sensscan tags list`.", "见 `sensscan tags list`。"),
        )
    return found


for _one in (list_command, add):
    notice_group.add_command(_one)
