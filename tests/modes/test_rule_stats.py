"""Drift of rules over runs, from counts alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sensscan.modes.rule_stats import RunHits, stats_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def runs(*hits: int, columns: int = 500, confidence: float = 0.95, source: str = "a") -> list[RunHits]:
    """Return runs, newest first, from hits oldest first."""
    made = [
        RunHits(f"{source}{day}", START + timedelta(days=day), (source,), columns, {"email": count} if count else {}, {"email": confidence})
        for day, count in enumerate(hits)
    ]
    return made[::-1]


def state(found: list[RunHits]) -> str:
    (rule,) = stats_of(found, ["email"], {}).rules
    return rule.state


def test_steady_growing_and_small_changes_are_no_drift() -> None:
    assert state(runs(20, 20, 20)) == "fires"
    assert state(runs(20, 21, 22)) == "fires"
    assert state(runs(1, 1, 2)) == "fires"
    assert state(runs(20)) == "fires"


def test_jumps_and_falls_are_drift() -> None:
    assert state(runs(20, 20, 40)) == "drifts"
    assert state(runs(20, 20, 9)) == "drifts"
    assert state(runs(20, 20, 0)) == "silent"
    assert state(runs(0, 0)) == "never"


def test_more_columns_with_more_hits_are_no_drift() -> None:
    assert state([*runs(40, columns=1000), *runs(20, 20)]) == "fires"


def test_a_fall_of_confidence_is_drift() -> None:
    assert state([*runs(20, confidence=0.7), *runs(20, 20)]) == "drifts"


def test_sources_are_compared_with_themselves() -> None:
    (rule,) = stats_of([*runs(20, 20), *runs(3, 3, source="b")], ["email"], {}).rules
    assert (rule.state, rule.latest, rule.runs) == ("fires", 23, 4)
