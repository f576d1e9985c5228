"""Cards and detectors for the tests of the registry."""

from __future__ import annotations

from pathlib import Path

CARD = """\
id = "{type_id}"
label = {{ zh = "测试类型", en = "Test type" }}
category = "personal.identity"

[values]
{values}
look_alike = 0.001

[columns]
names = ["{type_id}"]

[examples]
match = [{match}]
no_match = []
"""

DETECTOR = """\
from sensscan.plugin import ValueDetector

class Judge(ValueDetector):
    type_id = "{type_id}"

    def score(self, values):
        {body}
"""


def write_card(folder: Path, type_id: str = "badge_no", *, values: str = "pattern = 'B[0-9]{6}'", match: str = '"B102938"') -> Path:
    """Write a card and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{type_id}.toml"
    path.write_text(CARD.format(type_id=type_id, values=values, match=match), encoding="utf-8")
    return path


def write_detector(folder: Path, body: str, type_id: str = "badge_no") -> Path:
    """Write a Python detector whose `score` has this body (one line, or lines joined by `; `)."""
    path = folder / f"{type_id}.py"
    path.write_text(DETECTOR.format(type_id=type_id, body=body), encoding="utf-8")
    return path
