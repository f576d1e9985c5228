"""Progress of a scan on a terminal: tables, rows, rows per second, time left, the table being read."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from sensscan.language import Language, Text
from sensscan.model import TableRef
from sensscan.report.safe import show

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


class ConsoleProgress:
    """Shows how far a scan is; silent when the console is not a terminal, or when `quiet`.

    Use it as a context manager around the scan. Calls must come from one thread. It goes to the error stream when no console is
    given, so that a report on stdout stays clean.
    """

    def __init__(self, *, language: Language = "en", quiet: bool = False, console: Console | None = None) -> None:
        self._language = language
        self._quiet = quiet
        self._console = console
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._rows = 0

    def __enter__(self) -> ConsoleProgress:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def active(self) -> bool:
        """Whether anything is shown."""
        return self._progress is not None

    def begin(self, tables: int) -> None:
        """Start, with the number of tables to read; a second call begins the next source."""
        self.close()
        self._rows = 0
        if self._quiet or tables <= 0:
            return
        from rich.console import Console

        console = self._console or Console(stderr=True, highlight=False)
        if not console.is_terminal:
            return
        self._progress = self._make(console)
        unit = Text("tables", "张表").pick(self._language)
        self._task = self._progress.add_task(unit, total=tables, rows="", table="")
        self._progress.start()

    def _make(self, console: Console) -> Progress:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column

        left = Text("left", "剩余").pick(self._language)
        return Progress(
            BarColumn(bar_width=16),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[rows]}", markup=False),
            TextColumn(left, markup=False),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[table]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
            console=console,
            transient=True,
            refresh_per_second=8,
            expand=True,
        )

    def table_started(self, table: TableRef) -> None:
        """Show `table` as the one being read."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, table=show(f"{table.schema}.{table.table}"))

    def table_done(self, table: TableRef, rows: int) -> None:
        """Count `table` as done, with the rows read from it."""
        self._rows += rows
        if self._progress is None or self._task is None:
            return
        task = self._progress.tasks[0]
        rate = self._rows / task.elapsed if task.elapsed else 0.0
        text = Text(f"{self._rows:,} rows {rate:,.0f}/s", f"{self._rows:,} 行 {rate:,.0f}/秒")
        self._progress.update(self._task, advance=1, rows=text.pick(self._language), table=show(f"{table.schema}.{table.table}"))

    def close(self) -> None:
        """Stop and clear the line; harmless when nothing was begun."""
        if self._progress is not None:
            self._progress.stop()
        self._progress = self._task = None
