"""Money in the tables, and an officer's cookie for the browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext

from acts.money_world import MoneyWorld
from web.funds.conftest import told
from web.funds.money_rows import load
from web.workbench.village_world import World

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

__all__ = ["told"]
Visit = Callable[..., BrowserContext]


@pytest.fixture
def cast(live_server: "LiveServer") -> World:
    """Found a ledger behind the live server."""
    assert live_server.url
    return World.found()


@pytest.fixture
def money(cast: World, told: MoneyWorld) -> MoneyWorld:
    """Put the story's money into the tables."""
    load(told)
    return told


@pytest.fixture
def visit(live_server: "LiveServer", cast: World, open_context: Visit) -> Visit:
    """Return a function that opens a browser as an officer, in a language and size."""

    def opened(name: str, language: str = "zh-hans", **options: object) -> BrowserContext:
        client = Client()
        client.force_login(cast.user(name))
        context = open_context(bypass_csp=True, **options)
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
        context.add_cookies(
            [
                {"name": key, "value": value, "url": live_server.url}
                for key, value in cookies.items()
            ]
        )
        return context

    return opened
