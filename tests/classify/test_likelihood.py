"""The arithmetic behind the values line of a scorecard."""

import math

from hypothesis import given
from hypothesis import strategies as st

from sensscan.classify.likelihood import likelihoods, log_beta_binomial


@given(st.integers(1, 300), st.floats(0.1, 50), st.floats(0.1, 50))
def test_a_beta_binomial_sums_to_one(tested: int, alpha: float, beta: float) -> None:
    total = math.fsum(math.exp(log_beta_binomial(passed, tested, alpha, beta)) for passed in range(tested + 1))
    assert math.isclose(total, 1.0, rel_tol=1e-6)


@given(st.integers(1, 256), st.floats(1e-5, 0.9), st.floats(1e-4, 0.5))
def test_values_alone_say_at_most_what_look_alikes_allow(tested: int, chance: float, look_alike: float) -> None:
    for passed in (0, tested // 2, tested):
        assert likelihoods(passed, tested, chance=chance, look_alike=look_alike).weight <= math.log(1 / look_alike) + 1e-9


def test_a_share_at_chance_speaks_against_the_type() -> None:
    """Luhn passes 10 % of random digits, so 12 % is no card column."""
    assert likelihoods(12, 100, chance=0.1, look_alike=0.001).weight < -10


def test_a_clean_column_speaks_for_it() -> None:
    assert likelihoods(98, 100, chance=0.1, look_alike=0.001).weight > 6


def test_a_mixture_is_neither() -> None:
    found = likelihoods(40, 100, chance=0.001, look_alike=0.001)
    assert found.weight < 0
    assert found.some_weight > 4
