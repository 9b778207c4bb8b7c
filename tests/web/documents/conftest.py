"""One 模拟 world a module, with its projects and officers signed in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

import documents_world
from web.workbench.village_world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Found the module's ledger."""
    with django_db_blocker.unblock(), documents_world.founded() as made:
        yield made


@pytest.fixture
def officer(world: World) -> Callable[[str], Client]:
    """Return a client signed in as one of the cast."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(world.user(name), "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
