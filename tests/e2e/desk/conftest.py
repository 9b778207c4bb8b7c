"""A served 模拟 county, and officers who enter by the demonstration's door with a key of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

import build_signing
from viewports import DESKTOP
from web.workbench.village_world import World

Enter = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def bundle() -> None:
    """Build the signing bundle from the sources under test."""
    build_signing.TARGET.mkdir(parents=True, exist_ok=True)
    for name, content in build_signing.build().items():
        (build_signing.TARGET / name).write_bytes(content)


@pytest.fixture
def world(transactional_db: None) -> World:
    """Found a fresh ledger with its cast."""
    return World.found()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Collect what the pages' scripts complain of; any complaint fails the test."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def enter(
    world: World,
    live_server: object,
    open_context: Callable[..., BrowserContext],
    complaints: list[str],
) -> Enter:
    """Return a function that opens a browser of one's own, chooses a role and enrols a key."""

    def come_in(part: str, language: str = "zh-hans", **options: object) -> Page:
        world.set_clock()
        url = str(live_server)
        context = open_context(**{"viewport": DESKTOP, **options})
        context.add_cookies([{"name": "django_language", "value": language, "url": url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/demo")
        page.click(f'form:has(input[name="part"][value="{part}"]) button')
        page.wait_for_selector("[data-enrol][data-ready]")
        page.click('[data-enrol-kind="browser"]')
        page.wait_for_url("**/workbench")
        return page

    return come_in
