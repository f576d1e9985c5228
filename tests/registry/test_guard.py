"""Foreign detectors: whatever they do, the scan goes on, names them and is incomplete, never silently clean."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sensscan.cli import _make_root
from sensscan.cli.base import run
from sensscan.errors import EXIT_DONE, EXIT_INCOMPLETE, EXIT_USAGE, ConfigError
from sensscan.model import Column, ColumnRef, Family
from sensscan.registry import GuardLimits, load_registry
from sensscan.registry.guard import FAILURES_ALLOWED
from tests.registry.making import write_card, write_detector

# The examples of a card are tested when it is loaded: detectors of these tests misbehave on more than one value only.
MISDEEDS = {
    "raises": ("raise ValueError(values[0])", "raised ValueError at badge_no.py:8"),
    "exits": ("raise SystemExit(0)", "raised SystemExit"),
    "ends": ("import os; os._exit(0)", "its process ended by itself"),
    "hangs": ("while True: pass", "no answer within 1 s"),
    "eats memory": ("return [0] * 10**10", "needed more than 64 MB"),
    "returns too few": ("return [1.0]", "returned 1 scores for"),
    "returns no end": ("import itertools; return itertools.repeat(1.0)", "scores for"),
    "returns NaN": ("return [float('nan')] * len(values)", "not a number"),
    "returns texts": ("return ['1'] * len(values)", "not a number"),
    "returns 2": ("return [2.0] * len(values)", "outside 0 to 1"),
    "returns nothing": ("return None", "no list of scores"),
}


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSSCAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SENSSCAN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Badge numbers under a telling and an empty name, mobile numbers beside them."""
    chosen = random.Random(5)
    connection = sqlite3.connect(tmp_path / "a.db")
    with connection:
        connection.execute("create table staff (id integer primary key, badge_no text, c1 text, phone text)")
        rows = [
            (i, f"B{chosen.randrange(10**6):06d}", f"B{chosen.randrange(10**6):06d}", f"139{chosen.randrange(10**8):08d}")
            for i in range(200)
        ]
        connection.executemany("insert into staff values (?, ?, ?, ?)", rows)
    connection.close()
    return f"sqlite:///{tmp_path / 'a.db'}"


def guarded_body(deed: str) -> str:
    """Misbehave on many values, answer on one."""
    return f"if len(values) == 1: return [1.0]\n        {deed}"


def config(tmp_path: Path) -> None:
    (tmp_path / "sensscan.toml").write_text(
        '[detectors]\npaths = ["cards"]\nallow_code = true\nseconds = 1\nmemory_mb = 64\n', encoding="utf-8"
    )


def scanned(capsys: pytest.CaptureFixture[str], database: str, *words: str) -> tuple[int, dict[str, Any]]:
    code = run(_make_root(), ["scan", database, "--format", "json", *words])
    out = capsys.readouterr()
    assert out.out, out.err
    return code, json.loads(out.out)


