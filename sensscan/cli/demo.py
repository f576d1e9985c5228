"""`sensscan demo`: build the sample databases, scan them into a store of their own, show the reports."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from types import ModuleType

import click

from sensscan import errors
from sensscan.cli.base import Context, option, pass_context
from sensscan.cli.base import command as declare
from sensscan.language import Text

STORE = "demo-store.db"
"""Its presence says that a folder was made by this command and may be filled again."""


def builders() -> ModuleType:
    """Return the module that builds the sample databases: installed, or beside the package in a checkout.

    Raises UsageError when neither is there.
    """
    for name in ("sensscan.sample_dbs.build", "sample_dbs.build"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name is None or not name.startswith(missing.name):
                raise
    raise errors.UsageError(
        Text("The sample databases are not installed with this sensscan.", "当前安装的 sensscan 不含样例库。"),
        Text("Install sensscan from its wheel or its source.", "请从 wheel 或源码安装 sensscan。"),
    )


def prepare(folder: Path) -> None:
    """Make the folder; refuse one that holds files of somebody else."""
    if folder.exists() and not folder.is_dir():
        raise errors.UsageError(Text(f"{folder} is a file, not a folder.", f"{folder} 是文件，不是目录。"))
    if folder.exists() and any(folder.iterdir()) and not (folder / STORE).exists():
        raise errors.UsageError(
            Text(f"{folder} is not empty and was not made by this command.", f"{folder} 非空，且不是由本命令创建的。"),
            Text("Name another folder with --output.", "请用 --output 指定其他目录。"),
        )
    folder.mkdir(parents=True, exist_ok=True)


def build_all(folder: Path, context: Context) -> list[Path]:
    """Write one SQLite file per sample database and the answers expected of a scan beside it."""
    module = builders()
    made = []
    for name in module.NAMES:
        path = folder / f"{name}.db"
        context.say(Text(f"Building {path} ...", f"正在生成 {path} …"), error=True)
        path.unlink(missing_ok=True)
        module.build(name, f"sqlite:///{path}")
        shutil.copyfile(module.expected_path(name), folder / f"{name}_expected.csv")
        made.append(path)
    return made


def program_name() -> str:
    """Return how to call the program again: its name, or its path where the shell would not find the name."""
    called = Path(sys.argv[0])
    found = shutil.which("sensscan")
    known = found is not None and called.exists() and Path(found).resolve() == called.resolve()
    return "sensscan" if known or called.name != "sensscan" else str(called)


def scan_all(databases: list[Path], reports: list[Path], store: Path, context: Context) -> int:
    """Run `sensscan scan` as a user would and return its exit code."""
    scan = importlib.import_module("sensscan.cli.scan").command
    words = [f"sqlite:///{path}" for path in databases] + ["--store", f"sqlite:///{store}"]
    for report in reports:
        words += ["-o", str(report)]
    result = scan.main(args=words, prog_name="sensscan scan", standalone_mode=False, obj=context)
    return result if isinstance(result, int) else errors.EXIT_DONE


@declare(
    Text(
        "Build four sample databases (a bank, its anti-fraud mart, a government register, a shop), scan them, show the report. "
        "All values are invented; nothing outside the folder is scanned or changed.",
        "生成四个样例库（银行、银行反欺诈集市、政务登记库、商城），扫描并展示报告。数据均为虚构，不会扫描或改动该目录以外的任何数据库。",
    ),
    examples=("sensscan demo", "sensscan demo --output /tmp/demo --lang zh"),
)
@option(
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("sensscan-demo"),
    show_default=True,
    metavar="DIR",
    help=Text("Folder for databases, store and reports.", "存放样例库、标签库与报告的目录。"),
)
@pass_context
def command(context: Context, folder: Path) -> int:
    """Build, scan, say where everything is."""
    folder = folder.absolute()
    prepare(folder)
    store = folder / STORE
    store.touch(mode=0o600)
    databases = build_all(folder, context)
    reports = [folder / f"report.{suffix}" for suffix in ("html", "json", "csv")]
    code = scan_all(databases, reports, store, context)
    for report in reports:
        context.say(Text(f"Report: {report}", f"报告：{report}"))
    bank, program = databases[0], program_name()
    context.say(
        Text(
            f"Next: {program} explain sqlite:///{bank} customer.cert_no --store sqlite:///{store}",
            f"下一步：{program} explain sqlite:///{bank} customer.cert_no --store sqlite:///{store}",
        )
    )
    context.say(
        Text(
            f"      {program} evaluate sqlite:///{bank} --labels {folder / 'bank_expected.csv'}",
            f"        {program} evaluate sqlite:///{bank} --labels {folder / 'bank_expected.csv'}",
        )
    )
    return code
