"""Fixtures: a store in a temporary folder with its key elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sensscan.store import Store, open_store


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Data and configuration in separate temporary folders."""
    return {"SENSSCAN_DATA_DIR": str(tmp_path / "data"), "SENSSCAN_CONFIG_DIR": str(tmp_path / "config")}


@pytest.fixture
def store(environ: dict[str, str]) -> Iterator[Store]:
    """An empty SQLite store."""
    with open_store(None, environ=environ) as opened:
        yield opened
