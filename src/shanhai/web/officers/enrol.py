"""Enrolling this browser's key against an invitation: the bytes of `key.offer`, signed by the key itself."""

from typing import Any

import msgspec
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_POST

from shanhai.acts.key import Invitation, InvitationState, Offer
from shanhai.domains.accounts.actor import PUBLIC
from shanhai.domains.book import desk
from shanhai.domains.book.handle import node
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.http import WebRequest, page, public


class Offered(msgspec.Struct, forbid_unknown_fields=True):
    """A key made in the browser."""

    alg: str
    public: str
    kid: str


def invitation_or_404(id: str) -> Invitation:  # noqa: A002 - the field's name
    """Return an invitation; whoever holds its address is invited.

    Raises:
        Http404: If there is none.
    """
    found = node().storage.find(Invitation, id)
    if found is None:
        raise Http404("no such invitation")
    return found


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
def enrol_page(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show an invitation and let the newcomer make a key in this browser."""
    found = invitation_or_404(id)
    context = {"invitation": found, "open": found.state is InvitationState.OPEN}
    return page(request, "officers/enrol.html", context | {"config": enrol_config(request, found)})


@public
@require_POST
def enrol_offer(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Return the bytes of the offer for the key that the browser made."""
    found = invitation_or_404(id)
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
