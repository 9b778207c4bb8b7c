"""The shell of every page: languages, large text, headers, refusals, and the gallery in a browser."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from playwright.sync_api import BrowserContext, Page, ViewportSize
from pytest_django import Settings

from shanhai.config import access
from shanhai.kernel.errors import InvalidInputError, Refused, ShanhaiError
from shanhai.kernel.money import capital
from shanhai.kernel.text import TEXTS, Text
from shanhai.web.context import Head, Slots
from shanhai.web.http import next_path, public, status_of
from shanhai.web.templatetags import shell
from viewports import DESKTOP, PHONE

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

LANGUAGES = ("zh-hans", "en")
pytestmark = pytest.mark.django_db


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Slots, "simulated", staticmethod(lambda: True))
    monkeypatch.setattr(Slots, "head", staticmethod(lambda: Head(3071, "6e340b9c" * 8)))


@pytest.fixture
def refusing_page(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setitem(TEXTS, "shell.test", Text("金额超出额度", "The amount is over the limit"))

    @public
    def refuse(_request: HttpRequest) -> HttpResponse:
        raise Refused("shell.test")

    addresses = ModuleType("addresses")
    addresses.urlpatterns = [path("refuse", refuse), path("", include("shanhai.config.urls"))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = addresses
    monkeypatch.setitem(access.ROWS, "refuse", access.read("refuse GET public")["refuse"])


def test_gallery_exists_on_a_simulated_ledger_only(client: Client, simulated: None) -> None:
    assert client.get("/styleguide").status_code == 200


def test_gallery_is_not_found_on_a_real_ledger(client: Client) -> None:
    assert client.get("/styleguide").status_code == 404


def test_speaks_chinese_whatever_the_browser_asks_for(client: Client) -> None:
    response = client.get("/accounts/login/", headers={"accept-language": "fr,en;q=0.9"})
    assert 'lang="zh-hans"' in response.text
    assert "公开内容不需要登录" in response.text


def test_switch_changes_language_and_keeps_the_page(client: Client) -> None:
    here = "/accounts/login/?next=/projects"
    response = client.post("/i18n/setlang/", {"language": "en", "next": here})
    assert response.headers["Location"] == here
    assert "Public pages need no account" in client.get(here).text


def test_large_text_is_remembered_and_switched_off(client: Client) -> None:
    client.post("/preferences/text", {"size": "large", "next": "/accounts/login/"})
    assert 'data-text="large"' in client.get("/accounts/login/").text
    client.post("/preferences/text", {"size": "normal", "next": "/accounts/login/"})
    assert 'data-text="large"' not in client.get("/accounts/login/").text


def test_switches_do_not_lead_off_the_site() -> None:
    request = RequestFactory().post("/preferences/text", {"next": "https://elsewhere.example/"})
    assert next_path(request) == "/"


def test_banner_and_footer_show_what_the_ledger_is(client: Client, simulated: None) -> None:
    text = client.get("/styleguide").text
    assert "这是演示账本" in text
    assert "3071" in text
    assert "6e340b9c…0b9c" in text


def test_real_ledger_shows_no_banner(client: Client) -> None:
    assert "这是演示账本" not in client.get("/accounts/login/").text


def test_policy_forbids_inline_code_and_frames(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize("address", ["/styleguide", "/accounts/login/", "/nowhere"])
def test_pages_carry_no_inline_style_or_handler(
    client: Client, simulated: None, address: str
) -> None:
    text = client.get(address).text
    assert ' style="' not in text
    assert " onclick=" not in text


def test_refusal_becomes_a_page_that_says_why(client: Client, refusing_page: None) -> None:
    response = client.get("/refuse")
    assert response.status_code == 409
    assert "金额超出额度" in response.text
    client.cookies["django_language"] = "en"
    assert "The amount is over the limit" in client.get("/refuse").text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("authority.role"), 403),
        (Refused("claim.over_cap"), 409),
        (InvalidInputError("money.invalid"), 422),
    ],
)
def test_each_kind_of_error_has_its_status(error: ShanhaiError, status: int) -> None:
    assert status_of(error) == status


def test_visitors_are_asked_to_sign_in_where_a_page_does_not_opt_out(client: Client) -> None:
    response = client.get("/accounts/2fa/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_health_answers_without_signing_in(client: Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_nobody_signs_up_alone(client: Client) -> None:
    form = {"username": "new", "password1": "a-long-password-1", "password2": "a-long-password-1"}
    client.post("/accounts/signup/", form)
    assert not get_user_model().objects.exists()


def test_filters_show_money_and_time_in_beijing() -> None:
    assert shell.yuan(123_456_789) == "1,234,567.89"
    assert shell.wan(50_000_000) == "50"
    assert shell.day(1_790_000_000_000) == "2026-09-21"
    assert shell.moment(1_790_000_000_000) == "2026-09-21 22:13:20"
    assert shell.yuan(None) == shell.day(None) == "—"


@pytest.mark.e2e
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_gallery_is_accessible_and_fits(
    live_server: "LiveServer",
    simulated: None,
    open_context: Callable[..., BrowserContext],
    viewport: ViewportSize,
    language: str,
) -> None:
    context = open_context(viewport=viewport, bypass_csp=True)  # axe is injected
    context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    opened = context.new_page()
    opened.goto(f"{live_server.url}/styleguide")
    found = Axe().run(opened)
    assert found.violations_count == 0, found.generate_report()
    assert opened.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@pytest.mark.e2e
def test_the_script_helps_under_the_strict_policy(
    live_server: "LiveServer", simulated: None, page: Page
) -> None:
    page.goto(f"{live_server.url}/styleguide")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.fill("#amount", "1,200.5")
    assert page.text_content("[data-money-echo]") == (
        f"= 12,005,000.00 元 = 1,200.5 万元，{capital(1_200_500_000)}"
    )
    page.select_option("[data-money-unit]", "yuan")
    assert page.text_content("[data-money-echo]") == (
        f"= 1,200.50 元 = 0.12005 万元，{capital(120_050)}"
    )
    page.fill("#amount", "12.345")
    assert page.text_content("[data-money-echo]") == ""
    page.locator("h1").first.click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator(".kpi__ask").first.click()
    assert page.locator("#kpi-aid-why").is_visible()
