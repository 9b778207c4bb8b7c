"""An act from its form to its receipt, in a browser with its own key; and what an officer meets on the way."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e.project.conftest import Open
from shanhai.acts.lot import Lot
from shanhai.domains.rows import row_of
from shanhai.kernel.money import capital
from viewports import PHONE

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def fill(page: Page, project: str, name: str = "模拟：一标段") -> None:
    page.goto(f"/lot/new/add?project={project}")
    page.get_by_label("标段名称").fill(name)
    page.get_by_label("标的").select_option("works")
    page.get_by_label("概算", exact=True).fill("120.5")
    page.get_by_label("概算：单位").select_option("wan")


def test_from_form_to_receipt(officer: Open, executing: str, pictures: Path) -> None:
    page = officer("项目业主")
    fill(page, executing)
    expect(page.locator("[data-money-echo]")).to_have_text(
        f"= 1,205,000.00 元 = 120.5 万元，{capital(120_500_000)}"
    )
    expect(page.locator("#act-trial")).to_contain_text("规则核对：全部通过")
    page.screenshot(path=pictures / "act-form.png", full_page=True)
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator("shanhai-sign")).to_contain_text("1,205,000.00")
    page.screenshot(path=pictures / "act-check.png", full_page=True)
    page.get_by_role("button", name="签名并提交").click()
    page.wait_for_url(re.compile(r"/receipt/[0-9a-f]{64}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("已记入账本")
    page.screenshot(path=pictures / "act-receipt.png", full_page=True)
    assert row_of(Lot).objects.filter(project=executing).count() == 1


def test_going_back_from_the_receipt_never_signs_twice(officer: Open, executing: str) -> None:
    page = officer("项目业主")
    fill(page, executing)
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="签名并提交").dblclick()
    page.wait_for_url(re.compile("/receipt/"))
    page.go_back()
    assert page.locator("shanhai-sign").count() == 0
    assert row_of(Lot).objects.filter(project=executing).count() == 1


def test_returning_from_the_check_keeps_what_was_entered(officer: Open, executing: str) -> None:
    page = officer("项目业主")
    fill(page, executing, "模拟：保留的标段")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("标段名称")).to_have_value("模拟：保留的标段")
    expect(page.get_by_label("概算", exact=True)).to_have_value("120.5")


def test_a_searched_reference_is_chosen_with_the_keyboard(officer: Open, executing: str) -> None:
    page = officer("审计人员")
    page.goto("/finding/new/raise")
    box = page.get_by_role("combobox", name="被审计单位")
    box.fill("农业农村")
    page.get_by_role("option", name=re.compile("农业农村局")).wait_for()
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("^option-org"))
    box.press("Enter")
    expect(box).to_have_value("山前县农业农村局（模拟）")
    assert page.locator('input[name="auditee"]').input_value().startswith("org")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_form_check_and_receipt_hold_on_a_phone(
    officer: Open, executing: str, language: str
) -> None:
    page = officer("项目业主", viewport=PHONE, bypass_csp=True)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": page.url.rsplit("/", 1)[0]}]
    )
    page.goto(f"/lot/new/add?project={executing}")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