@pytest.mark.parametrize("deed", MISDEEDS)
def test_a_misbehaving_detector_is_named_and_the_run_is_incomplete(
    deed: str, tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    body, said = MISDEEDS[deed]
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", guarded_body(body))
    config(tmp_path)
    code, report = scanned(capsys, database)
    assert code == EXIT_INCOMPLETE
    assert report["run"]["outcome"] == "incomplete"
    columns = {column["column"]: column for column in report["columns"]}
    assert columns["phone"]["type"] == "mobile_phone"
    for name in ("badge_no", "c1"):
        assert columns[name]["verdict"] == "unknown"
        assert columns[name]["reason"]["code"] == "failed"
    (first, *_) = report["skipped"]
    assert (first["table"], first["column"], first["reason"]["code"]) == ("staff", "badge_no", "failed")
    text = first["reason"]["text"]
    assert said in text["en"] and "Judge" in text["en"] and "badge_no" in text["en"]
    assert "检测器 Judge" in text["zh"]
    assert "B1" not in json.dumps([one["reason"] for one in report["skipped"]])


def test_a_good_detector_judges_and_the_run_is_complete(tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", "print(values); return [1.0] * len(values)")
    config(tmp_path)
    code, report = scanned(capsys, database)
    assert code == EXIT_DONE
    found = {column["column"]: column["type"] for column in report["columns"]}
    assert found == {"id": "none", "badge_no": "badge_no", "c1": "badge_no", "phone": "mobile_phone"}


def test_an_incomplete_table_is_read_again_by_the_next_incremental_run(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", guarded_body("raise ValueError"))
    config(tmp_path)
    assert scanned(capsys, database)[0] == EXIT_INCOMPLETE
    code, report = scanned(capsys, database, "--mode", "incremental")
    assert code == EXIT_INCOMPLETE
    assert report["run"]["columns_examined"] == 4


def test_worker_processes_guard_too(tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", guarded_body("raise ValueError"))
    config(tmp_path)
    assert scanned(capsys, database, "--workers", "2")[0] == EXIT_INCOMPLETE


def test_a_hanging_detector_is_not_asked_for_ever(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", guarded_body("while True: pass"))
    registry = load_registry([tmp_path / "cards"], allow_code=True, limits=GuardLimits(seconds=0.2))
    guards, detector = registry.guards, registry.matchers["badge_no"].detector
    assert guards is not None and detector is not None
    started = time.monotonic()
    for number in range(20):
        guards.begin(ColumnRef("s", "main", "t", f"c{number}"))
        assert detector.score(["B000001", "B000002"]) == [0.0, 0.0]
    assert time.monotonic() - started < 15
    taken = guards.take()
    assert len(taken) == 20
    assert "not asked again" in taken[FAILURES_ALLOWED].reason.en


def test_detectors_see_no_secret_and_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "s3cret")
    write_card(tmp_path / "cards")
    file = tmp_path / "leak.txt"
    body = f"import os, pathlib\n        if len(values) > 1: pathlib.Path({str(file)!r}).write_text(values[0])\n"
    body += "        return [0.0 if 'DB_PASSWORD' in os.environ else 1.0] * len(values)"
    write_detector(tmp_path / "cards", body)
    registry = load_registry([tmp_path / "cards"], allow_code=True)
    detector = registry.matchers["badge_no"].detector
    assert detector is not None and registry.guards is not None
    assert detector.score(["B000001"]) == [1.0]
    assert detector.score(["B000001", "B000002"]) == [0.0, 0.0]
    assert "OSError" in registry.guards.take()[0].reason.en
    assert not file.exists() or not file.read_text()


def test_broken_texts_reach_a_detector_as_they_are(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", "return [float(len(value) == 1) for value in values]")
    with pytest.raises(ConfigError):
        load_registry([tmp_path / "cards"], allow_code=True)
    write_card(tmp_path / "cards", match='"B"', values="pattern = '.+'")
    registry = load_registry([tmp_path / "cards"], allow_code=True)
    detector = registry.matchers["badge_no"].detector
    assert detector is not None
    assert detector.score(["\udcff", "张", "😀", "\x00"]) == [1.0] * 4
    assert registry.matchers["badge_no"].test(["\udcff"]).passed == [True]


COLUMN_AND_GROUP = """\
from sensscan.plugin import ColumnDetector, GroupDetector, Text

class ByPosition(ColumnDetector):
    type_id = "badge_no"

    def score(self, column):
        if column.ref.column == "bad":
            return 7
        return 1.0 if column.position == 2 and column.family.value == "text" else 0.0

class Spread(GroupDetector):
    type_id = "badge_no"

    def weigh(self, values):
        if len(values) == 3:
            return 1.0, Text(f"all like {values[0]}", "")
        return -2.0, Text("spread", "分布")
"""


def test_column_and_group_detectors_are_guarded_too(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    (tmp_path / "cards" / "badge_no.py").write_text(COLUMN_AND_GROUP, encoding="utf-8")
    registry = load_registry([tmp_path / "cards"], allow_code=True)
    (column,) = registry.column_detectors["badge_no"]
    (group,) = registry.group_detectors["badge_no"]
    ref = ColumnRef("s", "main", "t", "c")
    assert column.score(Column(ref, "text", Family.TEXT, 2)) == 1.0
    assert column.score(Column(ColumnRef("s", "main", "t", "bad"), "text", Family.TEXT, 2)) == 0.0
    assert group.weigh(["B1", "B2"]) == (-2.0, ("spread", "分布"))
    assert registry.guards is not None
    assert group.weigh(["B1", "B2", "B3"])[0] == 0.0, "a reason that holds a clear value is refused"
    reasons = [failure.reason.en for failure in registry.guards.take()]
    assert "outside -1 to 1" in reasons[0]
    assert "clear value" in reasons[1] and "B1" not in reasons[1]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("from sensscan.plugin import ValueDetector\nclass J(ValueDetector):\n    def score(self, v): return []", "type_id"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("import os; os._exit(0)", "ended by itself"),
        (
            "from sensscan.plugin import ValueDetector\nclass J(ValueDetector):\n    type_id='other'\n    def score(self, v): return []",
            "no card",
        ),
    ],
)
def test_a_folder_whose_code_cannot_be_loaded_ends_the_run(
    code: str, said: str, tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_card(tmp_path / "cards")
    (tmp_path / "cards" / "badge_no.py").write_text(code, encoding="utf-8")
    assert run(_make_root(), ["scan", database, "--detectors", "cards", "--allow-code"]) == EXIT_USAGE
    error = capsys.readouterr().err
    assert said in error and "cards" in error
    assert "Traceback" not in error


def test_a_detector_that_fails_on_its_cards_examples_ends_the_run(tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", "raise KeyError(1)")
    with pytest.raises(ConfigError, match=r"badge_no\.toml: examples: .*raised KeyError"):
        load_registry([tmp_path / "cards"], allow_code=True)


def test_built_in_detectors_run_unguarded() -> None:
    registry = load_registry()
    assert registry.guards is None
    assert type(registry.matchers["jwt"].detector).__module__ == "sensscan.detectors.jwt"


@pytest.fixture
def children() -> Iterator[set[int]]:
    before = _children()
    yield before
    for _ in range(50):
        if not _children() - before:
            break
        time.sleep(0.1)
    assert not _children() - before, "a detector's process was left behind"


def _children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


def test_no_process_is_left_behind(children: set[int], tmp_path: Path) -> None:
    write_card(tmp_path / "cards")
    write_detector(tmp_path / "cards", "return [1.0] * len(values)")
    registry = load_registry([tmp_path / "cards"], allow_code=True)
    assert _children() - children
    del registry
    import gc

    gc.collect()
