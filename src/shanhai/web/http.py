"""Typed requests and the few answers that every page shares."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from shanhai.kernel.errors import Refused, ShanhaiError

if TYPE_CHECKING:
    from shanhai.domains.accounts.actor import Actor

View = Callable[..., HttpResponseBase]
UNPROCESSABLE = 422
public = login_not_required
"""Mark a view that visitors may see without signing in; every other view asks for it."""


class WebRequest(HttpRequest):
    """A request as our middleware leaves it."""

    htmx: HtmxDetails
    actor: "Actor"
    LANGUAGE_CODE: str


def chart_page(view: View) -> View:
    """Allow style attributes, which the charts set, on this page alone."""
    decorated: View = csp_update({"style-src-attr": [UNSAFE_INLINE]})(view)
    return decorated


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page, or only its named fragment when htmx asks.

    Args:
        request: The request; a boosted or plain one gets the whole page.
        template: Template path.
        context: Template context.
        fragment: Name of the partial that htmx swaps, "" for none.
        status: 422 sends a form back with its errors.
    """
    htmx = getattr(request, "htmx", None)
    if fragment and htmx and not htmx.boosted:
        template = f"{template}#{fragment}"
    return render(request, template, dict(context or {}), status=status)


def status_of(error: ShanhaiError) -> int:
    """Return the status that an error answers with: missing rights 403, rules 409, input 422."""
    if not isinstance(error, Refused):
        return UNPROCESSABLE
    return 403 if error.code.startswith("authority.") else 409


def next_path(request: HttpRequest) -> str:
    """Return the posted `next` if it stays on this site, else the front page."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
