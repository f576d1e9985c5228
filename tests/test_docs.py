"""What the pages say is held to the program: commands run, options exist, translations keep step, links lead somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from sensscan import errors
from sensscan.cli import _make_root
from sensscan.cli.base import run
from tests.pages import IN_STEP, ROOT, all_pages, anchors, blocks, calls, headings, links, prose, unseen
from tests.trying import quiet_place, sample_databases, try_call
from tests.written import MARK, PAGE, WEIGHT_PAGES, generated, options_of, told_weights, walk, weights

PAGES = all_pages()
_NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_TRIED = [page for page in PAGES if any(True for _ in calls(page.read_text(encoding="utf-8")))]
_REGISTRIES = re.compile(
    r"\b(?:[\w-]+\.)*(?:pypi|pythonhosted|maven|npmjs|registry|mirrors?|conda|anaconda)\w*\.(?:[\w-]+\.)*(?:org|com|cn|io|net)\b"
)
_MACHINE = re.compile(r"(?<![\w.])/(?:root|work|Users|tmp/bash)/|(?<![\w.])/home/(?!USER)\w+/")


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Return heading -> text up to the next heading."""
    parts = re.split(r"^#{1,6} (.+)$", text, flags=re.MULTILINE)
    return dict(zip((title.strip().strip("`") for title in parts[1::2]), parts[2::2], strict=True))


# Commands and options


def test_every_command_and_option_is_described() -> None:
    sections = _sections(_read(PAGE))
    missing = []
    for path, command in walk(_make_root(), "sensscan"):
        if path != "sensscan" and path not in sections:
            missing.append(f"section {path}")
        names = (name for option in options_of(command) for name in (*option.opts, *option.secondary_opts))
        # The root's own options are in the table of options of every command.
        described = sections.get(path) or sections["Options of every command"]
        missing += [f"{path} {name}" for name in names if f"`{name}" not in described]
    assert not missing


def test_tables_of_the_page_are_those_of_the_program() -> None:
    written = _read(PAGE).partition(MARK)[2].strip()
    assert written == generated().strip(), "Run: python -m tests.written"


# Exit codes


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_exit_codes_of_the_readme_are_those_of_the_program(page: str) -> None:
    sections = _sections(_read(ROOT / page))
    table = sections.get("Exit codes") or sections["退出码"]
    told = sorted(int(code) for code in re.findall(r"^\| (\d+) \|", table, flags=re.MULTILINE))
    assert told == sorted(value for name, value in vars(errors).items() if name.startswith("EXIT_"))


# Pages in two languages


@pytest.mark.parametrize("page", list(IN_STEP), ids=lambda page: str(page.relative_to(ROOT)))
def test_chinese_page_keeps_step_with_the_english_one(page: Path) -> None:
    chinese, english = _read(page), _read(IN_STEP[page])
    assert [level for level, _ in headings(chinese)] == [level for level, _ in headings(english)]
    assert [(block.language, block.bones()) for block in blocks(chinese)] == [(block.language, block.bones()) for block in blocks(english)]


@pytest.mark.parametrize("page", list(IN_STEP), ids=lambda page: str(page.relative_to(ROOT)))
def test_chinese_page_is_chinese(page: Path) -> None:
    for _, title in headings(_read(page)):
        assert re.search(r"[\u4e00-\u9fff]", title) or (title.isascii() and " " not in title), title


