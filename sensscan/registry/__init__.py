"""All known types: cards and detectors of the built-in bundle, of installed packages and of users' folders.

Every bundle comes through the same door (entry points of the group `sensscan.detectors`). A broken card or
plugin ends the run: a detector that is silently missing would report a false "clean".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sensscan.errors import ConfigError, UsageError
from sensscan.language import Text
from sensscan.plugin import Bundle, Card, ColumnDetector, Detector, GroupDetector, ValueDetector
from sensscan.registry.cards import KEYS, card_from_toml
from sensscan.registry.guard import PROXIES, DetectorFailure, GuardLimits, Guards, load_foreign
from sensscan.registry.matcher import Answers, Matcher, check_card
from sensscan.registry.names import NameEvidence, NameIndex

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = [
    "Answers", "DetectorFailure", "GuardLimits", "Guards", "Matcher", "NameEvidence", "NameIndex", "Registry", "card_from_toml",
    "check_card", "load_registry",
]  # fmt: skip

ENTRY_POINT_GROUP = "sensscan.detectors"
_OWN_MODULE = "sensscan.detectors"
LANGUAGE_TYPES = frozenset({"person_name", "address", "company_name"})


@dataclass(frozen=True)
class Registry:
    """The types of one run, ready to test values."""

    matchers: Mapping[str, Matcher]
    column_detectors: Mapping[str, tuple[ColumnDetector, ...]]
    group_detectors: Mapping[str, tuple[GroupDetector, ...]]
    guards: Guards | None = None
    """What happened to foreign detectors; None where there are none."""

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
        return {
            type_id: _fingerprint(matcher, (*self.column_detectors.get(type_id, ()), *self.group_detectors.get(type_id, ())))
            for type_id, matcher in self.matchers.items()
        }

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

    def joined(self, others: Sequence[Registry]) -> Registry:
        """Return a registry that knows the types of several: for the policy and the report of a run over different sources."""
        known: dict[str, Matcher] = {}
        for one in (self, *others):
            known = {**one.matchers, **known}
        return replace(self, matchers=dict(sorted(known.items()))) if others else self

    def card(self, type_id: str) -> Card:
        """Return the card; raises UsageError naming the nearest type for an unknown one."""
        if type_id in self.cards:
            return self.cards[type_id]
        raise UsageError(Text(f"Unknown type: {type_id}.", f"未知类型：{type_id}。"), _nearest(type_id, self.cards))


def _nearest(type_id: str, known: Iterable[str]) -> Text:
    import difflib

    near = difflib.get_close_matches(type_id, known, n=1)
    if near:
        return Text(f"Did you mean {near[0]}?", f"是否想用 {near[0]}？")
    return Text("See `sensscan rules list`.", "见 `sensscan rules list`。")


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _fingerprint(matcher: Matcher, others: Sequence[Detector]) -> str:
    parts = []
    for item in fields(Card):
        if item.name != "origin":
            value = getattr(matcher.card, item.name)
            parts.append(f"{item.name}={sorted(value) if isinstance(value, frozenset) else value}")
    detectors = others if matcher.detector is None else (matcher.detector, *others)
    return _digest([*parts, *(code_of(detector) for detector in detectors)])


def code_of(detector: Detector) -> str:
    """Return what changes when a detector's code does: its source, or the hash that came with a foreign one."""
    if isinstance(detector, PROXIES):
        return detector.fingerprint
    import inspect

    try:
        return inspect.getsource(type(detector))
    except (OSError, TypeError):
        # No source (frozen programs): the class's own version stands in.
        return str(getattr(detector, "version", ""))


@dataclass(frozen=True)
class _Part:
    """One bundle: a folder of cards and what stands beside them."""

    name: str
    folder: Path
    detectors: tuple[Detector, ...] = ()
    own: bool = False
    packaged: bool = False
    only: Path | None = None
    """A single card of the folder."""

    def files(self) -> list[Path]:
        """Return the cards in the order of their names."""
        return [self.only] if self.only is not None else sorted(self.folder.glob("*.toml"))


def _builtin(point: EntryPoint) -> _Part:
    bundle = point.load()()
    assert isinstance(bundle, Bundle)
    return _Part(bundle.name, bundle.folder, tuple(bundle.detectors()), own=True)


