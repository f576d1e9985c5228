"""Ending a run in order: Ctrl-C, SIGTERM, a time of day."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from types import FrameType, TracebackType
from typing import Any


class Stopper:
    """While entered, the first Ctrl-C or SIGTERM asks the run to end after the current table; a second one ends it at once."""

    def __init__(self, until: datetime | None = None) -> None:
        self.until = until
        self._event = threading.Event()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stopper:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._asked)
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if self._event.is_set():
            raise KeyboardInterrupt
        self._event.set()

    @property
    def asked(self) -> bool:
        """Whether the run shall end."""
        return self._event.is_set() or (self.until is not None and datetime.now(self.until.tzinfo) >= self.until)

    def stop(self) -> None:
        """Ask the run to end."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Pause, but not beyond a request to end."""
        self._event.wait(seconds)
