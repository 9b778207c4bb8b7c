"""The receipt of an act: what was recorded, where, when, what it changed, and what comes next."""

from django.http import Http404, HttpResponse

from shanhai.acts.machine import Object
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.reading import Reading, reading
from shanhai.domains.rows import MODELS, row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.http import WebRequest, page
from shanhai.web.ledger import words
from shanhai.web.middleware import language
from shanhai.web.objects import actions
from shanhai.web.objects.cells import address


def receipt_page(request: WebRequest, act_id: str) -> HttpResponse:
    """Show a receipt to whoever may see the act's subject."""
    found = _found(request.actor, act_id)
    subject = _subject(request.actor, found)
    context = {
        "event": found.event,
        "act_id": act_id,
        "said": words.said(found.payload) if found.payload is not None else [],
        "touched": [one for one in words.things(found) if one.noun != "did"],
        "name": names.called(subject).say(language()),
        "actions": actions.on(subject, request.actor),
        "back": address(type(subject).noun, subject.id),
    }
    return page(request, "acts/receipt.html", context)


def _found(actor: Actor, act_id: str) -> Reading:
    try:
        return reading(actor, act_id)
    except InvalidInputError as error:
        raise Http404("no such receipt") from error


def _subject(actor: Actor, found: Reading) -> Object:
    """Return what the act was about, as it stands now, if the actor may see it."""
    kind = found.payload.row.on if found.payload is not None else None
    if kind is None or kind not in MODELS:
        raise Http404("no such receipt")
    rows = row_of(kind).objects.filter(visible(kind, actor), pk=found.body.subject)
    subjects = structs(kind, rows[:1])
    if not subjects:
        raise Http404("no such receipt")
    return subjects[0]
