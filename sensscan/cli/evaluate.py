"""`sensscan evaluate`: how good the labels are, measured on a database whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.cli.looking import reading_options
from sensscan.errors import EXIT_DONE, EXIT_INCOMPLETE, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.modes.evaluate import Evaluation
    from sensscan.modes.labels import Labels

_SUFFIXES = (".json", ".html")
_SQLITE = (".db", ".sqlite", ".sqlite3")


@declare(
    Text(
        "Scan databases whose answers are known and say how right the labels are. LABELS is a CSV with the columns table, column, type "
        "and, where needed, db (database, or stem of the SQLite file) and schema; a|b accepts either, best first. A SOURCE may be a folder "
        "of SQLite files. Nothing is stored.",
        "扫描答案已知的数据库，衡量标签的准确程度。标注文件为 CSV，含 table、column、type 列，必要时还有 db（数据库名，或 SQLite 文件名，"
        "不含后缀）和 schema；a|b 表示两者均可，最佳者在前。SOURCE 可为含 SQLite 文件的目录。不写入标签库。",
    ),
    examples=(
        "sensscan evaluate sqlite:///bank.db --labels bank_expected.csv",
        "sensscan evaluate crm.db hr.db --labels labels.csv --comments comments.csv -o quality.html",
        "sensscan evaluate samples/ --labels labels.csv --worst 0 --format json",
    ),
)
@argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@option(
    "--labels", "labels_file", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE",
    help=Text("The known answers (CSV).", "已知答案（CSV）。"),
)  # fmt: skip
@option(
    "--comments", "comments_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=Text(
        "Column comments (CSV: db, table, column, comment), for databases that keep none.",
        "列注释（CSV：db、table、column、comment），供不保存注释的数据库使用。",
    ),
)  # fmt: skip
@option(
    "--worst", type=click.IntRange(0), default=5, show_default=True, metavar="N",
    help=Text("Show the scorecards of so many wrong columns, the surest first.", "显示若干判错列的评分依据，把握最高者在前。"),
)  # fmt: skip
@reading_options
@option(
    "--format", "form", type=click.Choice(["console", "json"]), default="console", show_default=True,
    help=Text("Form of standard output.", "标准输出的格式。"),
)  # fmt: skip
@option(
    "-o", "--output", "outputs", multiple=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=Text("Write the result; its form by suffix: .json .html.", "写出结果，格式由后缀决定：.json .html。"),
)  # fmt: skip
@pass_context
def command(context: Context, /, **options: Any) -> int:
    """Read, compare, print; exit code 3 when a labelled column could not be read."""
    from sensscan.cli.evaluationdata import evaluation_data
    from sensscan.cli.evaluationtables import print_evaluation
    from sensscan.cli.looking import source_from
    from sensscan.cli.policytables import print_json
    from sensscan.modes.evaluate import evaluate
    from sensscan.modes.labels import read_comments, read_labels
    from sensscan.report import ConsoleProgress

    for path in options["outputs"]:
        if path.suffix.lower() not in _SUFFIXES:
            raise UsageError(
                Text(f'"{path}": the suffix does not name a form.', f"“{path}”：无法从后缀判断格式。"),
                Text("Use .json or .html.", "请使用 .json 或 .html。"),
            )
    labels = read_labels(options["labels_file"])
    comments = read_comments(options["comments_file"]) if options["comments_file"] is not None else None
    sources = [source_from(word, options, context.language) for word in _with_folders(options["sources"], labels)]
    registry = sources[0].rules.load()
    with ConsoleProgress(language=context.language, quiet=options["form"] != "console") as progress:
        found = evaluate(sources, registry, labels, comments, progress=progress)
    _write(found, options["outputs"], context, registry.labels)
    if options["form"] == "json":
        print_json(evaluation_data(found))
    else:
        print_evaluation(found, registry.labels, context.language, worst=options["worst"])
    for note in found.notes:
        context.say(note, error=True)
    return EXIT_INCOMPLETE if found.unread else EXIT_DONE


def _with_folders(words: Sequence[str], labels: Labels) -> list[str]:
    """Return the sources; a folder stands for its SQLite files, of which only labelled ones when the labels name databases."""
    named = {row.db for row in labels.rows}
    found: list[str] = []
    for word in words:
        folder = Path(word)
        if "://" in word or not folder.is_dir():
            found.append(word)
            continue
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SQLITE and ("" in named or path.stem in named))
        if not files:
            raise UsageError(
                Text(f"{folder}: no labelled SQLite file in it.", f"{folder}：其中没有已标注的 SQLite 文件。"),
                Text("The column db of the labels holds the stem of the file.", "标注的 db 列应为文件名（不含后缀）。"),
            )
        found += map(str, files)
    return found


def _write(found: Evaluation, outputs: Sequence[Path], context: Context, labels: Any) -> None:
    import json

    from sensscan.cli.evaluationdata import evaluation_data
    from sensscan.cli.evaluationpage import evaluation_page
    from sensscan.report.files import write_private

    for path in outputs:
        if path.suffix.lower() == ".json":
            write_private(path, json.dumps(evaluation_data(found), ensure_ascii=False, indent=2) + "\n")
        else:
            write_private(path, evaluation_page(found, labels, context.language))
