"""Write a file so that nobody else can read it and nobody ever sees half of it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from sensscan.errors import UsageError, file_trouble
from sensscan.language import Text

PRIVATE = 0o600


def write_private(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` with mode 0600: into a new file beside it, then renamed over it.

    Text is UTF-8; line ends stay as they are. Raises UsageError when the folder cannot be written.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    target = path.resolve()  # through a symbolic link the file it points to is replaced, not the link
    aside: Path | None = None
    try:
        if target.exists() and not target.is_file():
            _to_device(target, data)
            return
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)  # made with mode 0600
        aside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(PRIVATE)
        aside.replace(target)
        aside = None
    except OSError as problem:
        reason = file_trouble(problem)
        raise UsageError(
            Text(f'Cannot write "{path}": {reason.en}.', f"无法写入“{path}”：{reason.zh}。"),
            Text("Choose a folder that exists and that you may write to.", "请选择一个存在且可写的目录。"),
        ) from None
    finally:
        if aside is not None:
            with contextlib.suppress(OSError):
                aside.unlink()


def _to_device(target: Path, data: bytes) -> None:
    """Write to a pipe or terminal, such as /dev/stdout, which cannot be renamed over; a folder raises IsADirectoryError."""
    with target.open("wb") as file:
        file.write(data)
