"""Switching between one's posts."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from shanhai.web.actor import CHOSEN_POST, resolve
from shanhai.web.http import WebRequest, next_path


@require_POST
def choose_post(request: WebRequest) -> HttpResponse:
    """Act in another of one's posts from now on."""
    wanted = request.POST.get("post", "")
    if any(post.id == wanted for post in resolve(request)[1]):
        request.session[CHOSEN_POST] = wanted
    return HttpResponseRedirect(next_path(request))
