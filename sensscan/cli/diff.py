"""`sensscan diff`: what changed between two stored runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.cli.options import BOM, STORE, form_beside_files, outputs
from sensscan.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.store import StoredRun


@declare(
    Text(
        'Compare two stored runs: new, gone and changed labels and levels. RUN is an id, the beginning of one, "latest", "previous" or '
        '"latest~N"; without any, the latest run is compared with the one before it of the same sources. Exit code 0: equal, 1: different.',
        "比较两次扫描：新增、消失和变更的标签与级别。RUN 是编号或其开头，也可为 latest、previous 或 latest~N；"
        "不给时比较最近一次与相同数据源的前一次。退出码 0 表示相同，1 表示不同。",
    ),
    examples=("sensscan diff", "sensscan diff previous latest -o changes.html", "sensscan diff 20260130 20260131 --format json"),
)
@argument("before", default="", metavar="[RUN]")
@argument("after", default="latest", metavar="[RUN]")
@form_beside_files(*["console", "json", "csv", "html"])
@outputs(Text("Write the comparison: .json .csv .html. May be repeated.", "写出比较结果：.json .csv .html。可重复。"))
@BOM
@option("--verbose", is_flag=True, help=Text("List all changes, however many.", "列出全部变化。"))
@option("--quiet", is_flag=True, help=Text("Print nothing; the exit code is the answer.", "不输出，只看退出码。"))
@STORE
@pass_context
def command(context: Context, /, **options: Any) -> int:
    """Load both runs, compare them, print, return 0 (equal) or 1 (different)."""
    from sensscan.cli.report import colored
    from sensscan.report import RenderOptions, compare, render_diff, write_diff
    from sensscan.store import open_store

    with open_store(options["store_url"]) as store:
        after = store.load_report(options["after"])
        before = store.load_report(options["before"] or _before(store.runs(), after.run.id))
        stored = store.diff(before.run.id, after.run.id)
    found = compare(before, after, appeared={change.ref for change in stored.changes if change.kind != "changed"})
    chosen = RenderOptions(bom=options["bom"], color=colored(), limit=0 if options["verbose"] else 200)
    for path in options["outputs"]:
        write_diff(found, path, language=context.language, options=chosen)
        context.say(Text(f"Written: {path}", f"已写入：{path}"), error=True)
    if options["form"] or not (options["outputs"] or options["quiet"]):
        click.echo(render_diff(found, options["form"] or "console", language=context.language, options=chosen), nl=False)
    return EXIT_DONE if found.equal else EXIT_FINDINGS


def _before(runs: Sequence[StoredRun], latest: str) -> str:
    """Return the newest earlier run of the same sources: runs of different databases have nothing in common to compare.

    Raises UsageError when there is none.
    """
    later = next(run for run in runs if run.id == latest)
    earlier = (run for run in runs if run.has_report and run.seq < later.seq and set(run.sources) == set(later.sources))
    found = next(earlier, None)
    if found is None:
        sources = ", ".join(later.sources)
        raise UsageError(
            Text(f"Run {latest} is the only one of {sources}.", f"{sources} 只有 {latest} 这一次扫描。"),
            Text(
                "Scan again, or name the runs: see `sensscan report --list`.", "请再扫描一次，或指明两次扫描：见 `sensscan report --list`。"
            ),
        )
    return found.id
