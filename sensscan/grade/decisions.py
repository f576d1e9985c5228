"""What persons decided on labels, before and after grading: their type instead of the found one, their level as the last word."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace

from sensscan.grade.policy import Policy
from sensscan.model import (
    UNKNOWN_LEVEL,
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
        if found is not None and (tag.status != "found" or policy.id in tag.fixed_levels):
            columns[ref] = replace(found, because=(*found.because, "tag"))
    apply_levels(columns, {ref: tag.levels.get(policy.id, tag.level) for ref, tag in tags.items() if policy.id in tag.fixed_levels}, policy)


def apply_levels(columns: MutableMapping[ColumnRef, Grade], decided: Mapping[ColumnRef, str], policy: Policy) -> None:
    """Put the levels that persons set; an id that the policy does not have (any more) is left out."""
    for ref, level_id in decided.items():
        found = columns.get(ref)
        if found is not None and (level_id in policy.ranks or level_id == UNKNOWN_LEVEL.id):
            because = found.because if "tag" in found.because else (*found.because, "tag")
            columns[ref] = replace(found, level=policy.level(level_id), because=because)
