"""The built bundle, and pages that fail a test when they report an error."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
)

from e2e.signing.server import Site, start

NO_ED25519 = """
const real = { generate: crypto.subtle.generateKey, load: crypto.subtle.importKey };
const refused = (alg) => (alg.name ?? alg) === "Ed25519";
const fail = () => Promise.reject(new DOMException("not here", "NotSupportedError"));
SubtleCrypto.prototype.generateKey = function (alg, ...rest) {
  return refused(alg) ? fail() : real.generate.call(this, alg, ...rest);
};
SubtleCrypto.prototype.importKey = function (form, key, alg, ...rest) {
  return refused(alg) ? fail() : real.load.call(this, form, key, alg, ...rest);
};
"""


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve the bundle and one test's pages."""
    site = Site()
    server = start(site)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["ed25519", "no-ed25519"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """Open a fresh profile, with and without Ed25519 in the browser."""
    context = browser.new_context(service_workers="block")
    if request.param == "no-ed25519":
        context.add_init_script(NO_ED25519)
    yield context
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """Open a fresh profile of the browser as it is."""
    context = browser.new_context(service_workers="block")
    yield context
    context.close()


def watched(context: BrowserContext) -> Page:
    """Open a page whose errors and policy violations are collected in `page.errors`."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: _note(errors, message))
    page.errors = errors  # type: ignore[attr-defined] # a plain attribute for the tests to read
    return page


def _note(errors: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        errors.append(message.text)


@pytest.fixture
def page(plain: BrowserContext, site: Site) -> Page:
    """Open a blank page of the site, where sources can be imported."""
    page = watched(plain)
    page.goto(site.url("/"))
    return page


@pytest.fixture
def passkeys() -> Callable[[BrowserContext, Page], tuple[CDPSession, str]]:
    """Return a function that gives a page a virtual authenticator."""

    def add(context: BrowserContext, page: Page) -> tuple[CDPSession, str]:
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return session, str(made["authenticatorId"])

    return add
