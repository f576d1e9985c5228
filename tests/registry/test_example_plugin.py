"""The example plugin of the docs: built, installed and run as its README says, and found on every server, by folder and by package."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import site
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server

DOCS = Path(__file__).resolve().parents[2] / "docs"
PLUGIN = DOCS / "example-plugin"


@dataclass(frozen=True)
class Installation:
    """An environment with sensscan in it, and a working copy of the example."""

    folder: Path
    environ: dict[str, str]

    def run(self, command: str, *, code: int = 0) -> str:
        done = subprocess.run(["bash", "-ec", command], cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def scan(self, words: str, *, code: int = 0) -> dict[str, str]:
        """Scan and return column -> type."""
        return types_of(json.loads(self.run(f"sensscan scan {words} --format json", code=code)))


def types_of(report: dict[str, Any]) -> dict[str, str]:
    return {column["column"]: column["type"] for column in report["columns"]}


def make_environment(folder: Path) -> dict[str, str]:
    """Make a virtual environment that sees the packages of the running one."""
    venv.create(folder, with_pip=False, symlinks=True)
    packages = next((folder / "lib").glob("python*/site-packages"))
    lines = [f"import site; site.addsitedir({one!r})" for one in site.getsitepackages()]
    (packages / "outer.pth").write_text("\n".join(lines), encoding="utf-8")
    script = folder / "bin" / "sensscan"
    script.write_text(f'#!/bin/sh\nexec {folder / "bin" / "python"} -P -m sensscan "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    keep = {name: value for name, value in os.environ.items() if name in ("HOME", "TMPDIR")}
    return keep | {
        "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "SENSSCAN_LANG": "en",
        "SENSSCAN_DATA_DIR": str(folder / "data"),
        "SENSSCAN_CONFIG_DIR": str(folder / "config"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    base = tmp_path_factory.mktemp("plugin")
    shutil.copytree(PLUGIN, base / "example-plugin", ignore=shutil.ignore_patterns("build", "dist", "*.egg-info", "__pycache__"))
    return Installation(base / "example-plugin", make_environment(base / "venv"))


def commands(readme: Path) -> list[str]:
    """Return the shell commands of a page, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", readme.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def said(installation: Installation) -> dict[str, str]:
    """What each command of the README printed."""
    return {command: installation.run(command) for command in commands(PLUGIN / "README.md")}


def test_readme_installs_lists_and_shows(said: dict[str, str]) -> None:
    listed = said["sensscan rules list"]
    assert "employee_no" in listed and "policy_no" in listed
    assert "Policy number" not in listed  # its label is the card's own, not the file's name
    assert "measured" in said["sensscan rules show policy_no"]


def test_readme_finds_both_types_as_package_and_as_folder(installation: Installation, said: dict[str, str]) -> None:
    assert said
    for name in ("report.json", "report_folder.json"):
        found = types_of(json.loads((installation.folder / name).read_text(encoding="utf-8")))
        assert found == {"id": "none", "policy_no": "policy_no", "c1": "employee_no", "status": "none"}


def test_readme_was_followed_to_its_end(said: dict[str, str]) -> None:
    assert "ok, 6 examples right" in next(text for command, text in said.items() if command.startswith("sensscan rules check"))


def rows() -> list[tuple[int, str, str]]:
    sys.path.insert(0, str(PLUGIN))
    try:
        from acme_detectors.policy_no import check_digit  # type: ignore[import-not-found, unused-ignore]  # a package of the docs
    finally:
        sys.path.remove(str(PLUGIN))
    chosen = random.Random(3)
    made = []
    for number in range(120):
        digits = f"20{chosen.randint(10, 25)}{chosen.randrange(10**8):08d}"
        made.append((number, "SX" + digits + check_digit(digits), f"E-GZ-{chosen.randrange(10**6):06d}"))
    return made


def fill_server(server: Server, name: str) -> str:
    database = server.make_database(name)
    values = ", ".join(f"({number}, '{policy}', '{employee}')" for number, policy, employee in rows())
    database.execute(
        "create table claims (id int primary key, policy_no varchar(30), c1 varchar(30))", f"insert into claims values {values}"
    )
    return database.url


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, postgres_server: Server, mariadb_server: Server) -> Iterator[list[str]]:
    """The same table on each of the three kinds of database."""
    file = tmp_path_factory.mktemp("claims") / "claims.db"
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("create table claims (id integer primary key, policy_no text, c1 text)")
        connection.executemany("insert into claims values (?, ?, ?)", rows())
    connection.close()
    yield [f"sqlite:///{file}", fill_server(postgres_server, "plugin_claims"), fill_server(mariadb_server, "plugin_claims")]


WANTED = {"id": "none", "policy_no": "policy_no", "c1": "employee_no"}


def test_folder_finds_both_types_on_every_server(installation: Installation, sources: list[str], said: dict[str, str]) -> None:
    assert said
    for source in sources:
        assert installation.scan(f"'{source}' --detectors acme_detectors --allow-code") == WANTED


def test_package_finds_both_types_on_every_server(installation: Installation, sources: list[str], said: dict[str, str]) -> None:
    assert said
    installation.run("python -m pip install --no-deps --no-index dist/acme_detectors-1.0.0-py3-none-any.whl")
    try:
        for source in sources:
            assert installation.scan(f"'{source}'") == WANTED
    finally:
        installation.run("python -m pip uninstall --yes acme-detectors")


def test_python_in_a_folder_needs_permission(installation: Installation, said: dict[str, str]) -> None:
    assert said
    installation.run("sensscan scan sqlite:///demo.db --detectors acme_detectors", code=2)
