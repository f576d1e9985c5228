"""Settings of a run, from defaults, sensscan.toml, environment and options (later ones win).

This module holds the settings' types and defaults; reading the file is in `load_config`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

NlpEngine = Literal["builtin", "hanlp", "off"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which objects a scan may touch. Globs, case-insensitive; several mean OR."""

    schemas: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    """Matched against `table` or `schema.table`."""
    columns: tuple[str, ...] = ()
    """Matched against `column`, `table.column` or `schema.table.column`."""
    excludes: tuple[str, ...] = ()
    """Any prefix of `schema.table.column`."""
    views: bool = False


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much of a database one run may read, and how gently."""

    sample_rows: int = 1000
    all_rows: bool = False
    exact: bool = False
    """Test every sampled value instead of 256 per column."""
    seed: int = 0
    all_below: int = 2000
    """Tables estimated at or below this many rows are read whole."""
    cell_characters: int = 4096
    """Longer text cells are cut by the server."""
    blob_bytes: int = 64
    statement_seconds: int = 30
    lock_seconds: int = 1
    table_bytes: int = 256 * 1024 * 1024
    """A table whose sample would be larger ends with reason code budget."""
    run_rows: int | None = None
    run_seconds: int | None = None
    pause_ms: int = 0
    max_connections: int = 4


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One database to scan."""

    name: str
    """Name from the config file, or "" when given as a URL."""
    url: str = field(repr=False)
    """May hold a password: never print, log or store it; see `source.SourceUrl.identity`."""
    filters: Filters = Filters()
    limits: ReadLimits = ReadLimits()
    policy: str = ""
    owner: Mapping[str, str] = field(default_factory=dict)
    window: str = ""
    """Time of day HH:MM at which a run must end (as `--until`)."""
    enabled_types: tuple[str, ...] = ()
    disabled_types: tuple[str, ...] = ()
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Type id -> keys of its card that this source replaces (`names`, `not`, `look_alike` ...)."""
    full_scan_days: int = 30
    """An incremental scan older than this is widened to a full one."""
    detector_dirs: tuple[Path, ...] = ()
    """Folders with cards of this source alone, besides those of `ScanSettings`."""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """Everything a step needs that is not about one source."""

    nlp: NlpEngine = "builtin"
    detector_dirs: tuple[Path, ...] = ()
    allow_code: bool = False
    policy: str = "default"
    min_confidence: float | None = None
    workers: int = 1
    phone_region: str = ""
    """Country (ISO 3166-1 alpha-2) whose national phone forms are accepted, besides CN."""
    detector_seconds: float = 20.0
    """A detector call that takes longer is cut off and the run is incomplete for its type."""
    detector_memory_mb: int = 512
    """Memory that one foreign detector may take for its work, megabytes."""
