"""The bundle that is served is the one that two keys put into the ledger, or the page says it is not."""

import pytest
from django.test import Client as Browser

from shanhai.domains.demo.release import bundle, release
from shanhai.web.ledger import releases
from web.workbench.village_world import World

VERSION = "1（模拟）"
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """The cast on a fresh ledger."""
    return World.found()


def test_the_package_carries_the_hashes_of_what_it_serves() -> None:
    assert dict(releases.served()) == {one.name: one.sha256 for one in bundle()}


def test_a_confirmed_release_vouches_for_every_file(world: World) -> None:
    release(world, VERSION)
    assert all(one.release for one in releases.bundled(releases.recorded()))
    page = Browser().get("/explorer/verify").content.decode()
    assert "账本中没有这个哈希" not in page
    assert "两把密钥已确认" in page


def test_a_release_of_other_bytes_vouches_for_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(world, VERSION)
    monkeypatch.setattr(releases, "served", lambda: [("proof.js", "0" * 64)])
    assert [one.release for one in releases.bundled(releases.recorded())] == [None]
