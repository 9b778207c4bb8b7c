"""Every way to sign in: password, one-time code, recovery code, passkey; and the pages that manage them."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import BrowserContext, Page, expect

from demo_world import DemoSite
from e2e.accounts.conftest import PASSWORD, Passkeys, sign_in, sign_out
from shanhai.domains.accounts.services import account_open
from shanhai.domains.demo import door

pytestmark = pytest.mark.e2e
Look = Callable[[Page, str], None]
Open = Callable[..., BrowserContext]
STEP_S = 30


def totp(secret: str, at: float) -> str:
    """Compute a one-time code. Source: RFC 6238, RFC 4226 section 5.3."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // STEP_S), "sha1").digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def confirm(page: Page) -> None:
    """Enter the password again where the page asks for it."""
    if "reauthenticate" in page.url:
        page.locator("#id_password").fill(PASSWORD)
        page.locator("form.account__form button[type=submit]").click()
        page.wait_for_url(lambda url: "reauthenticate" not in url)


def follow(page: Page, link: str) -> None:
    """Follow a link and wait for its page: a click alone returns before the page has changed."""
    with page.expect_navigation():
        page.get_by_role("link", name=link).click()


def enter_code(page: Page, code: str) -> None:
    page.locator("#id_code").fill(code)
    page.locator("form.account__form--code button[type=submit]").click()


def fresh_code(page: Page, secret: str, used: str) -> str:
    """Wait for the next code: none is taken twice."""
    while (code := totp(secret, time.time())) == used:
        page.wait_for_timeout(500)
    return code


def begin(page: Page, site: DemoSite) -> None:
    """Sign in and open the page that sets one-time codes up."""
    sign_in(page, site)
    page.goto(f"{site.url}/accounts/2fa/totp/activate/")
    confirm(page)
    assert page.locator(".account__code").evaluate("image => image.naturalWidth") > 0


def turn_on(page: Page) -> tuple[str, str]:
    """Turn one-time codes on; return the secret and the code used."""
    secret = str(page.locator("#authenticator_secret").text_content()).strip()
    code = totp(secret, time.time())
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name="开启", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)
    return secret, code


def test_a_one_time_code_is_set_up_and_signs_in(
    site: DemoSite, member: str, page: Page, look: Look
) -> None:
    page.goto(f"{site.url}/accounts/login/")
    look(page, "login")
    begin(page, site)
    look(page, "totp")
    secret, code = turn_on(page)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    sign_out(page, site)
    sign_in(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("两步验证")
    look(page, "two-steps")
    enter_code(page, "000000" if code != "000000" else "000001")
    expect(page.locator("main")).to_contain_text("代码不对")
    enter_code(page, fresh_code(page, secret, code))
    page.wait_for_url(re.compile("/workbench"))


def test_a_recovery_code_signs_in_once(site: DemoSite, member: str, page: Page, look: Look) -> None:
    begin(page, site)
    turn_on(page)
    look(page, "codes")
    recovery = str(page.locator(".codes code").first.text_content())
    with page.expect_download() as told:
        page.get_by_role("link", name="下载恢复码").click()
    assert recovery in told.value.path().read_text()
    sign_out(page, site)
    sign_in(page, site)
    enter_code(page, recovery)
    page.wait_for_url(re.compile("/workbench"))
    page.goto(f"{site.url}/accounts/2fa/")
    expect(page.locator("main")).to_contain_text("还剩 9 个")
    look(page, "ways")
    page.goto(f"{site.url}/accounts/2fa/recovery-codes/generate/")
    confirm(page)
    look(page, "codes-anew")
    sign_out(page, site)
    sign_in(page, site)
    enter_code(page, recovery)
    expect(page.locator("main")).to_contain_text("代码不对")


def test_one_time_codes_are_turned_off_again(
    site: DemoSite, member: str, page: Page, look: Look
) -> None:
    begin(page, site)
    turn_on(page)
    page.goto(f"{site.url}/account")
    look(page, "account-safe")
    page.goto(f"{site.url}/accounts/2fa/totp/deactivate/")
    confirm(page)
    look(page, "totp-off")
    page.get_by_role("button", name="关闭动态口令").click()
    expect(page.locator("main")).to_contain_text("未开启")
    sign_out(page, site)
    sign_in(page, site)
    page.wait_for_url(re.compile("/workbench"))


def add_passkey(page: Page, site: DemoSite, name: str) -> None:
    sign_in(page, site)
    page.goto(f"{site.url}/accounts/2fa/webauthn/")
    follow(page, "添加通行密钥")
    confirm(page)
    page.get_by_label("名称").fill(name)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)


