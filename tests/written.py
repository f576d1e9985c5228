"""Writes what pages take from the program: `python -m tests.written`.

The tables of docs/commands.md, the numbers in the tables of weights, and the output shown below commands. Read what it changed: the
words around it may have to follow.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

import click

from sensscan.cli import _make_root
from sensscan.cli.base import Option, TwoLanguageHelp
from tests.pages import ROOT, Call, all_pages, calls, squeezed, unseen
from tests.trying import quiet_place, sample_databases, try_call

PAGE = ROOT / "docs" / "commands.md"
WEIGHT_PAGES = (ROOT / "docs" / "how-a-column-is-judged.md", ROOT / "docs" / "zh" / "how-a-column-is-judged.md")
MARK = "<!-- From here on written by: python -m tests.written -->"

_GROUPS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "sensscan scan": (
        ("What is scanned:", ("--mode", "--targets", "--all", "--schema", "--table", "--column", "--exclude", "--views")),
        ("How much is read, and how gently:", ("--sample", "--all-rows", "--exact", "--seed", "--workers", "--pause", "--until")),
        ("How it is judged and graded:", ("--nlp", "--detectors", "--allow-code", "--policy")),
        ("What comes out:", ("--format", "--output", "--min-confidence", "--verbose", "--quiet", "--log-file")),
        ("Exit code for pipelines:", ("--fail-on", "--fail-on-new")),
    )
}
_METAVARS = {"FLOAT RANGE": "X", "FLOAT": "X", "INTEGER RANGE": "N", "INTEGER": "N", "PATH": "FILE", "DIRECTORY": "DIR"}


def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield (path, command) for a command and everything below it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            under = command.get_command(context, name)
            assert under is not None, f"{path} {name} is listed but not there"
            yield from walk(under, f"{path} {name}")


def options_of(command: click.Command) -> list[Option]:
    """Return the options of its own; --lang is the same everywhere and described once."""
    return [parameter for parameter in command.params if isinstance(parameter, Option) and "--lang" not in parameter.opts]


def _metavar(option: Option) -> str:
    if option.is_flag:
        return ""
    if option.metavar:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    name = option.type.name.upper()
    return _METAVARS.get(name, name)


def _row(option: Option) -> str:
    names = sorted((*option.opts, *option.secondary_opts), key=len)
    metavar = _metavar(option).replace("|", "\\|")
    cells = [f"`{name}`" for name in names[:-1]] + [f"`{names[-1]}{' ' + metavar if metavar else ''}`"]
    text = option.help_text.en
    if option.multiple and "repeated" not in text:
        text += " May be repeated."
    return f"| {', '.join(cells)} | {_escaped(text)} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def _table(options: Sequence[Option]) -> list[str]:
    return ["| Option | Meaning |", "| --- | --- |", *map(_row, options), ""]


def _grouped(path: str, options: Sequence[Option]) -> list[str]:
    lines: list[str] = []
    left = list(options)
    for title, names in _GROUPS.get(path, ()):
        chosen = [option for name in names for option in left if name in option.opts]
        left = [option for option in left if option not in chosen]
        lines += [title, "", *_table(chosen)]
    if left:
        lines += [*(("The run:", "") if path in _GROUPS else ()), *_table(left)]
    return lines


def section(path: str, command: click.Command) -> list[str]:
    """Return the lines on one command."""
    assert isinstance(command, TwoLanguageHelp)
    options = options_of(command)
    lines = [f"{'#' * len(path.split())} {path}", "", _escaped(command.help_text.en), ""]
    if not isinstance(command, click.Group):
        arguments = [
            argument.metavar or (argument.name or "").upper() for argument in command.params if isinstance(argument, click.Argument)
        ]
        usage = " ".join([path, *(["[OPTIONS]"] if options else []), *arguments])
        lines += ["```text", usage, *command.examples, "```", ""]
    return lines + _grouped(path, options)


def generated() -> str:
    """Return the part of the page that follows from the commands."""
    lines = [line for path, command in walk(_make_root(), "sensscan") if path != "sensscan" for line in section(path, command)]
    return "\n".join(lines).rstrip() + "\n"


def weights() -> Mapping[str, float]:
    """Return the weights of the scorecard as the program has them."""
    import tomllib

    return tomllib.loads(resources.files("sensscan.classify").joinpath("weights.toml").read_text(encoding="utf-8"))


_WEIGHT_ROW = re.compile(r"^\| `(\w+)` \| (-?[0-9.]+) \|", flags=re.MULTILINE)


def told_weights(text: str) -> Mapping[str, float]:
    """Return the weights as a page tells them."""
    return {key: float(value) for key, value in _WEIGHT_ROW.findall(text)}


def _with_weights(text: str) -> str:
    now = weights()
    return _WEIGHT_ROW.sub(lambda row: f"| `{row[1]}` | {now.get(row[1], row[2])} |", text)


def _with_output(lines: list[str], call: Call, output: str) -> None:
    """Replace the shown lines that the program no longer prints by the printed lines most like them."""
    printed = output.splitlines()
    plain = squeezed(output)
    for line in unseen(call, output):
        near = difflib.get_close_matches(line, plain, n=1, cutoff=0.5)
        place = next(number for number in range(call.line, len(lines)) if squeezed(lines[number]) == [line])
        if near:
            lines[place] = printed[plain.index(near[0])].rstrip()
        else:
            print(f"line {place + 1}: nothing like it is printed: {line}")


def refresh_output(page: Path, samples: Path) -> None:
    """Run the commands of a page and bring the output that it shows up to date."""
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    with tempfile.TemporaryDirectory() as folder, quiet_place(Path(folder), samples):
        for call in calls(text):
            _, output = try_call(call)
            _with_output(lines, call, output)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write everything anew."""
    head = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    PAGE.write_text(f"{head}{MARK}\n\n{generated()}", encoding="utf-8")
    for page in WEIGHT_PAGES:
        page.write_text(_with_weights(page.read_text(encoding="utf-8")), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        samples = sample_databases(Path(folder))
        for page in all_pages():
            if any(True for _ in calls(page.read_text(encoding="utf-8"))):
                refresh_output(page, samples)


if __name__ == "__main__":
    main()
