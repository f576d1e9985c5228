"""`sensscan tags`: labels, the decisions of people about them, and their history."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.tagdecide import DECISIONS, choice_options, one_source, store_option
from sensscan.errors import EXIT_DONE, EXIT_USAGE, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.model import Tag


@group(
    help=Text(
        "Labels: who decided what, when and why. PATTERN is [SCHEMA.]TABLE.COLUMN, TABLE or a glob.",
        "标签：谁在何时因何作出什么决定。PATTERN 为 [SCHEMA.]表.列、表名或通配模式。",
    )
)
def command() -> None:
    """Hold the subcommands."""


@make_command(
    Text("List labels.", "列出标签。"),
    name="list",
    examples=("sensscan tags list", "sensscan tags list 'crm.*' --status confirmed --format csv"),
)
@argument("patterns", nargs=-1, metavar="[PATTERN]...")
@option(
    "--status",
    type=click.Choice(["found", "confirmed", "rejected", "manual"]),
    help=Text("Only labels with this status.", "仅此状态的标签。"),
)
@option("--type", "type_id", default=None, metavar="TYPE", help=Text("Only this type.", "仅此类型。"))
@option("--level", default=None, metavar="ID", help=Text("Only this level.", "仅此级别。"))
@option("--conflicts", is_flag=True, help=Text("Only decisions that a later scan contradicts.", "仅与后续扫描结果不一致的决定。"))
@option("--all", "everything", is_flag=True, help=Text("Also labels of columns that are gone, and 'none'.", "包括已消失的列和“非敏感”。"))
@option(
    "--format",
    "form",
    type=click.Choice(["console", "json", "csv"]),
    default="console",
    help=Text("Form of standard output.", "标准输出的格式。"),
)
@choice_options
@pass_context
def list_command(context: Context, /, **options: Any) -> int:
    """Print the labels that fit."""
    from sensscan.cli.tagging import Knowledge, Names, check_patterns
    from sensscan.cli.tagtables import tags_csv, tags_json, tags_text
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        check_patterns(store, options["patterns"], one_source(options["sources"]))
        found = store.tags(
            one_source(options["sources"]), patterns=options["patterns"], policy=options["policy"], with_gone=options["everything"]
        )
    tags = [tag for tag in found.values() if _is_wanted(tag, options)]
    if options["type_id"] is not None and not tags:
        Knowledge(None).check_type(options["type_id"])
    match options["form"]:
        case "json":
            click.echo(tags_json(tags))
        case "csv":
            click.echo(tags_csv(tags), nl=False)
        case _ if tags:
            click.echo(tags_text(tags, Names(Knowledge(None), context.language)), nl=False)
        case _:
            context.say(Text("No label fits.", "没有符合条件的标签。"))
    return EXIT_DONE


def _is_wanted(tag: Tag, options: Mapping[str, Any]) -> bool:
    if options["conflicts"] and not tag.conflict:
        return False
    if not options["everything"] and tag.type_id == "none" and tag.status == "found" and not tag.owner:
        return False
    wanted = ((options["status"], tag.status), (options["type_id"], tag.type_id), (options["level"], tag.level))
    return all(word is None or word == have for word, have in wanted)


@make_command(
    Text("Show one column's label with the evidence behind it.", "显示一列的标签及其依据。"),
    examples=("sensscan tags show crm.customer.mobile",),
)
@argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@option(
    "--format", "form", type=click.Choice(["console", "json"]), default="console", help=Text("Form of standard output.", "标准输出的格式。")
)
@choice_options
@pass_context
def show(context: Context, /, **options: Any) -> int:
    """Print labels in full."""
    from sensscan.cli.tagging import Knowledge, Names, chosen_tags
    from sensscan.cli.tagtables import tag_text, tags_json
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        tags = chosen_tags(store, options["patterns"], one_source(options["sources"]), options["policy"])
        tables = sorted({ref.table_ref for ref in tags})
        results = {
            ref: result for source in {t.source for t in tables} for ref, result in store.load_results(source, tables=tables).items()
        }
    if options["form"] == "json":
        click.echo(tags_json(tags.values()))
        return EXIT_DONE
    names = Names(Knowledge(None), context.language)
    click.echo("\n".join(tag_text(tag, results.get(ref), names) for ref, tag in tags.items()), nl=False)
    return EXIT_DONE


@make_command(
    Text("Show what happened to labels: who, when, old, new, why, basis.", "显示标签的历史：谁、何时、旧值、新值、原因、依据。"),
    examples=("sensscan tags history crm.customer.mobile", "sensscan tags history --format jsonl -o events.jsonl"),
)
@argument("patterns", nargs=-1, metavar="[PATTERN]...")
@option(
    "--format",
    "form",
    type=click.Choice(["console", "csv", "jsonl"]),
    default=None,
    help=Text("Form (default: console, or by the file's suffix).", "格式（默认 console，或由文件后缀决定）。"),
)
@option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help=Text("Write to a file (mode 0600).", "写入文件（权限 0600）。"),
)
@choice_options
@pass_context
def history(context: Context, /, **options: Any) -> int:
    """Print or write the events."""
    from sensscan.cli.historytables import history_csv, history_jsonl, history_text
    from sensscan.cli.tagging import Knowledge, Names, check_patterns
    from sensscan.store import open_store

    output: Path | None = options["output"]
    form = options["form"] or ({".csv": "csv", ".jsonl": "jsonl"}.get(output.suffix.lower()) if output else None) or "console"
    with open_store(options["store_url"]) as store:
        check_patterns(store, options["patterns"], one_source(options["sources"]))
        events = store.history(options["patterns"], sources=one_source(options["sources"]))
        head = store.head()
    match form:
        case "csv":
            text = history_csv(events)
        case "jsonl":
            text = history_jsonl(events)
        case _:
            text = history_text(events, Names(Knowledge(None), context.language))
            text += Text(f"{len(events)} events; log: {head}\n", f"共 {len(events)} 条事件；日志：{head}\n").pick(context.language)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write_file(output, text.encode())
        context.say(Text(f"Written: {output}", f"已写入：{output}"), error=True)
    return EXIT_DONE


def _write_file(path: Path, data: bytes) -> None:
    """Write a file for its owner only, whole or not at all."""
    import os

    aside = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        aside.replace(path)
    except OSError as error:
        raise UsageError(Text(f"{path} cannot be written (errno {error.errno}).", f"{path} 无法写入（errno {error.errno}）。")) from error


@make_command(
    Text("Write labels as a spreadsheet (.csv, .xlsx) for review.", "导出标签为电子表格（.csv、.xlsx）以供复核。"),
    examples=("sensscan tags export labels.xlsx", "sensscan tags export crm.csv --only 'crm.*'"),
)
@argument("file", type=click.Path(dir_okay=False, path_type=Path))
@option("--only", "patterns", multiple=True, metavar="PATTERN", help=Text("Only these columns; may be repeated.", "仅这些列，可重复。"))
@choice_options
@pass_context
def export(context: Context, /, **options: Any) -> int:
    """Write the sheet."""
    from sensscan.cli.tagging import check_patterns
    from sensscan.store import open_store
    from sensscan.store.sheets import to_csv, to_xlsx

    path: Path = options["file"]
    policy = options["policy"] or "default"
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise UsageError(Text(f"{path.name}: .csv or .xlsx is wanted.", f"{path.name}：应为 .csv 或 .xlsx。"))
    with open_store(options["store_url"]) as store:
        check_patterns(store, options["patterns"], one_source(options["sources"]))
        tags = list(store.tags(one_source(options["sources"]), patterns=options["patterns"], policy=policy).values())
    _write_file(path, to_csv(tags, policy) if suffix == ".csv" else to_xlsx(tags, policy, context.language))
    context.say(Text(f"{len(tags)} labels written: {path}", f"已写出 {len(tags)} 个标签：{path}"))
    return EXIT_DONE


@make_command(
    Text("Read an edited spreadsheet back: all of it, or nothing.", "读回编辑后的电子表格：全部生效或全不生效。"),
    name="import",
    examples=("sensscan tags import labels.xlsx --dry-run", "sensscan tags import labels.xlsx --by wang"),
)
@argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("--dry-run", is_flag=True, help=Text("Only say what would change.", "只检查，不写入。"))
@option("--by", default=None, metavar="NAME", help=Text("Who decided (default: login name).", "决定人（默认为登录名）。"))
@option("--policy", default=None, metavar="P", help=Text("Policy whose levels are meant.", "所指级别的分级策略。"))
@store_option
@pass_context
def import_command(context: Context, /, **options: Any) -> int:
    """Import the sheet; problems end with exit code 2."""
    from sensscan.cli.tagging import Knowledge, actor_name
    from sensscan.store import open_store
    from sensscan.store.sheets import import_sheet

    knowledge = Knowledge(options["policy"])
    with open_store(options["store_url"]) as store:
        result = import_sheet(
            store,
            options["file"],
            actor=actor_name(options["by"]),
            types=knowledge.types,
            check_level=knowledge.check_level,
            complete=knowledge.complete,
            policy=options["policy"] or "default",
            dry_run=options["dry_run"],
        )
    for problem in result.problems:
        context.say(
            Text(
                f"{options['file'].name}, line {problem.line}: {problem.text.en}",
                f"{options['file'].name} 第 {problem.line} 行：{problem.text.zh}",
            ),
            error=True,
        )
    if result.problems:
        context.say(
            Text(f"{len(result.problems)} problems; nothing was taken over.", f"有 {len(result.problems)} 个问题，未作任何修改。"),
            error=True,
        )
        return EXIT_USAGE
    if options["dry_run"]:
        context.say(
            Text(f"{result.changed} of {result.lines} labels would change.", f"共 {result.lines} 个标签，将修改 {result.changed} 个。")
        )
    else:
        context.say(Text(f"Changed {result.changed} of {result.lines} labels.", f"共 {result.lines} 个标签，修改了 {result.changed} 个。"))
    return EXIT_DONE


@make_command(
    Text("Review findings one after the other, one key each.", "逐条复核发现，一键一条。"),
    examples=("sensscan tags review", "sensscan tags review 'crm.*' --by wang"),
)
@argument("patterns", nargs=-1, metavar="[PATTERN]...")
@option("--by", default=None, metavar="NAME", help=Text("Reviewer (default: login name).", "复核人（默认为登录名）。"))
@choice_options
@pass_context
def review(context: Context, /, **options: Any) -> int:
    """Run the review in this terminal."""
    from sensscan.cli.review import run_review
    from sensscan.cli.tagging import Knowledge, actor_name, check_patterns
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        check_patterns(store, options["patterns"], one_source(options["sources"]))
        run_review(
            store,
            Knowledge(options["policy"]),
            reviewer=actor_name(options["by"]),
            sources=one_source(options["sources"]),
            patterns=options["patterns"],
            policy=options["policy"],
            language=context.language,
        )
    return EXIT_DONE


def _add_commands() -> None:
    from sensscan.cli.excepts import except_group
    from sensscan.cli.tagnotice import notice_group

    for one in (list_command, show, *DECISIONS, history, export, import_command, review, except_group, notice_group):
        command.add_command(one)


_add_commands()
