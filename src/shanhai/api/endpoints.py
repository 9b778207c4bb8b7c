"""One address, its verbs, and what every answer has in common: problems in one shape, limits, no cookie needed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from shanhai.api import limits, problems
from shanhai.kernel.errors import ShanhaiError

View = Callable[..., HttpResponse]


def endpoint(*, get: View | None = None, post: View | None = None) -> View:
    """Join the views of one address.

    Writing needs no session and so no cross-site token: the signature inside is the authority.

    Args:
        get: Answers GET and HEAD.
        post: Answers POST.
    """
    views = {name: view for name, view in (("GET", get), ("POST", post)) if view is not None}

    @wraps(get or post or endpoint)
    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else request.method or ""
        found = views.get(method)
        if found is None:
            return problems.not_allowed(method, ", ".join(sorted(views)))
        try:
            limits.take(request, writes=method == "POST")
            return found(request, **named)
        except Http404:
            return problems.missing()
        except ShanhaiError as error:
            return problems.failed(error)

    made: View = csrf_exempt(login_not_required(view))
    return made


class Problems:
    """Middleware: whatever refuses a request under `/api/` before or after its view answers in the same shape."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Turn a page that says no into a problem."""
        response = self.get_response(request)
        page = response.get("Content-Type", "").startswith("text/html")
        wrong = response.status_code >= problems.BAD
        if not (request.path.startswith("/api/") and page and wrong):
            return response
        if response.status_code == problems.STATUS["api.method"]:
            return problems.not_allowed(request.method or "", response.get("Allow", "—"))
        return problems.of_status(response.status_code)
