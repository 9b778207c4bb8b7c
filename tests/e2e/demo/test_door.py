"""Through the door in a real browser: choose a role, make a key, be signed in, move the clock on."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from demo_world import DemoSite
from e2e.signing.conftest import NO_ED25519
from viewports import PHONE

pytestmark = pytest.mark.e2e
ALG = """() => new Promise((done) => {
  const asked = indexedDB.open("shanhai-signing");
  asked.onsuccess = () => {
    const store = asked.result.objectStoreNames[0];
    const all = asked.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => done(all.result.map((key) => key.alg));
  };
})"""


def enter(page: Page, site: DemoSite, part: str) -> None:
    """Choose a role and make this browser's key."""
    page.goto(f"{site.url}/demo")
    page.locator(f"form:has(input[value='{part}']) button").click()
    expect(page).to_have_url(f"{site.url}/demo/key")
    page.locator("[data-enrol][data-ready] [data-enrol-kind='browser']").click()
    page.wait_for_url(lambda url: "/demo/" not in url)


@pytest.mark.parametrize("alg", ["ed25519", "p256"])
def test_a_visitor_becomes_an_officer_with_a_key_of_this_browser(
    demo_server: DemoSite, open_context: Callable[..., BrowserContext], alg: str
) -> None:
    context = open_context()
    if alg == "p256":
        context.add_init_script(NO_ED25519)
    page = context.new_page()
    enter(page, demo_server, "treasury")
    expect(page.locator(".header")).to_contain_text("国库支付机构")
    assert alg in page.evaluate(ALG)


def test_everybody_s_time_moves_on_from_the_banner(demo_server: DemoSite, page: Page) -> None:
    page.goto(f"{demo_server.url}/demo")
    clock = page.locator(".banner__clock time")
    before = clock.get_attribute("datetime")
    page.locator(".banner__clock summary").click()
    page.get_by_role("button", name="11 天").click()
    expect(page.locator(".message--success")).to_contain_text("已快进 11 天")
    after = clock.get_attribute("datetime")
    assert before
    assert after
    assert after > before


@pytest.mark.parametrize("viewport", [None, PHONE])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_door_is_open_to_everybody(
    demo_site: DemoSite,
    open_context: Callable[..., BrowserContext],
    viewport: dict[str, int] | None,
    language: str,
) -> None:
    context = open_context(**({"viewport": viewport} if viewport else {}))
    context.add_cookies([{"name": "django_language", "value": language, "url": demo_site.url}])
    page = context.new_page()
    page.goto(f"{demo_site.url}/demo")
    page.locator(".banner__clock summary").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
