"""The watcher: events into the dirty set, quiet tables into a scan, until it is told to stop.

Two threads: one follows the server's events and saves position and dirty set together (one store transaction, at transaction ends); the
calling thread scans what has become quiet. So a long scan holds back neither the events nor the log that the server keeps for us.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sensscan.errors import InterruptedRunError, SensscanError
from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes.watch_dirty import DirtySet, Entry, expand
from sensscan.modes.watch_events import Batch, LostError, RefusedError, Stream

_SAVE_SECONDS = 0.5
"""Positions without a touched table are saved at most this often; touched tables at once."""


class Keeper(Protocol):
    """Where position and dirty set survive a crash; calls come from two threads, never at once."""

    def load(self) -> tuple[str, Mapping[TableRef, int]]:
        """Return (position, dirty tables with generations); ("", {}) at the very first start."""

    def save(self, position: str, dirty: Mapping[TableRef, int]) -> None:
        """Keep both in one transaction."""


Rescan = Callable[[Mapping[TableRef, Text] | None], Collection[TableRef]]
"""Scans the given tables (why each); None: an incremental scan of everything. Returns what could not be finished."""
Structure = Callable[[], Mapping[TableRef, str]]
"""Returns the structure hash of every table that is in scope now."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    quiet: float = 30.0
    """A table is scanned when nothing touched it for so long ..."""
    longest: float = 600.0
    """... or when it has been dirty for so long."""
    structure: float = 1.0
    """Shortest time between two comparisons of the catalogue."""
    retry: float = 1.0
    """First wait after a lost connection; doubles up to `retry_longest`."""
    retry_longest: float = 60.0


