"""`sensscan tags`: labels, the decisions of people about them, and their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.errors import EXIT_DONE, EXIT_USAGE, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.model import Tag
    from sensscan.store import LabelChange

_Function = Callable[..., Any]


@group(
    help=Text(
        "Labels: who decided what, when and why. PATTERN is [SCHEMA.]TABLE.COLUMN, TABLE or a glob.",
        "标签：谁在何时因何作出什么决定。PATTERN 为 [SCHEMA.]表.列、表名或通配模式。",
    )
)
def command() -> None:
    """Hold the subcommands."""


def _store_option(function: _Function) -> _Function:
    return option("--store", "store_url", default=None, metavar="URL", help=Text("Tag store.", "标签库。"))(function)


def _choice_options(function: _Function) -> _Function:
    """Options that choose labels."""
    function = option("--policy", default=None, metavar="P", help=Text("Policy whose levels are meant.", "所指级别的分级策略。"))(function)
    function = option(
        "--source", "sources", multiple=True, metavar="S", help=Text("Only this source; may be repeated.", "仅此数据源，可重复。")
    )(function)
    return _store_option(function)


def _decision_options(function: _Function) -> _Function:
    """Options of every decision."""
    function = option("--note", default=None, help=Text("Reason or remark.", "理由或备注。"))(function)
    function = option("--ticket", default=None, help=Text("Number of the ticket.", "工单编号。"))(function)
    function = option("--reviewer", default=None, help=Text("Who reviewed the decision.", "复核人。"))(function)
    function = option("--by", default=None, metavar="NAME", help=Text("Who decides (default: login name).", "决定人（默认为登录名）。"))(
        function
    )
    return _choice_options(function)


def _one_source(sources: tuple[str, ...]) -> list[str] | None:
    return list(sources) or None


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
@_choice_options
@pass_context
def list_command(context: Context, /, **options: Any) -> int:
    """Print the labels that fit."""
    from sensscan.cli.tagging import Knowledge
    from sensscan.cli.tagtables import tags_csv, tags_json, tags_text
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        found = store.tags(
            _one_source(options["sources"]), patterns=options["patterns"], policy=options["policy"], with_gone=options["everything"]
        )
    tags = [tag for tag in found.values() if _is_wanted(tag, options)]
    match options["form"]:
        case "json":
            click.echo(tags_json(tags))
        case "csv":
            click.echo(tags_csv(tags), nl=False)
        case _ if tags:
            click.echo(tags_text(tags, Knowledge(None).registry.labels, context.language), nl=False)
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
@_choice_options
@pass_context
def show(context: Context, /, **options: Any) -> int:
    """Print labels in full."""
    from sensscan.cli.tagging import Knowledge, chosen_tags
    from sensscan.cli.tagtables import tag_text, tags_json
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        tags = chosen_tags(store, options["patterns"], _one_source(options["sources"]), options["policy"])
        tables = sorted({ref.table_ref for ref in tags})
        results = {
            ref: result for source in {t.source for t in tables} for ref, result in store.load_results(source, tables=tables).items()
        }
    if options["form"] == "json":
        click.echo(tags_json(tags.values()))
        return EXIT_DONE
    labels = Knowledge(None).registry.labels
    click.echo("\n".join(tag_text(tag, results.get(ref), labels, context.language) for ref, tag in tags.items()), nl=False)
    return EXIT_DONE


def _decide(context: Context, options: Mapping[str, Any], make: Callable[[Tag], LabelChange], *, unlabelled: bool) -> int:
    """Take the same decision about every column that fits, and say about how many."""
    from sensscan.cli.tagging import Knowledge, actor_name, chosen_tags
    from sensscan.store import open_store

    knowledge = Knowledge(options["policy"])
    with open_store(options["store_url"]) as store:
        tags = chosen_tags(store, options["patterns"], _one_source(options["sources"]), options["policy"], with_unlabelled=unlabelled)
        changes = {ref: knowledge.complete(tag, _with_remarks(make(tag), options)) for ref, tag in tags.items()}
        changed = store.decide(changes, actor=actor_name(options["by"]))
    context.say(Text(f"Changed {changed} of {len(tags)} labels.", f"共 {len(tags)} 个标签，修改了 {changed} 个。"))
    return EXIT_DONE


def _with_remarks(change: LabelChange, options: Mapping[str, Any]) -> LabelChange:
    return replace(change, ticket=options["ticket"], reviewer=options["reviewer"], note=options["note"])


@make_command(
    Text("Set type, level or permitted use by hand; no scan changes it any more.", "人工设定类型、级别或使用许可，此后扫描不再改动。"),
    name="set",
    examples=(
        "sensscan tags set crm.customer.code --type id_card --ticket SEC-12",
        "sensscan tags set 'crm.*' --permit share=approved --permit onward=no",
    ),
)
@argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@option("--type", "type_id", default=None, metavar="TYPE", help=Text("Type id, or none.", "类型编号，或 none。"))
@option("--level", default=None, metavar="ID", help=Text("Level id of the policy; the last word.", "策略中的级别编号，以此为准。"))
@option(
    "--permit",
    "permits",
    multiple=True,
    metavar="KEY=WORD",
    help=Text(
        "Permitted use: store, share, onward, export, display, purpose, until.",
        "使用许可：store、share、onward、export、display、purpose、until。",
    ),
)
@_decision_options
@pass_context
def set_command(context: Context, /, **options: Any) -> int:
    """Write the decision about all columns that fit."""
    from sensscan.cli.tagging import Knowledge, pairs
    from sensscan.store import LabelChange

    type_id, level, policy = options["type_id"], options["level"], options["policy"] or "default"
    knowledge = Knowledge(options["policy"])
    if type_id is not None:
        knowledge.check_type(type_id)
    if level is not None and (problem := knowledge.check_level(policy, level)) is not None:
        raise UsageError(problem)
    permission = pairs(options["permits"], Text("Permitted use", "使用许可")) or None
    decided = type_id is not None or level is not None
    if not decided and permission is None and options["note"] is None and options["ticket"] is None and options["reviewer"] is None:
        raise UsageError(
            Text("Nothing to set.", "没有要设定的内容。"),
            Text("Give --type, --level, --permit, --ticket or --note.", "请给出 --type、--level、--permit、--ticket 或 --note。"),
        )
    change = LabelChange(
        type_id=type_id,
        level=level,
        policy=policy if level is not None else "",
        status="manual" if decided else None,
        permission=permission,
    )
    return _decide(context, options, lambda _tag: change, unlabelled=True)


@make_command(Text("Confirm findings.", "确认发现。"), examples=("sensscan tags confirm crm.customer.mobile --by wang",))
@argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@_decision_options
@pass_context
def confirm(context: Context, /, **options: Any) -> int:
    """Write that the findings are right."""
    from sensscan.store import LabelChange

    return _decide(context, options, lambda tag: LabelChange(status="confirmed" if tag.status == "found" else None), unlabelled=False)


@make_command(
    Text("Reject findings: the columns do not hold this type.", "驳回发现：这些列不是该类型。"),
    examples=("sensscan tags reject crm.orders.no --note 'order number'",),
)
@argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@_decision_options
@pass_context
def reject(context: Context, /, **options: Any) -> int:
    """Write that the findings are wrong."""
    from sensscan.store import LabelChange

    return _decide(context, options, lambda _tag: LabelChange(status="rejected"), unlabelled=False)


@make_command(
    Text("Say who is responsible.", "指定责任方。"),
    examples=("sensscan tags assign 'crm.*' --department 客服部 --steward 王敏 --system CRM",),
)
@argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@option("--department", default=None, help=Text("Department.", "部门。"))
@option("--steward", "--person", default=None, help=Text("Person responsible.", "负责人。"))
@option("--system", default=None, help=Text("System.", "系统。"))
@_decision_options
@pass_context
def assign(context: Context, /, **options: Any) -> int:
    """Write the owner of all columns that fit."""
    from sensscan.store import LabelChange

    owner = {key: options[key] for key in ("department", "steward", "system") if options[key] is not None}
    if not owner:
        raise UsageError(
            Text("Nobody is named.", "没有指定责任方。"),
            Text("Give --department, --steward or --system.", "请给出 --department、--steward 或 --system。"),
        )
    return _decide(context, options, lambda _tag: LabelChange(owner=owner), unlabelled=True)


@make_command(
    Text("Take the newest decision back, by a new event.", "撤销最近一次决定（以新事件记录）。"),
    examples=("sensscan tags undo crm.customer.mobile",),
)
@argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@option("--by", default=None, metavar="NAME", help=Text("Who takes it back (default: login name).", "撤销人（默认为登录名）。"))
@_choice_options
@pass_context
def undo(context: Context, /, **options: Any) -> int:
    """Undo one decision of each column that fits."""
    from sensscan.cli.tagging import actor_name, chosen_tags
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        tags = chosen_tags(store, options["patterns"], _one_source(options["sources"]), options["policy"], with_unlabelled=False)
        undone = sum(bool(store.undo(ref, actor=actor_name(options["by"]))) for ref in tags)
    context.say(Text(f"Took back {undone} of {len(tags)}.", f"共 {len(tags)} 个，撤销了 {undone} 个。"))
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
@_choice_options
@pass_context
def history(context: Context, /, **options: Any) -> int:
    """Print or write the events."""
    from sensscan.cli.tagtables import history_csv, history_jsonl, history_text
    from sensscan.store import open_store

    output: Path | None = options["output"]
    form = options["form"] or ({".csv": "csv", ".jsonl": "jsonl"}.get(output.suffix.lower()) if output else None) or "console"
    with open_store(options["store_url"]) as store:
        events = store.history(options["patterns"], sources=_one_source(options["sources"]))
        head = store.head()
    match form:
        case "csv":
            text = history_csv(events)
        case "jsonl":
            text = history_jsonl(events)
        case _:
            text = history_text(events, {}, context.language)
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
@_choice_options
@pass_context
def export(context: Context, /, **options: Any) -> int:
    """Write the sheet."""
    from sensscan.store import open_store
    from sensscan.store.sheets import to_csv, to_xlsx

    path: Path = options["file"]
    policy = options["policy"] or "default"
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise UsageError(Text(f"{path.name}: .csv or .xlsx is wanted.", f"{path.name}：应为 .csv 或 .xlsx。"))
    with open_store(options["store_url"]) as store:
        tags = list(store.tags(_one_source(options["sources"]), patterns=options["patterns"], policy=policy).values())
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
@_store_option
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
@_choice_options
@pass_context
def review(context: Context, /, **options: Any) -> int:
    """Run the review in this terminal."""
    from sensscan.cli.review import run_review
    from sensscan.cli.tagging import Knowledge, actor_name
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        run_review(
            store,
            Knowledge(options["policy"]),
            reviewer=actor_name(options["by"]),
            sources=_one_source(options["sources"]),
            patterns=options["patterns"],
            policy=options["policy"],
            language=context.language,
        )
    return EXIT_DONE


def _add_commands() -> None:
    from sensscan.cli.excepts import except_group

    for one in (list_command, show, set_command, confirm, reject, assign, undo, history, export, import_command, review, except_group):
        command.add_command(one)


_add_commands()