def _packages(guards: Guards) -> list[_Part]:
    """Return the built-in bundle and those of installed packages; a foreign package's code is loaded in a process of its own."""
    from importlib.metadata import entry_points

    parts = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.module != _OWN_MODULE, point.name)):
        if point.module == _OWN_MODULE:
            parts.append(_builtin(point))
            continue
        what = Text(f"Detector package {point.name} ({point.value})", f"检测器包 {point.name}（{point.value}）")
        origin = {"kind": "entry_point", "name": point.name, "value": point.value, "group": ENTRY_POINT_GROUP}
        found = load_foreign(origin, what, guards)
        parts.append(_checked_folder(_Part(point.name, Path(found.folder), found.detectors, packaged=True), what))
    return parts


def _checked_folder(part: _Part, what: Text) -> _Part:
    if not part.folder.is_dir():
        raise ConfigError(Text(f"{what.en}: the folder {part.folder} does not exist.", f"{what.zh}：目录 {part.folder} 不存在。"))
    if not part.files():
        raise ConfigError(
            Text(f"{what.en}: no card (*.toml) in {part.folder}.", f"{what.zh}：{part.folder} 中没有规则卡（*.toml）。"),
            Text("`sensscan rules new TYPE` writes one.", "可用 `sensscan rules new TYPE` 新建。"),
        )
    return part


def _code_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.py") if not file.name.startswith("_"))


def _user_folder(folder: Path, guards: Guards, *, allow_code: bool) -> _Part:
    what = Text(f"Detector folder {folder}", f"规则目录 {folder}")
    part = _checked_folder(_Part(str(folder), folder), what)
    code = _code_in(folder)
    if not code:
        return part
    if not allow_code:
        raise ConfigError(
            Text(f"{what.en} holds Python code ({code[0].name}).", f"{what.zh} 含 Python 代码（{code[0].name}）。"),
            Text("Pass --allow-code if you trust it.", "若信任它，请加 --allow-code。"),
        )
    found = load_foreign({"kind": "folder", "path": str(folder.absolute())}, what, guards)
    return replace(part, detectors=found.detectors)


def _single_card(path: Path, guards: Guards, *, allow_code: bool) -> _Part:
    """Return one card of a folder, with the detectors of its type if code is allowed and there is any."""
    part = _Part(str(path), path.parent, only=path)
    if not allow_code and path.with_suffix(".py").is_file():
        raise ConfigError(
            Text(f"Beside card {path} stands Python code ({path.stem}.py).", f"规则卡 {path} 旁边有 Python 代码（{path.stem}.py）。"),
            Text("Pass --allow-code if you trust it.", "若信任它，请加 --allow-code。"),
        )
    if not (allow_code and _code_in(path.parent)):
        return part
    what = Text(f"Detector folder {path.parent}", f"规则目录 {path.parent}")
    found = load_foreign({"kind": "folder", "path": str(path.parent.absolute())}, what, guards)
    return replace(part, detectors=tuple(one for one in found.detectors if one.type_id == path.stem))


def _overridden(card: Card, keys: Mapping[str, object]) -> Card:
    """Return the card with the keys that a source's configuration replaces."""
    known = {**KEYS["values"], **KEYS["columns"]}
    changes: dict[str, Any] = {}
    for key, value in keys.items():
        plain = key.removeprefix("add_")
        if plain not in known or plain in ("words_files", "pattern", "patterns", "structures"):
            raise ConfigError(Text(f"Override of {card.id}: unknown key {key}.", f"对 {card.id} 的覆盖：未知的键 {key}。"))
        name = known[plain][0]
        old = changes.get(name, getattr(card, name))
        given = [word.casefold() for word in cast("Sequence[str]", value)] if plain in ("words", "codes") else value
        if key != plain:
            changes[name] = type(old)((*old, *cast("Sequence[str]", given)))
        else:
            changes[name] = type(old)(given) if isinstance(old, tuple | frozenset | float) else given  # type: ignore[arg-type, call-overload]  # the form was checked with the config
    return replace(card, **changes)


