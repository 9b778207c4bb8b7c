"""A served copy of the demonstration, and officers who enter by its door with a key of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from demo_world import DemoDatabase, DemoSite, serving
from shanhai.acts.pairing import Pairing, PairingState
from shanhai.domains.demo.cast import WEST
from shanhai.domains.rows import row_of
from viewports import DESKTOP
from web.workbench.village_world import World

Enter = Callable[..., Page]


@pytest.fixture
def world(demo_db: DemoDatabase) -> World:
    """Return the demonstration's ledger with its cast, so that a test can set its scene by acts."""
    stage = demo_db.stage()
    made = World(stage.node, stage.actors, stage.now)
    pairs = row_of(Pairing).objects.filter(region=WEST, state=PairingState.ACTIVE.value)
    made.pair = pairs.values_list("id", flat=True)[0]
    return made


@pytest.fixture
def site(demo_db: DemoDatabase) -> Iterator[DemoSite]:
    """Serve the same ledger, so that the scene and the browsers share it."""
    with serving(demo_db.folder) as served:
        yield served


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Collect what the pages' scripts complain of; any complaint fails the test."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def enter(
    world: World,
    site: DemoSite,
    open_context: Callable[..., BrowserContext],
    complaints: list[str],
) -> Enter:
    """Return a function that opens a browser of one's own, chooses a role and enrols a key."""

    def come_in(part: str, language: str = "zh-hans", **options: object) -> Page:
        world.set_clock()
        url = site.url
        context = open_context(**{"viewport": DESKTOP, **options})
        context.add_cookies([{"name": "django_language", "value": language, "url": url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/demo")
        page.click(f'form:has(input[name="part"][value="{part}"]) button')
        page.locator("[data-enrol][data-ready]").wait_for()
        page.click('[data-enrol-kind="browser"]')
        page.wait_for_url("**/workbench")
        return page

    return come_in
