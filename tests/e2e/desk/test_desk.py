"""The two journeys most officers live in: declare a project, decide on many with one gesture."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from e2e.desk.conftest import Enter
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_review import CHECKLIST
from shanhai.domains.book.models import Entry
from shanhai.domains.rows import row_of
from viewports import DESKTOP, PHONE
from web.workbench.village_world import World

pytestmark = pytest.mark.e2e
PDF = b"%PDF-1.4\n% simulated paper\n%%EOF\n"
Paper = Callable[[str], Path]


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """Return a function that writes a small document."""

    def written(name: str) -> Path:
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(PDF.replace(b"paper", name.encode()))
        return path

    return written


def upload(page: Page, field: str, path: Path) -> None:
    box = page.locator(f'[data-upload]:has(input[name="{field}"])')
    box.locator("[data-upload-file]").first.set_input_files(path)
    expect(box).to_have_attribute("data-state", "done")


def onward(page: Page) -> None:
    page.click('button[name="then"][value="next"]')


def declare(page: Page, world: World, paper: Paper) -> None:
    """Fill the seven sections as a village officer would."""
    page.click('a[href="/declare"] >> nth=0')
    page.click("form:has(button:has-text('开始新的申报')) button")
    page.click("a:has-text('基本信息')")
    page.fill('[name="name"]', "模拟：石桥村冷库建设")
    page.fill('[name="category"]', "农产品仓储")
    page.select_option('[name="sector"]', "industry")
    page.check('[name="operating"]')
    onward(page)
    page.fill('[name="place"]', "石桥村三组（模拟）")
    page.select_option('[name="owner"]', world.body("owner"))
    page.select_option('[name="department"]', world.body("department"))
    onward(page)
    page.fill('[name="content"]', "冷库 500 立方米（模拟）")
    page.fill('[name="start_ms"]', "2027-01-10")
    page.fill('[name="finish_ms"]', "2027-06-30")
    page.fill('[name="households"]', "40")
    onward(page)
    page.fill('[name="planned_fen"]', "120.5")
    page.select_option('[name="planned_fen_unit"]', "wan")
    onward(page)
    for name in ("application", "targets", "linkage"):
        upload(page, name, paper(name))
        onward(page)


def test_a_village_declares_with_a_key_of_its_own(
    enter: Enter, world: World, paper: Paper, pictures: Path
) -> None:
    page = enter("village", viewport=PHONE)
    declare(page, world, paper)
    page.screenshot(path=pictures / "desk-tasks-phone.png", full_page=True)
    page.click("a:has-text('核对并提交')")
    page.wait_for_selector("shanhai-sign[data-ready]")
    expect(page.locator("shanhai-sign")).to_contain_text("1,205,000.00")
    page.screenshot(path=pictures / "desk-check-phone.png", full_page=True)
    page.click("shanhai-sign .sh-primary")
    page.click("shanhai-sign a:has-text('继续')")
    expect(page.locator(".panel__number")).to_contain_text("519901-2026-")
    page.screenshot(path=pictures / "desk-done-phone.png", full_page=True)
    found = row_of(Project).objects.get(name="模拟：石桥村冷库建设")
    assert found.state == ProjectState.VILLAGE_NOTICE.value
    assert found.planned_fen == 120_500_000
    page.click("a:has-text('发布村级公示')")
    expect(page.locator("h1")).to_contain_text("发布公示")


def test_a_draft_saves_itself_and_goes_on_elsewhere(enter: Enter) -> None:
    page = enter("village")
    page.goto(page.url.replace("/workbench", "/declare"))
    page.click("form:has(button:has-text('开始新的申报')) button")
    page.click("a:has-text('基本信息')")
    address = page.url
    page.fill('[name="name"]', "模拟：没写完")
    expect(page.locator("[data-autosave-state]")).to_contain_text("已保存")
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator('[name="name"]')).to_have_value("模拟：没写完")
    other.fill('[name="name"]', "模拟：另一台写的")
    expect(other.locator("[data-autosave-state]")).to_contain_text("已保存")
    page.fill('[name="name"]', "模拟：这一台写的")
    expect(page.locator("[data-autosave-state]")).to_contain_text("已在别处修改")
    onward(page)
    expect(page.locator(".stale del")).to_have_text("模拟：另一台写的")
    expect(page.locator('[name="name"]')).to_have_value("模拟：这一台写的")


def test_five_projects_are_decided_with_one_gesture(
    enter: Enter, world: World, paper: Paper, pictures: Path
) -> None:
    names = [f"模拟：第{number}号桥涵改造" for number in range(1, 6)]
    projects = [world.reach(ProjectState.TOWNSHIP_REVIEW, name=name) for name in names]
    page = enter("town")
    expect(page.locator(".bell__count")).to_be_visible()
    with page.expect_navigation():  # the page's own keys work once it is loaded
        page.click("a[href='/review/project.township_review'] >> nth=0")
    page.keyboard.press("/")
    page.keyboard.type("桥涵改造")
    page.keyboard.press("Enter")
    expect(page.locator("[data-review-row]")).to_have_count(5)
    page.locator("h1").click()
    for _ in names:
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-review-count]")).to_contain_text("已勾选 5 件")
    expect(page.locator(".case h2")).to_be_visible()
    page.screenshot(path=pictures / "desk-review.png")
    page.click('button[name="decision"][value="project.township_review"]')
    for item in CHECKLIST:
        page.check(f'[name="{item}"]')
    for name in ("opinion", "photo"):
        upload(page, name, paper(name))
    page.click('button[value="check"]')
    page.wait_for_selector("shanhai-sign[data-ready]")
    page.screenshot(path=pictures / "desk-batch.png", full_page=True)
    before = Entry.objects.count()
    page.click("shanhai-sign .sh-primary")
    expect(page.locator("shanhai-sign")).to_contain_text("5 项中受理 5 项")
    page.click("shanhai-sign a:has-text('继续')")
    expect(page.locator(".results .status--success")).to_have_count(5)
    page.reload()
    expect(page.locator(".results .status--success")).to_have_count(5)
    page.screenshot(path=pictures / "desk-result.png", full_page=True)
    assert Entry.objects.count() == before + 5
    states = row_of(Project).objects.filter(pk__in=projects).values_list("state", flat=True)
    assert set(states) == {ProjectState.TOWNSHIP_NOTICE.value}


@pytest.mark.parametrize(
    ("viewport", "language"), [(DESKTOP, "zh-hans"), (PHONE, "en")], ids=["desktop", "phone"]
)
def test_pages_are_accessible_and_fit(
    enter: Enter, world: World, viewport: ViewportSize, language: str
) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    world.later(days=8)
    page = enter("town", language, viewport=viewport, bypass_csp=True)  # axe is injected
    base = page.url.removesuffix("/workbench")
    page.goto(f"{base}/declare")
    page.click('main form button[type="submit"]')
    draft = page.url
    code = "project.township_review"
    page.goto(f"{base}/review/{code}")
    page.check('input[name="ids"] >> nth=0')
    page.click('button[name="decision"] >> nth=0')
    batch = page.url
    addresses = [
        f"{base}/workbench",
        f"{base}/posts",
        f"{base}/declare",
        draft,
        *(f"{draft}/{name}" for name in ("basics", "place", "money", "documents")),
        f"{base}/review/{code}",
        f"{base}/review/{code}/{project}",
        batch,
    ]
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], address
