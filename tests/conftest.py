"""What every test stands on: a real browser for those who ask (settings: settings_for_tests)."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import postgres_server
from viewports import DESKTOP
from web.worlds import forget_node

pytest_plugins = ["demo_world"]
PATIENCE_MS = 60_000
# no test is timed: a loaded machine is no fault of the code
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium once a worker; Playwright's own download is not used."""
    program = (
        os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium, or set CHROMIUM_PATH")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop in this thread
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=flags)
        yield running
        running.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts, one an officer; all close with the test."""
    contexts: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        contexts.append(browser.new_context(**{"viewport": DESKTOP, **options}))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(PATIENCE_MS)
        return contexts[-1]

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """Open one page; a script error or a refused resource on it fails the test."""
    opened = open_context().new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console", lambda line: complaints.append(line.text) if line.type == "error" else None
    )
    yield opened
    assert complaints == []


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """Return a PostgreSQL server's connection string, without database: SHANHAI_TEST_POSTGRES, else our own."""
    given = os.environ.get("SHANHAI_TEST_POSTGRES")
    if given:
        yield given
        return
    with postgres_server.serve() as dsn:
        yield dsn


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Return the git-ignored folder for screenshots that people look at."""
    folder = Path(__file__).parent.parent / ".build/pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def _no_node_of_another_test() -> Iterator[None]:
    """Let no test meet the ledger of another: its node, or an anchor that saw what is rolled back."""
    yield
    forget_node()
