"""Watching by polling the change marks: works on every server, needs no privilege, sees what the marks see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager

from sensscan.errors import SensscanError
from sensscan.language import Text
from sensscan.model import TableRef
from sensscan.modes.marks import Changed, Mark, Same, Unknown, compare, read_marks, server_mark
from sensscan.modes.watch_events import Batch, LostError
from sensscan.source import Session, translate

POSITION = "poll"
_SHARE = 20
"""Polling takes at most one part in so many of the time: a slow catalogue is asked less often."""


class PollingStream:
    """Compares the marks of all tables with those of the last poll."""

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[Session]],
        tables: Callable[[Session], Collection[TableRef]],
        known: Mapping[TableRef, Mark],
        *,
        interval: float = 5.0,
        unknown_seconds: float = 3600.0,
        stop: threading.Event | None = None,
    ) -> None:
        """`known`: the marks stored with each table's last scan. A table whose mark stays unknown is touched every `unknown_seconds`."""
        self._connect = connect
        self._tables = tables
        self._marks = dict(known)
        self._interval = interval
        self._unknown_seconds = unknown_seconds
        self._stop = stop or threading.Event()
        self._next = 0.0
        self._server = ""
        self._unknown_since: dict[TableRef, float] = {}

    @property
    def name(self) -> Text:
        """How this stream watches."""
        return Text(f"polling the change marks every {self._interval:g} s", f"每 {self._interval:g} 秒轮询变更标记")

    @property
    def lag(self) -> float:
        """Polling asks again anyway."""
        return 0.0

    def start(self, position: str) -> Batch:
        """Begin; what changed since the stored marks comes with the first batch. Without a position everything is scanned anyway."""
        self._next = 0.0
        self._server = ""
        if position == POSITION:
            return Batch(POSITION)
        # Read before that scan begins, so that no change falls between the two.
        self._marks = {}
        self._ask()
        gap = Text("now watching by polling; everything is compared", "改为轮询方式，将全部比对") if position else None
        return Batch(POSITION, gap=gap)

    def next(self, seconds: float) -> Batch:
        """Wait for the next poll, at most `seconds`; then compare."""
        wait = self._next - time.monotonic()
        if wait > 0:
            self._stop.wait(min(wait, seconds))
            if self._next > time.monotonic():
                return Batch(POSITION)
        return self._ask()

    def _ask(self) -> Batch:
        began = time.monotonic()
        try:
            with self._connect() as session:
                batch = self._poll(session)
        except SensscanError as error:
            raise LostError(error.text, error.hint) from None
        except Exception as error:  # a driver's error: its text is not shown
            found = translate(error, Text("Change marks", "变更标记"))
            raise LostError(found.text, found.hint) from None
        cost = time.monotonic() - began
        self._next = time.monotonic() + max(self._interval, _SHARE * cost)
        return batch

    def _poll(self, session: Session) -> Batch:
        server = server_mark(session)
        if server and server == self._server and not self._overdue():
            return Batch(POSITION)
        current = read_marks(session, self._tables(session))
        now = time.monotonic()
        touched: dict[TableRef, Text] = {}
        for ref, mark in current.items():
            why = self._judge(ref, self._marks.get(ref), mark, now)
            if why is not None:
                touched[ref] = why
        self._marks, self._server = current, server
        return Batch(POSITION, touched, structure=True)

    def _overdue(self) -> bool:
        now = time.monotonic()
        return any(now - since >= self._unknown_seconds for since in self._unknown_since.values())

    def _judge(self, ref: TableRef, before: Mark | None, mark: Mark, now: float) -> Text | None:
        if before is None:
            return Text("first seen", "首次出现")
        match compare(before, mark):
            case Same():
                return None
            case Changed(what):
                self._unknown_since.pop(ref, None)
                return what
            case Unknown(why):
                if before.values.get("fresh") or before.values.get("young"):
                    return why
                if now - self._unknown_since.get(ref, float("-inf")) < self._unknown_seconds:
                    return None
                self._unknown_since[ref] = now
                return why

    def accept(self, position: str) -> None:
        """Nothing is kept on the server."""

    def close(self) -> None:
        """Nothing stays open between polls."""
