"""A live server on a ledger, its signing bundle built, and browsers whose officers enrol at the door."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page

from shanhai.acts.project import ProjectState
from web.workbench.village_world import World
from web.worlds import forget_node

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None, live_server: "LiveServer") -> Iterator[World]:
    """Found a ledger whose clock stands where its story stands."""
    forget_node()
    founded = World.found()
    founded.set_clock()
    yield founded
    forget_node()


@pytest.fixture
def executing(world: World) -> str:
    """Return a project under execution."""
    project = world.reach(ProjectState.EXECUTING)
    world.set_clock()
    return project


@pytest.fixture
def officer(
    live_server: "LiveServer", open_context: Callable[..., BrowserContext], world: World
) -> Open:
    """Come in by the demonstration's door as a role, with a key made in this browser."""

    def come_in(role: str, **options: object) -> Page:
        page = open_context(base_url=live_server.url, **options).new_page()
        page.goto("/demo")
        page.get_by_role("button", name=re.compile(rf"^\s*{role}")).first.click()
        page.locator("[data-enrol][data-ready]").wait_for()
        with page.expect_navigation(url=re.compile(r"/$|/workbench|/desk")):
            page.get_by_role("button", name="用本浏览器的密钥").click()
        return page

    return come_in
