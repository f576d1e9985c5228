"""Reading and judging a policy file: everything that is refused is refused here, with file, line and key.

The refusals are those of the grading reference: unknown words of any kind, gaps (a built-in type without a row), ambiguous ids,
rules that say two things or nothing, circles. A broken policy ends the run with exit code 2; it is never repaired silently.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, cast, get_args

from sensscan.grade.files import SHIPPED, nearest, read_merged, shipped_text
from sensscan.grade.nodes import Node
from sensscan.grade.policy import (
    CERTAINTY_LABELS,
    PROTECTION_WORDS,
    Cell,
    Certainty,
    Condition,
    Level,
    Override,
    Policy,
    Protection,
    RaisingRule,
    Scope,
)
from sensscan.language import Text
from sensscan.model import UNKNOWN_LEVEL, Flag, LevelView

_TOP = (
    "policy", "version", "label", "document", "certainty", "confidence", "extends", "categories", "levels", "types", "unlisted",
    "conditions", "combinations", "volumes", "rollup", "masks", "overrides",
)  # fmt: skip
_FLAGS: tuple[str, ...] = get_args(Flag)
_MASK = re.compile(r"keep:\d{1,2},\d{1,2}|local:\d{1,2}|octets:\d|region|hidden")
_LEVEL = Text("level", "级别")


@functools.cache
def builtin_types() -> frozenset[str]:
    """Return the types that every policy must have a row for: those of the default policy."""
    return frozenset(tomllib.loads(shipped_text("default"))["types"])


def list_policies() -> tuple[Policy, ...]:
    """Return the shipped policies in the order of the reference."""
    return tuple(load_policy(name, {}) for name in SHIPPED)


def load_policy(name_or_path: str, known_types: Mapping[str, str]) -> Policy:
    """Return a shipped policy by name, or the one in a file.

    `known_types` maps the id of every loaded type to the category of its card; types without a row in the policy (those of
    plugins) take its `unlisted` level, and their card's category where the tree has it.
    Raises UsageError when there is no such policy, ConfigError naming file, line, key and reason when it is broken.
    """
    merged = read_merged(name_or_path)
    top = Node(merged, (), merged.data)
    top.only(*_TOP)
    return _Reader(top, known_types).policy()


class _Reader:
    """Turns the merged tables of one policy into a `Policy`."""

    def __init__(self, top: Node, known_types: Mapping[str, str]) -> None:
        self.top = top
        self.known = known_types
        self.levels = self._levels()
        self.ranks = {level.view.id: rank for rank, level in enumerate(self.levels)}
        self.categories = self._categories()
        self.unlisted = self._unlisted()
        self.cells = self._cells()
        self.ids: set[str] = set()

    def policy(self) -> Policy:
        top = self.top
        name = top.text("policy")
        self._certainty(top)
        rollup = top.table("rollup")
        rollup.only("table", "schema", "database", "source", "max_raise", "raise_cap")
        for key in ("table", "schema", "database", "source"):
            rollup.word(key, ("max",), Text("way to roll up", "汇总方式"), "max")
        return Policy(
            id=name,
            version=top.number("version", 1),
            label=top.label("label", Text(name, name)),
            document=top.title("document", name),
            confidence=top.share("confidence", 0.5),
            hash=_fingerprint(top.data),
            grades=self.levels,
            categories=self.categories,
            cells=self.cells,
            unlisted=self.unlisted,
            conditions=tuple(self._condition(node) for node in top.tables("conditions")),
            combinations=tuple(self._raising(node, volume=False) for node in top.tables("combinations")),
            volumes=tuple(self._raising(node, volume=True) for node in top.tables("volumes")),
            overrides=self._overrides(),
            max_raise=rollup.number("max_raise", 1, least=0),
            raise_cap=rollup.word("raise_cap", self.ranks, _LEVEL, self.levels[-1].view.id),
            masks=self._masks(),
            ranks=self.ranks,
            origin=top.merged.documents[0].name,
            parent=top.text("extends", ""),
        )

    def _certainty(self, node: Node) -> Certainty:
        return cast(Certainty, node.word("certainty", tuple(CERTAINTY_LABELS), Text("certainty", "确定程度"), "judgement"))

    def _levels(self) -> tuple[Level, ...]:
        nodes = self.top.tables("levels")
        if not nodes:
            raise self.top.fail("levels", "a policy has at least one level", "策略至少要有一个级别")
        levels: dict[str, Level] = {}
        for rank, node in enumerate(nodes):
            node.only("id", "label", "color", "clause", "certainty", "protect")
            name = node.text("id")
            if name == UNKNOWN_LEVEL.id:
                raise node.fail(
                    "id", "no level may be called 'unknown': that is the verdict without a level", "级别不能叫 unknown：它表示没有结论"
                )
            if name in levels:
                raise node.fail("id", f"two levels have the id {name!r}", f"有两个级别的 id 都是 {name!r}")
            protect = node.table("protect")
            protect.only(*PROTECTION_WORDS)
            words = {key: protect.word(key, choices, Text(f"word for {key}", f" {key} 用词")) for key, choices in PROTECTION_WORDS.items()}
            view = LevelView(name, rank, node.label("label"), node.text("color", ""))
            levels[name] = Level(view, Protection(**words), node.text("clause", ""), self._certainty(node))
        return tuple(levels.values())

    def _categories(self) -> dict[str, Text]:
        node = self.top.table("categories")
        tree = {name: node.label(name) for name in node.data}
        for name in tree:
            parent = name.rpartition(".")[0]
            if parent and parent not in tree:
                raise node.fail(name, f"its parent category {parent!r} is missing", f"缺少上级类别 {parent!r}")
        return tree

    def _unlisted(self) -> Cell:
        node = self.top.table("unlisted")
        node.only("category", "level")
        if not node.data:
            raise self.top.fail("unlisted", "category and level of unlisted types are missing", "缺少未列出类型的类别和级别")
        category = node.word("category", self.categories, Text("category", "类别"))
        return Cell("", category, node.word("level", self.ranks, _LEVEL), "judgement")

    def _cells(self) -> dict[str, Cell]:
        node = self.top.table("types")
        every = builtin_types() | set(self.known)
        cells: dict[str, Cell] = {}
        for name, row in node.children():
            if name not in every:
                near = nearest(name, every)
                raise node.fail(name, f"unknown type{near.en}", f"未知的类型{near.zh}")
            row.only("category", "level", "clause", "certainty")
            if not row.has("category"):
                raise row.fail(None, "the row names no category", "该行没有类别")
            category = row.word("category", self.categories, Text("category", "类别"))
            cells[name] = Cell(name, category, row.word("level", self.ranks, _LEVEL), self._certainty(row), row.text("clause", ""))
        missing = sorted(builtin_types() - set(cells))
        if missing:
            raise self.top.fail(
                "types", f"no row for the built-in type {', '.join(missing)}", f"内置类型没有对应的行：{'、'.join(missing)}"
            )
        for name in sorted(every - set(cells)):
            category = self.known[name] if self.known[name] in self.categories else self.unlisted.category
            cells[name] = Cell(name, category, self.unlisted.level, "judgement")
        return cells

    def _below(self, node: Node, key: str, name: str) -> frozenset[str]:
        """Return the types that an item of a rule means."""
        is_type, is_category = name in self.cells, name in self.categories
        if name == "none" or (is_type and is_category):
            raise node.fail(
                key, f"{name!r} is both a type and a category: it may not stand in a rule", f"{name!r} 既是类型又是类别，不能用在规则中"
            )
        if is_type:
            return frozenset((name,))
        if not is_category:
            near = nearest(name, [*self.cells, *self.categories])
            raise node.fail(key, f"unknown type or category {name!r}{near.en}", f"未知的类型或类别 {name!r}{near.zh}")
        return frozenset(cell.type_id for cell in self.cells.values() if cell.category == name or cell.category.startswith(f"{name}."))

    def _rule_id(self, node: Node) -> str:
        name = node.text("id")
        if name in self.ids:
            raise node.fail("id", f"two rules or overrides have the id {name!r}", f"有两条规则或例外的 id 都是 {name!r}")
        self.ids.add(name)
        return name

    def _flags(self, node: Node) -> frozenset[str]:
        flags = node.strings("flags")
        for flag in flags:
            if flag not in _FLAGS:
                near = nearest(flag, _FLAGS)
                raise node.fail("flags", f"unknown flag {flag!r}{near.en}", f"未知的标志 {flag!r}{near.zh}")
        return frozenset(flags)

    def _one_of(self, node: Node, first: str, second: str) -> None:
        if node.has(first) == node.has(second):
            raise node.fail(None, f"needs either {first} or {second}, not both or neither", f"{first} 与 {second} 必须且只能写一个")

    def _level_or_none(self, node: Node, key: str) -> str | None:
        return node.word(key, self.ranks, _LEVEL) if node.has(key) else None

    def _condition(self, node: Node) -> Condition:
        node.only("id", "types", "flags", "unless_clear", "level", "lower", "floor", "mark", "why", "clause", "certainty")
        name = self._rule_id(node)
        self._one_of(node, "level", "lower")
        if node.has("floor") and not node.has("lower"):
            raise node.fail("floor", "floor goes with lower", "floor 只能与 lower 一起使用")
        names, flags = node.strings("types"), self._flags(node)
        for key, found in (("types", names), ("flags", flags)):
            if not found:
                raise node.fail(key if node.has(key) else None, f"{key} needs at least one entry", f"{key} 至少要有一项")
        return Condition(
            id=name,
            types=frozenset().union(*(self._below(node, "types", item) for item in names)),
            names=names,
            flags=flags,
            unless_clear=cast(Any, node.word("unless_clear", ("table", "schema"), Text("scope", "范围"), "")),
            level=self._level_or_none(node, "level"),
            lower=node.number("lower", 0),
            floor=node.word("floor", self.ranks, _LEVEL, self.levels[0].view.id),
            mark=node.text("mark", ""),
            why=node.label("why", Text("", "")),
            certainty=self._certainty(node),
            clause=node.text("clause", ""),
        )

    def _items(self, node: Node) -> tuple[tuple[str, ...], ...]:
        """Return the items of `all`, each as the list of which one is enough."""
        value = node.data.get("all")
        items = [[item] if isinstance(item, str) else item for item in value] if isinstance(value, list) else []
        good = all(isinstance(item, list) and item and all(isinstance(name, str) for name in item) for item in items)
        if not items or not good:
            raise node.fail(
                "all" if node.has("all") else None, "all must list types, categories or lists of them", "all 必须列出类型、类别或它们的列表"
            )
        return tuple(tuple(item) for item in items)

    def _raising(self, node: Node, *, volume: bool) -> RaisingRule:
        keys = ("id", "all", "scope", "flags", "at_least", "raise", "mark", "why", "clause", "certainty")
        node.only(*keys, "rows" if volume else "on")
        name = self._rule_id(node)
        self._one_of(node, "at_least", "raise")
        scopes = ("table", "fk") if volume else get_args(Scope)
        names = self._items(node)
        items = tuple(frozenset().union(*(self._below(node, "all", one) for one in item)) for item in names)
        return RaisingRule(
            id=name,
            items=items,
            names=names,
            scope=cast(Scope, node.word("scope", scopes, Text("scope", "范围"), "table")),
            on_columns=node.word("on", ("table", "columns"), Text("object of the rule", "作用对象"), "table") == "columns",
            flags=self._flags(node),
            at_least=self._level_or_none(node, "at_least"),
            raises=node.number("raise", 0),
            rows=node.number("rows") if volume else None,
            disjoint=sum(map(len, items)) == len(frozenset().union(*items)),
            mark=node.text("mark", ""),
            why=node.label("why", Text("", "")),
            certainty=self._certainty(node),
            clause=node.text("clause", ""),
        )

    def _overrides(self) -> tuple[Override, ...]:
        result = []
        for node in self.top.tables("overrides"):
            node.only("id", "source", "schema", "table", "column", "level", "at_least", "by", "reason", "until")
            name = self._rule_id(node)
            self._one_of(node, "level", "at_least")
            for key in ("by", "reason", "until"):
                if node.has("level") and not node.has(key):
                    raise node.fail(
                        None, f"an exact override needs {key!r}: it may lower a level", f"指定确切级别的例外可能降级，必须写明 {key!r}"
                    )
            globs = {key: node.text(key) if node.has(key) else None for key in ("source", "schema", "table", "column")}
            level, at_least = self._level_or_none(node, "level"), self._level_or_none(node, "at_least")
            result.append(
                Override(
                    name,
                    **globs,
                    level=level,
                    at_least=at_least,
                    by=node.text("by", ""),
                    reason=node.text("reason", ""),
                    until=node.day("until"),
                )
            )
        return tuple(result)

    def _masks(self) -> dict[str, str]:
        node = self.top.table("masks")
        masks = {}
        for name in node.data:
            rule = node.text(name)
            if name != "*" and name not in self.cells:
                near = nearest(name, self.cells)
                raise node.fail(name, f"unknown type{near.en}", f"未知的类型{near.zh}")
            if not _MASK.fullmatch(rule):
                raise node.fail(
                    name,
                    f"unknown mask {rule!r}; one of keep:A,B local:A octets:N region hidden",
                    f"未知的掩码 {rule!r}，可用：keep:A,B local:A octets:N region hidden",
                )
            masks[name] = rule
        return masks


def _fingerprint(data: Mapping[str, Any]) -> str:
    """Return a hash over the content: the same policy has the same one however it is written."""
    content = {key: value for key, value in data.items() if key != "extends"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
