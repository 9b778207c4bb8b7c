"""An object's timeline: the newest entries first, the rest on request."""

import pytest

from shanhai.web.objects import detail
from web.worlds import SignIn


def events(body: str) -> int:
    return body.count('href="/proof/')


def test_a_long_timeline_shows_the_newest_and_leads_to_the_rest(
    monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, executing: str
) -> None:
    monkeypatch.setattr(detail, "RECENT", 3)
    client = sign_in("office", "en")
    short = client.get(f"/project/{executing}").content.decode()
    whole = client.get(f"/project/{executing}?all=1").content.decode()
    assert events(short) == 3
    assert events(whole) > 3
    assert "Show earlier entries" in short
    assert "Show earlier entries" not in whole


def test_a_short_timeline_leads_nowhere(sign_in: SignIn, executing: str) -> None:
    body = sign_in("office", "en").get(f"/project/{executing}").content.decode()
    assert 3 < events(body) <= detail.RECENT
    assert "Show earlier entries" not in body
