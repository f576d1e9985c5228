"""JSON web tokens: the first two parts must decode to JSON objects, the first with `alg` (RFC 7519 section 7.2)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence

from sensscan.plugin import ValueDetector


def _json_object(part: str) -> dict[str, object] | None:
    """Return the object that a base64url part holds."""
    try:
        decoded = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return None
    return decoded if isinstance(decoded, dict) else None


def _is_token(value: str) -> bool:
    header, _, rest = value.partition(".")
    fields = _json_object(header)
    return fields is not None and "alg" in fields and _json_object(rest.partition(".")[0]) is not None


class JwtDetector(ValueDetector):
    """Tells tokens from other dotted names."""

    type_id = "jwt"

    def score(self, values: Sequence[str]) -> Sequence[float]:
        """Return 1 for a token, expired or not, else 0."""
        return [float(_is_token(value)) for value in values]
