"""What every command shares: help in two languages, one way to end with an error, the exit codes."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sensscan import errors
from sensscan.language import Language, Text, choose_language

LANGUAGES = ("zh", "en", "auto")


@dataclass(frozen=True, slots=True)
class Context:
    """What a command knows about how it was called."""

    language: Language

    def say(self, text: Text, *, error: bool = False) -> None:
        """Print one line for a person, on stderr if `error`."""
        click.echo(text.pick(self.language), err=error)


def argv_language(argv: Sequence[str]) -> Language:
    """Return the language for help and errors, known before the command line is parsed."""
    wanted = "auto"
    for position, word in enumerate(argv):
        if word == "--":
            break
        if word == "--lang" and position + 1 < len(argv):
            wanted = argv[position + 1]
        elif word.startswith("--lang="):
            wanted = word.removeprefix("--lang=")
    return choose_language(wanted)


def current_language() -> Language:
    """Return the language of the running command line."""
    context = click.get_current_context(silent=True)
    if context is not None and isinstance(context.find_root().obj, Context):
        language: Language = context.find_root().obj.language
        return language
    return argv_language(sys.argv[1:])


def pass_context(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hand the command its `Context` as first argument."""

    @click.pass_context
    def wrapper(context: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        return function(Context(current_language()), *args, **kwargs)

    wrapper.__name__ = function.__name__
    wrapper.__doc__ = function.__doc__
    wrapper.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]  # click keeps decorators' options there
    return wrapper


_HEADINGS = {
    "Usage": Text("Usage: ", "用法："),
    "Options": Text("Options", "选项"),
    "Commands": Text("Commands", "命令"),
    "Examples": Text("Examples", "示例"),
}


@contextmanager
def _section(formatter: click.HelpFormatter, heading: str) -> Iterator[None]:
    """Write a heading in the reader's language, indent what follows."""
    colon = Text(":", "：").pick(current_language())
    formatter.write_paragraph()
    formatter.write(f"{'':>{formatter.current_indent}}{_HEADINGS[heading].pick(current_language())}{colon}\n")
    with formatter.indentation():
        yield


class TwoLanguageHelp(click.Command):
    """A command whose help is shown in the reader's language."""

    help_text: Text = Text("", "")
    examples: tuple[str, ...] = ()

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line under a heading in the reader's language."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        if current_language() == "zh":
            pieces = pieces.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]...")
        formatter.write_usage(ctx.command_path, pieces, _HEADINGS["Usage"].pick(current_language()))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the description and the examples."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self.help_text.pick(current_language()))
        if self.examples:
            with _section(formatter, "Examples"):
                for example in self.examples:
                    # One line each and never wrapped: an example is there to be copied.
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options; for groups the commands too."""
        # Arguments stand in the usage line and are explained in the description.
        options = [parameter for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        if records:
            with _section(formatter, "Options"):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            rows = []
            for name in self.list_commands(ctx):
                command = self.get_command(ctx, name)
                if command is not None and not command.hidden:
                    rows.append((name, command.get_short_help_str(90)))
            with _section(formatter, "Commands"):
                formatter.write_dl(rows)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the description."""
        sentence = self.help_text.pick(current_language())
        for stop in (". ", "。"):
            sentence = sentence.split(stop)[0]
        return sentence.rstrip(".。")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Describe --help in the reader's language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = Text("Show this text and end.", "显示本说明并退出。").pick(current_language())
        return option


class Command(TwoLanguageHelp):
    """One command."""


class Group(TwoLanguageHelp, click.Group):
    """A command with subcommands."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for an unknown one."""
        name = click.utils.make_str(args[0])
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = difflib.get_close_matches(name, self.list_commands(ctx), n=1)
            hint = Text(f" Did you mean {near[0]}?", f"是否想用 {near[0]}？") if near else Text("", "")
            raise errors.UsageError(Text(f"No such command: {name}.{hint.en}", f"没有这个命令：{name}。{hint.zh}"))
        return super().resolve_command(ctx, args)


def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> Any:
    from sensscan.cli.completion import complete

    return complete(context, parameter, incomplete)


_CLICK_WORDS = {"default:": "默认：", "required": "必填", "env var:": "环境变量："}
_CLICK_TYPES = {"INTEGER": "N", "INTEGER RANGE": "N", "FLOAT": "X", "FLOAT RANGE": "X", "DIRECTORY": "DIR", "FILENAME": "FILE"}
"""click's own words; letters and not Chinese, because click lines its columns up by counting characters."""


