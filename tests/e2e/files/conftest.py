"""A live server on a fresh ledger, and pages of officers who are signed in already."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from web.workbench.village_world import World
from web.worlds import forget_node

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

Enter = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None, live_server: "LiveServer") -> Iterator[World]:
    """Found a ledger whose clock stands where its story stands."""
    forget_node()
    founded = World.found()
    founded.set_clock()
    yield founded
    forget_node()


@pytest.fixture
def enter(
    world: World, live_server: "LiveServer", open_context: Callable[..., BrowserContext]
) -> Iterator[Enter]:
    """Return a function that opens a page as one of the cast; a script's complaint fails the test."""
    complaints: list[str] = []

    def come_in(part: str, language: str = "zh-hans", **options: object) -> Page:
        client = Client()
        client.force_login(world.user(part), "django.contrib.auth.backends.ModelBackend")
        context = open_context(base_url=live_server.url, **options)
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
            ]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda line: complaints.append(line.text) if "Policy" in line.text else None
        )
        return page

    yield come_in
    assert complaints == []
