"""Imports in a browser: upload, preview with problems, mapping and the page that signs, in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ViewportSize

from e2e.funds.conftest import cast, visit
from viewports import DESKTOP, PHONE
from web.imports.conftest import HEAD, sheet

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

__all__ = ["cast", "sheet", "visit"]
pytestmark = pytest.mark.e2e
ROWS = [
    HEAD,
    [1, "模拟蔬菜大棚", "平武县", 120],
    [2, "模拟村级冷库", "平武县", "若干"],
    [3, "模拟灌溉水渠", "无此县", 80.5],
    ["合计", None, None, 200.5],
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_table_is_uploaded_looked_at_and_made_ready_to_sign(
    live_server: "LiveServer",
    visit: Callable[..., BrowserContext],
    sheet: Callable[..., Path],
    viewport: ViewportSize,
    language: str,
    pictures: Path,
) -> None:
    page = visit("desk", language, viewport=viewport).new_page()

    def look(name: str) -> None:
        found = Axe().run(page)
        shot = pictures / f"imports-{name}-{language}-{viewport['width']}.png"
        page.screenshot(path=shot, full_page=True)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]

    page.goto(f"{live_server.url}/imports")
    look("home")
    page.set_input_files("#file", sheet(ROWS))
    page.fill("#source", "模拟公告〔2026〕1号")
    page.fill("#year", "2026")
    page.locator("form.upload button[type=submit]").click()
    page.wait_for_selector(".counts")
    page.locator(".mapping summary").click()
    look("preview")
    assert page.locator(".problems--bad li").count() == 2
    page.locator(".heading__actions .btn-primary").click()
    page.wait_for_selector("progress")
    look("sign")
