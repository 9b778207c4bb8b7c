"""Replacing and revoking keys in the browser: the old one is refused from then on, the new one signs."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from demo_world import DemoDatabase, DemoSite
from e2e.accounts.conftest import Passkeys
from e2e.signing.conftest import NO_ED25519
from shanhai.acts.lot import Lot
from shanhai.acts.machine import Key, KeyState
from shanhai.domains.demo.founding import seed
from shanhai.domains.rows import row_of

pytestmark = pytest.mark.e2e
Look = Callable[[Page, str], None]
Open = Callable[..., BrowserContext]


def come_in(page: Page, site: DemoSite, part: str = "owner", kind: str = "browser") -> str:
    """Enter by the demonstration's door and return the id of the key made there."""
    page.goto(f"{site.url}/demo")
    page.locator(f"form:has(input[value='{part}']) button").click()
    page.locator(f"[data-enrol][data-ready] [data-enrol-kind='{kind}']").click()
    page.wait_for_url(lambda url: "/demo/" not in url)
    page.goto(f"{site.url}/account")
    return str(page.locator("[data-kid]").get_attribute("data-kid"))


def prepare(page: Page, site: DemoSite, project: str, name: str) -> None:
    """Fill in a lot up to the page that signs."""
    page.goto(f"{site.url}/lot/new/add?project={project}")
    page.get_by_label("标段名称").fill(name)
    page.get_by_label("标的").select_option("works")
    page.get_by_label("概算", exact=True).fill("100")
    page.get_by_role("button", name="下一步：核对").click()
    page.locator("shanhai-sign[data-ready]").wait_for()


def sign(page: Page) -> None:
    page.bring_to_front()
    page.locator("shanhai-sign .sh-primary").click()


def rotate(page: Page, site: DemoSite, kind: str) -> None:
    page.bring_to_front()  # a passkey is made on the page in front only
    page.goto(f"{site.url}/account")
    page.get_by_role("link", name="更换").click()
    page.locator(f"[data-rotate][data-ready] [data-rotate-kind='{kind}']").click()
    sign(page)
    page.wait_for_url(lambda url: "/receipt/" in url)


@pytest.mark.parametrize("alg", ["ed25519", "p256", "webauthn-p256"])
def test_after_rotation_the_old_key_is_refused_and_the_new_one_signs(
    site: DemoSite,
    demo_db: DemoDatabase,
    open_context: Open,
    look: Look,
    passkeys: Passkeys,
    alg: str,
) -> None:
    project = demo_db.project("road")
    context = open_context()
    if alg == "p256":
        context.add_init_script(NO_ED25519)
    page = context.new_page()
    passkeys(context, page)
    old = come_in(page, site)
    late = context.new_page()
    passkeys(context, late)
    prepare(late, site, project, "模拟：旧密钥")
    if alg == "ed25519":
        page.goto(f"{site.url}/key/{old}/rotate")
        look(page, "rotate")
    rotate(page, site, "passkey" if alg == "webauthn-p256" else "browser")
    if alg == "ed25519":
        look(page, "rotated")
    keys = row_of(Key).objects.filter(person=row_of(Key).objects.get(pk=old).person)
    assert keys.get(pk=old).state == KeyState.ROTATED.value
    assert keys.get(state=KeyState.ACTIVE.value).alg == alg
    sign(late)
    expect(late.locator("shanhai-sign")).to_contain_text("签名密钥未登记、已失效")
    late.screenshot(path=f".build/pictures/account-old-key-{alg}.png", full_page=True)
    assert not row_of(Lot).objects.filter(name="模拟：旧密钥").exists()
    prepare(page, site, project, "模拟：新密钥")
    sign(page)
    page.wait_for_url(lambda url: "/receipt/" in url)
    assert row_of(Lot).objects.filter(name="模拟：新密钥").exists()


def test_a_browser_without_the_old_key_says_where_to_go(
    site: DemoSite, open_context: Open, look: Look
) -> None:
    page = open_context().new_page()
    come_in(page, site)
    page.evaluate("() => indexedDB.deleteDatabase('shanhai-signing')")
    page.get_by_role("link", name="更换").click()
    expect(page.locator("[data-rotate-elsewhere]")).to_contain_text("旧密钥不在本浏览器里")
    expect(page.locator("[data-rotate-kind='browser']")).to_be_disabled()
    look(page, "rotate-elsewhere")


def registrar(
    context: BrowserContext, demo_db: DemoDatabase, site: DemoSite, tmp_path: Path
) -> Page:
    """Sign the founding registrar in and let this browser take in their key from its seed file."""
    page = context.new_page()
    cookie = demo_db.client("registrar").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
    kept = tmp_path / "registrar"
    mixed = sha256(b"shanhai/demo\n" + seed(demo_db.folder.data) + b"registrar").digest()
    kept.write_text(mixed.hex())
    page.goto(f"{site.url}/account")
    page.locator("[data-adopt] input").set_input_files(kept)
    expect(page.locator("[data-here]:not([hidden])")).to_have_count(1)
    return page


def test_a_revoked_key_signs_nothing_more(
    site: DemoSite, demo_db: DemoDatabase, open_context: Open, look: Look, tmp_path: Path
) -> None:
    officer = open_context().new_page()
    kid = come_in(officer, site)
    prepare(officer, site, demo_db.project("road"), "模拟：失窃的密钥")
    page = registrar(open_context(), demo_db, site, tmp_path)
    page.goto(f"{site.url}/key/{kid}/revoke")
    expect(page.locator("main")).to_contain_text("项目业主")
    look(page, "revoke")
    page.get_by_label("原因").select_option("stolen")
    page.get_by_role("button", name="下一步：核对").click()
    page.locator("shanhai-sign[data-ready]").wait_for()
    page.screenshot(path=".build/pictures/account-revoke-check.png", full_page=True)
    sign(page)
    page.wait_for_url(lambda url: "/receipt/" in url)
    assert row_of(Key).objects.get(pk=kid).state == KeyState.REVOKED.value
    sign(officer)
    expect(officer.locator("shanhai-sign")).to_contain_text("签名密钥未登记、已失效")
    assert not row_of(Lot).objects.filter(name="模拟：失窃的密钥").exists()
    officer.goto(f"{site.url}/account")
    expect(officer.locator("main")).to_contain_text("已吊销")
    look(officer, "revoked")
    officer.goto(f"{site.url}/key/{kid}/rotate")
    expect(officer.locator("main")).to_contain_text("这把密钥现在不能更换")


def test_a_wrong_seed_file_is_refused_in_words(
    site: DemoSite, demo_db: DemoDatabase, open_context: Open, tmp_path: Path
) -> None:
    page = open_context().new_page()
    cookie = demo_db.client("registrar").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
    wrong = tmp_path / "wrong"
    wrong.write_text("11" * 32)
    page.goto(f"{site.url}/account")
    page.locator("[data-adopt] input").set_input_files(wrong)
    expect(page.locator("[data-adopt-said]")).to_have_text(re.compile("没有读入"))
