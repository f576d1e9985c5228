"""One question before many labels change at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click

from sensscan.cli.base import Context, option
from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import ColumnRef

_YES = ("y", "yes", "是")

yes_option = option(
    "--yes", is_flag=True, help=Text("Do not ask before one pattern changes several columns.", "一个模式将改动多列时不再询问。")
)


def by_pattern(refs: Iterable[ColumnRef], patterns: Sequence[str]) -> bool:
    """Return whether one of the patterns alone means several of these columns."""
    from sensscan.naming import means, parse_name

    changing = list(refs)
    return any(sum(means(parts, ref.schema, ref.table, ref.column) for ref in changing) > 1 for parts in map(parse_name, patterns))


def agreed(context: Context, changing: int, chosen: int) -> bool:
    """Ask on the terminal whether so many of the chosen columns shall change. Raises UsageError where nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            Text(f"{changing} of {chosen} columns would change by one pattern.", f"共 {chosen} 列，其中 {changing} 列将因一个模式而改动。"),
            Text("Add --yes, or name the columns.", "请加 --yes，或逐列指明。"),
        )
    question = Text(
        f"{changing} of {chosen} columns would change. Change them? [y/N] ", f"共 {chosen} 列，将改动 {changing} 列。是否改动？[y/N] "
    )
    click.echo(question.pick(context.language), nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        click.echo(err=True)  # the input ended: the next line begins on a line of its own
    if answer.strip().lower() in _YES:
        return True
    context.say(Text("Nothing was changed.", "未作任何修改。"), error=True)
    return False
