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

from sensscan.errors import InterruptedRunError, NothingReadError, ReadError, SensscanError, UsageError
from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes.watch_dirty import RETRY_SECONDS, DirtySet, Entry, expand
from sensscan.modes.watch_events import Batch, LostError, RefusedError, Stream

_SAVE_SECONDS = 0.5
"""Positions without a touched table are saved at most this often; touched tables at once."""
_TICK_SECONDS = 0.2
_PENDING = "!"
"""Before a saved position: the scan of everything was not finished."""


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
    hashes: Mapping[TableRef, str]
    """Structure hashes of the tables when they were scanned last; kept up to date while watching."""
    say: Callable[[Text], None]
    timing: Timing = Timing()
    in_scope: Callable[[TableRef], bool] = lambda ref: True
    """Whether a table lies within the filters; events of others are passed over."""
    dirty: DirtySet = field(default_factory=DirtySet)
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _wake: threading.Event = field(default_factory=threading.Event, repr=False)
    _failure: BaseException | None = None
    _position: str = ""
    _saved: str = ""
    _saved_at: float = float("-inf")
    _baseline: bool = False
    """An incremental scan of everything is wanted: at the first start, and after a gap."""
    _baseline_again: float = float("inf")
    _compare: bool = False
    _compared_at: float = float("-inf")
    _compare_cost: float = 0.0

    def run(self) -> None:
        """Watch until stopped. Raises what ended the events for good (RefusedError of the last stream, StoreError)."""
        position, saved = self.keeper.load()
        self._baseline = position.startswith(_PENDING)
        self._position = position.removeprefix(_PENDING)
        self.dirty.restore(saved, Text("touched before the watcher ended", "监听程序上次结束前已被改动"))
        follower = threading.Thread(target=self._follow, name="sensscan-events", daemon=True)
        follower.start()
        try:
            while not self.stop.is_set() and self._failure is None:
                self._wake.wait(_TICK_SECONDS)
                self._wake.clear()
                self._scan_what_is_due()
        except InterruptedRunError:
            self.say(Text("the scan was interrupted; its tables stay marked", "扫描被中断；相关表仍保持标记"))
        finally:
            self.stop.set()
            follower.join(timeout=30)
            with self._lock:
                self._save()
        if self._failure is not None:
            raise self._failure

    def _save(self) -> None:
        """Keep position, dirty set and whether a baseline is still wanted, in one transaction; the caller holds the lock."""
        self.keeper.save((_PENDING if self._baseline else "") + self._position, self.dirty.saved())
        self._saved, self._saved_at = self._position, self.clock()

    # The thread of the events -------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        try:
            for number, stream in enumerate(self.streams):
                try:
                    self._follow_stream(stream)
                except RefusedError as error:
                    if number + 1 == len(self.streams):
                        raise
                    self.say(Text(error.message("en"), error.message("zh")))
                finally:
                    stream.close()
                if self.stop.is_set():
                    return
        except BaseException as error:  # carried to the calling thread, which raises it
            self._failure = error
        finally:
            self._wake.set()

    def _follow_stream(self, stream: Stream) -> None:
        wait, lost = self.timing.retry, False
        while not self.stop.is_set():
            try:
                begun = stream.start(self._position)
                # Before the scan of everything may begin: what is altered during that scan must differ from what is known.
                self._compare = True
                self._compare_structure(patient=False)
                self._take(stream, begun)
                self.say(Text(f"{self.source}: watching by {stream.name.en}", f"{self.source}：正在监听，方式：{stream.name.zh}"))
                lost, wait = False, self.timing.retry
                while not self.stop.is_set():
                    self._take(stream, stream.next(1.0))
                    self._compare_structure()
            except (LostError, NothingReadError, ReadError) as error:
                # A server that restarts refuses connections for a while, wherever we happen to ask it something.
                stream.close()
                if not lost:  # the hint of such an error is meant for a single run
                    self.say(Text(f"{error.text.en} It is tried again until it answers.", f"{error.text.zh}将反复重试直至恢复。"))
                lost = True
                self.stop.wait(wait)
                wait = min(wait * 2, self.timing.retry_longest)

    def _take(self, stream: Stream, batch: Batch) -> None:
        """Note what happened; touched tables are saved at once, a mere position now and then."""
        for note in (*batch.notes, *((batch.gap,) if batch.gap is not None else ())):
            self.say(note)
        touched = {ref: why for ref, why in batch.tables.items() if self.in_scope(ref)}
        with self._lock:
            begins = batch.gap is not None or (not self._position and bool(batch.position))
            if begins:
                self._baseline = True
                # Marks that lag behind the commit are looked at once more when the lag is over.
                self._baseline_again = self.clock() + stream.lag if stream.lag else float("inf")
            self.dirty.touch(touched, self.clock())
            self._position = batch.position
            rest = self._position != self._saved and self.clock() - self._saved_at >= _SAVE_SECONDS
            if touched or begins or rest:
                self._save()
            saved = self._position == self._saved
        self._compare |= batch.structure
        if touched or begins:
            self._wake.set()
        if saved:
            stream.accept(self._position)

    def _compare_structure(self, *, patient: bool = True) -> None:
        """Mark tables that were created, altered, renamed or dropped. `patient`: never take more than a tenth of the time."""
        began = self.clock()
        rest = max(self.timing.structure, 10 * self._compare_cost) if patient else 0.0
        if not self._compare or began - self._compared_at < rest:
            return
        self._compare = False
        try:
            current = dict(self.structure())
        except SensscanError as error:
            raise LostError(error.text, error.hint) from None
        self._compared_at = self.clock()
        self._compare_cost = self._compared_at - began
        changes = _structure_changes(self.hashes, current) if self.hashes else {}
        self.hashes = current
        if changes:
            with self._lock:
                self.dirty.touch(changes, self.clock())
                self._save()
            self._wake.set()

    # The calling thread -------------------------------------------------------------------------------------------------

    def _scan_what_is_due(self) -> None:
        with self._lock:
            now = self.clock()
            if now >= self._baseline_again:
                self._baseline, self._baseline_again = True, float("inf")
            baseline = self._baseline
            due = self.dirty.due(now, self.timing.quiet, self.timing.longest)
        if baseline:
            self._scan_everything()
        elif due:
            self._scan_tables(due)

    def _scan_everything(self) -> None:
        """Compare everything by marks. Touched tables stay dirty: an event knows more than a mark that lags."""
        try:
            unfinished = set(self.rescan(None))
        except (InterruptedRunError, UsageError):
            raise
        except SensscanError as error:
            self.say(Text(error.message("en"), error.message("zh")))
            with self._lock:
                self._baseline = False
                self._baseline_again = min(self._baseline_again, self.clock() + RETRY_SECONDS)
                self._saved = ""
            return
        with self._lock:
            self._baseline = False
            now = self.clock()
            self.dirty.touch(dict.fromkeys(unfinished, Text("could not be read", "未能读取")), now)
            self.dirty.postpone(unfinished, now)
            self._save()

    def _scan_tables(self, due: Mapping[TableRef, Entry]) -> None:
        many = Text("many tables of its schema were touched", "其所在模式有大量表被改动")
        wide = expand([ref for ref in due if not ref.table], self.hashes)
        tables = {**dict.fromkeys(wide, many), **{ref: entry.why for ref, entry in due.items() if ref.table}}
        try:
            unfinished = set(self.rescan(tables))
        except (InterruptedRunError, UsageError):
            raise
        except SensscanError as error:
            self.say(Text(error.message("en"), error.message("zh")))
            unfinished = set(due)
        with self._lock:
            now = self.clock()
            self.dirty.settle({ref: entry for ref, entry in due.items() if ref not in unfinished}, now)
            self.dirty.touch({ref: Text("could not be read", "未能读取") for ref in unfinished - set(due)}, now)
            self.dirty.postpone(unfinished, now)
            self._save()


def _structure_changes(before: Mapping[TableRef, str], now: Mapping[TableRef, str]) -> dict[TableRef, Text]:
    created = Text("new or renamed table", "新建或改名的表")
    altered = Text("its structure changed", "表结构改变")
    dropped = Text("dropped or renamed away", "表被删除或改名")
    changes = {ref: altered if ref in before else created for ref, found in now.items() if before.get(ref) != found}
    return changes | {ref: dropped for ref in before if ref not in now}
