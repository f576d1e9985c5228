"""The real HanLP jar, fetched once into a cache, and a process of its own for Java."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from sensscan.detect.nlp import HanlpEngine, install_jar
from sensscan.detect.nlp.places import JAR_NAME
from sensscan.errors import SensscanError

Ask = Callable[[str, Sequence[str]], Any]


@pytest.fixture(scope="session")
def hanlp_jar() -> Path:
    """The portable jar; tests that need it fail when it cannot be had, they are never skipped."""
    named = os.environ.get("HANLP_JAR_PATH")
    if named:
        return Path(named)
    cache = Path(os.environ.get("SENSSCAN_TEST_CACHE") or platformdirs.user_cache_dir("sensscan-tests"))
    jar = cache / "hanlp" / JAR_NAME
    if not jar.is_file():
        try:
            install_jar(environ={"SENSSCAN_DATA_DIR": str(cache)})
        except SensscanError as error:
            pytest.fail(error.message("en"), pytrace=False)
    return jar


_ENGINES: dict[str, HanlpEngine] = {}


def _ask(engine: HanlpEngine, method: str, values: Sequence[str]) -> Any:
    """Run in the Java process: one engine there, however often it is sent."""
    return getattr(_ENGINES.setdefault("engine", engine), method)(values)


@pytest.fixture(scope="session")
def ask(hanlp_jar: Path) -> Iterator[Ask]:
    """Ask the engine in a process of its own: a Java machine cannot be stopped, and other tests start processes."""
    engine = HanlpEngine({"HANLP_JAR_PATH": str(hanlp_jar)})
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda method, values: pool.submit(_ask, engine, method, values).result(timeout=120)
