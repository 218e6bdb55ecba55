"""What only a browser can tell: that one can walk through, that the policy holds, that all can use it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.examples import CASE, RUN

pytestmark = pytest.mark.browser

PAGES = {
    "overview": "/",
    "run": f"/runs/{RUN}",
    "running": "/runs/running",
    "record": f"/records/{CASE}",
    "registry": "/registries/hjerneslag",
    "diff-choice": "/terminology/diff?a=one",
    "diff": "/terminology/diff?a=one&b=two",
    "diff-list": "/terminology/diff?a=one&b=two&section=concepts.added",
    "missing": "/nowhere",
}
Opened = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def opened(browser: Browser, site: str) -> Opened:
    """Opens a page; at the end nothing may have been refused by the policy, nor any other host been asked."""

    @contextmanager
    def open_page(path: str, **options: Any) -> Iterator[Page]:
        context = browser.new_context(base_url=site, **options)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda asked: None if asked.url.startswith(site) else complaints.append(asked.url))
        page.goto(path)
        yield page
        context.close()
        assert [said for said in complaints if "404 (Not Found)" not in said] == []

    return open_page


def test_from_the_overview_to_the_why_of_a_value(opened: Opened) -> None:
    with opened("/") as page:
        page.get_by_role("region", name="Siste kjøringer").get_by_role("link").last.click()
        expect(page).to_have_url(re.compile(f"/runs/{RUN}$"))
        page.get_by_role("link", name=CASE[:12]).click()
        row = page.get_by_role("row", name="NIHSS ved innkomst")
        sentence = row.get_by_text("NIHSS ved innkomst: 7, målt 2025-03-02 14:10, 15 minutter etter innleggelse")
        expect(sentence).to_be_hidden()
        row.get_by_text("Hvorfor?").click()
        expect(sentence).to_be_visible()
        page.get_by_role("navigation", name="Du er her").get_by_role("link", name="Kjøring").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Norsk hjerneslagregister")


def test_a_why_opens_from_the_keyboard(opened: Opened) -> None:
    with opened(PAGES["record"]) as page:
        summary = page.locator("summary").first
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator("details").first).to_have_attribute("open", "")


def test_the_first_tab_skips_to_the_content(opened: Opened) -> None:
    with opened("/") as page:
        page.keyboard.press("Tab")
        link = page.get_by_role("link", name="Hopp til innholdet")
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("light", 1280), ("dark", 1280)])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(opened: Opened, name: str, scheme: str, width: int) -> None:
    with opened(PAGES[name], color_scheme=scheme, viewport={"width": width, "height": 800}) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        _keep(page, f"{name}-{scheme}-{width}")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_narrow_screen(opened: Opened, name: str) -> None:
    with opened(PAGES[name], viewport={"width": 320, "height": 640}) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("name", ["record", "registry"])
def test_a_stacked_table_is_still_a_table(opened: Opened, name: str) -> None:
    with opened(PAGES[name], viewport={"width": 320, "height": 640}) as page:
        rows = page.locator("table.stack tbody tr").count()
        # Chromium's own accessibility tree: what a screen reader is given once the cells are stacked.
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        heads = [node for node in tree if node.get("role", {}).get("value") == "rowheader"]
        assert len(heads) == rows > 0


def _keep(page: Page, name: str) -> None:
    """Keep a picture when SCREENSHOTS names a folder, for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
