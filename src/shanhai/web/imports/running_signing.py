"""/imports/opening/<batch>/sign: running projects become acts, tried first, then signed with one gesture a part."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from shanhai.acts.opening_balance import OpenProject
from shanhai.domains.accounts.keys import active_kids
from shanhai.domains.book import desk
from shanhai.domains.book.desk import Prepared
from shanhai.domains.imports.running import batch as running
from shanhai.domains.imports.running.drafts import Draft
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.acts.config import sign_config
from shanhai.web.http import WebRequest, page
from shanhai.web.imports.running import county_of, opening_or_404, ready
from shanhai.web.middleware import language

PART = 20
AGAIN = "act-again"


class Tried(NamedTuple):
    """A part of the projects: those that the rules take, and the others with the reasons."""

    ready: list[tuple[Draft, Prepared]]
    refused: list[tuple[Draft, list[str]]]


def _made(request: WebRequest, draft: Draft, kid: str, *, keep: bool) -> Prepared:
    """Prepare one act; accounts go to the vault only when it is to be signed."""
    subject, person = desk.fresh_id(OpenProject), request.actor.person
    values = (
        desk.sealed(OpenProject, subject, person, draft.values)
        if keep
        else desk.blinded(OpenProject, draft.values)
    )
    payload = desk.payload_of(OpenProject, values)
    return desk.prepare(actor=request.actor, payload=payload, subject=subject, kid=kid)


def tried(request: WebRequest, drafts: list[Draft], kid: str) -> Tried:
    """Judge a part of the projects as they stand; nothing is written."""
    found, english = Tried([], []), language() == "en"
    for draft in drafts:
        try:
            made = _made(request, draft, kid, keep=False)
        except InvalidInputError as error:
            found.refused.append((draft, [error.say(language())]))
            continue
        if made.verdict.accepted:
            found.ready.append((draft, made))
        else:
            told = [line.en if english else line.zh for line in made.lines if not line.ok]
            found.refused.append((draft, told))
    return found


def sign(request: WebRequest, batch: str) -> HttpResponse:
    """Show the next part and what the rules say of it; POST makes the bytes to be signed."""
    found = opening_or_404(request, batch)
    read = running.read(found)
    whole = running.drafts_of(found, read, county_of(request))
    known = running.matches(whole, county_of(request))
    left = [one for one in whole if ready(one, read) and one.name not in known]
    kids = active_kids(request.actor.person)
    asked = request.POST.get("kid", "")
    kid = asked if asked in kids else (kids[0] if kids else "")
    part = tried(request, left[:PART], kid) if kids else Tried([], [])
    context: dict[str, Any] = {
        "batch": found,
        "done": len(known),
        "left": len(left),
        "total": len(whole),
        "ready": [draft for draft, _ in part.ready],
        "refused": part.refused,
        "may": bool(kids),
        "kid": kid,
        "again": AGAIN,
        "config": None,
    }
    if request.method == "POST" and part.ready:
        acts = [_made(request, draft, kid, keep=True) for draft, _ in part.ready]
        here = reverse("opening_sign", args=[found.id])
        more = {"next": here, "key_form": AGAIN, "reload": f"#{AGAIN}"}
        context["config"] = sign_config(request, acts, kids, **more)
    return page(request, "imports/opening_sign.html", context)
