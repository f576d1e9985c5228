"""Scans from the user's crontab: each scheduled scan is one line, marked with a comment so that it can be shown and removed."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sensscan.errors import UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from crontab import CronTab

_MARK = "sensscan:"
_KEPT = ("SENSSCAN_CONFIG", "SENSSCAN_CONFIG_DIR", "SENSSCAN_DATA_DIR", "SENSSCAN_LANG")
"""Places, not secrets: a crontab can be read by others, so passwords never enter it."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One line of the crontab."""

    name: str
    when: str
    command: str


def command_line(arguments: Sequence[str], folder: Path, environ: Mapping[str, str]) -> str:
    """Return the shell command that cron runs: same folder, same program, `%` escaped (cron would take it for a line's end)."""
    words = [sys.executable, "-m", "sensscan", "schedule", "run", "--", *arguments]
    places = [f"{key}={shlex.quote(environ[key])}" for key in _KEPT if environ.get(key)]
    return f"cd {shlex.quote(str(folder))} && {' '.join([*places, shlex.join(words)])}".replace("%", "\\%")


def open_crontab(path: Path | None = None) -> CronTab:
    """Return the user's crontab, or a file's. Raises UsageError when there is no cron."""
    from crontab import CronTab

    try:
        return CronTab(tabfile=str(path)) if path is not None else CronTab(user=True)
    except OSError:
        raise UsageError(
            Text("The program crontab was not found.", "未找到 crontab 程序。"),
            Text(
                "Install cron, or use a systemd timer as in docs/schedule.md.", "请安装 cron，或按 docs/schedule.md 使用 systemd 定时器。"
            ),
        ) from None


def scheduled(tab: CronTab) -> list[Scheduled]:
    """Return our lines in the order of the crontab; other lines are not ours to show."""
    return [
        Scheduled(str(job.comment).removeprefix(_MARK), str(job.slices), str(job.command))
        for job in tab
        if str(job.comment).startswith(_MARK)
    ]


def install(tab: CronTab, name: str, when: str, command: str) -> bool:
    """Add a line, or replace the one of that name; True when one was replaced. Raises UsageError for a wrong time."""
    jobs: list[Any] = list(tab.find_comment(_MARK + name))
    job = tab.new(command=command, comment=_MARK + name)
    try:
        job.setall(when)
        good = job.is_valid() and len(when.split()) in (1, 5)
    except (KeyError, ValueError):
        good = False
    if not good:
        tab.remove(job)
        raise UsageError(
            Text(f"{when!r} is not a cron time.", f"{when!r} 不是 cron 时间。"),
            Text('Five fields: minute hour day month weekday, such as "0 2 * * *" (every day at 02:00).',
                 "五个字段：分 时 日 月 星期，如 \"0 2 * * *\"（每天 02:00）。"),
        )  # fmt: skip
    for old in jobs:
        tab.remove(old)
    _write(tab)
    return bool(jobs)


def remove(tab: CronTab, name: str) -> int:
    """Remove our lines of that name ("" for all); return how many."""
    jobs = [job for job in tab if str(job.comment).startswith(_MARK) and name in ("", str(job.comment).removeprefix(_MARK))]
    for job in jobs:
        tab.remove(job)
    if jobs:
        _write(tab)
    return len(jobs)


def _write(tab: CronTab) -> None:
    try:
        tab.write()
    except OSError:
        raise UsageError(
            Text("The crontab could not be written.", "crontab 无法写入。"),
            Text("Check that this user may use cron (/etc/cron.allow).", "请检查该用户是否允许使用 cron（/etc/cron.allow）。"),
        ) from None
