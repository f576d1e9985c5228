"""What persons decided on labels, before and after grading: their type instead of the found one, their level as the last word."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace

from sensscan.grade.policy import Policy
from sensscan.model import (
    Classification,
    ColumnOutcome,
    ColumnRef,
    ColumnResult,
    Coverage,
    Grade,
    SkippedColumn,
    TableResult,
    Tag,
)

_NOT_READ = Coverage("none", 0, 0, 0, 0, complete=False, row_estimate=None, miss_below=None)


def with_decisions(results: Sequence[TableResult], tags: Mapping[ColumnRef, Tag]) -> list[TableResult]:
    """Return the results with the types that persons decided; a rejected finding counts as none."""
    decided = {ref: tag for ref, tag in tags.items() if tag.status != "found"}
    tables = {ref.table_ref for ref in decided}
    return [
        replace(result, outcomes=tuple(_decided(outcome, decided.get(outcome.column.ref)) for outcome in result.outcomes))
        if result.table.ref in tables
        else result
        for result in results
    ]


def _decided(outcome: ColumnOutcome, tag: Tag | None) -> ColumnOutcome:
    """Return the outcome as a person sees it; a column that was not read keeps its label too."""
    if tag is None or tag.type_id == "unknown":
        return outcome
    if isinstance(outcome, SkippedColumn):
        return ColumnResult(outcome.column, _as_decided(tag.type_id, ()), _NOT_READ)
    found = outcome.classification
    if found.verdict == "contains" and found.type_id == tag.type_id:
        return outcome
    return replace(outcome, classification=_as_decided(tag.type_id, found.flags))


def _as_decided(type_id: str, flags: tuple[str, ...]) -> Classification:
    return Classification("none" if type_id == "none" else "is", type_id, 1.0, flags=flags)  # type: ignore[arg-type]  # flags of a result


def apply_decisions(columns: MutableMapping[ColumnRef, Grade], tags: Mapping[ColumnRef, Tag], policy: Policy) -> None:
    """Name decided types in `because`, and put the levels that persons set under this policy; levels of others are never mapped."""
    for ref, tag in tags.items():
        found = columns.get(ref)
        if found is None or (tag.status == "found" and policy.id not in tag.fixed_levels):
            continue
        fixed = tag.levels.get(policy.id, tag.level) if policy.id in tag.fixed_levels else found.level.id
        known = fixed if fixed in policy.ranks or fixed == "unknown" else found.level.id
        columns[ref] = replace(found, level=policy.level(known), because=(*found.because, "tag"))