@dataclass
class Watcher:
    """Follows one source. `run` returns when `stop` is set."""

    source: str
    streams: Sequence[Stream]
    """Tried in this order: a refused one gives its line and the next is taken."""
    keeper: Keeper
    rescan: Rescan
    structure: Structure
    known_structure: Mapping[TableRef, str]
    """Structure hashes of the tables when they were scanned last."""
    say: Callable[[Text], None]
    timing: Timing = Timing()
    dirty: DirtySet = field(default_factory=DirtySet)
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        """Prepare what the two threads share."""
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._position = ""
        self._baseline = False
        self._failure: BaseException | None = None
        self.hashes: dict[TableRef, str] = dict(self.known_structure)
        self._compared_at = float("-inf")
        self._compare_cost = 0.0
        self._compare_wanted = False
        self._settled_structure = bool(self.known_structure)

    def run(self) -> None:
        """Watch until stopped. Raises what ended the events for good (RefusedError of the last stream, StoreError)."""
        self._position, saved = self.keeper.load()
        self.dirty.restore(saved, Text("touched before the watcher ended", "监听程序上次结束前已被改动"))
        follower = threading.Thread(target=self._follow, name="sensscan-events", daemon=True)
        follower.start()
        try:
            while not self.stop.is_set() and self._failure is None:
                self._wake.wait(0.2)
                self._wake.clear()
                self._scan_what_is_due()
        except InterruptedRunError:
            self.say(Text("the scan was interrupted; its tables stay marked", "扫描被中断；相关表仍保持标记"))
        finally:
            self.stop.set()
            follower.join(timeout=30)
            with self._lock:
                self.keeper.save(self._position, self._to_save())
        if self._failure is not None:
            raise self._failure

    # the thread of the events

    def _follow(self) -> None:
        try:
            for position, stream in enumerate(self.streams):
                try:
                    self._follow_stream(stream)
                except RefusedError as error:
                    if position + 1 == len(self.streams):
                        raise
                    self.say(Text(error.message("en"), error.message("zh")))
                finally:
                    stream.close()
                if self.stop.is_set():
                    return
                # Another kind of stream has other positions.
                self._position = ""
        except BaseException as error:  # carried to the calling thread, which raises it
            self._failure = error
        finally:
            self._wake.set()

    def _follow_stream(self, stream: Stream) -> None:
        wait = self.timing.retry
        lost = False
        while not self.stop.is_set():
            try:
                self._take(stream, stream.start(self._position))
                self.say(Text(f"{self.source}: watching by {stream.name.en}", f"{self.source}：正在监听，方式：{stream.name.zh}"))
                lost, wait = False, self.timing.retry
                self._compare_wanted = True
                while not self.stop.is_set():
                    self._take(stream, stream.next(1.0))
                    self._compare_structure()
            except LostError as error:
                stream.close()
                if not lost:
                    self.say(Text(error.message("en"), error.message("zh")))
                lost = True
                self.stop.wait(wait)
                wait = min(wait * 2, self.timing.retry_longest)

    def _take(self, stream: Stream, batch: Batch) -> None:
        for note in batch.notes:
            self.say(note)
        first = self._position == "" and batch.position != ""
        moved = batch.position != self._position
        with self._lock:
            if batch.gap is not None or first:
                self._baseline = True
            self.dirty.touch(batch.tables, self.clock())
            self._position = batch.position
            if batch.tables or batch.gap is not None or first or (moved and self._save_due()):
                self._save()
        self._compare_wanted |= batch.structure
        if batch.gap is not None:
            self.say(batch.gap)
        if batch.tables or batch.gap is not None or first:
            self._wake.set()
        if self._position == self._saved_position:
            stream.accept(self._position)

    _saved_at: float = float("-inf")
    _saved_position: str = ""

    def _save_due(self) -> bool:
        return self.clock() - self._saved_at >= _SAVE_SECONDS

    def _save(self) -> None:
        """Keep position and dirty set; the caller holds the lock."""
        self.keeper.save(self._position, self._to_save())
        self._saved_at, self._saved_position = self.clock(), self._position

    def _to_save(self) -> dict[TableRef, int]:
        saved = self.dirty.saved()
        if self._baseline:
            # A baseline that was not finished is wanted again after a crash.
            saved[TableRef(self.source, "", "")] = self.dirty.generation
        return saved

    def _compare_structure(self) -> None:
        """Mark tables that were created, altered, renamed or dropped. Never takes more than a tenth of the time."""
        now = self.clock()
        if not self._compare_wanted or now - self._compared_at < max(self.timing.structure, 10 * self._compare_cost):
            return
        try:
            current = dict(self.structure())
        except SensscanError as error:
            raise LostError(error.text, error.hint) from None
        self._compare_wanted = False
        self._compared_at, self._compare_cost = self.clock(), self.clock() - now
        created = Text("new or renamed table", "新建或改名的表")
        altered = Text("its structure changed", "表结构改变")
        dropped = Text("dropped or renamed away", "表被删除或改名")
        changes = {ref: created if ref not in self.hashes else altered for ref, found in current.items() if self.hashes.get(ref) != found}
        changes |= {ref: dropped for ref in self.hashes if ref not in current}
        self.hashes = current
        if not self._settled_structure:
            # The very first look: the baseline scan covers it.
            self._settled_structure = True
            return
        if changes:
            with self._lock:
                self.dirty.touch(changes, self.clock())
                self._save()
            self._wake.set()

    # the calling thread

    def _scan_what_is_due(self) -> None:
        with self._lock:
            baseline, self._running_baseline = self._baseline, self._baseline
            due = self.dirty.due(self.clock(), self.timing.quiet, self.timing.longest)
            if baseline:
                due = self.dirty.due(self.clock(), 0.0, 0.0)
        if baseline:
            self._run(None, due)
        elif due:
            whole = {ref for ref in due if not ref.table}
            if any(not ref.schema for ref in whole):
                self._run(None, due)
            else:
                reasons = {ref: due[ref].why for ref in due if ref.table}
                wide = expand(whole, self.hashes) if whole else []
                many = Text("its schema was touched", "其所在模式有改动")
                self._run({**dict.fromkeys(wide, many), **reasons}, due)

    _running_baseline: bool = False

    def _run(self, tables: Mapping[TableRef, Text] | None, due: Mapping[TableRef, Entry]) -> None:
        try:
            unfinished = set(self.rescan(tables))
        except InterruptedRunError:
            raise
        except SensscanError as error:
            self.say(Text(error.message("en"), error.message("zh")))
            unfinished = set(due) if due else set()
            if tables is None:
                with self._lock:
                    self.dirty.touch({TableRef(self.source, "", ""): Text("the scan failed", "扫描失败")}, self.clock())
                    unfinished = set(self.dirty.entries)
                    self._baseline = False
        else:
            if tables is None:
                with self._lock:
                    self._baseline = False
        with self._lock:
            now = self.clock()
            failed = {ref for ref in due if ref in unfinished or (not ref.table and _any_within(ref, unfinished))}
            self.dirty.settle({ref: entry for ref, entry in due.items() if ref not in failed}, now)
            self.dirty.touch(
                {ref: Text("could not be read", "未能读取") for ref in unfinished if ref not in self.dirty.entries and ref not in due}, now
            )
            self.dirty.postpone(unfinished | failed, now)
            self._save()


def _any_within(wide: TableRef, refs: Collection[TableRef]) -> bool:
    return any(ref.source == wide.source and wide.schema in ("", ref.schema) for ref in refs)
