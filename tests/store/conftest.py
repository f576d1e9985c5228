"""Fixtures: a store in a temporary folder with its key elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sensscan.errors import StoreError
from sensscan.store import Store, open_store


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Data and configuration in separate temporary folders."""
    return {"SENSSCAN_DATA_DIR": str(tmp_path / "data"), "SENSSCAN_CONFIG_DIR": str(tmp_path / "config")}


@pytest.fixture
def store(environ: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty SQLite store; whatever a test does by the program leaves log and labels consistent."""
    with open_store(None, environ=environ) as opened:
        yield opened
        if "raw" not in request.fixturenames:
            with contextlib.suppress(StoreError):  # tests of lost keys
                found = opened.verify()
                assert found.ok, found