def test_a_passkey_is_added_and_signs_in(
    site: DemoSite, member: str, page: Page, look: Look, passkeys: Passkeys
) -> None:
    passkeys(page.context, page)
    sign_in(page, site)
    page.goto(f"{site.url}/accounts/2fa/webauthn/")
    look(page, "no-passkey")
    follow(page, "添加通行密钥")
    look(page, "again")
    confirm(page)
    look(page, "add-passkey")
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator(".codes li")).to_have_count(10)
    sign_out(page, site)
    sign_in(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("两步验证")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url(re.compile("/workbench"))
    sign_out(page, site)
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(re.compile("/workbench"))


def test_a_passkey_is_renamed_and_removed(
    site: DemoSite, member: str, page: Page, look: Look, passkeys: Passkeys
) -> None:
    passkeys(page.context, page)
    add_passkey(page, site, "办公室电脑")
    sign_out(page, site)
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(re.compile("/workbench"))
    page.goto(f"{site.url}/accounts/2fa/webauthn/")
    look(page, "passkeys")
    follow(page, "改名")
    look(page, "again-many")
    follow(page, "用通行密钥确认")
    look(page, "again-passkey")
    page.get_by_role("button", name="用通行密钥确认").click()
    page.get_by_label("名称").wait_for()
    look(page, "rename-passkey")
    page.get_by_label("名称").fill("值班室电脑")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".keys__item")).to_contain_text("值班室电脑")
    follow(page, "移除")
    look(page, "remove-passkey")
    page.get_by_role("button", name="移除").click()
    expect(page.locator("main")).to_contain_text("还没有添加通行密钥")


def test_devices_and_password(
    site: DemoSite, member: str, page: Page, open_context: Open, look: Look
) -> None:
    other = open_context().new_page()
    sign_in(other, site)
    sign_in(page, site)
    page.goto(f"{site.url}/accounts/sessions/")
    expect(page.locator(".keys__item")).to_have_count(2)
    expect(page.locator(".keys__item").first).to_contain_text("Chrome")
    look(page, "devices")
    page.get_by_role("button", name="退出其他设备").click()
    expect(page.locator(".keys__item")).to_have_count(1)
    other.goto(f"{site.url}/account")
    assert "/login/" in other.url
    page.goto(f"{site.url}/accounts/password/change/")
    look(page, "password")
    page.locator("#id_oldpassword").fill(PASSWORD)
    page.locator("#id_password1").fill("short")
    page.locator("#id_password2").fill("short")
    page.locator("main form.account__form button[type=submit]").click()
    expect(page.locator(".field__error")).to_contain_text("12")
    page.locator("#id_oldpassword").fill(PASSWORD)
    page.locator("#id_password1").fill("qingxi-xin-mima-2026")
    page.locator("#id_password2").fill("qingxi-xin-mima-2026")
    page.locator("main form.account__form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("密码")
    sign_out(page, site)
    sign_in(page, site, password="qingxi-xin-mima-2026")


def test_five_wrong_passwords_lock_one_officer_and_nobody_else(
    site: DemoSite, member: str, open_context: Open, look: Look
) -> None:
    page = open_context().new_page()
    for wrong in range(5):
        page.goto(f"{site.url}/accounts/login/")
        page.locator("#id_login").fill("lin" if wrong else "LIN ")
        page.locator("#id_password").fill("wrong")
        page.locator("form.account__form button[type=submit]").click()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("密码多次有误，登录已暂时锁定")
    look(page, "locked")
    page.goto(f"{site.url}/accounts/login/")
    page.locator("#id_login").fill("lin")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form.account__form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("密码多次有误，登录已暂时锁定")
    account_open(
        person=door.welcome("owner").person, name="模拟同事", username="wang", password=PASSWORD
    )
    sign_in(open_context().new_page(), site, "wang")
