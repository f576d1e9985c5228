"""The HTML report in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sensscan.language import Language
from sensscan.model import Report
from sensscan.report import compare, render, render_diff
from tests.report.fixtures import BANK, bank_report, hostile_report, large_report, make_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = pytest.mark.browser
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.html"
    path.write_text(str(render(large_report(100_000), "html", language="en")), encoding="utf-8")
    return path


class Opened:
    """A page with everything that it asked for or complained of."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._refuse)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")

    def _refuse(self, dialog: Dialog) -> None:
        self.complaints.append("dialog")
        dialog.dismiss()


def open_text(browser: Browser, tmp_path: Path, text: str, **view: Any) -> Opened:
    path = tmp_path / "report.html"
    path.write_text(text, encoding="utf-8")
    return Opened(browser.new_context(**view).new_page(), path)


def open_report(browser: Browser, tmp_path: Path, report: Report, language: Language = "en", **view: Any) -> Opened:
    return open_text(browser, tmp_path, str(render(report, "html", language=language)), **view)


def test_hostile_names_do_nothing_and_nothing_is_requested(browser: Browser, tmp_path: Path) -> None:
    opened = open_report(browser, tmp_path, hostile_report())
    page = opened.page
    title = page.title()
    page.locator("#states button").last.click()
    for number in range(page.locator("#list .row").count()):
        page.locator("#list .row").nth(number).click()
        page.wait_for_selector("#detail h3")
    page.locator(".switch button").first.click()
    page.wait_for_timeout(200)
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("file:", "blob:"))] == []
    assert page.title().split("–")[1] == title.split("–")[1]
    assert page.locator("main img, main iframe, main a").count() == 0
    assert "<script>alert(1)</script>" in page.locator("#detail").inner_text() or page.locator("#list").get_by_text("<script>").count() > 0


def test_language_switch_leaves_nothing_untranslated(browser: Browser, tmp_path: Path) -> None:
    page = open_report(browser, tmp_path, bank_report()).page
    page.locator("#list .row").first.click()
    page.wait_for_selector("#detail h3")
    assert page.locator("h1").inner_text() == "Sensitive data report"
    english = page.locator("main").inner_text()
    assert not [ch for ch in english if "\u4e00" <= ch <= "\u9fff"] or english.count("零售金融部") + english.count("证件号码") >= 1
    page.get_by_role("button", name="中文").click()
    page.wait_for_timeout(200)
    chinese = page.locator("main").inner_text()
    for word in ("Findings", "Not read", "Level", "Search", "confirmed", "Scorecard", "Personal name"):
        assert word not in chinese
    assert page.locator("#search").get_attribute("placeholder") == "搜索表、列、类型、注释"
    assert page.locator("#level option").first.inner_text() == "全部级别"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_details_show_evidence_weights_coverage_and_masks(browser: Browser, tmp_path: Path) -> None:
    page = open_report(browser, tmp_path, bank_report()).page
    page.locator("#search").fill("cert_no")
    page.locator("#list .row").first.click()
    page.wait_for_selector("#detail h3")
    text = page.locator("#detail").inner_text()
    for part in ("+6.25", "-4.10", "5.55", "251 / 256", "110***********001X", "jumps over the key", "1,250,000", "less than 0.30%", "K3"):
        assert part in text


def test_keyboard_alone_is_enough(browser: Browser, tmp_path: Path) -> None:
    page = open_report(browser, tmp_path, bank_report(), viewport={"width": 900, "height": 800}).page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("customer")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("ArrowDown")
    assert page.locator("#list").get_attribute("aria-activedescendant") == "list-1"
    assert page.locator("#list-1").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail.open h3")
    assert page.locator("#detail h3").inner_text() == "mobile"
    page.keyboard.press("Escape")
    assert page.locator("#detail.open").count() == 0
    assert page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("End")
    assert page.locator("#list").get_attribute("aria-activedescendant") == "list-6"


