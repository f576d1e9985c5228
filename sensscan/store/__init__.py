"""Keeps labels, their history, runs and results: SQLite for one user, PostgreSQL or MariaDB for a team.

    with open_store(None) as store:
        store.start_run("20260105-1", mode="full", sources=["sqlite:/srv/shop.db"], started_at=now, version="0.1", policy="default@1:ab12")
        with store.lock(["sqlite:/srv/shop.db"], "20260105-1"):
            store.checkpoint("20260105-1", table_result)                   # after each table, for --resume
            tags = store.tags(["sqlite:/srv/shop.db"], policy="default")   # a person's decisions, before grading
            summary = store.save_results("20260105-1", results, grades, rules=registry.fingerprints, catalogues=[catalogue])
        head = store.finish_run("20260105-1", outcome="complete", finished_at=now)
        store.save_report(report)

Order of a scan: start_run, lock, checkpoint ..., tags, save_results, finish_run (its head goes into the report), save_report.
Nothing here holds a clear value: outcomes carry masked examples, exceptions keyed fingerprints, events measured numbers.
Importing this module costs little; SQLAlchemy is loaded by `open_store`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sensscan.store.views import (
    AllowRule,
    ColumnChange,
    Event,
    Head,
    ImportResult,
    LabelChange,
    LockHolder,
    Problem,
    Pruned,
    RunDiff,
    SaveSummary,
    StoredMark,
    StoredResult,
    StoredRun,
    StoreInfo,
    Verification,
    WatchState,
)

if TYPE_CHECKING:
    from sensscan.store.core import Store

__all__ = [
    "AllowRule",
    "ColumnChange",
    "Event",
    "Head",
    "ImportResult",
    "LabelChange",
    "LockHolder",
    "Problem",
    "Pruned",
    "RunDiff",
    "SaveSummary",
    "Store",
    "StoreInfo",
    "StoredMark",
    "StoredResult",
    "StoredRun",
    "Verification",
    "WatchState",
    "open_store",
]


def open_store(url: str | None = None, *, environ: Mapping[str, str] | None = None) -> AbstractContextManager[Store]:
    """Open (and create or migrate) the store at `url` for a `with` block.

    url: None for the SQLite file in SENSSCAN_DATA_DIR (else the user's data folder), a path, or a SQLAlchemy URL with the scheme
    sqlite, postgresql, mysql or mariadb. The key of the event log: SENSSCAN_STORE_KEY, else store.key in SENSSCAN_CONFIG_DIR.
    Raises ConfigError for a wrong URL and StoreError when the store cannot be opened or is newer than this program.
    """
    from sensscan.store.core import opened

    return opened(url, os.environ if environ is None else environ)


def __getattr__(name: str) -> object:
    if name == "Store":
        from sensscan.store.core import Store

        return Store
    raise AttributeError(name)
