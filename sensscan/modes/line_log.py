"""Lines of unattended runs: to a rotated file with times, or to standard output for the service manager's journal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sensscan.errors import UsageError, file_trouble
from sensscan.language import Language, Text

Say = Callable[[Text], None]


def line_log(path: Path | None, language: Language, *, max_mb: int = 10, keep: int = 5) -> Say:
    """Return a function that writes one line per text; raises UsageError when the file cannot be written.

    The file is made for its owner only and rotated when it reaches `max_mb`: `keep` older files stay, so it never fills a disk.
    """
    if path is None:

        def to_output(text: Text) -> None:
            sys.stdout.write(text.pick(language) + "\n")
            sys.stdout.flush()

        return to_output
    from logging import INFO, LogRecord
    from logging.handlers import RotatingFileHandler

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=max_mb * 1024 * 1024, backupCount=keep, encoding="utf-8")
    except OSError as error:
        reason = file_trouble(error)
        raise UsageError(Text(f"Log file {path}: {reason.en}.", f"日志文件 {path}：{reason.zh}。")) from None

    def to_file(text: Text) -> None:
        line = f"{datetime.now().astimezone().isoformat(timespec='seconds')} {text.pick(language)}"
        handler.emit(LogRecord("sensscan", INFO, "", 0, line.replace("\n", " "), None, None))

    return to_file