def test_filters_and_sort(browser: Browser, tmp_path: Path) -> None:
    page = open_report(browser, tmp_path, bank_report()).page

    def count() -> int:
        return int(page.locator("#result").inner_text().split(" ")[0])

    assert count() == 14
    page.locator("#level").select_option(label="High risk")
    assert count() == 3
    page.locator("#status").select_option(label="confirmed")
    assert count() == 1
    page.locator("#reset").click()
    page.locator("#schema").select_option(label="crm")
    page.locator("#states button.s-finding").click()
    assert count() == 2
    page.locator("#states button.s-rejected").click()
    assert count() == 1
    page.locator("#reset").click()
    page.locator("#type").select_option(label="Bank card")
    assert count() == 1
    page.locator("#reset").click()
    page.locator("#sorts button.name").click()
    names = page.locator("#list .row .name b").all_inner_texts()
    assert names[0] == "acct_id"
    page.locator(".figure-unread").click()
    assert count() == 3
    page.locator("#table-list .row").first.click()
    assert "customer" in page.locator("#table-token").inner_text() and count() == 9


def test_a_phone_has_no_sideways_scroll_and_big_enough_targets(browser: Browser, tmp_path: Path) -> None:
    page = open_report(browser, tmp_path, bank_report(), "zh", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#list .row").nth(2).tap()
    page.wait_for_selector("#detail.open h3")
    box = page.locator("#detail").bounding_box()
    assert box and box["width"] == 390
    page.locator("#detail .close").tap()
    assert page.locator("#detail.open").count() == 0


def test_printing_shows_the_rows(browser: Browser, tmp_path: Path) -> None:
    page = open_report(browser, tmp_path, bank_report()).page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#print-rows tbody tr:visible").count() == 14
    assert page.locator("#list").is_hidden() and page.locator(".tools").is_hidden()


def test_100_000_columns_filter_within_300_ms(browser: Browser, large: Path) -> None:
    page = Opened(browser.new_page(), large).page
    assert page.locator("#list .row").count() < 60
    page.locator("#states button").last.click()
    page.locator("#search").fill("cust")  # builds the search texts once

    def spent(action: str) -> float:
        """Milliseconds from the user's action to the next painted frame."""
        frame = "await new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
        script = f"(async () => {{ const began = performance.now(); {action}; {frame}; return performance.now() - began; }})()"
        return float(page.evaluate(script))

    typed = "const s = document.getElementById('search'); s.value = '%s'; s.dispatchEvent(new Event('input'))"
    chosen = "const s = document.getElementById('%s'); s.selectedIndex = 2; s.dispatchEvent(new Event('change'))"
    filters = [typed % text for text in ("phone", "loan_0", "dw_07 acct", "nothing at all", "")]
    filters += [chosen % name for name in ("level", "type", "schema", "status")]
    filters.append("document.getElementById('reset').click()")
    # The best of three: other programs on the machine may take the processor from one of them.
    times = {action: min(spent(action) for _ in range(3)) for action in filters}
    assert max(times.values()) <= 300, times
    sorts = [spent(f"document.querySelector('#sorts .{by}').click()") for by in ("level", "type", "sure", "name")]
    assert max(sorts) <= 1000, sorts  # once per order, then kept


def test_100_000_columns_scroll_without_stutter(browser: Browser, large: Path) -> None:
    page = Opened(browser.new_page(), large).page
    page.locator("#states button").last.click()
    frames = page.evaluate("""async () => {
      const box = document.getElementById('list'); const gaps = []; let last = performance.now();
      for (let i = 0; i < 60; i++) {
        box.scrollTop = i * 70000; await new Promise(done => requestAnimationFrame(done));
        const now = performance.now(); gaps.push(now - last); last = now;
      }
      gaps.sort((a, b) => a - b); return [gaps[30], gaps[57]];
    }""")
    assert frames[0] < 150 and frames[1] < 400, frames  # generous, for a busy machine; painting all rows takes many seconds
    assert page.locator("#list .row").count() < 60


def test_comparison_page_filters_and_switches(browser: Browser, tmp_path: Path) -> None:
    found = compare(bank_report(), make_report(BANK[3:]))
    opened = open_text(browser, tmp_path, render_diff(found, "html", language="en"))
    page = opened.page
    assert page.locator("#changes tbody tr:visible").count() == 3
    page.locator("#search").fill("cert")
    assert page.locator("#changes tbody tr:visible").count() == 1
    page.get_by_role("button", name="中文").click()
    assert page.locator("h1").inner_text() == "两次扫描对比"
    assert opened.complaints == [] and len(opened.requests) == 1
