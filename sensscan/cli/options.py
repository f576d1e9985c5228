"""Options that several commands take under the same words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sensscan.cli.base import current_language, option
from sensscan.language import Text

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FILE = click.Path(dir_okay=False, path_type=Path)


class Seed(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A whole number, or "rotate" for another sample every day."""

    name = "seed"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seed."""
        if isinstance(value, int):
            return value
        if value == "rotate":
            from datetime import UTC, datetime

            return datetime.now(UTC).toordinal()
        try:
            return int(value)
        except ValueError:
            self.fail(Text("it must be a whole number or rotate.", "应为整数或 rotate。").pick(current_language()), param, ctx)


CONFIG = option(
    "--config", "config_file", type=FILE, help=Text("Configuration file (default: sensscan.toml).", "配置文件（默认 sensscan.toml）。")
)
STORE = option("--store", "store_url", default=None, metavar="URL", help=Text("Tag store.", "标签库。"))

# Which rules.
DETECTORS = option(
    "--detectors",
    "detector_dirs",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=Text("Folder with detector cards of your own.", "自定义规则卡目录。"),
)
ALLOW_CODE = option("--allow-code", is_flag=True, help=Text("Allow Python detectors in such a folder.", "允许该目录中的 Python 检测器。"))

# Which objects.
SCHEMA = option("--schema", "schemas", multiple=True, metavar="GLOB", help=Text("Only these schemas.", "仅这些 schema。"))
TABLE = option(
    "--table",
    "tables",
    multiple=True,
    metavar="GLOB",
    help=Text("Only these tables: table or schema.table.", "仅这些表：table 或 schema.table。"),
)
EXCLUDE = option(
    "--exclude",
    "excludes",
    multiple=True,
    metavar="GLOB",
    help=Text("Leave out: any prefix of schema.table.column.", "排除：schema.table.column 的任意前缀。"),
)

# Which rows.
SAMPLE = option(
    "--sample",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help=Text("Rows per table (default: 1000).", "每表取样行数（默认 1000）。"),
)
EXACT = option("--exact", is_flag=True, help=Text("Test every sampled value, not 256 per column.", "检验每个取样值，而非每列 256 个。"))
SEED = option(
    "--seed",
    type=Seed(),
    default=None,
    metavar="N|rotate",
    help=Text("Choice of rows (default: 0, the same every night).", "取样种子（默认 0，每晚相同）。"),
)

# What is shown.
VERBOSE = option("--verbose", is_flag=True, help=Text("Show each evidence line with its weight.", "显示每条依据及其权重。"))
BOM = option("--bom", is_flag=True, help=Text("CSV: begin with a byte order mark, for Excel.", "CSV：以 BOM 开头，便于 Excel 打开。"))


def form(*choices: str) -> Decorator:
    """Add --format, the first choice being the default."""
    return option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help=Text("Form of standard output.", "标准输出的格式。"),
    )


def form_beside_files(*choices: str) -> Decorator:
    """Add --format for commands that print nothing when -o is given."""
    return option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=None,
        help=Text("Form of standard output (default: console, nothing with -o).", "标准输出的格式（默认 console；有 -o 时不输出）。"),
    )


def outputs(help_text: Text) -> Decorator:
    """Add -o FILE, which may be repeated."""
    return option("-o", "--output", "outputs", multiple=True, type=FILE, help=help_text)


def min_confidence(help_text: Text) -> Decorator:
    """Add --min-confidence X."""
    return option("--min-confidence", type=click.FloatRange(0, 1), default=None, help=help_text)
