"""A watcher in a thread with a recording scan, for tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sensscan.catalog import enumerate_source
from sensscan.config import Filters, ReadLimits
from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes.watch_events import Stream
from sensscan.modes.watch_mysql import BinlogStream
from sensscan.modes.watch_poll import PollingStream
from sensscan.modes.watch_postgresql import PostgresStream
from sensscan.modes.watch_service import Timing, Watcher
from sensscan.source import Session, open_source, parse_source

FAST = Timing(quiet=0.5, longest=5.0, structure=0.2, retry=0.2, retry_longest=1.0)


@dataclass
class Memory:
    """A keeper that survives its watcher, as a store does."""

    position: str = ""
    dirty: dict[TableRef, int] = field(default_factory=dict)
    saves: int = 0
    structure: dict[TableRef, str] = field(default_factory=dict)

    def load(self) -> tuple[str, Mapping[TableRef, int]]:
        return self.position, dict(self.dirty)

    def save(self, position: str, dirty: Mapping[TableRef, int]) -> None:
        self.position, self.dirty = position, dict(dirty)
        self.saves += 1


@dataclass
class Recorder:
    """Stands in for the scan: remembers what it was asked to look at."""

    scanned: list[frozenset[str]] = field(default_factory=list)
    baselines: int = 0
    lines: list[str] = field(default_factory=list)
    on_scan: Callable[[], None] = lambda: None

    def __call__(self, tables: Mapping[TableRef, Text] | None) -> Collection[TableRef]:
        if tables is None:
            self.baselines += 1
        else:
            self.scanned.append(frozenset(ref.table for ref in tables))
        self.on_scan()
        return ()

    @property
    def tables(self) -> set[str]:
        return {name for one in self.scanned for name in one}

    def say(self, text: Text) -> None:
        self.lines.append(text.en)


@dataclass
class Running:
    """A watcher that runs."""

    watcher: Watcher
    recorder: Recorder
    thread: threading.Thread
    failure: list[BaseException] = field(default_factory=list)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 15.0) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.02)
        return condition()

    def sees(self, *tables: str, seconds: float = 15.0) -> bool:
        return self.wait_for(lambda: set(tables) <= self.recorder.tables, seconds)


@contextmanager
def watching(
    url: str, kind: str, keeper: Memory | None = None, *, timing: Timing = FAST, schemas: tuple[str, ...] = ()
) -> Iterator[Running]:
    """Run a watcher on a source until the block ends. `kind`: slot, binlog, poll."""
    source = parse_source(url)
    keeper = keeper or Memory()
    stop = threading.Event()
    recorder = Recorder()

    @contextmanager
    def connect() -> Iterator[Session]:
        with open_source(source, ReadLimits(statement_seconds=600)) as session:
            yield session

    def hashes() -> dict[TableRef, str]:
        with connect() as session:
            found = enumerate_source(session, source.identity, Filters(schemas=schemas, views=True))
        return {table.ref: table.structure_hash for table in found.tables}

    def tables(session: Session) -> list[TableRef]:
        return [table.ref for table in enumerate_source(session, source.identity, Filters(schemas=schemas, views=True)).tables]

    streams: dict[str, Stream] = {
        "slot": PostgresStream(connect, source.identity, slot="sensscan_test", interval=0.2, stop=stop),
        "binlog": BinlogStream(source, connect, source.identity, stop=stop),
        "poll": PollingStream(connect, tables, {}, interval=0.3, stop=stop),
    }
    chosen = [streams[kind]] if kind == "poll" else [streams[kind], streams["poll"]]
    watcher = Watcher(source.identity, chosen, keeper, recorder, hashes, keeper.structure, recorder.say, timing=timing, stop=stop)
    failure: list[BaseException] = []

    def run() -> None:
        try:
            watcher.run()
        except BaseException as error:
            failure.append(error)

    running = Running(watcher, recorder, threading.Thread(target=run), failure)
    running.thread.start()
    try:
        yield running
    finally:
        stop.set()
        running.thread.join(timeout=20)
        assert not running.thread.is_alive(), "the watcher did not stop"
        keeper.structure = dict(watcher.hashes)
    assert not failure, failure
