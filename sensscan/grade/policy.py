"""A policy in memory: levels, cells, rules, overrides, and the questions asked of them.

A policy maps (type, flags, context) to a level of one framework. It is read and checked in
`sensscan.grade.reading`; nothing here can be made invalid by a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sensscan.errors import UsageError
from sensscan.language import Text
from sensscan.model import UNKNOWN_LEVEL, LevelView

Certainty = Literal["checked", "document", "recalled", "judgement"]
Scope = Literal["table", "fk", "schema"]

CERTAINTY_LABELS: Mapping[str, Text] = {
    "checked": Text("compared with the standard's text", "已与标准原文核对"),
    "document": Text("stated in the project's own requirements", "项目需求中写明"),
    "recalled": Text(
        "from general knowledge: compare with the standard before calling it conformant", "凭一般知识填写，使用前请核对标准原文"
    ),
    "judgement": Text("our own choice", "自行判断"),
}

PROTECTION_WORDS: Mapping[str, tuple[str, ...]] = {
    "store": ("plain", "access_control", "encrypted", "forbidden"),
    "share": ("open", "registered", "approved", "forbidden"),
    "onward": ("yes", "approved", "no"),
    "export": ("free", "logged", "approved", "forbidden"),
    "display": ("clear", "partial", "full", "hidden"),
}
"""The words of each protection key, weakest first."""

BLOCKING_FLAGS: frozenset[str] = frozenset({"masked", "hashed", "encrypted"})
"""A column with one of these is no clear copy and does not count in a rule that does not list the flag."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What a user of data at a level may do, in the words of `PROTECTION_WORDS`."""

    store: str
    share: str
    onward: str
    export: str
    display: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level with its protection words and where it is laid down."""

    view: LevelView
    protect: Protection
    clause: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Cell:
    """The row of one type: its category and its level in this policy."""

    type_id: str
    category: str
    level: str
    certainty: Certainty
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A K rule: replaces the cell of one column that carries one of `flags`."""

    id: str
    types: frozenset[str]
    """Type ids, categories already expanded."""
    names: tuple[str, ...]
    """Types and categories as the file writes them."""
    flags: frozenset[str]
    unless_clear: Literal["", "table", "schema"]
    """The rule does not hold when a clear column of the same type is in the same table or schema."""
    level: str | None
    lower: int
    """Levels down, when `level` is None; never below `floor`."""
    floor: str
    mark: str
    why: Text
    certainty: Certainty
    clause: str


@dataclass(frozen=True, slots=True)
class RaisingRule:
    """A C rule, or a V rule when `rows` is set: raises, never lowers."""

    id: str
    items: tuple[frozenset[str], ...]
    """Per item of `all` the type ids of which one is enough, categories already expanded."""
    names: tuple[tuple[str, ...], ...]
    """The items as the file writes them."""
    scope: Scope
    on_columns: bool
    """The matched columns are raised instead of the table or schema."""
    flags: frozenset[str]
    """Flags that do not keep a column from counting."""
    at_least: str | None
    raises: int
    """Levels up, when `at_least` is None."""
    rows: int | None
    mark: str
    why: Text
    certainty: Certainty
    clause: str
    disjoint: bool
    """No type belongs to two items, so every column that fits an item takes part."""


@dataclass(frozen=True, slots=True)
class Override:
    """An institution's own decision on one kind of object; globs, None where the file leaves a key out.

    The object is what the narrowest key names: columns with `column`, else tables with `table`, else schemas, else sources.
    """

    id: str
    source: str | None
    schema: str | None
    table: str | None
    column: str | None
    level: str | None
    """Exact and final."""
    at_least: str | None
    """Only raises."""
    by: str
    reason: str
    until: date | None
    """Last day on which it holds."""

    @property
    def target(self) -> Literal["column", "table", "schema", "source"]:
        """The kind of object that the override decides."""
        if self.column is not None:
            return "column"
        if self.table is not None:
            return "table"
        return "schema" if self.schema is not None else "source"


@dataclass(frozen=True, slots=True)
class Policy:
    """One framework: every type has a level in it."""

    id: str
    version: int
    label: Text
    document: Text
    confidence: float
    """A type below this confidence gives no level and counts in no rule."""
    hash: str
    """sha256 (hex) over the whole content, `extends` resolved: formatting and comments do not move it."""
    grades: tuple[Level, ...]
    """Least sensitive first; the position is the rank."""
    categories: Mapping[str, Text]
    cells: Mapping[str, Cell]
    """Built-in types and the types of plugins that were known when the policy was loaded."""
    unlisted: Cell
    conditions: tuple[Condition, ...]
    combinations: tuple[RaisingRule, ...]
    volumes: tuple[RaisingRule, ...]
    overrides: tuple[Override, ...]
    max_raise: int
    raise_cap: str
    masks: Mapping[str, str]
    ranks: Mapping[str, int]
    """Level id to rank; "unknown" has none."""
    origin: str = ""
    """The file that it was read from."""
    parent: str = field(default="")
    """What it extends; "" for none."""

    @property
    def levels(self) -> tuple[LevelView, ...]:
        """All levels, least sensitive first, without "unknown"."""
        return tuple(level.view for level in self.grades)

    @property
    def signature(self) -> str:
        """Name, version and beginning of the hash: what records name as the basis of a level."""
        return f"{self.id}@{self.version}:{self.hash[:12]}"

    def level(self, level_id: str) -> LevelView:
        """Return the level named `level_id`; "unknown" has no rank.

        Raises UsageError for an id that this policy does not have. Ranks are not ids: "4" is the level called "4".
        """
        if level_id == UNKNOWN_LEVEL.id:
            return UNKNOWN_LEVEL
        rank = self.ranks.get(level_id)
        if rank is None:
            names = ", ".join(self.ranks)
            raise UsageError(
                Text(f"Policy {self.id} has no level {level_id!r}.", f"策略 {self.id} 没有级别 {level_id!r}。"),
                Text(f"Its levels are: {names}.", f"可用的级别：{names}。"),
            )
        return self.grades[rank].view

    def cell(self, type_id: str) -> Cell:
        """Return the row of `type_id`; a type that nobody knew when the policy was loaded is unlisted."""
        known = self.cells.get(type_id)
        if known is not None:
            return known
        return Cell(type_id, self.unlisted.category, self.unlisted.level, self.unlisted.certainty)

    def rules(self) -> tuple[Condition | RaisingRule, ...]:
        """Return all K, C and V rules in the order of the file."""
        return (*self.conditions, *self.combinations, *self.volumes)

    def protection(self, level_id: str) -> Protection:
        """Return the five words for a level; "unknown" is handled like the highest level until somebody has looked."""
        if level_id == UNKNOWN_LEVEL.id:
            return self.grades[-1].protect
        rank = self.level(level_id).rank
        assert rank is not None
        return self.grades[rank].protect

    def mask_rule(self, type_id: str, flags: frozenset[str] = frozenset()) -> str:
        """Return what display = "partial" leaves visible of a type; secrets are "hidden" in every policy.

        Secrets are the types of categories with "credential" in their id, cvv, and addresses that hold a password or token.
        """
        if "credential" in self.cell(type_id).category or type_id == "cvv" or "credentials" in flags:
            return "hidden"
        return self.masks.get(type_id, self.masks.get("*", "hidden"))
