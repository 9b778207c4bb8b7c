"""The portal in a browser: accessible in both languages and sizes, the map by mouse, touch and keyboard, intake."""

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from viewports import DESKTOP, PHONE

if TYPE_CHECKING:
    from demo_world import DemoSite

pytestmark = pytest.mark.e2e
TABLET: ViewportSize = {"width": 768, "height": 1024}
PAGES = (
    "/",
    "/search?q=四川",
    "/pairs?scheme=2016",
    "/pairs/counties",
    "/pairs/key-counties",
    "/pairs/province/510000",
    "/figures",
    "/figures?scope=苏陕",
    "/figures/aid",
    "/figures/findings",
    "/money",
    "/projects",
    "/projects?view=cards",
    "/open-data",
    "/open-data/figures",
    "/notices",
    "/notices?when=over",
    "/complaint",
    "/complaint/status",
)
MAIN = ("/", "/pairs?scheme=2016", "/money", "/projects", "/complaint")
"""Every page is looked at in two of the four ways; these in all of them."""
BOXES = """() => [...document.querySelectorAll(
    "[data-tile] > a > rect:first-child, [data-islands] rect, [data-map-legend], [data-map-panel]")]
  .map((one) => { const b = one.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })"""


@pytest.mark.parametrize(
    ("viewport", "language", "pages"),
    [
        (DESKTOP, "zh-hans", PAGES),
        (PHONE, "en", PAGES),
        (DESKTOP, "en", MAIN),
        (PHONE, "zh-hans", MAIN),
    ],
    ids=["desktop-zh", "phone-en", "desktop-en", "phone-zh"],
)
def test_pages_are_accessible_and_fit(
    demo_site: "DemoSite",
    open_context: Callable[..., BrowserContext],
    viewport: ViewportSize,
    language: str,
    pages: tuple[str, ...],
) -> None:
    context = open_context(viewport=viewport, bypass_csp=True)  # axe is injected
    context.add_cookies([{"name": "django_language", "value": language, "url": demo_site.url}])
    page = context.new_page()
    page.goto(f"{demo_site.url}/notices")
    notice = page.locator(".rows__title a").first.get_attribute("href") or ""
    faults = []
    for address in (*pages, notice, f"{notice}/raise"):
        page.goto(demo_site.url + address)
        for box in page.locator("[data-chart]").all():
            box.scroll_into_view_if_needed()
        page.wait_for_function(
            "document.querySelectorAll('[data-chart]:not([data-chart-ready])').length === 0"
        )
        found = Axe().run(page)
        if found.violations_count:
            faults.append(f"{address}: {found.generate_report()}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width != viewport["width"]:
            faults.append(f"{address}: {width} px wide")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("viewport", [PHONE, TABLET, DESKTOP], ids=["390", "768", "1280"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_covers_a_tile_or_the_islands(
    demo_site: "DemoSite",
    open_context: Callable[..., BrowserContext],
    viewport: ViewportSize,
    language: str,
) -> None:
    context = open_context(viewport=viewport)
    context.add_cookies([{"name": "django_language", "value": language, "url": demo_site.url}])
    page = context.new_page()
    page.goto(f"{demo_site.url}/pairs")
    boxes = page.evaluate(BOXES)
    assert len(boxes) == 34 + 3
    covered = [
        (one, other)
        for one, other in combinations(boxes, 2)
        if one[0] < other[0] + other[2] - 0.5
        and other[0] < one[0] + one[2] - 0.5
        and one[1] < other[1] + other[3] - 0.5
        and other[1] < one[1] + one[3] - 0.5
    ]
    assert not covered
    name = page.locator("[data-islands] text").bounding_box()
    frame = page.locator("[data-islands] rect").bounding_box()
    assert name is not None
    assert frame is not None
    assert frame["x"] <= name["x"]
    assert name["x"] + name["width"] <= frame["x"] + frame["width"]


def picked(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        ".is-picked, .is-partner", "all => all.map((one) => one.dataset.tile)"
    )
    return found


def test_map_shows_partners_by_mouse_and_keyboard(demo_site: "DemoSite", page: Page) -> None:
    page.goto(f"{demo_site.url}/")
    page.locator('[data-tile="510000"]').hover()
    assert sorted(picked(page)) == ["330000", "510000"]
    expect(page.locator("[data-map-panel]")).to_contain_text("结对 浙江省")
    page.locator('[data-tile="440000"] a').focus()
    assert sorted(picked(page)) == ["440000", "450000", "520000"]
    expect(page.locator("[data-map-panel]")).to_contain_text("广西壮族自治区、贵州省")
    page.keyboard.press("Escape")
    assert page.locator(".is-picking").count() == 0
    page.locator('[data-tile="440000"] a').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/pairs/province/440000")


def test_map_switches_scheme_without_leaving_the_page(demo_site: "DemoSite", page: Page) -> None:
    page.goto(f"{demo_site.url}/")
    page.get_by_role("link", name="1996 年").click()
    expect(page.locator("#pairmap tbody tr")).to_have_count(13)
    expect(page.get_by_role("link", name="1996 年")).to_have_attribute("aria-current", "true")
    page.locator('[data-tile="210000"]').hover()
    expect(page.locator("[data-map-panel]")).to_contain_text("青海省、贵州省")


def test_first_tap_shows_and_the_second_opens(
    demo_site: "DemoSite", open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(viewport=PHONE, has_touch=True).new_page()
    page.goto(f"{demo_site.url}/pairs")
    tile = page.locator('[data-tile="640000"]')
    tile.tap()
    assert sorted(picked(page)) == ["350000", "640000"]
    assert page.url.endswith("/pairs")
    tile.tap()
    page.wait_for_url("**/pairs/province/640000")


def test_every_stage_explains_itself(demo_site: "DemoSite", page: Page) -> None:
    page.goto(f"{demo_site.url}/money")
    asks = page.locator(".flow .kpi__ask")
    assert asks.count() == 9
    asks.nth(7).click()
    expect(page.locator("#stage-paid-why")).to_be_visible()
    expect(page.locator("#stage-paid-why")).to_contain_text("银行回单")


def test_complaint_gives_a_receipt_that_proves_itself(
    demo_server: "DemoSite", open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context().new_page()  # a form sent back is an error in the console
    page.goto(f"{demo_server.url}/complaint")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.select_option("#region", "510000")
    page.fill("#text", "模拟：村口公示栏没有张贴，网上却说已公示十天。")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".panel__title")).to_have_text("已收到")
    number, code = page.locator(".receipt__codes code").all_inner_texts()
    with page.expect_download() as saved:
        page.get_by_role("button", name="保存回执文件").click()
    assert saved.value.suggested_filename == f"{number}.json"
    page.get_by_role("link", name="查进度").click()
    page.fill("#code", code.lower().replace("-", ""))
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".proof__title")).to_contain_text("已在您的浏览器里算过")
    expect(page.locator(".proof--held")).to_be_visible()
    assert code not in page.content()


def test_portal_works_without_script(
    demo_site: "DemoSite", open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"{demo_site.url}/")
    page.get_by_role("link", name="2016 年").click()
    expect(page.locator("#pairmap tbody tr")).to_have_count(32)
    page.goto(f"{demo_site.url}/figures")
    page.locator(".more > summary").click()
    expect(page.get_by_text("1996-2014").first).to_be_visible()


def test_on_a_phone_the_first_row_stands_on_the_first_screen(
    demo_site: "DemoSite", open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(viewport=PHONE).new_page()
    page.goto(f"{demo_site.url}/projects")
    county = page.get_by_label("县", exact=False).first
    expect(county).to_be_hidden()
    expect(page.locator("tbody tr a").first).to_be_in_viewport()
    page.get_by_label("筛选条件").focus()
    page.keyboard.press("Space")
    expect(county).to_be_visible()
