"""Check digit of policy numbers: the digits, weighted 1 to 12 from the left, modulo 10."""

from __future__ import annotations

from collections.abc import Sequence

from sensscan.plugin import ValueDetector


class PolicyNumberDetector(ValueDetector):
    """Scores values that match the card's pattern; sensscan has normalised them."""

    type_id = "policy_no"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 1 where the check digit is right, else 0."""
        return [1.0 if check_digit(value[2:-1]) == value[-1] else 0.0 for value in values]


def check_digit(digits: str) -> str:
    """Return the check digit of the 12 digits in front of it.

    >>> check_digit("202400018351")
    '1'
    """
    return str(sum(weight * int(digit) for weight, digit in enumerate(digits, start=1)) % 10)
