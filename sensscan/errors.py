"""Every error that a user can meet: what, where, what to do, and the exit code.

An error text never holds a value of the scanned database, a password or a driver's own message
(driver messages carry parameters and DETAIL lines with values). Translate drivers' errors with
`sensscan.source.errors` into one of these.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
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
        space = "" if line.endswith(("。", "？")) else " "  # a full-width stop brings its own space
        return f"{line}{space}{self.hint.pick(language)}"


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


_FILE_TROUBLES: Mapping[int, Text] = {
    errno.ENOENT: Text("no such file or folder", "文件或目录不存在"),
    errno.ENOTDIR: Text("a part of the path is not a folder", "路径中有一部分不是目录"),
    errno.EISDIR: Text("it is a folder, not a file", "它是目录，不是文件"),
    errno.EACCES: Text("permission denied", "权限不足"),
    errno.EPERM: Text("not permitted", "不允许此操作"),
    errno.EROFS: Text("the file system is read-only", "文件系统只读"),
    errno.ENOSPC: Text("no space left on the device", "磁盘空间不足"),
    errno.EDQUOT: Text("the disk quota is used up", "磁盘配额已用完"),
    errno.ENAMETOOLONG: Text("the name is too long", "名称过长"),
    errno.EMFILE: Text("too many open files", "打开的文件过多"),
}


def file_trouble(error: OSError) -> Text:
    """Return why a file could not be read or written, without a full stop; the system's own words where we have none."""
    own = _FILE_TROUBLES.get(error.errno or 0)
    if own is not None:
        return own
    words = os.strerror(error.errno) if error.errno else type(error).__name__
    return Text(words, words)
