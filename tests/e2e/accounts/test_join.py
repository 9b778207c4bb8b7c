"""An invited person opens an account, makes a key and is signed in; nobody else, and only once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from demo_world import DemoDatabase, DemoSite
from e2e.accounts.conftest import PASSWORD, Invited
from shanhai.acts.machine import Key, KeyState
from shanhai.domains.rows import row_of

pytestmark = pytest.mark.e2e
Look = Callable[[Page, str], None]


def fill(page: Page, code: str, password: str = PASSWORD) -> None:
    page.locator("#code").fill(code.lower().replace("-", " "))
    page.locator("#username").fill("xiaolin")
    page.locator("#password").fill(password)
    page.locator("#again").fill(password)
    page.get_by_role("button", name="开通账号，下一步").click()


def test_an_invited_person_joins_and_makes_a_key(
    site: DemoSite, invited: Invited, page: Page, look: Look
) -> None:
    page.goto(site.url + invited.path)
    look(page, "join")
    fill(page, invited.code)
    expect(page.get_by_role("heading", level=1)).to_have_text("登记密钥")
    look(page, "join-key")
    page.locator("[data-enrol][data-ready] [data-enrol-kind='browser']").click()
    expect(page.locator("[data-enrol-status]")).to_contain_text("等待登记员确认")
    offered = row_of(Key).objects.filter(person=invited.person, state=KeyState.OFFERED.value)
    assert offered.count() == 1
    page.reload()
    expect(page.locator("main")).to_contain_text("这个邀请已经用过")
    page.goto(f"{site.url}/account")
    expect(page.locator("main")).to_contain_text("等待上一级登记员核对本人后确认")


def test_mistakes_are_said_in_words(
    site: DemoSite, invited: Invited, open_context: Callable[..., object], look: Look
) -> None:
    page: Page = open_context().new_page()  # type: ignore[attr-defined]
    page.goto(site.url + invited.path)
    fill(page, "AAAA-AAAA-AAAA-AAAA", password="short")
    expect(page.locator(".error-summary")).to_contain_text("邀请码不对")
    expect(page.locator(".error-summary")).to_contain_text("12")
    page.screenshot(path=".build/pictures/account-join-mistakes.png", full_page=True)


def test_the_administrator_hands_over_a_letter(
    site: DemoSite, invited: Invited, demo_db: DemoDatabase, page: Page, look: Look
) -> None:
    cookie = demo_db.client("admin").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
    page.goto(site.url + invited.path.replace("/enrol/", "/invitation/"))
    page.get_by_role("link", name="查看并打印邀请函").click()
    expect(page.locator(".letter")).to_contain_text(invited.code)
    expect(page.locator(".letter")).to_contain_text(site.url + invited.path)
    look(page, "letter")
