"""All known types: cards and detectors of the built-in bundle, of installed packages and of users' folders.

Every bundle comes through the same door (entry points of the group `sensscan.detectors`). A broken card or
plugin ends the run: a detector that is silently missing would report a false "clean".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sensscan.errors import ConfigError, UsageError
from sensscan.language import Text
from sensscan.plugin import Bundle, Card, ColumnDetector, Detector, GroupDetector, ValueDetector
from sensscan.registry.cards import KEYS, card_from_toml
from sensscan.registry.matcher import Answers, Matcher, check_card
from sensscan.registry.names import NameEvidence, NameIndex

__all__ = ["Answers", "Matcher", "NameEvidence", "NameIndex", "Registry", "card_from_toml", "check_card", "load_registry"]

ENTRY_POINT_GROUP = "sensscan.detectors"
LANGUAGE_TYPES = frozenset({"person_name", "address", "company_name"})


@dataclass(frozen=True)
class Registry:
    """The types of one run, ready to test values."""

    matchers: Mapping[str, Matcher]
    column_detectors: Mapping[str, tuple[ColumnDetector, ...]]
    group_detectors: Mapping[str, tuple[GroupDetector, ...]]

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """Type id -> card, in alphabetical order."""
        return {type_id: matcher.card for type_id, matcher in self.matchers.items()}

    @cached_property
    def categories(self) -> Mapping[str, str]:
        """Type id -> category id of its card, as the policies want it."""
        return {type_id: card.category for type_id, card in self.cards.items()}

    @cached_property
    def names(self) -> NameIndex:
        """The words of all types, to be looked up in column names and comments."""
        return NameIndex(self.cards.values())

    @cached_property
    def labels(self) -> Mapping[str, Text]:
        """Type id -> label; "none" and "unknown" too."""
        labels = {type_id: card.label for type_id, card in self.cards.items()}
        return {**labels, "none": Text("Not sensitive", "非敏感"), "unknown": Text("Unknown", "未知")}

    @cached_property
    def fingerprints(self) -> Mapping[str, str]:
        """Type id -> hash over card and code: changes when the rule does."""
        return {type_id: _fingerprint(matcher) for type_id, matcher in self.matchers.items()}

    @cached_property
    def fingerprint(self) -> str:
        """Hash over all rules."""
        return _digest(f"{type_id}={digest}" for type_id, digest in sorted(self.fingerprints.items()))

    def without_language(self) -> Registry:
        """Return this registry without the types that a language model tells (`--nlp off`): persons, addresses, organisations."""
        return replace(self, matchers={type_id: matcher for type_id, matcher in self.matchers.items() if type_id not in LANGUAGE_TYPES})

    def with_detectors(self, detectors: Iterable[ValueDetector]) -> Registry:
        """Return this registry with other value detectors for their types (`--nlp hanlp`)."""
        others = {detector.type_id: detector for detector in detectors}
        return replace(
            self,
            matchers={
                type_id: Matcher(matcher.card, others.get(type_id, matcher.detector), trusted=matcher.trusted)
                for type_id, matcher in self.matchers.items()
            },
        )

    def card(self, type_id: str) -> Card:
        """Return the card; raises UsageError naming the nearest type for an unknown one."""
        if type_id in self.cards:
            return self.cards[type_id]
        import difflib

        near = difflib.get_close_matches(type_id, self.cards, n=1)
        hint = (
            Text(f"Did you mean {near[0]}?", f"是否想用 {near[0]}？")
            if near
            else Text("See `sensscan rules list`.", "见 `sensscan rules list`。")
        )
        raise UsageError(Text(f"Unknown type: {type_id}.", f"未知类型：{type_id}。"), hint)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _fingerprint(matcher: Matcher) -> str:
    parts = []
    for item in fields(Card):
        if item.name != "origin":
            value = getattr(matcher.card, item.name)
            parts.append(f"{item.name}={sorted(value) if isinstance(value, frozenset) else value}")
    if matcher.detector is not None:
        import inspect

        try:
            parts.append(inspect.getsource(type(matcher.detector)))
        except (OSError, TypeError):
            # No source (frozen programs): the class's own version stands in.
            parts.append(str(getattr(matcher.detector, "version", "")))
    return _digest(parts)


def _bundles() -> list[Bundle]:
    from importlib.metadata import entry_points

    bundles = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.name != "builtin", point.name)):
        try:
            bundle = point.load()()
        except Exception as error:  # a plugin may fail in any way; its name and the kind of failure end the run
            raise ConfigError(
                Text(
                    f"Detector package {point.name} ({point.value}) cannot be loaded: {type(error).__name__}.",
                    f"检测器包 {point.name}（{point.value}）无法加载：{type(error).__name__}。",
                ),
                Text("Fix or uninstall it.", "请修复或卸载它。"),
            ) from error
        if not isinstance(bundle, Bundle):
            raise ConfigError(
                Text(
                    f"Detector package {point.name} ({point.value}) must return a sensscan.plugin.Bundle.",
                    f"检测器包 {point.name}（{point.value}）必须返回 sensscan.plugin.Bundle。",
                )
            )
        bundles.append(bundle)
    return bundles


def _folder_detectors(folder: Path) -> list[Detector]:
    """Load the Python files of a user's folder; only called with --allow-code."""
    import importlib.util

    made: list[Detector] = []
    for file in sorted(folder.glob("*.py")):
        if file.name == "__init__.py":
            continue
        spec = importlib.util.spec_from_file_location(f"sensscan_user_{file.stem}", file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
            kinds = [
                kind
                for kind in vars(module).values()
                if isinstance(kind, type) and issubclass(kind, Detector) and kind.__module__ == module.__name__
            ]
            made += [kind() for kind in kinds]
        except Exception as error:  # as for packages: any failure of foreign code ends the run with its name
            raise ConfigError(
                Text(f"Detector {file}: cannot be loaded: {type(error).__name__}.", f"检测器 {file}：无法加载：{type(error).__name__}。")
            ) from error
    return made


def _user_bundle(folder: Path, *, allow_code: bool) -> Bundle:
    if not folder.is_dir():
        raise ConfigError(Text(f"Detector folder {folder}: not found.", f"规则目录 {folder}：不存在。"))
    if not allow_code:
        code = sorted(file.name for file in folder.glob("*.py") if file.name != "__init__.py")
        if code:
            raise ConfigError(
                Text(f"Detector folder {folder} holds Python code ({code[0]}).", f"规则目录 {folder} 含 Python 代码（{code[0]}）。"),
                Text("Pass --allow-code if you trust it.", "若信任它，请加 --allow-code。"),
            )
        return Bundle(str(folder), folder)
    return Bundle(str(folder), folder, lambda: _folder_detectors(folder))


def _overridden(card: Card, keys: Mapping[str, object]) -> Card:
    """Return the card with the keys that a source's configuration replaces."""
    known = {**KEYS["values"], **KEYS["columns"]}
    changes: dict[str, Any] = {}
    for key, value in keys.items():
        if key not in known or key in ("words_files", "pattern", "patterns", "structures"):
            raise ConfigError(Text(f"Override of {card.id}: unknown key {key}.", f"对 {card.id} 的覆盖：未知的键 {key}。"))
        name = known[key][0]
        old = getattr(card, name)
        changes[name] = type(old)(value) if isinstance(old, tuple | frozenset | float) else value  # type: ignore[arg-type, call-overload]  # the form was checked with the config
    return replace(card, **changes)


def load_registry(
    dirs: Sequence[Path] = (),
    *,
    allow_code: bool = False,
    enabled: Iterable[str] = (),
    disabled: Iterable[str] = (),
    overrides: Mapping[str, Mapping[str, object]] | None = None,
) -> Registry:
    """Load all bundles.

    `enabled` keeps only these types (empty: all), `disabled` leaves types out, `overrides` replaces keys of cards. A card in a user's
    folder replaces the built-in type of the same id. Raises ConfigError for anything broken or unknown.
    """
    builtin = _bundles()
    user = [_user_bundle(folder, allow_code=allow_code) for folder in dirs]
    cards: dict[str, tuple[Card, bool]] = {}
    value_detectors: dict[str, ValueDetector] = {}
    column_detectors: dict[str, tuple[ColumnDetector, ...]] = {}
    group_detectors: dict[str, tuple[GroupDetector, ...]] = {}
    for bundle in (*builtin, *user):
        own = bundle.name == "builtin"
        for path in sorted(bundle.folder.glob("*.toml")):
            card = card_from_toml(path)
            cards[card.id] = (card, own)
            value_detectors.pop(card.id, None)
        for detector in bundle.detectors():
            if detector.type_id not in cards:
                raise ConfigError(
                    Text(
                        f"Detector {type(detector).__name__} of {bundle.name}: no card for type {detector.type_id}.",
                        f"{bundle.name} 的检测器 {type(detector).__name__}：类型 {detector.type_id} 没有规则卡。",
                    )
                )
            match detector:
                case ValueDetector(type_id=type_id):
                    value_detectors[type_id] = detector
                case ColumnDetector(type_id=type_id):
                    column_detectors[type_id] = (*column_detectors.get(type_id, ()), detector)
                case GroupDetector(type_id=type_id):
                    group_detectors[type_id] = (*group_detectors.get(type_id, ()), detector)
    wanted, unwanted = set(enabled), set(disabled)
    for type_id in sorted((wanted | unwanted | set(overrides or {})) - set(cards)):
        raise ConfigError(Text(f"Unknown type in the configuration: {type_id}.", f"配置中有未知类型：{type_id}。"))
    matchers = {}
    for type_id in sorted(cards):
        if type_id in unwanted or (wanted and type_id not in wanted):
            continue
        card, own = cards[type_id]
        if overrides and type_id in overrides:
            card = _overridden(card, overrides[type_id])
        matchers[type_id] = Matcher(card, value_detectors.get(type_id), trusted=own)
        if not own:
            check_card(matchers[type_id])
    return Registry(matchers, column_detectors, group_detectors)
