"""What the shell completes: a parameter that takes a source, a policy, a type or a level completes to one.

Loaded by the shell's completion only (`docs/completion.md`). A broken configuration or card completes to nothing: the command says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from sensscan.cli.base import current_language
from sensscan.errors import SensscanError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.modes.config_file import Config

Offer = Callable[[click.Context], Iterable[tuple[str, str]]]
"""Words with what they mean; "" where a word speaks for itself."""


def _config(context: click.Context) -> Config:
    from sensscan.modes.config_file import load_config

    return load_config(context.params.get("config_file"))


def _sources(context: click.Context) -> Iterable[tuple[str, str]]:
    return ((name, "") for name in _config(context).sources)


def _policies(_context: click.Context) -> Iterable[tuple[str, str]]:
    from sensscan.grade import list_policies

    return ((policy.id, policy.label.pick(current_language())) for policy in list_policies())


def _types(context: click.Context) -> Iterable[tuple[str, str]]:
    from sensscan.registry import load_registry

    registry = load_registry(tuple(context.params.get("detector_dirs") or ()))
    return ((type_id, label.pick(current_language())) for type_id, label in sorted(registry.labels.items()))


def _levels(context: click.Context) -> Iterable[tuple[str, str]]:
    from sensscan.grade import load_policy
    from sensscan.registry import load_registry

    name = context.params.get("policy") or _config(context).settings.policy
    policy = load_policy(name, load_registry().categories)
    return ((level.id, level.label.pick(current_language())) for level in policy.levels)


def _runs(_context: click.Context) -> Iterable[tuple[str, str]]:
    newest, before = Text("the newest run", "最近一次扫描"), Text("the run before it", "上一次扫描")
    return (("latest", newest.pick(current_language())), ("previous", before.pick(current_language())))


_BY_METAVAR: Mapping[str, Offer] = {
    "SOURCE": _sources,
    "NAME|FILE": _policies,
    "TYPE": _types,
    "TYPE|CARD": _types,
    "LEVEL": _levels,
    "RUN": _runs,
}
_BY_OPTION: Mapping[str, Offer] = {"--type": _types, "--policy": _policies, "--level": _levels, "--source": _sources}
_FILES = frozenset({"SOURCE", "NAME|FILE", "TYPE|CARD"})
"""Metavars that also take a file."""


def _offer(context: click.Context, param: click.Parameter, meant: str) -> Offer | None:
    if context.parent is not None and context.parent.info_name == "policies" and meant.startswith("NAME"):
        return _policies
    return _BY_METAVAR.get(meant) or next((_BY_OPTION[name] for name in param.opts if name in _BY_OPTION), None)


def complete(context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the words that fit a parameter; files where none does and the parameter takes files too."""
    meant = (param.metavar or "").replace("...", "").strip("[]")
    offer = _offer(context, param, meant)
    if offer is None:
        return []
    try:
        found = [CompletionItem(word, help=said or None) for word, said in offer(context) if word.startswith(incomplete)]
    except SensscanError:
        found = []
    if not found and meant in _FILES:
        return [CompletionItem(incomplete, type="file")]
    return found
