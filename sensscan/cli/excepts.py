"""`sensscan tags except`: findings that somebody decided to hide, each with a reason, an author and an end."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.options import STORE
from sensscan.errors import EXIT_DONE, UsageError
from sensscan.language import Language, Text

if TYPE_CHECKING:
    from sensscan.store import AllowRule


@group(
    Text("Exceptions: findings to hide, with reason, author and end.", "例外：要隐藏的发现，含理由、作者和到期日。"),
    name="except",
)
def except_group() -> None:
    """Hold the subcommands."""


@make_command(
    Text("Hide findings by column, type or value. The value itself is not kept.", "按列、类型或取值隐藏发现；取值本身不保存。"),
    name="add",
    examples=("sensscan tags except add --column 'crm.log.*' --type ipv4 --reason 'own servers' --until 2027-06-30",),
)
@option(
    "--column",
    default="*",
    metavar="PATTERN",
    help=Text("Columns: [SCHEMA.]TABLE.COLUMN, TABLE or a glob.", "列：[SCHEMA.]表.列、表名或通配模式。"),
)
@option("--source", default="*", metavar="GLOB", help=Text("Sources.", "数据源。"))
@option("--type", "type_id", default="*", metavar="GLOB", help=Text("Types.", "类型。"))
@option(
    "--value", default=None, metavar="TEXT", help=Text("One value; '-' asks for it without showing it.", "单个取值；“-” 表示输入时不回显。")
)
@option("--reason", required=True, help=Text("Why.", "理由。"))
@option(
    "--until",
    "until",
    default=None,
    metavar="DATE",
    help=Text("Last day, as 2027-06-30; after it the findings return.", "最后一天，如 2027-06-30；过期后发现重新出现。"),
)
@option("--by", default=None, metavar="NAME", help=Text("Author (default: login name).", "作者（默认为登录名）。"))
@STORE
@pass_context
def add(context: Context, /, **options: Any) -> int:
    """Write the exception."""
    from sensscan.cli.tagging import actor_name
    from sensscan.store import open_store

    value = options["value"]
    if value == "-":
        value = click.prompt(Text("Value", "取值").pick(context.language), hide_input=True)
    expires = None if options["until"] is None else _day(options["until"])
    with open_store(options["store_url"]) as store:
        rule = store.add_exception(
            column=options["column"],
            source=options["source"],
            type_id=options["type_id"],
            value=value,
            reason=options["reason"],
            author=actor_name(options["by"]),
            expires=expires,
        )
    context.say(Text(f"Exception {rule.id} added.", f"已添加例外 {rule.id}。"))
    return EXIT_DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(Text(f"Not a date: {text}", f"不是日期：{text}"), Text("Form: 2027-06-30.", "格式：2027-06-30。")) from error


@make_command(
    Text("List exceptions; ended ones are marked.", "列出例外，已到期的会标明。"), name="list", examples=("sensscan tags except list",)
)
@option("--all", "everything", is_flag=True, help=Text("Also removed ones.", "包括已移除的。"))
@option(
    "--format", "form", type=click.Choice(["console", "json"]), default="console", help=Text("Form of standard output.", "标准输出的格式。")
)
@STORE
@pass_context
def list_command(context: Context, /, **options: Any) -> int:
    """Print the exceptions."""
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        rules = store.exceptions(with_removed=options["everything"])
    today = datetime.now().astimezone().date()
    if options["form"] == "json":
        click.echo(json.dumps([_object(rule, today) for rule in rules], ensure_ascii=False, indent=2))
        return EXIT_DONE
    if not rules:
        context.say(Text("There are no exceptions.", "没有例外。"))
    for rule in rules:
        click.echo(_line(rule, today, context.language))
    return EXIT_DONE


def _state(rule: AllowRule, today: date) -> Text:
    if rule.removed:
        return Text("removed", "已移除")
    return Text("ended", "已到期") if rule.expired(today) else Text("active", "有效")


def _object(rule: AllowRule, today: date) -> dict[str, Any]:
    return {
        "id": rule.id,
        "column": rule.column,
        "source": rule.source,
        "type": rule.type_id,
        "fingerprint": rule.fingerprint,
        "reason": rule.reason,
        "author": rule.author,
        "created_at": rule.created_at.isoformat(),
        "expires": None if rule.expires is None else rule.expires.isoformat(),
        "state": _state(rule, today).en,
    }


def _line(rule: AllowRule, today: date, language: Language) -> str:
    from sensscan.report.safe import show

    ends = rule.expires.isoformat() if rule.expires else Text("no end", "无期限").pick(language)
    value = Text(" one value", " 单个取值").pick(language) if rule.fingerprint else ""
    what = f"column={rule.column} type={rule.type_id} source={rule.source}{value}"
    return show(f"{rule.id}  {_state(rule, today).pick(language)}  {what}  {ends}  {rule.author}: {rule.reason}")


@make_command(
    Text("Remove an exception; its findings return.", "移除例外，相应发现重新出现。"),
    name="remove",
    examples=("sensscan tags except remove 1a2b3c4d5e6f",),
)
@argument("rule_id", metavar="ID")
@option("--by", default=None, metavar="NAME", help=Text("Who removes it (default: login name).", "移除人（默认为登录名）。"))
@STORE
@pass_context
def remove(context: Context, /, **options: Any) -> int:
    """End the exception now."""
    from sensscan.cli.tagging import actor_name
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        rule = store.remove_exception(options["rule_id"], actor=actor_name(options["by"]))
    context.say(Text(f"Exception {rule.id} removed.", f"已移除例外 {rule.id}。"))
    return EXIT_DONE


for _one in (add, list_command, remove):
    except_group.add_command(_one)
