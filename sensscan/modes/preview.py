"""`--dry-run`: what a run would read, and with which statements, without reading data."""

from __future__ import annotations

from collections.abc import Iterator

from sensscan.catalog import enumerate_source
from sensscan.language import Text
from sensscan.modes.marks import read_marks
from sensscan.modes.plan import summary
from sensscan.modes.request import ScanRequest
from sensscan.modes.run import choose, tasks_of
from sensscan.sample import expected_read
from sensscan.source import StatementLog, open_source
from sensscan.store import open_store


def preview(request: ScanRequest) -> Iterator[Text]:
    """Yield the lines of a dry run: per source the plan, per table the statement and the rows it is expected to return."""
    registry = request.sources[0].rules.load()
    with open_store(request.store_url) as store:
        for source in request.sources:
            log = StatementLog(request.log_file) if request.log_file is not None else None
            with open_source(source.url, source.config.limits, log=log) as session:
                catalogue = enumerate_source(session, source.identity, source.config.filters)
                marks = read_marks(session, [table.ref for table in catalogue.tables])
                chosen = choose(request, store, source, catalogue, marks=marks, registry=registry, touched={})
                yield Text(f"{source.identity} ({catalogue.server_version})", f"{source.identity}（{catalogue.server_version}）")
                yield from summary(chosen)
                rows = 0
                for task in tasks_of(catalogue, chosen, source):
                    expected = expected_read(session, task.table, task.columns, task.limits)
                    rows += expected.rows
                    yield Text(
                        f"read  {expected.method}, about {expected.rows} rows: {expected.statement}",
                        f"读取  {expected.method}，约 {expected.rows} 行：{expected.statement}",
                    )
                yield Text(
                    f"{len(chosen.examine)} columns, about {rows} rows; nothing was read.",
                    f"{len(chosen.examine)} 列，约 {rows} 行；未读取任何数据。",
                )
                for skipped in catalogue.skipped:
                    place = ".".join(part for part in (skipped.schema, skipped.table, skipped.column) if part)
                    yield Text(f"skip  {place}: {skipped.reason.text.en}", f"跳过  {place}：{skipped.reason.text.zh}")
