"""A served demonstration with people who are invited, and people who sign in by password."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from demo_world import DemoDatabase, DemoSite, serving
from e2e.signing.conftest import passkeys
from shanhai.config import settings as platform
from shanhai.config.folder import secret_key
from shanhai.domains.accounts.invitations import code_of
from shanhai.domains.accounts.services import account_open
from shanhai.domains.demo import door
from viewports import DESKTOP, PHONE

__all__ = ["passkeys"]
PASSWORD = "huanghua-shiqiao-2026"
SCREENS = [(DESKTOP, "zh-hans"), (PHONE, "en")]


class Invited(NamedTuple):
    """An invited person: the invitation's address and its code."""

    person: str
    path: str
    code: str


@pytest.fixture
def site(demo_db: DemoDatabase, settings: object) -> Iterator[DemoSite]:
    """Serve a ledger that the test can write to as well."""
    settings.SECRET_KEY = secret_key(demo_db.folder.data)  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = platform.PASSWORD_HASHERS  # type: ignore[attr-defined]  # the server's own
    with serving(demo_db.folder) as served:
        yield served


@pytest.fixture
def invited(site: DemoSite) -> Invited:
    """Register and invite a person who has no account."""
    found = door.welcome("owner")
    return Invited(found.person, f"/enrol/{found.invitation}", code_of(found.invitation))


@pytest.fixture
def member(site: DemoSite) -> str:
    """Open the account of a person in a post; return the user name."""
    found = door.welcome("owner")
    account_open(person=found.person, name="模拟业主", username="lin", password=PASSWORD)
    return "lin"


@pytest.fixture
def look(pictures: object) -> Callable[[Page, str], None]:
    """Return a function that looks at a page on every screen: axe finds nothing, nothing is too wide."""

    def at(page: Page, name: str) -> None:
        for viewport, language in SCREENS:
            page.set_viewport_size(viewport)
            page.context.add_cookies(
                [{"name": "django_language", "value": language, "url": page.url}]
            )
            page.reload()
            shot = f"{pictures}/account-{name}-{viewport['width']}-{language}.png"
            page.screenshot(path=shot, full_page=True)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.set_viewport_size(DESKTOP)
        page.context.clear_cookies(name="django_language")
        page.reload()

    return at


def sign_in(page: Page, site: DemoSite, username: str = "lin", password: str = PASSWORD) -> None:
    """Sign in by password."""
    page.goto(f"{site.url}/accounts/login/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("form.account__form button[type=submit]").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def sign_out(page: Page, site: DemoSite) -> None:
    """Sign out."""
    page.goto(f"{site.url}/accounts/logout/")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "logout" not in url)


Passkeys = Callable[[BrowserContext, Page], object]
