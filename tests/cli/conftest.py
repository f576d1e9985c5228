"""A user's place, and commands called from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import run

Said = tuple[int, str, str]
"""Exit code, standard output, standard error."""


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with a store and a configuration of one's own, on a terminal of 80 columns."""
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def say(own_folders: None, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command line."""

    def called(*words: object) -> Said:
        code = run(_make_root(), list(map(str, words)))
        said = capsys.readouterr()
        return code, said.out, said.err

    return called