class Option(click.Option):
    """An option whose help is shown in the reader's language."""

    def __init__(self, *args: Any, help_text: Text = Text("", ""), **kwargs: Any) -> None:  # noqa: B008  # Text is immutable
        super().__init__(*args, **kwargs)
        self.help_text = help_text

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the two columns of the help table."""
        self.help = self.help_text.pick(current_language())
        record = super().get_help_record(ctx)
        if record is None or current_language() != "zh":
            return record
        # What click itself adds stands in brackets behind our own text.
        names, said = record
        added = said.removeprefix(self.help)
        for english, chinese in _CLICK_WORDS.items():
            added = added.replace(f"{english} ", chinese).replace(english, chinese)
        return names, self.help + added

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the word for the option's value; click's own words for kinds of values in the reader's language."""
        word = super().make_metavar(ctx)
        return _CLICK_TYPES.get(word, word) if self.metavar is None and current_language() == "zh" else word


def option(*names: str, help: Text, **kwargs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an option; `help` in both languages, everything else as in click."""
    if "metavar" in kwargs:
        kwargs.setdefault("shell_complete", _complete)
    return click.option(*names, cls=Option, help_text=help, **kwargs)


def argument(*names: str, **kwargs: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an argument as in click; a metavar such as SOURCE or TYPE completes in the shell."""
    if "metavar" in kwargs:
        kwargs.setdefault("shell_complete", _complete)
    return click.argument(*names, **kwargs)


def _with_language(function: Callable[..., Any]) -> Callable[..., Any]:
    return option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="auto",
        show_default=True,
        expose_value=False,
        help=Text("Language of everything that a person reads.", "界面与报告的语言。"),
    )(function)


def command(
    help: Text, *, examples: tuple[str, ...] = (), name: str | None = None, **kwargs: Any
) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command; every command takes --lang."""

    def decorate(function: Callable[..., Any]) -> Command:
        made = click.command(name, cls=Command, **kwargs)(_with_language(function))
        made.help_text = help
        made.examples = examples
        return made

    return decorate


def group(help: Text, *, name: str | None = None, **kwargs: Any) -> Callable[[Callable[..., Any]], Group]:
    """Declare a group; give it its commands with `add_command`."""

    def decorate(function: Callable[..., Any]) -> Group:
        made = click.group(name, cls=Group, **kwargs)(_with_language(function))
        made.help_text = help
        return made

    return decorate


def write_crash_file(error: BaseException) -> Path | None:
    """Write where the program broke, without any value, and return the file.

    Only file names, line numbers, function names and the exception's class: the message of an exception can hold a cell.
    """
    import os
    import tempfile
    import traceback
    from datetime import UTC, datetime

    import platformdirs

    from sensscan import __version__

    folder = Path(os.environ.get("SENSSCAN_DATA_DIR") or platformdirs.user_data_dir("sensscan"))
    lines = [
        f"sensscan {__version__} {datetime.now(UTC).isoformat(timespec='seconds')}",
        f"{type(error).__module__}.{type(error).__name__}",
    ]
    lines += [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="crash-", suffix=".txt", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return None
    return Path(name)


@contextmanager
def _sigterm_as_ctrl_c() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does: locks given back, transactions ended, exit code 130."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run(root: click.Command, argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; no traceback ever reaches a user."""
    words = list(sys.argv[1:] if argv is None else argv)
    language = argv_language(words)

    def complain(text: Text) -> None:
        click.echo(f"sensscan: {text.pick(language)}", err=True)

    try:
        with _sigterm_as_ctrl_c():
            result = root.main(args=words, prog_name="sensscan", standalone_mode=False, obj=Context(language))
    except click.exceptions.Exit as ended:
        return int(ended.exit_code)
    except (click.Abort, KeyboardInterrupt):
        complain(Text("Interrupted.", "已中断。"))
        return errors.EXIT_INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:  # a group without a command shows its help, as it is
        click.echo(error.format_message(), err=True)
        return errors.EXIT_USAGE
    except click.UsageError as error:
        from sensscan.cli.complaints import usage_message

        complain(usage_message(error))
        return errors.EXIT_USAGE
    except click.ClickException as error:
        complain(Text(error.format_message(), error.format_message()))
        return errors.EXIT_USAGE
    except errors.SensscanError as error:
        complain(Text(error.message("en"), error.message("zh")))
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe (head, less) went away: that is its right, not our error.
        sys.stderr.close()
        return errors.EXIT_DONE
    except Exception as error:  # the last net: an internal error becomes one line and a crash file
        file = write_crash_file(error)
        where = str(file) if file is not None else "-"
        complain(
            Text(
                f"Internal error ({type(error).__name__}). Details without data: {where}",
                f"内部错误（{type(error).__name__}）。不含数据的详情：{where}",
            )
        )
        return errors.EXIT_INTERNAL
    return result if isinstance(result, int) else errors.EXIT_DONE
