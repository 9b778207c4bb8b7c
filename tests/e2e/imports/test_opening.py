"""期初导入 in the browser: a workbook is read, signed by one officer and confirmed by another, on desk and phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from demo_world import DemoSite
from e2e.desk.conftest import Enter, complaints, enter, site, world
from shanhai.acts.contract import Contract
from shanhai.acts.project import Project, ProjectState
from shanhai.domains.rows import row_of
from viewports import DESKTOP, PHONE
from web.imports.test_running import book

__all__ = ["book", "complaints", "enter", "site", "world"]
pytestmark = pytest.mark.e2e
SCREENS = [(DESKTOP, "zh-hans"), (PHONE, "en")]
NAMED = "石桥村机耕道（模拟）"


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def look(page: Page, name: str) -> None:
    """Look at a page on both screens: axe finds nothing, nothing is wider than the phone."""
    for viewport, language in SCREENS:
        page.set_viewport_size(viewport)
        page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": origin(page)}]
        )
        page.reload()
        page.wait_for_load_state("networkidle")
        shot = f".build/pictures/opening-{name}-{viewport['width']}-{language}.png"
        page.screenshot(path=shot, full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    page.set_viewport_size(DESKTOP)
    page.context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": origin(page)}])
    page.reload()


@pytest.fixture
def workbook(book: Callable[..., Path]) -> Callable[..., Path]:
    """Return a function that writes a workbook of one project that the demonstration has not."""

    def write(**changes: dict[str, object]) -> Path:
        named = {"project": NAMED}
        whole = {name: named | changes.get(name, {}) for name in ("lots", "contracts")}
        number = {"line": "模拟山财农〔2023〕99号"}
        return book(projects=named | changes.get("projects", {}), money=named | number, **whole)

    return write


def upload(page: Page, site: DemoSite, path: Path) -> None:
    page.goto(f"{site.url}/imports/opening")
    page.locator("#file").set_input_files(path)
    page.get_by_label("依据").fill("山前县在建项目台账（模拟）")
    page.get_by_role("button", name="上传并查看").click()
    page.wait_for_url(re.compile("/imports/opening/.+"))


def sign(page: Page) -> None:
    """Sign what was read, with one gesture."""
    page.get_by_role("button", name="下一步：核对将签名的内容").click()
    page.locator("shanhai-sign[data-ready]").wait_for()
    expect(page.locator("shanhai-sign")).to_contain_text("1,500,000.00")
    page.screenshot(path=".build/pictures/opening-bytes-1280-zh-hans.png", full_page=True)
    page.locator("shanhai-sign .sh-primary").click()
    page.wait_for_function("!document.querySelector('shanhai-sign .sh-primary')")
    page.goto(page.url)
    expect(page.locator("main")).to_contain_text("没有待录入的项目")


def test_a_running_project_is_entered_and_confirmed_by_two_officers(
    enter: Enter, site: DemoSite, workbook: Callable[..., Path]
) -> None:
    page = enter("office", bypass_csp=True)
    page.goto(f"{site.url}/imports/opening")
    look(page, "home")
    upload(page, site, workbook(projects={"approved_fen": "若干"}))
    expect(page.locator(".problems--bad")).to_contain_text("不是金额")
    look(page, "errors")
    upload(page, site, workbook())
    expect(page.locator("main")).to_contain_text(NAMED)
    look(page, "preview")
    page.get_by_role("link", name=re.compile("核对规则并签名")).click()
    expect(page.locator("main")).to_contain_text("规则全部通过")
    look(page, "sign")
    sign(page)
    look(page, "signed")
    project = row_of(Project).objects.get(name=NAMED)
    assert project.state == ProjectState.OPENING.value
    second = enter("leaders", bypass_csp=True)
    second.goto(f"{site.url}/project/{project.id}/confirm_opening")
    expect(second.locator(".opening")).to_contain_text("1,400,000.00")
    look(second, "confirm")
    second.get_by_role("button", name="下一步：核对").click()
    second.locator("shanhai-sign[data-ready]").wait_for()
    second.screenshot(path=".build/pictures/opening-confirm-check.png", full_page=True)
    second.locator("shanhai-sign .sh-primary").click()
    second.wait_for_url(re.compile("/receipt/"))
    assert row_of(Project).objects.get(pk=project.id).state == ProjectState.EXECUTING.value
    second.goto(f"{site.url}/project/{project.id}")
    expect(second.locator("#money")).to_contain_text("期初已付")
    look(second, "project")
    contract = row_of(Contract).objects.get(project=project.id).id
    second.goto(f"{site.url}/contract/{contract}")
    expect(second.locator("#money")).to_contain_text("期初扣留质保金")
    look(second, "contract")


def test_what_is_no_workbook_is_refused_where_it_was_given(
    enter: Enter, site: DemoSite, tmp_path: Path
) -> None:
    page = enter("office", bypass_csp=True)
    wrong = tmp_path / "台账.xlsx"
    wrong.write_bytes(b"%PDF-1.4\n")
    page.goto(f"{site.url}/imports/opening")
    page.locator("#file").set_input_files(wrong)
    page.get_by_label("依据").fill("模拟台账")
    page.get_by_role("button", name="上传并查看").click()
    expect(page.locator(".error-summary")).to_contain_text("的内容与扩展名不符")
    page.screenshot(path=".build/pictures/opening-refused-1280-zh-hans.png", full_page=True)
