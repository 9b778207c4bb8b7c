"""Replacing a key: the new one is made in this browser, the old one signs for it. Source: frozen decision 13."""

from typing import Any

from django.http import HttpResponse

from shanhai.acts.key import Rotate
from shanhai.acts.machine import Key, Post
from shanhai.domains.accounts.keys import key_delay_ms
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.web.account.views import ALGORITHMS
from shanhai.web.actor import resolve
from shanhai.web.acts.page import ActPage
from shanhai.web.acts.views import act_page
from shanhai.web.http import WebRequest, page


def rotate_page(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Say what changes and make the new key; POST `check` shows the bytes that the old key signs."""
    if request.method == "POST" and request.POST.get("step") == "check":
        return act_page(request, "key", id, Rotate.row.verb)
    shown = ActPage(request, Rotate, id)
    old: Key = shown.subject  # type: ignore[assignment]  # the act is on a key
    now = ledger_now_ms()
    posts = resolve(request)[1]
    delay = key_delay_ms(_region(posts, request.actor.post), now)
    context = {
        "page": shown,
        "old": old,
        "kind": ALGORITHMS.get(old.alg),
        "mine": old.person == request.actor.person,
        "active": old.state in Rotate.row.when,
        "heavy_ms": now + delay if delay else 0,
        "config": _config(old),
    }
    return page(request, "key/rotate.html", context)


def _region(posts: list[Post], chosen: str) -> str:
    return next((post.region for post in posts if post.id == chosen), "")


def _config(old: Key) -> dict[str, Any]:
    constants = node().constants
    return {
        "kid": old.id,
        "user": old.person,
        "suite": constants.suite.name,
        "rp": {"id": constants.web.rp_id, "name": "Shanhai 山海"},
    }
