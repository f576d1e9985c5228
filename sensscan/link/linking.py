"""Foreign keys and equal names: evidence lines of kind "link", added to the scorecard of weak columns."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sensscan.language import Text
from sensscan.model import Alternative, Classification, Column, ColumnRef, ColumnResult, Evidence, TableResult

FOREIGN_KEY_WEIGHT = 6.0
"""The server holds that every value is one of the referenced key's: what the key is, its copy is. Outweighs the prior alone."""
SAME_NAME_WEIGHT = 2.0
"""Equal names mean the same thing more often than not; a nudge for a column that is undecided by itself."""

_PRIOR = -4.6
"""Score of a type for which a scorecard has no line: about 1 column in 100."""
_CERTAIN = 0.8
"""From this confidence on a column speaks for others."""
_DECIDES = 0.5
_SHOWN = 0.02
_AGREE = 2 / 3
"""Share of the columns of one name that must be of the type, those that are nothing counted too."""
_NO_VALUES = ("empty", "placeholders")

_GENERIC_WORDS = """
id ids no num number code name names key value val data info type kind status state flag remark remarks note notes
memo desc description comment content text title date time created updated address addr user uid pid sn seq index idx
level category class source target attr field col column param extra ext json body result count total amount sum order
sort version
编号 序号 名称 类型 状态 备注 说明 描述 内容 日期 时间 代码 编码 数据 信息 值 标志 级别 地址 号码
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A certain column that speaks for another."""

    ref: ColumnRef
    type_id: str


def link(results: Sequence[TableResult]) -> tuple[TableResult, ...]:
    """Return the results with what foreign keys and equal names add; tables stay in their order.

    Only columns without a verdict, or called none, change; each change has its evidence line with its weight. Idempotent.
    """
    columns = {
        outcome.column.ref: (outcome.column, _original(outcome.classification))
        for result in results
        for outcome in result.outcomes
        if isinstance(outcome, ColumnResult)
    }
    names = _certain_names(columns)
    return tuple(_linked_table(result, columns, names) for result in results)


_Columns = Mapping[ColumnRef, tuple[Column, Classification]]
_NameKey = tuple[str, str, str]
"""Source, folded name, family."""


def _original(found: Classification) -> Classification:
    return found if found.unlinked is None else found.unlinked


def _linked_table(result: TableResult, columns: _Columns, names: Mapping[_NameKey, _Speaker]) -> TableResult:
    outcomes = tuple(_linked(outcome, columns, names) if isinstance(outcome, ColumnResult) else outcome for outcome in result.outcomes)
    return result if all(new is old for new, old in zip(outcomes, result.outcomes, strict=True)) else replace(result, outcomes=outcomes)


def _linked(outcome: ColumnResult, columns: _Columns, names: Mapping[_NameKey, _Speaker]) -> ColumnResult:
    before = _original(outcome.classification)
    after = before
    if before.verdict in ("unknown", "none"):
        key = _referenced(outcome.column, columns)
        same = names.get(_name_key(outcome.column)) if before.verdict == "unknown" else None
        if key is not None:
            after = _with_line(before, _foreign_key_line(key))
        elif same is not None and same.ref != outcome.column.ref:
            after = _with_line(before, _same_name_line(same))
    return outcome if after is outcome.classification or after == outcome.classification else replace(outcome, classification=after)


def _certain(found: Classification) -> bool:
    return found.verdict == "is" and found.confidence >= _CERTAIN and found.type_id != "none"


def _referenced(column: Column, columns: _Columns) -> _Speaker | None:
    """Return the certain key at the end of the chain of foreign keys that starts here, if all have the same family."""
    seen = {column.ref}
    at = column
    while at.references is not None and at.references not in seen:
        entry = columns.get(at.references)
        if entry is None or entry[0].family != column.family:
            return None
        at, found = entry
        seen.add(at.ref)
        if _certain(found):
            return _Speaker(at.ref, found.type_id)
        if found.verdict in ("is", "contains"):
            return None
    return None


def _name_key(column: Column) -> _NameKey:
    return (column.ref.source, column.ref.column.casefold(), column.family)


def _is_specific(name: str) -> bool:
    """Tell whether a name has a word that means something by itself."""
    words = _WORD.findall(name.casefold())
    return any(len(word) > 1 and word not in _GENERIC for word in words)


def _certain_names(columns: _Columns) -> dict[_NameKey, _Speaker]:
    """Return who speaks for each name: the first certain column, when the columns of that name agree."""
    groups: dict[_NameKey, list[tuple[ColumnRef, str]]] = defaultdict(list)
    specific = {name: _is_specific(name) for name in {ref.column for ref in columns}}
    for ref, (column, found) in columns.items():
        if found.verdict != "unknown" and specific[ref.column]:
            groups[_name_key(column)].append((ref, found.type_id if _certain(found) else ""))
    speakers = {}
    for key, group in groups.items():
        (type_id, votes), *_ = sorted(Counter(voted for _, voted in group).items(), key=lambda item: (-item[1], item[0]))
        if type_id and votes >= _AGREE * len(group):
            speakers[key] = _Speaker(min(ref for ref, voted in group if voted == type_id), type_id)
    return speakers


def _foreign_key_line(key: _Speaker) -> Evidence:
    where = f"{key.ref.table}.{key.ref.column}"
    reason = Text(f"refers by foreign key to {where}, which is {key.type_id}", f"外键引用 {where}，其类型为 {key.type_id}")
    return Evidence(key.type_id, "link", "foreign_key", FOREIGN_KEY_WEIGHT, reason)


def _same_name_line(same: _Speaker) -> Evidence:
    where = f"{same.ref.table}.{same.ref.column}"
    reason = Text(f"has the same name as {where}, which is {same.type_id}", f"与 {where} 同名，后者类型为 {same.type_id}")
    return Evidence(same.type_id, "link", "same_name", SAME_NAME_WEIGHT, reason)


def _chance(found: Classification, type_id: str) -> float:
    """Return the confidence that the type had: an alternative's, else what the lines of its scorecard add up to."""
    shown = next((other.confidence for other in found.alternatives if other.type_id == type_id), None)
    if shown is not None:
        return shown
    lines = [line.weight for line in found.evidence if line.type_id == type_id]
    against = sum(line.weight for line in found.evidence if line.type_id == "none")
    score = (sum(lines) if lines else _PRIOR) - against
    return 1 / (1 + math.exp(min(60.0, -score)))


def _with_line(found: Classification, line: Evidence) -> Classification:
    """Return the verdict after one more line on the scorecard: its weight is added to the type's log-odds.

    A column without values never gets a verdict from its neighbours: the type becomes an alternative.
    """
    before = min(_chance(found, line.type_id), 0.999)
    odds = before / (1 - before) * math.exp(line.weight)
    after = round(odds / (1 + odds), 4)
    shrink = (1 - after) / (1 - before)
    others = [Alternative(o.type_id, round(o.confidence * shrink, 4)) for o in found.alternatives if o.type_id != line.type_id]
    evidence = (*found.evidence, line)
    valueless = found.reason is not None and found.reason.code in _NO_VALUES
    if after >= _DECIDES and not valueless:
        rest = tuple(o for o in others if o.confidence >= _SHOWN)
        return Classification("is", line.type_id, after, (), found.also, rest, found.flags, evidence, None, found)
    ranked = sorted([*others, Alternative(line.type_id, after)], key=lambda o: (-o.confidence, o.type_id))
    shown = tuple(o for o in ranked if o.confidence >= _SHOWN)
    return replace(found, confidence=round(found.confidence * shrink, 4), alternatives=shown, evidence=evidence, unlinked=found)
