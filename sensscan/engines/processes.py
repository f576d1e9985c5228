"""Several processes, each with its own connection and its own compiled cards."""

from __future__ import annotations

import atexit
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar

Bench = TypeVar("Bench")
Task = TypeVar("Task")
Result = TypeVar("Result")

# The one place where a worker process keeps something between tasks: its open bench. Set once by the initialiser.
_open: dict[str, Any] = {}


def _start(setup: Callable[[], AbstractContextManager[Any]]) -> None:
    # Ctrl-C belongs to the parent, which ends the workers in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    stack = ExitStack()
    atexit.register(stack.close)
    _open["bench"] = stack.enter_context(setup())


def _run(work: Callable[[Any, Any], Any], task: Any) -> Any:
    return work(_open["bench"], task)


class Processes:
    """A pool of worker processes; results come as they are finished."""

    _QUEUED_PER_WORKER = 2

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(
        self, setup: Callable[[], AbstractContextManager[Bench]], work: Callable[[Bench, Task], Result], tasks: Iterable[Task]
    ) -> Iterator[Result]:
        """Yield results as they are finished; few tasks are queued, so that stopping is quick."""
        context = multiprocessing.get_context("spawn")
        waiting: set[Future[Any]] = set()
        with ProcessPoolExecutor(self.workers, mp_context=context, initializer=_start, initargs=(setup,)) as pool:
            try:
                for task in tasks:
                    waiting.add(pool.submit(_run, work, task))
                    if len(waiting) >= self.workers * self._QUEUED_PER_WORKER:
                        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                        yield from (future.result() for future in done)
                while waiting:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
