"""What would change a verdict, on evidence made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sensscan.classify import Classifier
from sensscan.evidence import ColumnEvidence, ColumnProfile, TypeTest
from sensscan.model import Column, ColumnRef, Family
from sensscan.modes.whatif import Outcome, candidate, line_effects, margin, share_at_turn
from sensscan.registry import load_registry


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier(load_registry())


def evidence(passed: int, name: str = "c01", tested: int = 100) -> ColumnEvidence:
    column = Column(ColumnRef("s", "main", "t", name), "text", Family.TEXT, 1)
    profile = ColumnProfile(tested, 0, 0, 0, tested, tested, Family.TEXT, 18.0)
    test = TypeTest("id_card", tested, passed, passed, 0, tested, passed, 0, capped_tested=float(tested), capped_passed=float(passed))
    return ColumnEvidence(column, profile, (test,))


def test_the_turn_is_where_the_verdict_changes(classifier: Classifier) -> None:
    found = share_at_turn(classifier, evidence(100), "id_card")
    assert found is not None and found.turns_at is not None
    at, above = (Outcome.of(classifier.column(evidence(count))) for count in (found.turns_at, found.turns_at + 1))
    assert above.verdict == "is" and not at.same(above)
    assert found.then is not None and found.then.same(at)


def test_more_passing_values_turn_nothing_into_something(classifier: Classifier) -> None:
    found = share_at_turn(classifier, evidence(1), "id_card")
    assert found is not None and found.turns_at is not None and found.turns_at > 1


def test_a_type_without_tested_values_has_no_share(classifier: Classifier) -> None:
    assert share_at_turn(classifier, replace(evidence(0), tests=()), "id_card") is None


def test_the_line_without_which_nothing_is_left_decides(classifier: Classifier) -> None:
    standing = classifier.standing(evidence(100))
    assert candidate(standing) == "id_card"
    effects = line_effects(standing, "id_card", classifier.weights.temperature)
    assert [(effect.line.kind, effect.decisive, effect.without.type_id) for effect in effects] == [("values", True, "none")]


def test_the_margin_is_the_difference_of_the_scores(classifier: Classifier) -> None:
    standing = classifier.standing(evidence(100))
    found = margin(standing)
    assert found is not None and (found.first, found.second) == ("id_card", "none")
    assert found.units == pytest.approx(standing.scores["id_card"].total)
    assert found.odds == pytest.approx(standing.chances["id_card"] / standing.chances["none"], rel=1e-6)
