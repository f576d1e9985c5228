"""Two policies side by side, and shipped policies against the table of the grading reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sensscan.errors import ConfigError
from sensscan.grade.policy import Certainty, Condition, Policy, RaisingRule
from sensscan.grade.reading import list_policies
from sensscan.language import Text

_MARKS: Mapping[str, Certainty] = {"d": "document", "r": "recalled"}
_CELL = re.compile(r"(\S+)(?:\s+\(([dr])\))?")
_TABLE_HEAD = re.compile(r"\|\s*Type\s*\|")

CERTAINTY_IN_PROSE: frozenset[str] = frozenset({"gbt43697", "pcidss", "gdpr", "hipaa"})
"""Policies whose certainty the reference gives in sentences above the table; their cells carry no marks to compare."""


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One type under two policies."""

    type_id: str
    category: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Tell whether the level ids differ; between two frameworks that says nothing by itself."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What a rule id gives under two policies; "" where the policy has no such rule."""

    rule: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies side by side."""

    first: Policy
    second: Policy
    types: tuple[TypeRow, ...]
    rules: tuple[RuleRow, ...]

    @property
    def same_levels(self) -> bool:
        """Tell whether both use the same level ids, so that a difference means a decision."""
        return list(self.first.ranks) == list(self.second.ranks)


@dataclass(frozen=True, slots=True)
class PageDifference:
    """One cell of the table that a shipped policy does not say."""

    policy: str
    type_id: str
    line: int
    """Line of the page, from 1; 0 when the page has no such row."""
    page: str
    shipped: str


def compare(first: Policy, second: Policy) -> Comparison:
    """Return every type and rule of two policies side by side."""
    types = dict.fromkeys((*first.cells, *second.cells))
    rows = tuple(TypeRow(t, first.cell(t).category, first.cell(t).level, second.cell(t).level) for t in types)
    mine = {rule.id: rule_result(rule) for rule in first.rules()}
    theirs = {rule.id: rule_result(rule) for rule in second.rules()}
    rules = tuple(RuleRow(name, mine.get(name, ""), theirs.get(name, "")) for name in dict.fromkeys((*mine, *theirs)))
    return Comparison(first, second, rows, rules)


def rule_result(rule: Condition | RaisingRule) -> str:
    """Return what a rule does to the level, such as ">= high", "+1", "= C3", "-1 (>= low)"."""
    if isinstance(rule, Condition):
        return f"= {rule.level}" if rule.level is not None else f"-{rule.lower} (>= {rule.floor})"
    text = f">= {rule.at_least}" if rule.at_least is not None else f"+{rule.raises}"
    return f"{text} (columns)" if rule.on_columns else text


def compare_with_page(path: Path) -> tuple[PageDifference, ...]:
    """Compare each shipped policy cell by cell with the table "Type to level" of a Markdown page.

    `-` in a cell is the policy's lowest level; (d) and (r) are its certainty, except for the policies of `CERTAINTY_IN_PROSE`.
    Returns the differences, none when all agree. Raises ConfigError when the page has no such table.
    """
    names, rows = _table(path)
    policies = {policy.id: policy for policy in list_policies()}
    found = [PageDifference(name, "", 0, "", "a column is missing") for name in policies if name not in names]
    for name in names:
        policy = policies.get(name)
        if policy is None:
            found.append(PageDifference(name, "", 0, "a column", "no such policy"))
            continue
        for type_id, (line, cells) in rows.items():
            page, shipped = _wanted(cells[name], policy), _shipped(policy, type_id)
            if page != shipped:
                found.append(PageDifference(name, type_id, line, page, shipped))
        missing = [type_id for type_id in policy.cells if type_id not in rows]
        found.extend(PageDifference(name, type_id, 0, "", _shipped(policy, type_id)) for type_id in missing)
    return tuple(found)


def _shipped(policy: Policy, type_id: str) -> str:
    cell = policy.cells.get(type_id)
    if cell is None:
        return ""
    return cell.level if policy.id in CERTAINTY_IN_PROSE else f"{cell.level} {cell.certainty}"


def _wanted(text: str, policy: Policy) -> str:
    """Return what a cell of the page says, in the words of `_shipped`."""
    match = _CELL.fullmatch(text)
    if match is None:
        return text
    level = policy.levels[0].id if match[1] == "-" else match[1]
    return level if policy.id in CERTAINTY_IN_PROSE else f"{level} {_MARKS.get(match[2] or '', 'judgement')}"


def _table(path: Path) -> tuple[list[str], dict[str, tuple[int, dict[str, str]]]]:
    """Return policy names and rows (line, cells by policy) of the page's table."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(Text(f"{path}: the page cannot be read as UTF-8 text.", f"{path}：无法按 UTF-8 文本读取该页面。")) from None
    start = next((at for at, line in enumerate(lines) if _TABLE_HEAD.match(line) and "default" in _cells(line)), None)
    if start is None:
        raise ConfigError(
            Text(
                f"{path}: the page has no table with the columns Type, base, default ...",
                f"{path}：页面中没有以 Type、base、default 等为列的表格。",
            )
        )
    names = _cells(lines[start])[1:]
    rows: dict[str, tuple[int, dict[str, str]]] = {}
    for at, line in enumerate(lines[start + 2 :], start + 3):
        if not line.startswith("|"):
            break
        type_id, *cells = _cells(line)
        if len(cells) != len(names):
            raise ConfigError(
                Text(
                    f"{path}:{at}: {len(cells)} cells, not {len(names)}.", f"{path}:{at}：有 {len(cells)} 个单元格，应为 {len(names)} 个。"
                )
            )
        rows[type_id] = (at, dict(zip(names, cells, strict=True)))
    return names, rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def cell_count() -> int:
    """Return how many cells the shipped policies have: what `compare_with_page` looks at."""
    return sum(len(policy.cells) for policy in list_policies())
