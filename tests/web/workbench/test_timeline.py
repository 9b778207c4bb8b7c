"""An object's timeline: the newest entries first, the rest on request."""

import pytest
from django.test import RequestFactory

from shanhai.acts.project import Project, ProjectState
from shanhai.domains.rows import by_id
from shanhai.web.objects import detail
from web.workbench.village_world import World


def test_a_long_timeline_shows_the_newest_and_leads_to_the_rest(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    made = world.reach(ProjectState.EXECUTING)
    project = by_id(Project, [made])[made]
    plain, whole = RequestFactory().get("/"), RequestFactory().get("/?all=1")
    short = detail.recent(plain, project)
    assert (len(short["events"]) > 3, short["earlier"]) == (True, False)
    monkeypatch.setattr(detail, "RECENT", 3)
    cut = detail.recent(plain, project)
    assert (cut["events"], cut["earlier"]) == (short["events"][:3], True)
    assert detail.recent(whole, project) == short
