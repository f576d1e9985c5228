"""Where tables are scanned: an engine is `map(setup, work, tasks, lost)` -> results in the order they are finished, nothing else.

An engine imports no step: what is done with a task is handed to it. `setup` opens what the work needs (a connection, the compiled cards)
and is entered once per process; `lost` makes the result of a task whose process could not begin or did not survive it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

Bench = TypeVar("Bench")
Task = TypeVar("Task")
Result = TypeVar("Result")


class Engine(Protocol):
    """Runs the same work on many tasks."""

    def map(
        self,
        setup: Callable[[], AbstractContextManager[Bench]],
        work: Callable[[Bench, Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task, Exception], Result],
    ) -> Iterator[Result]:
        """Yield one result per task, in any order."""
        ...


class InProcess:
    """One task after the other, in this process."""

    def map(
        self,
        setup: Callable[[], AbstractContextManager[Bench]],
        work: Callable[[Bench, Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task, Exception], Result],
    ) -> Iterator[Result]:
        """Yield results in the order of the tasks."""
        with setup() as bench:
            for task in tasks:
                yield work(bench, task)


def make_engine(workers: int) -> Engine:
    """Return the engine for this many workers."""
    if workers <= 1:
        return InProcess()
    from sensscan.engines.processes import Processes

    return Processes(workers)
