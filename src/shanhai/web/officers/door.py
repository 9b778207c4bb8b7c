"""The demonstration's door; on any ledger that is not 模拟 these addresses do not exist."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from shanhai.domains.accounts.selectors import account_of_person
from shanhai.domains.accounts.services import account_open
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.demo import door
from shanhai.domains.demo.offers import offers
from shanhai.kernel.periods import iso
from shanhai.web.actor import CHOSEN_POST
from shanhai.web.http import WebRequest, next_path, page, public
from shanhai.web.officers.enrol import BACKEND, NEWCOMER, enrol_config, invitation_or_404

View = Callable[..., HttpResponse]


def simulated_only(view: View) -> View:
    """Answer 404 on a real ledger."""

    @wraps(view)
    def wrapped(request: WebRequest, *args: str) -> HttpResponse:
        found = node_or_none()
        if found is None or not found.constants.simulated:
            raise Http404("no demonstration here")
        return view(request, *args)

    return public(wrapped)


@simulated_only
def choose(request: WebRequest) -> HttpResponse:
    """Offer the roles; POST enrols a newcomer and goes on to make the key."""
    if request.method != "POST":
        groups = offers(door.stage().actors)
        return page(request, "officers/door.html", {"groups": groups.items()})
    newcomer = door.welcome(request.POST.get("part", ""))
    request.session[NEWCOMER] = newcomer._asdict()
    return HttpResponseRedirect(reverse("demo_key"))


@simulated_only
@require_POST
def forward(request: WebRequest) -> HttpResponse:
    """Let ledger time pass, so that a notice's days need not be waited for."""
    days = request.POST.get("days", "")
    now = door.forward(int(days) if days.isdecimal() else 0)
    said = gettext("已快进 {days} 天，账本时间现在是 {now}。")
    messages.success(request, said.format(days=days, now=iso(now)))
    return HttpResponseRedirect(next_path(request))


@simulated_only
def make_key(request: WebRequest) -> HttpResponse:
    """Make this browser's key for the newcomer and say so."""
    newcomer = request.session.get(NEWCOMER)
    if not newcomer:
        return HttpResponseRedirect(reverse("demo"))
    invitation = invitation_or_404(newcomer["invitation"])
    config = enrol_config(request, invitation, confirm=reverse("demo_confirm"), auto=True)
    return page(request, "officers/door_key.html", {"newcomer": newcomer, "config": config})


@simulated_only
@require_POST
def confirm(request: WebRequest) -> HttpResponse:
    """Confirm the key at once and sign the newcomer in."""
    newcomer = request.session.get(NEWCOMER)
    if not newcomer:
        raise Http404("nobody is enrolling")
    door.confirm(request.POST.get("kid", ""), newcomer["person"])
    account = account_of_person(newcomer["person"])
    user = account.user if account else _open(newcomer)
    login(request, user, backend=BACKEND)  # type: ignore[arg-type]  # our own user model
    request.session[CHOSEN_POST] = newcomer["post"]
    return JsonResponse({"next": settings.LOGIN_REDIRECT_URL})


def _open(newcomer: dict[str, str]) -> object:
    person = newcomer["person"]
    account_open(person=person, name=newcomer["name"], username=person, password="")
    return get_user_model().objects.get(username=person)