# Commands of the pages are tried


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as `sensscan demo` leaves it, without its reports."""
    return sample_databases(tmp_path_factory.mktemp("samples"))


@pytest.mark.parametrize("page", _TRIED, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_the_page_run_and_print_what_it_shows(page: Path, samples: Path, tmp_path: Path) -> None:
    problems = []
    with quiet_place(tmp_path, samples):
        for call in calls(_read(page)):
            assert call.words[0] == "sensscan", f"line {call.line}: only sensscan's own commands are tried; mark other blocks as text"
            code, output = try_call(call)
            assert code == call.exit_code, f"line {call.line}: exit code {code}: {output[-400:]}"
            problems += [f"line {call.line}: not printed: {line}" for line in unseen(call, output)]
    assert not problems, "Run: python -m tests.written\n" + "\n".join(problems)


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_python_examples_of_the_page_hold(page: Path) -> None:
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert not found.failed


@pytest.mark.parametrize("page", WEIGHT_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_weights_of_the_page_are_those_of_the_program(page: Path) -> None:
    assert told_weights(_read(page)) == weights(), "Run: python -m tests.written; describe new weights by hand"


def test_numbers_of_judging_are_those_of_the_program() -> None:
    from sensscan.classify.context import SURE as SURE_COLUMN
    from sensscan.detect import CHECKED
    from sensscan.detect.contains import CELL_CHARACTERS
    from sensscan.detect.whole import ENOUGH, PROBE
    from sensscan.link.linking import FOREIGN_KEY_WEIGHT, SAME_NAME_WEIGHT

    text = " ".join(_read(WEIGHT_PAGES[0]).split())
    told = (
        f"{CHECKED} rows are checked", f"first asked about {PROBE} values", f"no more than {ENOUGH} values", f"{CELL_CHARACTERS:,} characters",
        f"gets {FOREIGN_KEY_WEIGHT:+} for", f"gets {SAME_NAME_WEIGHT:+} when", f"sure ({SURE_COLUMN} or more)",
    )  # fmt: skip
    assert not [words for words in told if words not in text]


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_blocks_say_what_they_are(page: Path) -> None:
    for block in blocks(_read(page)):
        if any(line.startswith("$ ") for line in block.lines):
            assert block.language == "console", f"{page.name}, line {block.line}: commands with $ belong into a console block"


def test_card_that_contributors_are_shown_is_in_order(tmp_path: Path) -> None:
    (card,) = [block for block in blocks(_read(ROOT / "CONTRIBUTING.md")) if block.language == "toml"]
    name = card.lines[0].removeprefix("# detectors/").partition(":")[0]
    (tmp_path / name).write_text("\n".join(card.lines), encoding="utf-8")
    assert run(_make_root(), ["rules", "check", str(tmp_path / name)]) == 0


# Links, names of machines


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in links(_read(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        there = file.exists() and file.is_relative_to(ROOT)
        if not there or (anchor and file.suffix == ".md" and anchor not in anchors(_read(file))):
            broken.append(target)
    assert not broken


def test_every_page_of_docs_can_be_reached() -> None:
    english = {(ROOT / target.partition("#")[0]).resolve() for target in links(_read(ROOT / "README.md")) if "://" not in target}
    chinese = {(ROOT / target.partition("#")[0]).resolve() for target in links(_read(ROOT / "README.zh-CN.md")) if "://" not in target}
    pages = {page.resolve() for folder in ("docs", "docs/zh") for page in (ROOT / folder).glob("*.md")}
    assert not {str(page.relative_to(ROOT)) for page in pages - english}
    translated = {page.resolve() for page in IN_STEP.values()}
    assert not {str(page.relative_to(ROOT)) for page in pages - chinese - translated}


@pytest.mark.parametrize("page", PAGES, ids=_NAMES)
def test_no_page_names_a_registry_or_a_machine(page: Path) -> None:
    text = _read(page)
    assert not _REGISTRIES.findall(text)
    assert not _MACHINE.findall(text)


# Data files and their sources


def test_every_data_file_has_source_and_licence_in_the_notice() -> None:
    notice = _read(ROOT / "NOTICE")
    files = [file for folder in ("detectors/data", "sensscan/numbers/data", "sample_dbs/data") for file in (ROOT / folder).iterdir()]
    data = [file.name for file in files if file.is_file() and file.suffix in (".csv", ".txt", ".toml", ".json")]
    assert len(data) >= 15
    # An entry begins with names of files and a colon, and ends where the next one begins or at an empty line.
    entries = re.findall(
        r"((?:[\w.-]+\.(?:csv|txt|toml|json)(?:, )?)+): ((?:(?!\n\n|[\w-]+\.(?:csv|txt|toml)[:,]).)*)", notice, flags=re.DOTALL
    )
    told = {name: text for names, text in entries for name in names.split(", ")}
    assert not [name for name in data if not re.search(r"facts|MIT|Apache-2\.0|ISC|public-domain|Creative Commons", told.get(name, ""))]


def test_licence_is_apache_2() -> None:
    licence = _read(ROOT / "LICENSE")
    assert "Apache License" in licence and "Version 2.0, January 2004" in licence
    assert 'license = { text = "Apache-2.0" }' in _read(ROOT / "pyproject.toml")


def test_pages_are_prose_and_no_draft() -> None:
    for page in PAGES:
        assert not re.search(r"\b(TODO|TBD|FIXME|lorem)\b", prose(_read(page))), page.name
