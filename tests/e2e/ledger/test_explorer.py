"""The explorer in Chromium: a phone's width, both languages, no accessibility fault; a search and a signed act."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from demo_world import DemoSite
from viewports import DESKTOP, PHONE

pytestmark = pytest.mark.e2e
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/explorer", "/explorer/700", "/explorer/0", "/explorer/verify", "/proof/700", "/api/docs"]
VIEWS = [(PHONE, "zh-hans"), (PHONE, "en"), (DESKTOP, "zh-hans"), (DESKTOP, "en")]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("viewport", "language"), VIEWS)
def test_a_page_fits_and_is_accessible(
    open_context: Any, demo_site: DemoSite, path: str, viewport: Any, language: str
) -> None:
    context = open_context(viewport=viewport)
    cookie = {"name": "django_language", "value": language, "url": demo_site.url}
    context.add_cookies([cookie])
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.goto(demo_site.url + path)
    if path.startswith("/proof"):
        page.wait_for_selector("shanhai-proof[data-ready]")
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= viewport["width"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert [
        f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found.response["violations"]
    ] == []
    assert faults == []


def test_a_search_leads_from_a_hash_to_the_entry_and_its_path(
    page: Page, demo_site: DemoSite
) -> None:
    page.goto(f"{demo_site.url}/explorer")
    act_id = page.locator("td code[title]").first.get_attribute("title") or ""
    page.fill("#q", act_id)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/explorer/\d+$"))
    expect(page.locator(".tree__picture")).to_be_visible()
    root = page.locator(".footer code").first.get_attribute("title") or ""
    expect(page.locator(".tree__box--root .tree__hash")).to_have_text(f"{root[:8]}…{root[-4:]}")


def test_filters_and_pages_turn(page: Page, demo_site: DemoSite) -> None:
    page.goto(f"{demo_site.url}/explorer?noun=project")
    first = page.locator("tbody a").first.inner_text()
    page.get_by_role("link", name="下一页").click()
    expect(page.locator("tbody a").first).not_to_have_text(first)
    page.get_by_role("link", name="上一页").click()
    expect(page.locator("tbody a").first).to_have_text(first)


def test_the_bundle_that_signs_is_released_in_the_ledger(page: Page, demo_site: DemoSite) -> None:
    page.goto(f"{demo_site.url}/explorer/verify")
    expect(page.get_by_text("账本中没有这个哈希")).to_have_count(0)
    expect(page.get_by_text("两把密钥已确认")).to_be_visible()
