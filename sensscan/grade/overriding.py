"""An institution's own decisions: which override fits an object, and what it does to the level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import translate

from sensscan.grade.policy import Override, Policy
from sensscan.language import Text
from sensscan.model import Grade


@dataclass(frozen=True, slots=True)
class _Compiled:
    override: Override
    globs: tuple[re.Pattern[str] | None, ...]
    """For source, schema, table, column; None fits everything."""

    def fits(self, names: Sequence[str]) -> bool:
        return all(glob is None or glob.match(name) for glob, name in zip(self.globs, names, strict=False))


@dataclass(frozen=True, slots=True)
class Overrides:
    """The overrides that hold today, by kind of object."""

    columns: tuple[_Compiled, ...]
    tables: tuple[_Compiled, ...]
    schemas: tuple[_Compiled, ...]
    sources: tuple[_Compiled, ...]
    notes: tuple[Text, ...]
    """What a person must hear: overrides that have expired."""


def expired_overrides(policy: Policy, today: date) -> tuple[Text, ...]:
    """Return a sentence for every override that has expired: it is ignored until somebody looks at it."""
    return tuple(
        Text(
            f"Override {o.id} of policy {policy.id} expired on {o.until} and is ignored: review it or give it a new date.",
            f"策略 {policy.id} 的例外 {o.id} 已于 {o.until} 到期，不再生效：请复核或更新日期。",
        )
        for o in policy.overrides
        if not _holds(o, today)
    )


def _holds(override: Override, today: date) -> bool:
    return override.until is None or override.until >= today


def overrides_on(policy: Policy, today: date) -> Overrides:
    """Return the overrides of a policy that hold on `today`; expired ones are named in `notes`."""
    valid = [o for o in policy.overrides if _holds(o, today)]
    by_target = {target: tuple(_compile(o) for o in valid if o.target == target) for target in ("column", "table", "schema", "source")}
    return Overrides(by_target["column"], by_target["table"], by_target["schema"], by_target["source"], expired_overrides(policy, today))


def _compile(override: Override) -> _Compiled:
    globs = (override.source, override.schema, override.table, override.column)
    return _Compiled(override, tuple(None if g in (None, "*") else re.compile(translate(g), re.IGNORECASE) for g in globs))


def apply(grade: Grade, names: Sequence[str], candidates: Sequence[_Compiled], policy: Policy) -> Grade:
    """Return the grade after the overrides that fit an object.

    `names` are source, schema, table, column as far as the object has them. The first exact one is final; else the highest `at_least`.
    """
    if not candidates:
        return grade
    fitting = [c.override for c in candidates if c.fits(names)]
    exact = next((o for o in fitting if o.level is not None), None)
    if exact is not None and exact.level is not None:
        return replace(grade, level=policy.level(exact.level), because=(*grade.because, exact.id))
    for override in fitting:
        assert override.at_least is not None
        rank = policy.ranks[override.at_least]
        level = grade.level if grade.level.rank is not None and grade.level.rank >= rank else policy.levels[rank]
        grade = replace(grade, level=level, because=(*grade.because, override.id))
    return grade
