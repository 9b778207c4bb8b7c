"""A ledger with its cast, and the rows of a year's money."""

from collections.abc import Callable

import pytest
from django.test import Client

from acts.money_world import MoneyWorld
from web.funds.money_rows import load, story
from web.workbench.village_world import World


@pytest.fixture(scope="session")
def told() -> MoneyWorld:
    """Return the story in memory, told once."""
    return story()


@pytest.fixture
def money(db: None, told: MoneyWorld) -> MoneyWorld:
    """Found a ledger, and put the story's money into its tables."""
    world = World.found()
    told.cast = world  # type: ignore[attr-defined]  # the officers who sign in
    load(told)
    return told


@pytest.fixture
def officer(money: MoneyWorld) -> Callable[[str], Client]:
    """Return a function that signs one of the cast in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(money.cast.user(name))  # type: ignore[attr-defined]  # set by the fixture
        return client

    return sign_in
