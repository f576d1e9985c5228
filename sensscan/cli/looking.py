"""Options and plumbing of the commands that read a source without storing anything: `evaluate` and `explain`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import option
from sensscan.cli.options import ALLOW_CODE, CONFIG, DETECTORS, EXACT, SAMPLE, SEED
from sensscan.language import Language, Text

if TYPE_CHECKING:
    from rich.console import Console

    from sensscan.modes.request import RequestedSource

NLP = option(
    "--nlp",
    type=click.Choice(["builtin", "hanlp", "off"]),
    default="builtin",
    show_default=True,
    help=Text("Engine for names and addresses.", "姓名与地址的识别引擎。"),
)


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that decide what is read and by which rules; the same words as of `scan`."""
    for add in reversed((SAMPLE, EXACT, SEED, NLP, DETECTORS, ALLOW_CODE, CONFIG)):
        function = add(function)
    return function


def source_from(word: str, options: Mapping[str, Any], language: Language) -> RequestedSource:
    """Return the source that a word names, with what the reading options say. Raises UsageError and ConfigError."""
    from sensscan.cli.scanning import ask_password
    from sensscan.modes.config_file import load_config
    from sensscan.modes.sources import requested

    source = requested(word, load_config(options["config_file"]), os.environ, nlp=options["nlp"], ask=ask_password(language))
    chosen = {"sample_rows": options["sample"], "seed": options["seed"], "exact": options["exact"] or None}
    limits = replace(source.config.limits, **{name: value for name, value in chosen.items() if value is not None})
    rules = replace(
        source.rules, dirs=(*source.rules.dirs, *options["detector_dirs"]), allow_code=source.rules.allow_code or options["allow_code"]
    )
    return replace(source, config=replace(source.config, limits=limits), rules=rules)


def console() -> Console:
    """Return the terminal: as wide as it is, 80 columns where it does not say."""
    import shutil

    from rich.console import Console

    return Console(
        width=max(40, shutil.get_terminal_size((80, 24)).columns), highlight=False, markup=False, emoji=False, legacy_windows=False
    )
