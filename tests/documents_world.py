"""A 模拟 world for tests of documents, founded once a module and rolled back at its end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.accounts.selectors import account_of_person, actor_in
from shanhai.domains.files import services
from web.workbench.village_world import World
from web.worlds import forget_node


@contextmanager
def founded() -> Iterator[World]:
    """Found a ledger in a transaction that is rolled back."""
    try:
        with transaction.atomic():
            world = World.found()
            world.set_clock()
            yield world
            transaction.set_rollback(True)
    finally:
        forget_node()


def actor(world: World, name: str) -> Actor:
    """Return one of the cast as an actor in their post."""
    world.user(name)
    account = account_of_person(world.actors.persons[name].id)
    assert account is not None
    return actor_in(account, "", world.now)[0]


def keep(world: World, name: str, data: bytes, by: str) -> str:
    """Upload a document as one of the cast; return its hash."""
    return services.document_keep(
        actor=actor(world, by), name=name, data=data, suite="intl", now_ms=world.now
    ).digest
