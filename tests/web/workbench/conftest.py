"""A 模拟 county in Django's database, and its officers signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from web.workbench.village_world import World


@pytest.fixture
def world(db: None) -> World:
    """Found a fresh ledger with its cast."""
    return World.found()


@pytest.fixture
def officer(world: World) -> Callable[[str], Client]:
    """Return a function that signs one of the cast in, with the clock where the story stands."""

    def sign_in(name: str) -> Client:
        world.set_clock()
        client = Client()
        client.force_login(world.user(name))
        return client

    return sign_in
