"""Checking a paper by the code or QR printed on it: `/p/<code>`."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from shanhai.domains.documents import selectors
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.http import UNPROCESSABLE, WebRequest, page, public
from shanhai.web.middleware import language

NOT_FOUND = 404


def _asked(request: WebRequest, code: str, error: str, status: int) -> HttpResponse:
    context = {"code": code, "error": error}
    return page(request, "documents/check.html", context, status=status)


@public
@require_safe
def ask(request: WebRequest) -> HttpResponse:
    """Ask for the code of a paper, and go where it leads."""
    code = request.GET.get("code", "").strip()
    if not code:
        return _asked(request, "", "", 200)
    return proof_of(request, code)


@public
@require_safe
def proof_of(request: WebRequest, code: str) -> HttpResponse:
    """Lead from a printed code, or an act id, to the public proof of the act behind it."""
    try:
        named = selectors.named_by(code)
    except InvalidInputError as error:
        return _asked(request, code, error.say(language()), UNPROCESSABLE)
    if named is None:
        return _asked(request, code, "", NOT_FOUND)
    return redirect(f"/proof/{named.event.act_id}")