@dataclass
class _Collected:
    """What the bundles loaded so far amount to; a later card of the same id replaces the earlier one with all its detectors."""

    cards: dict[str, tuple[Card, _Part]] = field(default_factory=dict)
    values: dict[str, ValueDetector] = field(default_factory=dict)
    columns: dict[str, tuple[ColumnDetector, ...]] = field(default_factory=dict)
    groups: dict[str, tuple[GroupDetector, ...]] = field(default_factory=dict)

    def add(self, part: _Part) -> None:
        """Take the cards of a bundle, then its detectors. Raises ConfigError."""
        for path in part.files():
            card = card_from_toml(path)
            before = self.cards.get(card.id)
            if before is not None and before[1].packaged and part.packaged:
                raise ConfigError(
                    Text(
                        f"Type {card.id} comes from two packages: {before[1].name} and {part.name}.",
                        f"类型 {card.id} 来自两个包：{before[1].name} 和 {part.name}。",
                    ),
                    Text("Uninstall one of them.", "请卸载其中一个。"),
                )
            self.cards[card.id] = (card, part)
            self.values.pop(card.id, None)
            self.columns.pop(card.id, None)
            self.groups.pop(card.id, None)
        for detector in part.detectors:
            self._add_detector(detector, part)

    def _add_detector(self, detector: Detector, part: _Part) -> None:
        type_id = detector.type_id
        if type_id not in self.cards or (self.cards[type_id][1] is not part and not part.own):
            name = detector.guarded.name if isinstance(detector, PROXIES) else type(detector).__name__
            raise ConfigError(
                Text(
                    f"Detector {name} of {part.name}: no card {type_id}.toml beside it.",
                    f"{part.name} 的检测器 {name}：旁边没有规则卡 {type_id}.toml。",
                )
            )
        match detector:
            case ValueDetector():
                self.values[type_id] = detector
            case ColumnDetector():
                self.columns[type_id] = (*self.columns.get(type_id, ()), detector)
            case GroupDetector():
                self.groups[type_id] = (*self.groups.get(type_id, ()), detector)


def _check_foreign(matcher: Matcher, guards: Guards) -> None:
    """Check a card that is not built in; a detector that fails on its own card's examples is broken."""
    wrong: ConfigError | None = None
    try:
        check_card(matcher)
    except ConfigError as error:
        wrong = error
    for failure in guards.take():
        raise ConfigError(
            Text(f"Card {matcher.card.origin}: examples: {failure.reason.en}", f"规则卡 {matcher.card.origin}：示例：{failure.reason.zh}")
        )
    if wrong is not None:
        raise wrong


def load_registry(
    dirs: Sequence[Path] = (),
    *,
    allow_code: bool = False,
    enabled: Iterable[str] = (),
    disabled: Iterable[str] = (),
    overrides: Mapping[str, Mapping[str, object]] | None = None,
    cards: Sequence[Path] = (),
    limits: GuardLimits | None = None,
) -> Registry:
    """Load all bundles.

    `enabled` keeps only these types (empty: all), `disabled` leaves types out, `overrides` replaces keys of cards. A card in a user's
    folder replaces the built-in type of the same id; `cards` are single files that replace both. Foreign detectors run within `limits`.
    Raises ConfigError for anything broken or unknown.
    """
    guards = Guards(limits or GuardLimits())
    found = _Collected()
    for part in _packages(guards):
        found.add(part)
    for folder in dict.fromkeys(dirs):
        found.add(_user_folder(folder, guards, allow_code=allow_code))
    for path in cards:
        found.add(_single_card(path, guards, allow_code=allow_code))
    wanted, unwanted = set(enabled), set(disabled)
    for type_id in sorted((wanted | unwanted | set(overrides or {})) - set(found.cards)):
        unknown = Text(f"Unknown type in the configuration: {type_id}.", f"配置中有未知类型：{type_id}。")
        raise ConfigError(unknown, _nearest(type_id, found.cards))
    matchers = {}
    for type_id in sorted(found.cards):
        if type_id in unwanted or (wanted and type_id not in wanted):
            continue
        card, part = found.cards[type_id]
        matchers[type_id] = Matcher(card, found.values.get(type_id), trusted=part.own)
        if not part.own:
            _check_foreign(matchers[type_id], guards)
        if overrides and type_id in overrides:
            matchers[type_id] = Matcher(_overridden(card, overrides[type_id]), found.values.get(type_id), trusted=part.own)
    foreign = any(isinstance(one, PROXIES) for one in _all_detectors(found))
    return Registry(matchers, found.columns, found.groups, guards if foreign else None)


def _all_detectors(found: _Collected) -> Iterator[Detector]:
    yield from found.values.values()
    for columns in found.columns.values():
        yield from columns
    for groups in found.groups.values():
        yield from groups
