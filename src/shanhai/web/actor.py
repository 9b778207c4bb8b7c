"""Who asks: the signed-in officer in the post chosen for this session, else the public."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from shanhai.acts.machine import Post
from shanhai.domains.accounts.actor import PUBLIC, Actor
from shanhai.domains.accounts.selectors import account_of, actor_in
from shanhai.domains.book.handle import ledger_now_ms

CHOSEN_POST = "post"


def resolve(request: HttpRequest) -> tuple[Actor, list[Post]]:
    """Return the request's actor and the posts to choose from; asked once a request."""
    kept: tuple[Actor, list[Post]] | None = getattr(request, "_shanhai_actor", None)
    if kept is None:
        kept = _look_up(request)
        request._shanhai_actor = kept  # type: ignore[attr-defined]  # noqa: SLF001 - kept for this request
    return kept


def _look_up(request: HttpRequest) -> tuple[Actor, list[Post]]:
    if not request.user.is_authenticated:
        return PUBLIC, []
    account = account_of(request.user.pk)
    if account is None:
        return PUBLIC, []
    now = ledger_now_ms()
    return actor_in(account, request.session.get(CHOSEN_POST, ""), now)


def actor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request its actor, found only when a view asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: resolve(request)[0])  # type: ignore[attr-defined]  # typed in WebRequest
        return get_response(request)

    return middleware
