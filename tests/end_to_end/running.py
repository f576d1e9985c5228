"""Calling the command line as a user does: in this process where possible, in a process of its own where signals are sent."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from sensscan.cli import _make_root
from sensscan.cli.base import run

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON report on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def columns(self) -> dict[str, dict[str, Any]]:
        """The report's columns by `table.column`."""
        return {f"{column['table']}.{column['column']}": column for column in self.report["columns"]}

    def line(self) -> str:
        """The one line that the command complained with."""
        lines = self.err.strip().splitlines()  # click begins a new line after a ^C on the terminal
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


@dataclass(frozen=True)
class Home:
    """A user: own configuration, store and working folder."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """The user's environment."""
        own = {"SENSSCAN_DATA_DIR": str(self.folder / "data"), "SENSSCAN_CONFIG_DIR": str(self.folder / "config")}
        return {**os.environ, **own, "SENSSCAN_LANG": "en", "COLUMNS": "100", **self.environ}

    @contextlib.contextmanager
    def _at_home(self) -> Iterator[None]:
        with mock.patch.dict(os.environ, self.variables, clear=True), contextlib.chdir(self.folder):
            yield

    def run(self, *words: str | Path) -> Done:
        """Run a command in this process."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with self._at_home(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), mock.patch("sys.stdin", io.StringIO()):
            code = run(_make_root(), [str(word) for word in words])
        return Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    def scan(self, *words: str | Path) -> Done:
        """Scan, with the JSON report on stdout."""
        return self.run("scan", *words, "--format", "json")

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        command = [sys.executable, "-m", "sensscan", *map(str, words)]
        variables = {**self.variables, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=variables, cwd=self.folder
        )

    def files(self) -> list[Path]:
        """Every file below the user's folder."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


def make_home(folder: Path, **environ: str) -> Home:
    """Return a new user with an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Home(folder, environ)
