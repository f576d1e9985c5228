"""What a run is asked to do. Everything the command line, the configuration and the watcher can say, in one place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sensscan.config import SourceConfig
from sensscan.model import ScanMode
from sensscan.modes.targets import Target
from sensscan.pipeline import RuleSet
from sensscan.source import SourceUrl


@dataclass(frozen=True)
class RequestedSource:
    """One source with its own limits, filters and rules."""

    url: SourceUrl
    config: SourceConfig
    rules: RuleSet

    @property
    def identity(self) -> str:
        """The name that tags, marks and history hang on."""
        return self.url.identity


@dataclass(frozen=True)
class ScanRequest:
    """One run."""

    sources: tuple[RequestedSource, ...]
    mode: ScanMode = "full"
    targets: tuple[Target, ...] = ()
    policy: str = "default"
    store_url: str | None = None
    min_confidence: float | None = None
    workers: int = 1
    resume: bool = False
    until: datetime | None = None
    log_file: Path | None = None
    fail_on: str = ""
    fail_on_new: str = ""

    def options(self) -> dict[str, str]:
        """Return what decides which columns are read and how they are judged: a resumed run must agree in all of it."""
        found: dict[str, str] = {"mode": self.mode, "policy": self.policy, "targets": ";".join(target.text for target in self.targets)}
        for number, source in enumerate(self.sources):
            filters, limits = source.config.filters, source.config.limits
            found[f"source{number}"] = source.identity
            for name in ("schemas", "tables", "columns", "excludes", "views"):
                found[f"{name}{number}"] = str(getattr(filters, name))
            for name in ("sample_rows", "all_rows", "exact", "seed"):
                found[f"{name}{number}"] = str(getattr(limits, name))
            found[f"rules{number}"] = str(
                (source.rules.dirs, source.rules.enabled, source.rules.disabled, dict(source.rules.overrides), source.rules.nlp)
            )
        return found

    def fingerprint(self) -> str:
        """Return one hash over `options`."""
        return hashlib.sha256(repr(sorted(self.options().items())).encode()).hexdigest()[:24]
