"""Single values that somebody excepted: a test account's phone, the hotline that stands in every row. Only keyed fingerprints are known."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


def value_fingerprint(secret: bytes, value: str) -> str:
    """Return the keyed fingerprint of a value: it tells equal values apart, and nothing else without the key."""
    return hmac.digest(secret, f"\0{value.strip()}".encode("utf-8", "replace"), "sha256").hex()[:32]


@dataclass(frozen=True, slots=True)
class AllowedValues:
    """The excepted values of one moment; picklable, so that every worker knows them."""

    secret: bytes = field(repr=False)
    rules: tuple[tuple[str, str], ...]
    """(glob over type ids, fingerprint)."""

    def among(self, values: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the excepted ones of `values`, each with the globs of the types that it does not count for."""
        known: dict[str, tuple[str, ...]] = {}
        for glob, fingerprint in self.rules:
            known[fingerprint] = (*known.get(fingerprint, ()), glob)
        found = ((value, known.get(value_fingerprint(self.secret, value))) for value in values)
        return {value: globs for value, globs in found if globs is not None}


def excepted_for(type_id: str, among: dict[str, tuple[str, ...]]) -> frozenset[str]:
    """Return the values that do not count for a type."""
    return frozenset(value for value, globs in among.items() if any(fnmatchcase(type_id, glob) for glob in globs))
