"""`--dry-run`: what a run would read, and with which statements, without reading data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sensscan.catalog import enumerate_source
from sensscan.language import Text
from sensscan.model import SkippedObject
from sensscan.modes.compared import compare_source
from sensscan.modes.named import Fit, check_named, fit_of, missing_everywhere, refuse_nothing
from sensscan.modes.plan import summary
from sensscan.modes.request import ScanRequest
from sensscan.modes.run import choose, load_rules, tasks_of
from sensscan.pipeline import TableTask
from sensscan.report.view import object_name
from sensscan.sample import expected_read
from sensscan.source import Session, StatementLog, open_source
from sensscan.store import open_store


def preview(request: ScanRequest) -> tuple[list[Text], bool]:
    """Return the lines of a dry run and whether all that was named is there.

    Per source the plan, per table the statement and the rows it is expected to return. Raises UsageError where a scan would.
    """
    registries = load_rules(request.sources)
    check_named(request)
    lines: list[Text] = []
    fits: list[Fit] = []
    with open_store(request.store_url) as store:
        for source, registry in zip(request.sources, registries, strict=True):
            log = StatementLog(request.log_file) if request.log_file is not None else None
            with open_source(source.url, source.config.limits, log=log) as session:
                catalogue = enumerate_source(session, source.identity, source.config.filters)
                fits.append(fit_of(session, source, catalogue, store))
                compared = compare_source(request.mode, session, store, catalogue)
                chosen = choose(request, store, source, catalogue, compared=compared, registry=registry, touched={})
                lines.append(Text(f"{source.identity} ({catalogue.server_version})", f"{source.identity}（{catalogue.server_version}）"))
                lines += summary(chosen)
                lines += _reads(session, tasks_of(catalogue, chosen, source), len(chosen.examine))
                lines += [_skip(skipped) for skipped in catalogue.skipped]
    refuse_nothing(fits)
    missing = missing_everywhere(fits)
    lines += [Text(f"skip  {one.text.en}", f"跳过  {one.text.zh}") for one in missing]
    return lines, not missing


def _reads(session: Session, tasks: Sequence[TableTask], columns: int) -> Iterator[Text]:
    rows = 0
    for task in tasks:
        expected = expected_read(session, task.table, task.columns, task.limits)
        rows += expected.rows
        yield Text(
            f"read  {expected.method}, about {expected.rows} rows: {expected.statement}",
            f"读取  {expected.method}，约 {expected.rows} 行：{expected.statement}",
        )
    yield Text(f"{columns} columns, about {rows} rows; nothing was read.", f"{columns} 列，约 {rows} 行；未读取任何数据。")


def _skip(skipped: SkippedObject) -> Text:
    place = object_name(skipped.schema, skipped.table, skipped.column)
    return Text(f"skip  {place}: {skipped.reason.text.en}", f"跳过  {place}：{skipped.reason.text.zh}")
