"""The HTML report as text: self-contained, closed by its policy, nothing hostile in it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from sensscan.language import Language
from sensscan.report import RenderOptions, compare, render, render_diff
from sensscan.report.view import short_sources
from tests.report.fixtures import EXAMPLES, Spec, bank_report, hostile_report, make_report


def page(report: object = None, language: Language = "en", options: RenderOptions | None = None) -> str:
    text = render(report or bank_report(), "html", language=language, options=options or RenderOptions())  # type: ignore[arg-type]
    assert isinstance(text, str)
    return text


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.found


def test_the_policy_allows_exactly_the_style_and_script_of_the_page() -> None:
    text = page()
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert found
    policy = found.group(1).replace("&#39;", "'")
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        for body in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("make", [bank_report, hostile_report, lambda: make_report([])])
def test_nothing_is_loaded_and_nothing_runs_inline(make: object) -> None:
    for tag, attributes in tags(page(make())):  # type: ignore[operator]
        assert tag not in {"link", "img", "iframe", "object", "embed", "form", "base", "a"} or attributes.get("href", "").startswith("#")  # type: ignore[union-attr]
        assert not any(name.startswith("on") or name in {"src", "srcset", "style", "action"} for name in attributes)


def test_hostile_names_add_no_tag() -> None:
    plain = {tag for tag, _ in tags(page(bank_report()))}
    assert {tag for tag, _ in tags(page(hostile_report()))} <= plain
    assert "<script>alert" not in page(hostile_report())


def test_both_languages_are_there_and_the_wanted_one_is_open() -> None:
    text = page(language="zh")
    assert '<html lang="zh-CN">' in text and "敏感数据扫描报告" in text and "Sensitive data report" in text
    assert '<html lang="en">' in page(language="en")


def test_what_was_not_read_stands_before_the_charts() -> None:
    text = page()
    assert text.index('id="not-read"') < text.index('class="charts"')
    assert "hr.salary_2025" in text and "No answer within 30 s." in text
    assert "Everything that was asked for has been read." in page(make_report([Spec("t", "c", "none")]))
    assert "There was no table to look at" in page(make_report([]))


def test_low_confidence_findings_are_hidden_and_counted() -> None:
    text = page(options=RenderOptions(min_confidence=0.95))
    assert "legal_person" not in text.split('id="data"')[1].split("</script>")[0]
    assert "Findings not shown" in text


def test_a_policy_cannot_inject_style() -> None:
    from dataclasses import replace

    report = bank_report()
    bad = replace(report.levels[3], color="red}body{display:none")
    assert "display:none}" not in page(replace(report, levels=(*report.levels[:3], bad))).split(".lv0")[1].split("</style>")[0]


def test_examples_are_only_the_masked_ones() -> None:
    import json
    import zlib

    blocks = re.findall(r'id="block-\d+">([^<]+)<', page())
    details = [detail for block in blocks for detail in json.loads(zlib.decompress(base64.b64decode(block)))["c"]]
    shown = {example for detail in details for line in detail.get("lines", []) for example in line[7]}
    assert shown == {example for examples in EXAMPLES.values() for example in examples}


def test_the_comparison_page_is_closed_too() -> None:
    text = render_diff(compare(make_report([]), hostile_report()), "html", language="zh")
    assert "default-src" in text and "<script>alert" not in text
    assert {tag for tag, _ in tags(text)} & {"img", "svg", "iframe"} == set()


def test_several_sources_are_told_apart_by_short_names() -> None:
    from dataclasses import replace

    one, two = make_report([Spec("t", "phone", "mobile_phone")], source="sqlite:/srv/a.db"), bank_report()
    run = replace(two.run, sources=(*one.run.sources, *two.run.sources))
    both = replace(two, run=run, columns=one.columns + two.columns, tables=one.tables + two.tables)
    text = page(both)
    assert "a.db core_bank" in text and "10.20.0.15:3306 core_bank" in text
    assert "a.db core_bank.t" in str(render(both, "console", options=RenderOptions(width=100)))
    same = [f"sqlite:/srv/{folder}/a.db" for folder in ("x", "y")]
    assert dict(short_sources(same)) == {name: name for name in same}
