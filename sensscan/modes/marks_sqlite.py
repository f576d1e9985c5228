"""Marks of SQLite: one per file, because nothing in the file counts per table.

Size, mtime and the header's change counter, schema cookie and version-valid-for number (file format, section 1.3: bytes 24-27, 40-43,
92-95); in WAL mode, where the header does not move per commit, also the WAL's size, mtime and salts (WAL format: bytes 16-23).
"""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes.marks import Changed, Comparison, Mark, Same, Unknown
from sensscan.source import Session

_GRAIN_SECONDS = 0.02
"""Two writes within one tick of the file system's clock (4 ms on usual kernels) get the same mtime; marks younger than this wait."""


def read_file(path: Path) -> Mark:
    """Read the mark of a database file; does not open it as a database, so it creates no side files."""
    values = _values(path)
    for _ in range(5):
        young = time.time_ns() - max(int(values["mtime"]), int(values["wal_mtime"])) < _GRAIN_SECONDS * 1e9
        if not young:
            return Mark("sqlite", values)
        time.sleep(_GRAIN_SECONDS)
        values = _values(path)
    return Mark("sqlite", {**values, "young": True})


def _values(path: Path) -> dict[str, str | int]:
    wal = path.with_name(path.name + "-wal")
    size, mtime, header = _stat_and_head(path, 100)
    # An empty WAL is made by anybody who only reads: it counts as none.
    wal_size, wal_mtime, wal_header = _stat_and_head(wal, 32) if wal.exists() and wal.stat().st_size else (0, 0, b"")
    head = header[24:28] + header[40:44] + header[92:96]
    return {
        "size": size, "mtime": mtime, "head": head.hex(),
        "wal_size": wal_size, "wal_mtime": wal_mtime, "salts": wal_header[16:24].hex(),
    }  # fmt: skip


def _stat_and_head(path: Path, count: int) -> tuple[int, int, bytes]:
    try:
        with path.open("rb") as file:
            head = file.read(count)
        facts = path.stat()
    except OSError:
        return 0, 0, b""
    return facts.st_size, facts.st_mtime_ns, head


def read(session: Session, tables: Collection[TableRef]) -> dict[TableRef, Mark]:
    """Give every table the mark of its file; none for databases in memory."""
    files = {str(row[1]): str(row[2] or "") for row in session.execute("PRAGMA database_list")}
    marks = {name: read_file(Path(file)) for name, file in files.items() if file}
    return {ref: marks[ref.schema] for ref in tables if ref.schema in marks}


def server_mark(session: Session) -> str:
    """Return the file's mark; "" while it is being written."""
    mark = read_file(Path(session.url.path))
    return "" if mark.values.get("young") else mark.encode()


def compare(stored: Mark, current: Mark) -> Comparison:
    """Same only when nothing of the file moved."""
    if stored.values.get("young") or current.values.get("young"):
        return Unknown(Text("the file was being written while its mark was read", "读取标记时文件正在被写入"))
    keys = ("size", "mtime", "head", "wal_size", "wal_mtime", "salts")
    if all(stored.values.get(key) == current.values.get(key) for key in keys):
        return Same(Text("the database file has not been written since", "数据库文件此后未被写入"))
    return Changed(Text("the database file was written since", "数据库文件此后被写入过"))
