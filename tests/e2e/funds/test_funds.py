"""Funds pages in a browser: readable, accessible, and one can walk from a rate to the agreement behind it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ViewportSize

from acts.money_world import MoneyWorld
from shanhai.acts.line import FundingLine
from viewports import DESKTOP, PHONE

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.e2e
Visit = Callable[..., BrowserContext]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_are_accessible_and_fit(
    live_server: "LiveServer",
    money: MoneyWorld,
    visit: Visit,
    viewport: ViewportSize,
    language: str,
    pictures: Path,
) -> None:
    line = next(o.id for o in money.store.objects.values() if isinstance(o, FundingLine))
    opened = visit("west_finance", language, viewport=viewport).new_page()
    for name, path in (
        ("overview", "/funds"),
        ("ledger", "/funds/ledger"),
        ("lineage", f"/funds/lineage/{line}"),
    ):
        opened.goto(live_server.url + path)
        found = Axe().run(opened)
        shot = pictures / f"funds-{name}-{language}-{viewport['width']}.png"
        opened.screenshot(path=shot, full_page=True)
        assert found.violations_count == 0, found.generate_report()
        assert opened.evaluate("document.documentElement.scrollWidth") == viewport["width"]


def test_one_walks_from_a_rate_to_the_agreement_and_back(
    live_server: "LiveServer", money: MoneyWorld, visit: Visit
) -> None:
    assert money.store.objects
    page = visit("west_finance").new_page()
    page.goto(f"{live_server.url}/funds")
    page.get_by_role("link", name="模拟村级冷库").click()
    assert page.locator(".lineage__node--focus").inner_text().startswith("模拟村级冷库")
    layer = page.locator(".lineage__layer").filter(has_text="年度协议")
    layer.get_by_role("link", name="从这里看").click()
    assert page.locator(".lineage__node--focus").inner_text().startswith("模拟协议")
    assert "40,000,000" not in page.content()
    payments = page.locator(".lineage__layer").filter(has_text="其中由所列指标支付")
    assert payments.locator(".lineage__node").count() == 5
