"""An invitation's page: the invited person opens an account there and makes this browser's key.

The key's offer is the bytes of `key.offer`, signed by the key itself.
"""

from typing import Any

import msgspec
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from shanhai.acts.key import Invitation, Offer
from shanhai.domains.accounts.actor import PUBLIC
from shanhai.domains.accounts.invitations import Joining, code_of, joining
from shanhai.domains.accounts.services import account_open
from shanhai.domains.book import desk
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.http import UNPROCESSABLE, WebRequest, page, public
from shanhai.web.officers.joining import JoinForm

NEWCOMER = "newcomer"
"""The demonstration's newcomer in the session: invited, and not signed in before the key is there."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
CONFLICT = 409


class Offered(msgspec.Struct, forbid_unknown_fields=True):
    """A key made in the browser."""

    alg: str
    public: str
    kid: str


def invitation_or_404(id: str) -> Invitation:  # noqa: A002 - the field's name
    """Return an invitation as its table has it: another thread may have used it up just now.

    Raises:
        Http404: If there is none.
    """
    return struct_or_404(Invitation, row_of(Invitation).objects.all(), id)


def enrol_config(request: WebRequest, invitation: Invitation, **more: Any) -> dict[str, Any]:
    """Return what the enrolling script is given."""
    constants = node().constants
    return {
        "offer": reverse("enrol_offer", args=[invitation.id]),
        "submit": "/api/acts/key.offer",
        "csrf": get_token(request),
        "ledger": constants.ledger,
        "rp": {"id": constants.web.rp_id, "name": "Shanhai 山海"},
        "user": invitation.person,
        "suite": constants.suite.name,
        **more,
    }


@public
@never_cache
@sensitive_post_parameters("password", "again", "code")
def enrol_page(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show what an invitation is for and what is next; POST opens the invited person's account."""
    found = invitation_or_404(id)
    step = joining(found, request.actor.person, ledger_now_ms())
    if request.method == "POST" and step is Joining.JOIN:
        return _join(request, found)
    answer = CONFLICT if request.method == "POST" else 200
    return _page(request, found, step, JoinForm(found.id), answer)


def _join(request: WebRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(found.id, request.POST)
    if not form.is_valid():
        return _page(request, found, Joining.JOIN, form, UNPROCESSABLE)
    given = form.cleaned_data
    user = account_open(
        person=found.person,
        name=given["name"],
        username=given["username"],
        password=given["password"],
    )
    login(request, user, backend=BACKEND)  # type: ignore[arg-type]  # our own user model
    return HttpResponseRedirect(reverse("enrol", args=[found.id]))


def _page(
    request: WebRequest, found: Invitation, step: Joining, form: JoinForm, status: int
) -> HttpResponse:
    context: dict[str, Any] = {"invitation": found, "step": step.value, "form": form}
    if step is Joining.KEY:
        context["config"] = enrol_config(request, found)
    return page(request, "officers/enrol.html", context, status=status)


@never_cache
def invitation_letter(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show an administrator the letter to hand over: the address and the code."""
    rows = row_of(Invitation).objects.filter(visible(Invitation, request.actor))
    found = struct_or_404(Invitation, rows, id)
    address = request.build_absolute_uri(reverse("enrol", args=[found.id]))
    context = {"invitation": found, "address": address, "code": code_of(found.id)}
    return page(request, "officers/letter.html", context)


@public
@require_POST
def enrol_offer(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Return the bytes of the offer for the key that the invited person's browser made.

    Raises:
        PermissionDenied: For anybody but the invited person.
    """
    found = invitation_or_404(id)
    newcomer = request.session.get(NEWCOMER) or {}
    if request.actor.person != found.person and newcomer.get("invitation") != found.id:
        raise PermissionDenied("another person's invitation")
    try:
        asked = msgspec.json.decode(request.body, type=Offered)
    except msgspec.MsgspecError as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)) from error
    payload = desk.payload_of(
        Offer, {"invitation": found.id, "alg": asked.alg, "public": asked.public}
    )
    prepared = desk.prepare(actor=PUBLIC, payload=payload, subject=asked.kid, kid=asked.kid)
    if not prepared.verdict.accepted:
        failed = [line._asdict() for line in prepared.lines if not line.ok]
        return JsonResponse(
            {"checks": failed, "zh": failed[0]["zh"], "en": failed[0]["en"]}, status=409
        )
    return JsonResponse({"body": to_base64(prepared.raw)})
