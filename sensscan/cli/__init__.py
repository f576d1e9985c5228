"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import gc
import importlib
import sys

import click

from sensscan.cli.base import Group, current_language, run
from sensscan.language import Text

# Name -> (module, what it does). The description stands here so that `sensscan --help` imports no command.
COMMANDS: dict[str, tuple[str, Text]] = {
    "scan": ("scan", Text("Scan databases and label their sensitive columns.", "扫描数据库，标出敏感列。")),
    "check": ("check", Text("Check driver, rights and expected reads before a scan.", "扫描前检查驱动、权限和预计读取量。")),
    "watch": ("watch", Text("Follow changes and rescan only what was touched.", "监听变更，只重扫被改动的部分。")),
    "report": ("report", Text("Show a stored run again, in any format.", "以任意格式重新输出已存的扫描结果。")),
    "diff": ("diff", Text("Compare two stored runs.", "比较两次扫描。")),
    "tags": ("tags", Text("Labels: list, confirm, reject, assign, review, history.", "标签：查看、确认、驳回、指派、复核、历史。")),
    "explain": ("explain", Text("Show the full scorecard of one column.", "显示一列的完整评分依据。")),
    "test": ("test", Text("Ask every detector about values.", "用每个检测器检验给定的值。")),
    "rules": ("rules", Text("Detector cards: list, check, write, backtest.", "检测规则：查看、检查、新建、回测。")),
    "policies": ("policies", Text("Grading policies: list, check, compare, regrade.", "分级策略：查看、检查、比较、重新定级。")),
    "evaluate": ("evaluate", Text("Measure the labels against a labelled database.", "用已标注的数据库衡量识别效果。")),
    "store": ("store", Text("The tag store: info, verify, backup, prune, upgrade.", "标签库：信息、校验、备份、清理、升级。")),
    "schedule": ("schedule", Text("Run scans from cron.", "用 cron 定时扫描。")),
    "notify": ("notify", Text("Test the notification channels.", "测试通知渠道。")),
    "nlp": ("nlp", Text("The HanLP engine: status, install.", "HanLP 引擎：状态、安装。")),
    "demo": ("demo", Text("Build sample databases, scan them, show the reports.", "生成样例库、扫描并展示报告。")),
}


class _Described(click.Command):
    """A stand-in that carries one line of help, so that the list of commands imports none of them."""

    def __init__(self, name: str, text: Text) -> None:
        super().__init__(name)
        self.text = text

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the description in the reader's language."""
        return self.text.pick(current_language()).rstrip(".。")


class LazyGroup(Group):
    """The root command: imports a command's module when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command; only its description while the root's help is written."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if ctx.params.get("_describing"):
            return _Described(cmd_name, entry[1])
        command = importlib.import_module(f"sensscan.cli.{entry[0]}").command
        assert isinstance(command, click.Command)
        command.name = cmd_name
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options and commands without importing them."""
        ctx.params["_describing"] = True
        super().format_options(ctx, formatter)


def _make_root() -> LazyGroup:
    from sensscan import __version__
    from sensscan.cli.base import Option

    root = LazyGroup("sensscan", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
    root.help_text = Text(
        "Find sensitive data in databases, say which kind it is, how sure that is and why, and grade it by a policy.",
        "发现数据库中的敏感数据，判明类型、把握程度与依据，并按策略定级。",
    )
    root.params.append(
        Option(
            ["--lang"],
            type=click.Choice(["zh", "en", "auto"]),
            default="auto",
            expose_value=False,
            help_text=Text("Language of everything that a person reads.", "界面与报告的语言。"),
        )
    )

    def show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            click.echo(f"sensscan {__version__}")
            ctx.exit()

    root.params.append(
        Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=show_version,
            help_text=Text("Show the version and end.", "显示版本并退出。"),
        )
    )
    return root


def main() -> None:
    """Entry point of the console script."""
    # A scan makes hundreds of thousands of lasting objects; looking through them for cycles every 700 costs a third of the time.
    gc.set_threshold(100_000, 50, 100)
    code = run(_make_root())
    gc.freeze()  # nothing is left to be found: looking through everything once more would keep the user waiting
    sys.exit(code)
