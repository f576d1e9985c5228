"""Runs the commands that pages show, in a place of their own."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from sensscan.cli import _make_root
from sensscan.cli.base import run
from tests.pages import Call

DEMO = "sensscan-demo"


def sample_databases(folder: Path) -> Path:
    """Fill a folder as `sensscan demo` does, without its reports, and return it."""
    from sample_dbs.build import NAMES, build, expected_path

    for name in NAMES:
        build(name, f"sqlite:///{folder / name}.db")
        shutil.copyfile(expected_path(name), folder / f"{name}_expected.csv")
    return folder


@contextlib.contextmanager
def quiet_place(folder: Path, samples: Path) -> Iterator[None]:
    """Work in a folder with copies of the sample databases, a store of its own, English, 80 columns."""
    settings = {
        "SENSSCAN_DATA_DIR": str(folder / "data"), "SENSSCAN_CONFIG_DIR": str(folder / "config"), "SENSSCAN_LANG": "en",
        "SENSSCAN_USER": "wang", "COLUMNS": "80",
    }  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SENSSCAN_")}
    here = folder / "here"
    here.mkdir()
    shutil.copytree(samples, here / DEMO)
    with patch.dict(os.environ, kept | settings, clear=True), contextlib.chdir(here):
        yield


def try_call(call: Call) -> tuple[int, str]:
    """Run one command of a page; return exit code and all that it printed."""
    if call.words[:2] == ("sensscan", "demo"):
        return call.exit_code, ""  # the samples are there; the command has tests of its own
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = run(_make_root(), call.words[1:])
    return code, output.getvalue()
