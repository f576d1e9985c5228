"""Every error that a user can meet: what, where, what to do, and the exit code.

An error text never holds a value of the scanned database, a password or a driver's own message
(driver messages carry parameters and DETAIL lines with values). Translate drivers' errors with
`sensscan.source.errors` into one of these.
"""

from __future__ import annotations

from typing import ClassVar

from sensscan.language import Language, Text

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INCOMPLETE = 3
EXIT_NOTHING_READ = 4
EXIT_INTERNAL = 70
EXIT_INTERRUPTED = 130


class SensscanError(Exception):
    """An expected failure, shown as one line (`text`) and a second with what to do (`hint`)."""

    exit_code: ClassVar[int] = EXIT_INTERNAL

    def __init__(self, text: Text, hint: Text | None = None) -> None:
        super().__init__(text.en)
        self.text = text
        self.hint = hint

    def __reduce__(self) -> tuple[type[SensscanError], tuple[Text, Text | None]]:
        """Keep both texts when the error crosses a process border."""
        return (type(self), (self.text, self.hint))

    def message(self, language: Language) -> str:
        """Return text and hint as one line in `language`."""
        line = self.text.pick(language)
        if self.hint is None:
            return line
        return f"{line} {self.hint.pick(language)}"


class UsageError(SensscanError):
    """Wrong use: unknown scheme, missing driver, broken configuration, card, policy or plugin."""

    exit_code = EXIT_USAGE


class ConfigError(UsageError):
    """A configuration, card or policy file is broken; the text names file, key and reason."""


class NothingReadError(SensscanError):
    """A source could not be read at all: unreachable, wrong password, not a database."""

    exit_code = EXIT_NOTHING_READ


class ReadError(SensscanError):
    """One object could not be read; the run goes on and ends as incomplete.

    `code` is one of the reason codes permission, timeout, lost, failed, budget (see `model.Reason`).
    """

    exit_code = EXIT_INCOMPLETE

    def __init__(self, text: Text, hint: Text | None = None, code: str = "failed") -> None:
        super().__init__(text, hint)
        self.code = code

    def __reduce__(self) -> tuple[type[ReadError], tuple[Text, Text | None, str]]:  # type: ignore[override]  # one more argument than the base
        """Keep texts and code when the error crosses a process border."""
        return (type(self), (self.text, self.hint, self.code))


class StoreError(SensscanError):
    """The tag store cannot be opened, is locked, or is newer than this program."""

    exit_code = EXIT_USAGE


class InterruptedRunError(SensscanError):
    """The run was stopped by Ctrl-C, SIGTERM or `--until`; it can be resumed."""

    exit_code = EXIT_INTERRUPTED
