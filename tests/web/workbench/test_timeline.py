"""An object's timeline: the newest entries first, the rest on request."""

from collections.abc import Callable

import pytest
from django.test import Client

from shanhai.acts.project import ProjectState
from shanhai.web.objects import detail
from web.workbench.village_world import World

Officer = Callable[[str], Client]


def shown(client: Client, address: str) -> tuple[int, bool]:
    """Return how many entries the page shows, and whether it leads to earlier ones."""
    text = client.get(address).text
    return text.count('href="/proof/'), "显示更早的记录" in text


def test_a_long_timeline_shows_the_newest_and_leads_to_the_rest(
    monkeypatch: pytest.MonkeyPatch, world: World, officer: Officer
) -> None:
    project = world.reach(ProjectState.EXECUTING)
    client = officer("office")
    assert shown(client, f"/project/{project}")[1] is False
    monkeypatch.setattr(detail, "RECENT", 3)
    assert shown(client, f"/project/{project}") == (3, True)
    whole, earlier = shown(client, f"/project/{project}?all=1")
    assert whole > 3
    assert not earlier
