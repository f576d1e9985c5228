"""`sensscan nlp`: the HanLP engine, what it has and how its jar is installed."""

from __future__ import annotations

from pathlib import Path

import click

from sensscan.cli.base import Context, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.language import Text


@group(help=Text("The HanLP engine for names and addresses (`--nlp hanlp`).", "用于姓名与地址的 HanLP 引擎（`--nlp hanlp`）。"))
def command() -> None:
    """Hold the subcommands."""


@make_command(
    help=Text("Show Java, jar and data package. Starts nothing.", "显示 Java、jar 与数据包。不启动任何程序。"),
    examples=("sensscan nlp status",),
    name="status",
)
@pass_context
def status(context: Context) -> int:
    """Print what is there; exit code 2 when the engine cannot start."""
    from sensscan.detect.nlp.places import nlp_status

    found = nlp_status()
    missing = Text("not found", "未找到")
    rows = (
        (Text("Java", "Java"), found.java),
        (Text("HanLP jar", "HanLP jar"), found.jar),
        (Text("Data package", "数据包"), found.data),
    )
    for label, path in rows:
        absent = Text("none; the jar's own dictionaries are used", "无，使用 jar 自带词典") if label.en == "Data package" else missing
        context.say(Text(f"{label.en}: {path or absent.en}", f"{label.zh}：{path or absent.zh}"))
    context.say(Text(f"CRF models: {'yes' if found.crf else 'no'}", f"CRF 模型：{'有' if found.crf else '无'}"))
    if found.problem is not None:
        raise found.problem
    context.say(Text("Ready: use `--nlp hanlp`.", "就绪：可使用 `--nlp hanlp`。"))
    return 0


@make_command(
    help=Text(
        "Install the HanLP jar (8 MB) into the data folder: through Maven with your own settings, or offline from --jar.",
        "把 HanLP 的 jar（8 MB）装入数据目录：通过 Maven（使用本机设置），或用 --jar 离线安装。",
    ),
    name="install",
    examples=("sensscan nlp install", "sensscan nlp install --jar hanlp-portable-1.8.4.jar"),
)
@option(
    "--jar",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help=Text("A jar that is already on this machine.", "本机已有的 jar 文件。"),
)
@pass_context
def install(context: Context, jar: Path | None) -> int:
    """Install and check."""
    from sensscan.detect.nlp.places import install_jar

    place = install_jar(jar)
    context.say(Text(f"Installed: {place}", f"已安装：{place}"))
    return 0


command.add_command(status)
command.add_command(install)
