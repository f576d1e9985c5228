"""`sensscan policies`: the grading policies, and a stored run under another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.options import DETECTORS, STORE, form, min_confidence, outputs
from sensscan.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.grade import Policy, Regraded
    from sensscan.model import Report
    from sensscan.store import Store


@group(
    help=Text(
        "Grading policies: one TOML file each, from type and circumstances to a level. NAME is a shipped policy or a .toml file.",
        "分级策略：每个策略一个 TOML 文件，由类型和情形得出级别。NAME 为自带策略的名称，或 .toml 文件。",
    )
)
def command() -> None:
    """Hold the subcommands."""


def _known_types(detector_dirs: tuple[Path, ...]) -> dict[str, str]:
    """Return the category that every loaded card names."""
    from sensscan.registry import load_registry

    return dict(load_registry(detector_dirs).categories)


def _load(name: str, detector_dirs: tuple[Path, ...] = ()) -> Policy:
    from sensscan.grade import load_policy

    return load_policy(name, _known_types(detector_dirs))


@make_command(
    Text("List the shipped policies.", "列出自带的策略。"),
    name="list",
    examples=("sensscan policies list", "sensscan policies list --format json"),
)
@form("console", "json")
@pass_context
def list_command(context: Context, form: str) -> int:
    """Print one line per policy."""
    from sensscan.cli.policytables import list_data, print_json, print_list
    from sensscan.grade import list_policies

    policies = list_policies()
    if form == "json":
        print_json(list_data(policies))
    else:
        print_list(policies, context.language)
    return EXIT_DONE


@make_command(
    Text(
        "Show a policy: levels with their protection words, the level of every type and how sure that is, rules, masks.",
        "显示一个策略：级别与保护用词、各类型的级别与确定程度、规则、掩码。",
    ),
    name="show",
    examples=("sensscan policies show jrt0197", "sensscan policies show bank.toml --format json"),
)
@argument("name", metavar="NAME")
@DETECTORS
@form("console", "json")
@pass_context
def show(context: Context, name: str, detector_dirs: tuple[Path, ...], form: str) -> int:
    """Print everything that a policy says."""
    from sensscan.cli.policytables import print_json, print_policy, show_data

    policy = _load(name, detector_dirs)
    if form == "json":
        print_json(show_data(policy))
    else:
        print_policy(policy, context.language)
    return EXIT_DONE


@make_command(
    Text(
        "Check a policy file. What is wrong is named with file, line and key, and the exit code is 2.",
        "检查策略文件。如有错误，会指出文件、行号和键，并以 2 退出。",
    ),
    name="check",
    examples=("sensscan policies check bank.toml",),
)
@argument("name", metavar="FILE")
@DETECTORS
@pass_context
def check(context: Context, name: str, detector_dirs: tuple[Path, ...]) -> int:
    """Load and say what was found."""
    from datetime import UTC, datetime

    from sensscan.grade import expired_overrides

    policy = _load(name, detector_dirs)
    types, levels, rules, overrides = len(policy.cells), len(policy.levels), len(policy.rules()), len(policy.overrides)
    origin, name, mark = policy.origin, policy.id, policy.signature
    context.say(
        Text(
            f"{origin}: policy {name} is in order: {levels} levels, {types} types, {rules} rules, {overrides} overrides ({mark}).",
            f"{origin}：策略 {name} 无误，共 {levels} 个级别、{types} 个类型、{rules} 条规则、{overrides} 条例外（{mark}）。",
        )
    )
    for note in expired_overrides(policy, datetime.now(UTC).date()):
        context.say(note, error=True)
    return EXIT_DONE


@make_command(
    Text(
        "Compare two policies type by type and rule by rule, or, with --page, every shipped policy cell by cell with the table of a page.",
        "逐类型、逐规则比较两个策略；或用 --page 将每个自带策略与页面中的表格逐格比较。",
    ),
    name="compare",
    examples=("sensscan policies compare base default", "sensscan policies compare --page grading.md"),
)
@argument("names", nargs=-1, metavar="[NAME NAME]")
@option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help=Text(
        "Markdown page with a table: Type, base, default ...; exit 1 when a cell differs.",
        "含 Type、base、default 等列的 Markdown 页面；有不同时以 1 退出。",
    ),
)
@option("--all", "every", is_flag=True, help=Text("Show equal rows too.", "同时显示相同的行。"))
@form("console", "json")
@pass_context
def compare_command(context: Context, names: tuple[str, ...], page: Path | None, every: bool, form: str) -> int:
    """Print the differences."""
    from sensscan.cli.policytables import comparison_data, print_comparison, print_json
    from sensscan.grade import compare

    if page is not None and not names:
        return _compare_page(context, page, form)
    if page is not None or len(names) != 2:
        raise UsageError(
            Text("Give two policies, or --page FILE.", "请给出两个策略，或使用 --page FILE。"),
            Text("For example: sensscan policies compare base default", "例如：sensscan policies compare base default"),
        )
    found = compare(_load(names[0]), _load(names[1]))
    if form == "json":
        print_json(comparison_data(found))
    else:
        print_comparison(found, context.language, every=every)
    return EXIT_DONE


def _compare_page(context: Context, page: Path, form: str) -> int:
    from sensscan.cli.policytables import page_data, print_json, print_page_differences
    from sensscan.grade import cell_count, compare_with_page

    found = compare_with_page(page)
    if form == "json":
        print_json(page_data(found))
    elif found:
        print_page_differences(found, context.language)
    else:
        context.say(Text(f"All {cell_count()} cells agree with {page}.", f"全部 {cell_count()} 个单元格与 {page} 一致。"))
    return EXIT_FINDINGS if found else EXIT_DONE


@make_command(
    Text(
        "Grade a stored run by another policy. Only the store is read, not the scanned database. RUN: id, latest, previous or latest~N.",
        "用另一个策略为已存的扫描结果重新定级。只读标签库，不读被扫描的数据库。RUN 为编号、latest、previous 或 latest~N。",
    ),
    name="regrade",
    examples=("sensscan policies regrade --policy jrt0197", "sensscan policies regrade latest --policy bank.toml -o bank.html --save"),
)
@argument("run", metavar="[RUN]", default="latest")
@option("--policy", required=True, metavar="NAME|FILE", help=Text("The policy to grade by.", "用于定级的策略。"))
@DETECTORS
@min_confidence(Text("Instead of the policy's own threshold.", "代替策略自身的阈值。"))
@option(
    "--save",
    is_flag=True,
    help=Text(
        "Store levels and report as a run of its own; only for the newest run.",
        "将级别和报告作为新的一次运行存入标签库；仅限最近一次扫描。",
    ),
)
@STORE
@form("console", "json", "csv", "markdown")
@outputs(Text("Write the report, its form by suffix.", "写出报告，格式由后缀决定。"))
@option("--quiet", is_flag=True, help=Text("No output but errors.", "除错误外不输出。"))
@pass_context
def regrade_command(context: Context, /, **options: Any) -> int:
    """Load, grade, show, and store when asked to."""
    from datetime import UTC, datetime

    from sensscan.grade import regrade
    from sensscan.store import open_store

    policy = _load(options["policy"], options["detector_dirs"])
    with open_store(options["store_url"]) as store:
        report = store.load_report(options["run"])
        tags = store.tags(report.run.sources, policy=policy.id, spoken_of=True)
        today = datetime.now(UTC).date()
        found = regrade(report, policy, min_confidence=options["min_confidence"], today=today, tags=tags)
        if options["save"]:
            found = _saved(store, report, found, policy)
    _show(context, found, report, options)
    for note in found.graded.notes:
        context.say(note, error=True)
    return EXIT_DONE


def _saved(store: Store, old: Report, found: Regraded, policy: Policy) -> Regraded:
    """Store the new levels as a run of its own, so that history says when and by which policy they came."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from sensscan import __version__

    for source in old.run.sources:
        newest = next((run for run in store.runs(source=source) if run.outcome is not None), None)
        if newest is not None and newest.id != old.run.id:
            raise UsageError(
                Text(f"Run {old.run.id} is not the newest of {source}.", f"{old.run.id} 不是 {source} 最近一次扫描。"),
                Text(
                    f"Only the newest ({newest.id}) may change the labels; leave out --save to see the levels.",
                    f"只有最近一次（{newest.id}）可改动标签；去掉 --save 可只看级别。",
                ),
            )
    now = datetime.now(UTC)
    run_id = f"regrade-{now:%Y%m%d-%H%M%S-%f}"
    store.start_run(run_id, mode=old.run.mode, sources=old.run.sources, started_at=now, version=__version__, policy=policy.signature)
    with store.lock(old.run.sources, run_id):
        store.save_results(run_id, found.results, found.graded.columns)
    ended = datetime.now(UTC)
    head = store.finish_run(run_id, outcome=old.run.outcome, finished_at=ended)
    run = replace(
        found.report.run,
        id=run_id, started_at=now, finished_at=ended, version=__version__, rows_read=0, values_examined=0, columns_examined=0,
        columns_kept=len(found.report.columns), events_count=head.count, events_head=head.hash, timings={},
    )  # fmt: skip
    report = replace(found.report, run=run)
    store.save_report(report)
    return replace(found, report=report)


def _show(context: Context, found: Regraded, before: Report, options: dict[str, Any]) -> None:
    import sys

    from sensscan.cli.policytables import print_moved
    from sensscan.report import RenderOptions, render, write_report

    for path in options["outputs"]:
        write_report(found.report, path, language=context.language)
    form = options["form"]
    if options["quiet"] and form == "console":
        return
    text = render(found.report, form, language=context.language, options=RenderOptions(color=sys.stdout.isatty()))
    assert isinstance(text, str)
    click.echo(text, nl=not text.endswith("\n"))
    if form == "console":
        print_moved(found, before.levels, context.language)


for _command in (list_command, show, check, compare_command, regrade_command):
    command.add_command(_command)
