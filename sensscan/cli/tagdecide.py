"""The decisions of `sensscan tags`: set, confirm, reject, assign, undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sensscan.cli.asking import agreed, by_pattern, yes_option
from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.options import STORE
from sensscan.errors import EXIT_DONE, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.model import Tag
    from sensscan.store import LabelChange

_Function = Callable[..., Any]


def store_option(function: _Function) -> _Function:
    """Add --store."""
    return STORE(function)


def source_option(function: _Function) -> _Function:
    """Add --source."""
    return option(
        "--source", "sources", multiple=True, metavar="S", help=Text("Only this source; may be repeated.", "仅此数据源，可重复。")
    )(function)


def choice_options(function: _Function) -> _Function:
    """Options that choose labels."""
    function = option("--policy", default=None, metavar="P", help=Text("Policy whose levels are meant.", "所指级别的分级策略。"))(function)
    return store_option(source_option(function))


def _decision_options(function: _Function) -> _Function:
    """Options of every decision."""
    function = yes_option(function)
    function = option("--note", default=None, help=Text("Reason or remark.", "理由或备注。"))(function)
    function = option("--ticket", default=None, help=Text("Number of the ticket.", "工单编号。"))(function)
    function = option("--reviewer", default=None, help=Text("Who reviewed the decision.", "复核人。"))(function)
    function = option("--by", default=None, metavar="NAME", help=Text("Who decides (default: login name).", "决定人（默认为登录名）。"))(
        function
    )
    return choice_options(function)


def one_source(sources: tuple[str, ...]) -> list[str] | None:
    """Return the identities of the sources that were named, as a name of the configuration or as a URL; None for all."""
    from sensscan.source import parse_source

    return [parse_source(source).identity if "://" in source and "@" in source else source for source in sources] or None


def _decide(context: Context, options: Mapping[str, Any], make: Callable[[Tag], LabelChange], *, unlabelled: bool) -> int:
    """Take the same decision about every column that fits, and say about how many."""
    from sensscan.cli.tagging import Knowledge, actor_name, chosen_tags
    from sensscan.store import open_store

    knowledge = Knowledge(options["policy"])
    with open_store(options["store_url"]) as store:
        tags = chosen_tags(store, options["patterns"], one_source(options["sources"]), options["policy"], with_unlabelled=unlabelled)
        changes = {ref: knowledge.complete(tag, _with_remarks(make(tag), options)) for ref, tag in tags.items()}
        changing = [] if options["yes"] else store.would_change(changes)
        if by_pattern(changing, options["patterns"]) and not agreed(context, len(changing), len(tags)):
            return EXIT_DONE
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
@yes_option
@choice_options
@pass_context
def undo(context: Context, /, **options: Any) -> int:
    """Undo one decision of each column that fits."""
    from sensscan.cli.tagging import actor_name, chosen_tags
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        tags = chosen_tags(store, options["patterns"], one_source(options["sources"]), options["policy"], with_unlabelled=False)
        asks = not options["yes"] and by_pattern(tags, options["patterns"])
        if asks and not agreed(context, len(tags), len(tags)):
            return EXIT_DONE
        undone = sum(bool(store.undo(ref, actor=actor_name(options["by"]))) for ref in tags)
    context.say(Text(f"Took back {undone} of {len(tags)}.", f"共 {len(tags)} 个，撤销了 {undone} 个。"))
    return EXIT_DONE


DECISIONS = (set_command, confirm, reject, assign, undo)
