"""`sensscan explain`: the full scorecard of one column, and what would change the verdict."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.cli.looking import reading_options
from sensscan.cli.options import form
from sensscan.errors import EXIT_DONE, EXIT_INCOMPLETE
from sensscan.language import Text


@declare(
    Text(
        "Read one table and explain the verdict on one of its columns: every line of evidence with its weight, the way from scores to "
        "confidence, and what would change the verdict. COLUMN is [SCHEMA.]TABLE.COLUMN, quoted as in SQL where needed. Nothing is stored, "
        "and no clear value is shown.",
        "读取一张表，解释其中一列的判定：每条依据及其权重、由分数到把握度的计算，以及哪些变化会改变判定。COLUMN 为 [模式.]表.列，"
        "必要时像 SQL 那样加引号。不写入标签库，不显示任何明文。",
    ),
    examples=(
        "sensscan explain sqlite:///bank.db customer.cert_no",
        "sensscan explain postgresql://scanner@db1/crm 'public.\"Order Items\".note' --lang zh",
        "sensscan explain sqlite:///bank.db customer.mobile --format json",
    ),
)
@argument("source", metavar="SOURCE")
@argument("column", metavar="COLUMN")
@reading_options
@option(
    "--store",
    "store_url",
    default=None,
    metavar="URL",
    help=Text(
        "Tag store: count foreign keys and equal names of other tables as a scan does, and show the stored label.",
        "标签库：像扫描一样计入其他表的外键与同名列，并显示已存标签。",
    ),
)
@form(*["console", "json"])
@pass_context
def command(context: Context, /, source: str, column: str, store_url: str | None, form: str, **options: Any) -> int:
    """Read, judge, print; exit code 3 when a detector was cut off."""
    from sensscan.cli.explaintables import explanation_data, print_explanation
    from sensscan.cli.looking import source_from
    from sensscan.cli.policytables import print_json
    from sensscan.modes.explain import explain
    from sensscan.store import open_store

    wanted = source_from(source, options, context.language)
    registry = wanted.rules.load()
    with open_store(store_url) if store_url is not None else nullcontext() as store:
        found = explain(wanted, registry, column, store)
    if form == "json":
        print_json(explanation_data(found))
    else:
        print_explanation(found, registry.labels, context.language)
    return EXIT_INCOMPLETE if found.cut_off else EXIT_DONE
