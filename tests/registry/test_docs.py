"""The pages about rules: the author's guide is followed command by command, the type reference is what the cards say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.type_reference import reference
from sensscan.modes.config_file import load_config
from sensscan.registry import load_registry
from sensscan.registry.cards import KEYS

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = DOCS / "authors-guide.md"


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of a page, in order."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An empty folder after all commands of the guide, and what each block printed."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "bin").mkdir()
    for name, words in (("sensscan", "-m sensscan"), ("python", "")):
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nexec {sys.executable} -P {words} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    (folder / "work").mkdir()
    environ = {
        "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        "SENSSCAN_LANG": "en",
        "SENSSCAN_DATA_DIR": str(folder / "data"),
        "SENSSCAN_CONFIG_DIR": str(folder / "config"),
        "COLUMNS": "160",
    }
    said = []
    for block in blocks(GUIDE, "sh"):
        done = subprocess.run(["bash", "-ec", block], cwd=folder / "work", env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        said.append(done.stdout)
    return folder / "work", said


def types_of(file: Path) -> dict[str, str]:
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {column["column"]: column["type"] for column in report["columns"]}


def test_the_guide_finds_the_employee_number(followed: tuple[Path, list[str]]) -> None:
    folder, said = followed
    assert types_of(folder / "employees.json") == {"id": "none", "emp_no": "employee_no", "c1": "employee_no", "ref": "none"}
    assert any("gained 2" in text for text in said)


def test_the_guide_measures_and_corrects_the_chance_of_the_policy_number(followed: tuple[Path, list[str]]) -> None:
    folder, said = followed
    assert any("values.chance: says 0.001, measured 0.098" in text for text in said)
    assert types_of(folder / "policies.json")["ref"] == "none"


def test_every_key_of_a_card_is_in_the_guide() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    missing = [key for keys in KEYS.values() for key in keys if f"`{key}`" not in text]
    assert not missing


def test_the_type_reference_is_what_the_cards_say() -> None:
    page = (DOCS / "types.md").read_text(encoding="utf-8")
    assert page == reference(load_registry()), "run: python -m benchmarks.type_reference > docs/types.md"


def test_configuration_of_the_pages_loads(tmp_path: Path) -> None:
    for number, text in enumerate([*blocks(DOCS / "rules.md", "toml"), *blocks(GUIDE, "toml")]):
        if "[project" in text:
            continue
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        load_config(file)
