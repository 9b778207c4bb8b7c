"""A 模拟 county in Django's database, and its officers as actors."""

from collections.abc import Callable
from typing import Any

import pytest

from shanhai.domains.accounts.actor import Actor
from web.workbench.village_world import World

Acting = Callable[..., Actor]


@pytest.fixture
def world(db: None) -> World:
    """Found a fresh ledger with its cast."""
    return World.found()


@pytest.fixture
def acting(world: World) -> Acting:
    """Return a function that gives one of the cast as an actor."""

    def actor(name: str, **changes: Any) -> Actor:
        post = world.actors.posts[name]
        made = Actor(post.person, post.id, post.role, post.organisation, post.region)
        return made._replace(**changes)

    return actor
