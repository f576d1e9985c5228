"""A verdict that other tables changed is stored together with the one before, so that a later run can link anew."""

from __future__ import annotations

from sensscan.language import Text
from sensscan.model import Classification, Column, ColumnRef, ColumnResult, Coverage, Evidence, Family, Grade, LevelView
from sensscan.store.codec import decode_grade, decode_outcome, encode_grade, encode_outcome

REF = ColumnRef("s", "main", "orders", "made_by")


def test_the_verdict_before_linking_is_kept() -> None:
    line = Evidence("username", "link", "foreign_key", 6.0, Text("refers to staff.login", "引用 staff.login"))
    before = Classification("none", "none", 1.0)
    found = Classification("is", "username", 0.8022, evidence=(line,), unlinked=before)
    outcome = ColumnResult(Column(REF, "text", Family.TEXT, 1), found, Coverage("head", 9, 9, 9, 0, False, None, 0.3))
    text, _ = encode_outcome(outcome)
    assert decode_outcome(text, REF) == outcome


def test_what_gave_a_level_is_kept() -> None:
    level = LevelView("high", 3, Text("High", "高"), "#c62828")
    grade = Grade(level, "default", "personal.finance", ("R4", "C4"), ("look",), (REF,), 2, "recalled", "4.2")
    assert decode_grade(encode_grade(grade)) == grade
