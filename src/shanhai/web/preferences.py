"""Choices a visitor makes about the pages themselves; they live in a cookie, with no account."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from shanhai.web.context import LARGE, TEXT_COOKIE
from shanhai.web.http import next_path, public

YEAR_SECONDS = 365 * 24 * 3600


@public
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Switch 大字版 on or off and return to the page it was chosen on."""
    response = HttpResponseRedirect(next_path(request))
    if request.POST.get("size") == LARGE:
        response.set_cookie(TEXT_COOKIE, LARGE, max_age=YEAR_SECONDS, samesite="Lax")
    else:
        response.delete_cookie(TEXT_COOKIE)
    return response
