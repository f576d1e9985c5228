"""The statement log: what was asked of the database, for its administrator."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sensscan.errors import UsageError, file_trouble
from sensscan.language import Text


@dataclass(frozen=True, slots=True)
class StatementLog:
    """A text file that gets one line per statement: time, source, milliseconds, rows, statement.

    Parameters are never written: a primary-key value of a jump can be an ID number. The file has mode 0600. It is opened
    for each line, so that several processes can append to it.
    """

    path: Path

    def write(self, source: str, statement: str, rows: int, seconds: float) -> None:
        """Append one statement. Raises UsageError when the file cannot be written."""
        time = datetime.now().astimezone().isoformat(timespec="milliseconds")
        line = f"{time}\t{source}\t{seconds * 1000:.1f} ms\t{rows} rows\t{' '.join(statement.split())}\n"
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, line.encode("utf-8", "backslashreplace"))
            finally:
                os.close(handle)
        except OSError as error:
            reason = file_trouble(error)
            raise UsageError(
                Text(f"The statement log {self.path} cannot be written: {reason.en}.", f"无法写入语句日志 {self.path}：{reason.zh}。"),
                Text("Choose another file for --log-file.", "请为 --log-file 指定其他文件。"),
            ) from None
