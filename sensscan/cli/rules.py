"""`sensscan rules`: the detector cards: what there is, what each costs and confuses, new ones, their shadow runs, their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sensscan.cli.base import Context, argument, group, option, pass_context
from sensscan.cli.base import command as make_command
from sensscan.cli.looking import reading_options
from sensscan.cli.options import ALLOW_CODE, CONFIG, DETECTORS, EXCLUDE, SCHEMA, STORE, TABLE, form
from sensscan.errors import EXIT_DONE, UsageError
from sensscan.language import Text

if TYPE_CHECKING:
    from sensscan.registry import Registry

_FORMAT = form("console", "json")


def _registry_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for add in reversed((DETECTORS, ALLOW_CODE, CONFIG)):
        function = add(function)
    return function


def load(options: Mapping[str, Any], *, cards: tuple[Path, ...] = ()) -> Registry:
    """Return the registry of the configuration and the options. Raises ConfigError."""
    from sensscan.modes.config_file import load_config
    from sensscan.registry import GuardLimits, load_registry

    settings = load_config(options["config_file"]).settings
    return load_registry(
        (*settings.detector_dirs, *options["detector_dirs"]),
        allow_code=settings.allow_code or options["allow_code"],
        cards=cards,
        limits=GuardLimits(settings.detector_seconds, settings.detector_memory_mb),
    )


def card_path(word: str) -> Path | None:
    """Return the card file that a word names; None for a type id."""
    path = Path(word)
    if path.suffix != ".toml" and not path.is_dir():
        return None
    if not path.is_file() and path.suffix == ".toml":
        raise UsageError(Text(f"Card {path}: not found.", f"规则卡 {path}：不存在。"))
    return path


@group(
    help=Text(
        "Detector cards: one TOML file per type. TYPE is a type id, CARD a .toml file.",
        "检测规则：每个类型一张 TOML 规则卡。TYPE 为类型编号，CARD 为 .toml 文件。",
    )
)
def command() -> None:
    """Hold the subcommands."""


@make_command(
    Text("List all types: built in, of packages, of your folders.", "列出全部类型：自带的、来自安装包的、来自自定义目录的。"),
    name="list",
    examples=("sensscan rules list", "sensscan rules list --detectors rules/ --format json"),
)
@_registry_options
@_FORMAT
@pass_context
def list_command(context: Context, /, form: str, **options: Any) -> int:
    """Print one line per type."""
    from sensscan.cli.policytables import print_json
    from sensscan.cli.ruletables import list_data, print_list

    registry = load(options)
    if form == "json":
        print_json(list_data(registry))
    else:
        print_list(registry, context.language)
    return EXIT_DONE


@make_command(
    Text(
        "Show one rule: its card, the shape derived from it, its cost, the chance rate measured on random values of the same shape, the "
        "columns of the sample databases that look like it, and what it shares with other types.",
        "显示一条规则：规则卡、由其推导的形状、开销、在同形随机值上实测的偶然通过率、样例库中与之相似的列，以及与其他类型的重叠。",
    ),
    name="show",
    examples=("sensscan rules show id_card", "sensscan rules show rules/employee_no.toml --lang zh"),
)
@argument("rule", metavar="TYPE|CARD")
@_registry_options
@_FORMAT
@pass_context
def show(context: Context, /, rule: str, form: str, **options: Any) -> int:
    """Measure and print."""
    from sensscan.cli.policytables import print_json
    from sensscan.cli.ruletables import facts_data, print_facts
    from sensscan.modes.rule_facts import facts_of

    path = card_path(rule)
    registry = load(options, cards=(path,) if path is not None else ())
    facts = facts_of(registry, path.stem if path is not None else rule)
    if form == "json":
        print_json(facts_data(facts, registry))
    else:
        print_facts(facts, registry, context.language)
    return EXIT_DONE


@make_command(
    Text(
        "Check cards: keys, patterns (RE2), validator, word lists, examples, detectors. What is wrong is named with file, key and reason, "
        "and the exit code is 2; what deserves a second look is listed and leaves 0. Without an argument: the configured folders.",
        "检查规则卡：键、模式（RE2）、校验器、词表、示例、检测器。错误会指出文件、键和原因，并以 2 退出；值得再看一眼的地方只列出，"
        "仍以 0 退出。不给参数时检查配置中的目录。",
    ),
    name="check",
    examples=("sensscan rules check employee_no.toml", "sensscan rules check rules/ --allow-code"),
)
@argument("paths", nargs=-1, metavar="CARD|DIR...")
@_registry_options
@_FORMAT
@pass_context
def check(context: Context, /, paths: tuple[str, ...], form: str, **options: Any) -> int:
    """Load, measure, list doubts."""
    from sensscan.cli.policytables import print_json
    from sensscan.cli.ruletables import check_data, print_check
    from sensscan.modes.rule_facts import facts_of

    found = [card_path(word) or Path(word) for word in paths]
    for path in found:
        if not path.exists():
            raise UsageError(Text(f"{path}: not found.", f"{path}：不存在。"))
    dirs = tuple(path for path in found if path.is_dir())
    cards = tuple(path for path in found if not path.is_dir())
    registry = load({**options, "detector_dirs": (*options["detector_dirs"], *dirs)}, cards=cards)
    facts = [facts_of(registry, type_id) for type_id, matcher in registry.matchers.items() if not matcher.trusted]
    if form == "json":
        print_json(check_data(facts))
    else:
        print_check(facts, context.language)
    return EXIT_DONE


@make_command(
    Text(
        "Write a new card, every key commented, to be filled in. With --code a Python detector beside it.",
        "新建一张规则卡，每个键都有注释，供填写。加 --code 时在旁边生成 Python 检测器。",
    ),
    name="new",
    examples=(
        "sensscan rules new employee_no",
        "sensscan rules new employee_no --dir rules/ --pattern 'E[0-9]{6}' --name 工号 --name employee_no --example E102938",
    ),
)
@argument("type_id", metavar="TYPE")
@option(
    "--dir", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default=True, metavar="DIR",
    help=Text("Folder of the card.", "规则卡所在目录。"),
)  # fmt: skip
@option("--label-en", default="", metavar="TEXT", help=Text("English label.", "英文名称。"))
@option("--label-zh", default="", metavar="TEXT", help=Text("Chinese label.", "中文名称。"))
@option("--pattern", default="", metavar="RE2", help=Text("Pattern of a whole value, RE2 syntax.", "整个值的模式，RE2 语法。"))
@option("--name", "names", multiple=True, metavar="WORD", help=Text("Word of column names; repeatable.", "列名词，可重复。"))
@option(
    "--example",
    "examples",
    multiple=True,
    metavar="VALUE",
    help=Text("Invented value that passes; repeatable.", "应通过的虚构值，可重复。"),
)
@option("--code", is_flag=True, help=Text("With a Python detector.", "附 Python 检测器。"))
@pass_context
def new(context: Context, /, type_id: str, folder: Path, code: bool, **options: Any) -> int:
    """Write the files; never over existing ones, never a card that would be refused."""
    from dataclasses import replace

    from sensscan.registry.template import NewCard, card_text, detector_text

    if not type_id.isascii() or not type_id.replace("_", "a").isalnum() or type_id != type_id.lower():
        raise UsageError(Text(f"Type id {type_id}: only a-z, 0-9 and _.", f"类型编号 {type_id}：只能含 a-z、0-9 和 _。"))
    card = NewCard(type_id, code=code, **options)
    first = folder / f"{type_id}.toml"
    texts = {first: card_text(card)}
    # Where code alone decides, nobody can say yet whether the examples pass.
    _check_new(card_text(replace(card, examples=())) if code and not card.pattern else texts[first], first)
    if code:
        texts[folder / f"{type_id}.py"] = detector_text(card)
    for path in texts:
        if path.exists():
            raise UsageError(Text(f"{path} exists already.", f"{path} 已存在。"))
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
        context.say(Text(f"Written: {path}", f"已写出：{path}"))
    allowed = " --allow-code" if code else ""
    context.say(Text(f"Next: sensscan rules check {first}{allowed}", f"下一步：sensscan rules check {first}{allowed}"))
    return EXIT_DONE


def _check_new(text: str, path: Path) -> None:
    """Hold a card to its own word before it is written. Raises UsageError naming key and reason."""
    from sensscan.registry.cards import card_from_text
    from sensscan.registry.matcher import Matcher, check_card

    try:
        check_card(Matcher(card_from_text(text, path), trusted=False))
    except UsageError as error:
        raise UsageError(Text(f"Not written. {error.text.en}", f"未写出。{error.text.zh}"), error.hint) from None


@make_command(
    Text(
        "Shadow run of a new or changed rule: read SOURCE once, judge it with and without CARD (same rows, same seed), and show what would "
        "be labelled, gained and lost, also against labels that persons confirmed or rejected. No label changes, nothing is stored.",
        "新规则或改动规则的影子运行：读取 SOURCE 一次，分别在有、无 CARD 的情况下判定（同样的行、同样的种子），显示将标注、新增、"
        "失去哪些列，并与人工确认或驳回的标签对照。不改任何标签，不存任何内容。",
    ),
    name="backtest",
    examples=(
        "sensscan rules backtest employee_no.toml sqlite:///hr.db",
        "sensscan rules backtest rules/mobile_phone.toml crm --format json",
    ),
)
@argument("card", metavar="CARD", type=click.Path(dir_okay=False, path_type=Path))
@argument("source", metavar="SOURCE")
@SCHEMA
@TABLE
@EXCLUDE
@reading_options
@STORE
@_FORMAT
@pass_context
def backtest_command(context: Context, /, card: Path, source: str, form: str, store_url: str | None, **options: Any) -> int:
    """Read once, judge twice, print."""
    from dataclasses import replace

    from sensscan.cli.looking import source_from
    from sensscan.cli.policytables import print_json
    from sensscan.cli.ruleruns import backtest_data, print_backtest
    from sensscan.config import Filters
    from sensscan.errors import EXIT_INCOMPLETE
    from sensscan.modes.backtest import backtest
    from sensscan.modes.config_file import load_config
    from sensscan.report import ConsoleProgress
    from sensscan.store import open_store

    wanted = source_from(source, options, context.language)
    filters = Filters(options["schemas"], options["tables"], (), options["excludes"])
    if filters != Filters():
        wanted = replace(wanted, config=replace(wanted.config, filters=filters))
    with open_store(store_url or load_config(options["config_file"]).store_url()) as store:
        tags = store.tags([wanted.identity])
    with ConsoleProgress(language=context.language, quiet=form == "json") as progress:
        found = backtest(wanted, card, tags=tags, progress=progress)
    if form == "json":
        print_json(backtest_data(found))
    else:
        print_backtest(found, context.language)
    return EXIT_INCOMPLETE if found.skipped else EXIT_DONE


@make_command(
    Text(
        "Statistics over the stored runs: hits per rule, decisions of persons, rules that never fire, rules that fell silent, rules that "
        "drift.",
        "已存扫描的统计：每条规则的命中、人工决定、从未命中的规则、不再命中的规则、漂移的规则。",
    ),
    name="stats",
    examples=("sensscan rules stats", "sensscan rules stats --source mysql://db2:3306 --last 50"),
)
@option("--source", default=None, metavar="ID", help=Text("Only runs of this source.", "只统计该来源的扫描。"))
@option(
    "--last",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    metavar="N",
    help=Text("Newest runs to look at.", "统计最近几次扫描。"),
)
@STORE
@_registry_options
@_FORMAT
@pass_context
def stats(context: Context, /, source: str | None, last: int, store_url: str | None, form: str, **options: Any) -> int:
    """Count and print."""
    from sensscan.cli.policytables import print_json
    from sensscan.cli.ruleruns import print_stats, stats_data
    from sensscan.modes.config_file import load_config
    from sensscan.modes.rule_stats import rule_stats
    from sensscan.store import open_store

    registry = load(options)
    with open_store(store_url or load_config(options["config_file"]).store_url()) as store:
        found = rule_stats(store, registry.cards, source=source, last=last)
    if form == "json":
        print_json(stats_data(found))
    else:
        print_stats(found, registry.labels, context.language)
    return EXIT_DONE


@make_command(
    Text(
        "Make the keyed hashes of a sensitive word list, for `hashed_words_files` of a card, so that the list itself need not lie beside "
        "it. The key is the environment variable SENSSCAN_WORDS_KEY; scans need the same.",
        "为敏感词表生成带密钥的哈希，供规则卡的 hashed_words_files 使用，词表本身无需随规则存放。密钥取环境变量 "
        "SENSSCAN_WORDS_KEY，扫描时须相同。",
    ),
    name="hash",
    examples=("sensscan rules hash vip.txt > vip.hashes",),
)
@argument("words", metavar="FILE", type=click.File("r", encoding="utf-8-sig"))
@option(
    "--normaliser", type=click.Choice(["plain", "digits", "upper", "dots", "text"]), default="plain", show_default=True,
    help=Text("The card's normaliser.", "规则卡的 normaliser。"),
)  # fmt: skip
@pass_context
def hash_command(_context: Context, /, words: Any, normaliser: Any) -> int:
    """Print one hash per word, sorted: their order would tell of the list's."""
    import os

    from sensscan.registry.cards import KEY_LINE, hashed_word, key_mark
    from sensscan.text import normalise_many

    if not os.environ.get("SENSSCAN_WORDS_KEY"):
        raise UsageError(
            Text("The environment variable SENSSCAN_WORDS_KEY is not set.", "未设置环境变量 SENSSCAN_WORDS_KEY。"),
            Text("Set it to a long random text and keep it.", "请设为一段足够长的随机文本并妥善保存。"),
        )
    lines = [line.strip() for line in words if line.strip() and not line.startswith("#")]
    click.echo(KEY_LINE + key_mark())
    for digest in sorted({hashed_word(word) for word in normalise_many(normaliser, lines)}):
        click.echo(digest)
    return EXIT_DONE


for _subcommand in (list_command, show, check, new, backtest_command, stats, hash_command):
    command.add_command(_subcommand)
