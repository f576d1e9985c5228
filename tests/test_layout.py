"""The shape of the code: who imports whom, what is packed, how long files and functions are."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = {"sensscan": ROOT / "sensscan", "sensscan.detectors": ROOT / "detectors", "sensscan.sample_dbs": ROOT / "sample_dbs"}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60


def sources(*folders: str) -> list[Path]:
    """Return the Python files of folders, without migrations, which are generated and never changed again."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in paths if "versions" not in path.parts]


def imports(path: Path) -> Iterator[str]:
    """Yield every module that a file names in an import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_layers() -> None:
    """Steps of one line do not know each other; the contracts stand in pyproject.toml."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_the_program_names_no_detector() -> None:
    """Built-in types come through the same door as everybody's: the entry point."""
    named = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources("sensscan")
        for name in imports(path)
        if name.split(".")[0] == "detectors" or name.startswith("sensscan.detectors")
    ]
    assert not named, named


def test_every_folder_is_packed() -> None:
    packed = set(PROJECT["tool"]["setuptools"]["packages"])
    found = {
        ".".join([name, *file.parent.relative_to(folder).parts]) for name, folder in FOLDERS.items() for file in folder.rglob("__init__.py")
    }
    assert packed == found


def test_every_data_file_is_packed() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    left_out = []
    for name, folder in FOLDERS.items():
        for file in folder.rglob("*"):
            if not file.is_file() or file.suffix in (".py", ".pyc") or "__pycache__" in file.parts:
                continue
            packages = [".".join([name, *parent.relative_to(folder).parts]) for parent in file.parents if parent.is_relative_to(folder)]
            homes = {package: globs for package, globs in patterns.items() if package in packages}
            base = {package: FOLDERS.get(package) or ROOT / package.replace(".", "/") for package in homes}
            if not any(file in set(base[package].glob(glob)) for package, globs in homes.items() for glob in globs):
                left_out.append(str(file.relative_to(ROOT)))
    assert not left_out, left_out


@pytest.mark.parametrize("folder", ["sensscan", "detectors", "sample_dbs"])
def test_no_file_and_no_function_is_too_long(folder: str) -> None:
    long = []
    for path in sources(folder):
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(ROOT)
        if len(text.splitlines()) > MOST_LINES:
            long.append(f"{place}: {len(text.splitlines())} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                # Decorators of a command are a table of options, not code.
                lines = (node.end_lineno or 0) - node.body[0].lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    long.append(f"{place}:{node.lineno} {node.name}: {lines} lines")
    assert not long, "\n".join(long)
