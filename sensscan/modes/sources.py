"""From a word on the command line to a source ready to be scanned: a name of sensscan.toml, a URL, or a SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from sensscan.config import Filters, NlpEngine, SourceConfig
from sensscan.modes.config_file import Config
from sensscan.modes.request import RequestedSource
from sensscan.pipeline import RuleSet
from sensscan.registry import GuardLimits
from sensscan.source import FILE_ENDINGS, fill_password, parse_source


def is_url(word: str) -> bool:
    """Whether a word names a database itself rather than a source of the configuration."""
    return "://" in word or Path(word).exists() or word.lower().endswith(FILE_ENDINGS)


def requested(
    word: str,
    config: Config,
    environ: Mapping[str, str],
    *,
    filters: Filters | None = None,
    nlp: NlpEngine | None = None,
    ask: Callable[[str], str] | None = None,
) -> RequestedSource:
    """Return the source that a word names, with its own or the configuration's defaults.

    `filters` replace the configured ones; `ask` prompts for a password that nothing else gives. Raises UsageError and ConfigError.
    """
    if word in config.sources or not is_url(word):
        url, chosen = config.source(word, environ)
    else:
        text = word if "://" in word else f"sqlite:///{quote(str(Path(word).absolute()))}"
        url, chosen = parse_source(text), SourceConfig("", text)
    if filters is not None and filters != Filters():
        chosen = replace(chosen, filters=filters)
    settings = config.settings
    rules = RuleSet(
        dirs=(*settings.detector_dirs, *chosen.detector_dirs),
        allow_code=settings.allow_code,
        guard=GuardLimits(settings.detector_seconds, settings.detector_memory_mb),
        enabled=chosen.enabled_types,
        disabled=chosen.disabled_types,
        overrides=chosen.overrides,
        nlp=nlp or settings.nlp,
    )
    return RequestedSource(fill_password(url, environ, ask), chosen, rules)
