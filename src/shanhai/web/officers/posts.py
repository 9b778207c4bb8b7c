"""One's posts: which there are, switching between them, delegating one and handing one over."""

from typing import NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shanhai.acts.machine import Post, PostState
from shanhai.acts.officer import Organisation
from shanhai.domains import names
from shanhai.kernel.text import Text
from shanhai.web.actor import CHOSEN_POST, resolve
from shanhai.web.http import WebRequest, next_path, page


class Held(NamedTuple):
    """A post as its holder sees it."""

    post: Post
    text: Text
    organisation: Text
    current: bool
    hand_over: str


def choose_post(request: WebRequest) -> HttpResponse:
    """List one's posts; POST acts in another of them from now on."""
    posts = resolve(request)[1]
    if request.method != "POST":
        return page(request, "officers/posts.html", {"held": _held(request, posts)})
    wanted = request.POST.get("post", "")
    if any(post.id == wanted for post in posts):
        request.session[CHOSEN_POST] = wanted
    return HttpResponseRedirect(next_path(request))


def _held(request: WebRequest, posts: list[Post]) -> list[Held]:
    bodies = names.of((Organisation, post.organisation) for post in posts)
    mine = request.actor.post
    return [
        Held(
            post,
            names.post_text(post),
            bodies.get(post.organisation, Text("", "")),
            post.id == mine,
            reverse("act", args=["post", post.id, "hand_over"])
            if post.state is PostState.OPEN and not post.source
            else "",
        )
        for post in posts
    ]
