"""Fixtures of pages on a ledger: a world of 模拟 officers, and clients signed in as one of them."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from shanhai.acts.lot import LotKind
from shanhai.acts.lot_work import AddLot
from shanhai.acts.project import ProjectState
from shanhai.domains.book.handle import data_dir, forget
from web.workbench.village_world import WAN, World

SignIn = Callable[..., Client]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Found a ledger in the test's database; its node goes with it."""
    founded = World.found()
    founded.set_clock()
    yield founded
    forget_node()


def forget_node() -> None:
    """Forget the node of a ledger that is rolled back or flushed, and the anchor that remembers more."""
    forget()
    shutil.rmtree(data_dir() / "state", ignore_errors=True)


@pytest.fixture
def sign_in(world: World) -> SignIn:
    """Sign in as one of the cast."""

    def as_officer(name: str, language: str = "zh-hans") -> Client:
        client = Client()
        client.force_login(world.user(name), backend=BACKEND)
        client.cookies["django_language"] = language
        return client

    return as_officer


@pytest.fixture
def executing(world: World) -> str:
    """Return a project under execution, with the clock where its story stands."""
    project = world.reach(ProjectState.EXECUTING)
    world.set_clock()
    return project


def add_lot(world: World, project: str, name: str, wan: int = 100) -> str:
    """Add a lot to a project."""
    act = AddLot(project=project, name=name, kind=LotKind.WORKS, estimate_fen=wan * WAN)
    return world.do("owner", act)
