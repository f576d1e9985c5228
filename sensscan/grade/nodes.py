"""Typed access to the tables of a policy file; what does not fit is refused with file, line and key."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sensscan.errors import ConfigError
from sensscan.grade.files import Merged, nearest
from sensscan.grade.places import Path
from sensscan.language import Text


@dataclass(frozen=True, slots=True)
class Node:
    """One table of the file and where it stands."""

    merged: Merged
    path: Path
    data: dict[str, Any]

    def fail(self, key: str | int | None, en: str, zh: str) -> ConfigError:
        """Return the error for a key of this table, or for the table itself."""
        path = self.path if key is None else (*self.path, key)
        return self.merged.fail(path, Text(en, zh))

    def only(self, *allowed: str) -> None:
        """Refuse keys that nothing reads: a mistyped key would be ignored silently."""
        for key in self.data:
            if key not in allowed:
                near = nearest(key, allowed)
                raise self.fail(key, f"unknown key{near.en}", f"未知的键{near.zh}")

    def has(self, key: str) -> bool:
        """Tell whether the key is written."""
        return key in self.data

    def table(self, key: str) -> Node:
        """Return the table below `key`; an absent one is empty."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, "must be a table", "必须是表")
        return Node(self.merged, (*self.path, key), value)

    def tables(self, key: str) -> list[Node]:
        """Return the tables of a list."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise self.fail(key, "must be a list of tables", "必须是由表组成的列表")
        nodes = []
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.merged.fail((*self.path, key, index), Text("must be a table", "必须是表"))
            nodes.append(Node(self.merged, (*self.path, key, index), item))
        return nodes

    def children(self) -> Iterator[tuple[str, Node]]:
        """Yield every key with its table."""
        for key in self.data:
            yield key, self.table(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a non-empty string; required when there is no default."""
        if key not in self.data:
            if default is None:
                raise self.fail(None, f"the key {key!r} is missing", f"缺少键 {key!r}")
            return default
        value = self.data[key]
        if not isinstance(value, str) or not value:
            raise self.fail(key, "must be a text in quotes", "必须是带引号的非空文本")
        return value

    def word(self, key: str, words: Collection[str], what: Text, default: str | None = None) -> str:
        """Return a string that is one of `words`; `what` names it in the refusal."""
        value = self.text(key, default)
        if value not in words and not (key not in self.data and value == default):
            near = nearest(value, words)
            listed = ", ".join(words)
            raise self.fail(
                key,
                f"unknown {what.en} {value!r}{near.en or f'; one of {listed}'}",
                f"未知的{what.zh} {value!r}{near.zh or f'，可用：{listed}'}",
            )
        return value

    def number(self, key: str, default: int | None = None, least: int = 1) -> int:
        """Return a whole number of at least `least`; required when there is no default."""
        if key not in self.data and default is not None:
            return default
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            place = key if key in self.data else None
            raise self.fail(place, f"{key} must be a whole number of at least {least}", f"{key} 必须是不小于 {least} 的整数")
        return value

    def share(self, key: str, default: float) -> float:
        """Return a number from 0 to 1."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.fail(key, "must be a number from 0 to 1", "必须是 0 到 1 之间的数")
        return float(value)

    def label(self, key: str, default: Text | None = None) -> Text:
        """Return a sentence in both languages: { zh = "...", en = "..." }."""
        if key not in self.data:
            if default is None:
                raise self.fail(None, f"the key {key!r} is missing", f"缺少键 {key!r}")
            return default
        node = self.table(key)
        node.only("zh", "en")
        return Text(node.text("en"), node.text("zh"))

    def title(self, key: str, default: str) -> Text:
        """Return the title of a document: one string for both languages, or a table with both."""
        if isinstance(self.data.get(key), dict):
            return self.label(key)
        text = self.text(key, default)
        return Text(text, text)

    def strings(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; an absent one is empty."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(key, "must be a list of texts", "必须是文本列表")
        return tuple(value)

    def day(self, key: str) -> date | None:
        """Return a date such as 2027-12-31 (without quotes)."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fail(key, "must be a date such as 2027-12-31, without quotes", "必须是日期，例如 2027-12-31，不加引号")
        return value
