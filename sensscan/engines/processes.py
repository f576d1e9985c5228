"""Several processes, each with its own connection and its own compiled cards."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar

from sensscan.errors import SensscanError

Bench = TypeVar("Bench")
Task = TypeVar("Task")
Result = TypeVar("Result")

# The one place where a worker process keeps something between tasks: how to open its bench, then the open bench.
_open: dict[str, Any] = {}


def _start(setup: Callable[[], AbstractContextManager[Any]]) -> None:
    # Ctrl-C belongs to the parent, which ends the workers in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _open["setup"] = setup


def _end_with_parent() -> None:
    """A killed parent cannot end its workers; they would wait for tasks, with an open connection each, for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(work: Callable[[Any, Any], Any], task: Any) -> Any:
    if "bench" not in _open:  # not in `_start`: an error there would break the whole pool, with a traceback on stderr
        stack = ExitStack()
        _open["bench"] = stack.enter_context(_open["setup"]())
        atexit.register(stack.close)
    return work(_open["bench"], task)


class Processes:
    """A pool of worker processes; results come as they are finished.

    A task whose worker died or could not connect is tried once more, alone, at the end; only then it is lost.
    """

    _QUEUED_PER_WORKER = 2

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(
        self,
        setup: Callable[[], AbstractContextManager[Bench]],
        work: Callable[[Bench, Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task, Exception], Result],
    ) -> Iterator[Result]:
        """Yield results as they are finished; few tasks are queued, so that stopping is quick."""
        again: list[Task] = []
        for task, result, error in _outcomes(self.workers, self._QUEUED_PER_WORKER, setup, work, tasks):
            if error is None:
                yield result
            else:
                again.append(task)
        for task, result, error in _outcomes(1, 1, setup, work, again):
            yield result if error is None else lost(task, error)


def _outcomes(
    workers: int,
    queued: int,
    setup: Callable[[], AbstractContextManager[Any]],
    work: Callable[[Any, Any], Any],
    tasks: Iterable[Any],
    /,
) -> Iterator[tuple[Any, Any, Exception | None]]:
    """Yield every task with its result, or with the error of a worker that died or could not begin."""
    waiting: dict[Future[Any], Any] = {}
    pool: ProcessPoolExecutor | None = None
    try:
        for task in tasks:
            pool = pool or _new_pool(workers, setup)
            try:
                waiting[pool.submit(_run, work, task)] = task
            except BrokenProcessPool:
                while waiting:
                    yield from _finished(waiting)
                pool.shutdown()
                pool = _new_pool(workers, setup)
                waiting[pool.submit(_run, work, task)] = task
            if len(waiting) >= workers * queued:
                yield from _finished(waiting)
        while waiting:
            yield from _finished(waiting)
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def _new_pool(workers: int, setup: Callable[[], AbstractContextManager[Any]]) -> ProcessPoolExecutor:
    # Spawned, not forked: a forked worker would share the parent's connections.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start, initargs=(setup,))


def _finished(waiting: dict[Future[Any], Any]) -> Iterator[tuple[Any, Any, Exception | None]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        task = waiting.pop(future)
        try:
            yield task, future.result(), None
        except (BrokenProcessPool, SensscanError) as error:
            yield task, None, error
