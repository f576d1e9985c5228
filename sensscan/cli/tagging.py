"""What the label commands share: who decides, what follows from a new type, which levels there are."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from sensscan.errors import ConfigError, UsageError
from sensscan.language import Language, Text
from sensscan.model import UNKNOWN_LEVEL, ColumnRef, Tag
from sensscan.store import LabelChange

if TYPE_CHECKING:
    from sensscan.grade import Policy
    from sensscan.registry import Registry
    from sensscan.store import Store

NO_TYPE = ("none",)


def actor_name(given: str | None) -> str:
    """Return who decides: --by, else SENSSCAN_USER, else the login name."""
    import getpass

    name = given or os.environ.get("SENSSCAN_USER", "")
    if name:
        return name[:255]
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"


class Knowledge:
    """Types and policies, loaded when a command needs them."""

    def __init__(self, policy: str | None) -> None:
        self._wanted = policy
        self._policies: dict[str, Policy | None] = {}

    @cached_property
    def registry(self) -> Registry:
        """All known types."""
        from sensscan.registry import load_registry

        return load_registry()

    @property
    def types(self) -> Collection[str]:
        """Ids that a label may have."""
        return {*self.registry.cards, *NO_TYPE}

    def check_type(self, type_id: str) -> None:
        """Raise UsageError naming the nearest type for an unknown one."""
        if type_id not in NO_TYPE:
            self.registry.card(type_id)

    def policy(self, name: str) -> Policy | None:
        """Return a policy, or None when it cannot be found any more (a file that was given by path)."""
        from sensscan.grade import load_policy

        if name not in self._policies:
            try:
                self._policies[name] = load_policy(name, self.registry.categories)
            except (ConfigError, UsageError):
                if name == self._wanted:
                    raise
                self._policies[name] = None
        return self._policies[name]

    def check_level(self, policy: str, level: str) -> Text | None:
        """Say what is wrong with a level of a policy."""
        found = self.policy(policy)
        if found is None:
            return Text(f"unknown policy: {policy}.", f"未知策略：{policy}。")
        try:
            found.level(level)
        except UsageError as error:
            return Text(error.message("en"), error.message("zh"))
        return None

    def complete(self, tag: Tag, change: LabelChange) -> LabelChange:
        """Add what follows from a new type: its category, and its level in each policy that graded the column."""
        type_id = "none" if change.status == "rejected" else change.type_id
        if type_id is None or type_id == tag.type_id:
            return change
        names = {*tag.levels, *((self._wanted,) if self._wanted else ()), *(("default",) if not tag.levels else ())}
        levels: dict[str, str] = {}
        category = "none"
        for name in sorted(names):
            policy = self.policy(name)
            if policy is not None:
                cell = policy.cell(type_id)
                levels[name], category = cell.level, cell.category
        return replace(change, category=category, derived_levels=levels)


class Names:
    """Types, levels and categories as people read them in one language, each with its id."""

    def __init__(self, knowledge: Knowledge, language: Language) -> None:
        self.language = language
        self._knowledge = knowledge

    def type(self, type_id: str) -> str:
        """Return a type's label and id; the id alone for one that is not known any more."""
        label = self._knowledge.registry.labels.get(type_id)
        return type_id if label is None else f"{label.pick(self.language)} ({type_id})"

    def level(self, policy: str, level: str) -> str:
        """Return a level's label and id; the id alone where the policy or its level cannot be found."""
        found = self._knowledge.policy(policy) if policy else None
        if level == UNKNOWN_LEVEL.id or found is None or level not in found.ranks:
            return level
        label = found.level(level).label.pick(self.language)
        return label if level in label else f"{label} ({level})"

    def category(self, category: str) -> str:
        """Return a category's label and id; the id alone for one of another tree."""
        policy = self._knowledge.policy("default")
        label = None if policy is None else policy.categories.get(category)
        return category if label is None else f"{label.pick(self.language)} ({category})"


def chosen_tags(
    store: Store, patterns: Sequence[str], sources: Sequence[str] | None, policy: str | None, *, with_unlabelled: bool = True
) -> dict[ColumnRef, Tag]:
    """Return the labels that patterns mean, columns without one included. Raises UsageError where a pattern means nothing."""
    check_patterns(store, patterns, sources)
    tags = store.tags(sources, patterns=patterns, policy=policy)
    if with_unlabelled:
        empty: Mapping[ColumnRef, Tag] = {
            ref: Tag(ref, "none", "unknown", "found") for ref in store.columns(patterns, sources=sources) if ref not in tags
        }
        tags |= empty
    if not tags:
        raise _no_column(patterns)
    return tags


def check_patterns(store: Store, patterns: Sequence[str], sources: Sequence[str] | None) -> None:
    """Raise UsageError naming the patterns that fit no column that the store knows or has known, so that no typing error goes unnoticed."""
    missing = [
        one for one in patterns if not store.columns((one,), sources=sources) and not store.history((one,), sources=sources)
    ]  # fmt: skip
    if missing:
        raise _no_column(missing)


def _no_column(patterns: Sequence[str]) -> UsageError:
    return UsageError(
        Text(f"No column in the store fits: {', '.join(patterns)}.", f"标签库中没有匹配的列：{'、'.join(patterns)}。"),
        Text("See `sensscan tags list --all`; a column must have been scanned.", "见 `sensscan tags list --all`；列需先扫描。"),
    )


def pairs(words: Sequence[str], what: Text) -> dict[str, str]:
    """Read KEY=WORD options. Raises UsageError."""
    found = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign:
            raise UsageError(Text(f"{what.en}: KEY=WORD is wanted, not {word}", f"{what.zh}：应为 键=值，而不是 {word}"))
        found[key.strip()] = value.strip()
    return found
