"""Keys and secrets: placeholders left out, random text told by its entropy (Shannon, bits per character)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from sensscan.plugin import ValueDetector

_ASSIGNMENT = re.compile(
    r"(?i)(?:[a-z0-9_.-]*[._-])?(?:password|passwd|pwd|secret|api_?key|access_?key|access_?secret|token)[\"']? ?[:=] ?[\"']?(.*?)[\"';]*"
)
_PREFIXED = re.compile(
    r"(?:(?:AKIA|ASIA)[A-Z2-7]{16}\Z|LTAI|AKID|AIza|gh[pousr]_|github_pat_|glpat-|xox[baprs]-|[sr]k_(?:live|test)_|npm_|sk-|SG\.|https://)"
)
_PLACEHOLDER = re.compile(
    r"(?i)\$\{.*|\*+|x{4,}|null|none|undefined|changeme|change_me|your[_-].*|<.*>|example.*|todo|string|password|secret|empty"
)
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PUBLIC = re.compile(r"wx[0-9a-f]{16}|[0-9]+|(?:AKIA|ASIA).*")
"""WeChat's app ids are public; bare digits are no key; AWS ids have one form only."""


def entropy(text: str) -> float:
    """Return the bits per character of `text` by its own character counts."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _is_random(value: str) -> bool:
    """Hex of 32 digits has about 3.5 bits, base64 of 40 about 4.6; English words joined have less and no digits."""
    if len(value) < 16 or _UUID.fullmatch(value) or _PUBLIC.fullmatch(value):
        return False
    digits = sum(char.isdigit() for char in value)
    mixed = 0 < digits < len(value)
    return mixed and entropy(value) >= (3.0 if re.fullmatch(r"[0-9a-fA-F]+", value) else 3.3)


def _score(value: str) -> float:
    if _PREFIXED.match(value):
        return 1.0
    if assigned := _ASSIGNMENT.fullmatch(value):
        return 0.0 if _PLACEHOLDER.fullmatch(assigned[1]) else 0.9
    return 0.7 if _is_random(value) else 0.0


class SecretKeyDetector(ValueDetector):
    """Tells secrets from placeholders, identifiers and words."""

    type_id = "secret_key"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 1 for a vendor's form, 0.9 for an assignment, 0.7 for random text, else 0."""
        return [_score(value) for value in values]
