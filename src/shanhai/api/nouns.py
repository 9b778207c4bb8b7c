"""Every list and every object as JSON: the page's own filters, order and keyset pages, the reader's own scope."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import Http404, HttpResponse

from shanhai.acts.machine import Object, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.api import describe
from shanhai.api.problems import plain_json
from shanhai.api.requests import ApiRequest
from shanhai.domains import listings, names
from shanhai.domains.book import timeline
from shanhai.domains.book.handle import node
from shanhai.domains.listings import LISTINGS, Listing
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.kernel.canonical import encode


def _listing(noun: str) -> Listing:
    if noun not in LISTINGS:
        raise Http404(f"no list {noun}")
    return LISTINGS[noun]


def _names(items: Iterable[Object]) -> dict[str, dict[str, str]]:
    """Return what the ids in these objects are called; one query a noun."""
    refs = [
        (field.ref, getattr(item, field.name))
        for item in items
        for field in fields_of(type(item))
        if field.kind is Kind.REF and isinstance(field.ref, type) and issubclass(field.ref, Object)
    ]
    return {one: describe.words(text) for one, text in names.of(refs).items()}


def _raw(found: Object) -> msgspec.Raw:
    """Return an object's canonical bytes as they stand: their hash is its digest."""
    return msgspec.Raw(encode(found))


def listed(request: ApiRequest, noun: str) -> HttpResponse:
    """Return a page of a list as the actor may see it; `next` and `previous` are addresses, "" at the ends."""
    found = _listing(noun)
    want = listings.asked(found, request.GET.dict())
    part = listings.page(found, request.actor, want)
    return plain_json(
        {
            "noun": noun,
            "items": [_raw(one) for one in part.items],
            "names": _names(part.items),
            "count": listings.count(found, request.actor, want),
            "next": _address(request, after=part.next),
            "previous": _address(request, before=part.previous),
        }
    )


def _address(request: ApiRequest, **place: str) -> str:
    """Return this request's address at another place, "" where there is none."""
    (marker,) = place.values()
    if not marker:
        return ""
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(place)
    return f"{request.path}?{query.urlencode()}"


def shown(request: ApiRequest, noun: str, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Return one object, its digest as `on` needs it, the names of its ids, and its timeline, newest first."""
    kind = _listing(noun).noun
    found = struct_or_404(kind, row_of(kind).objects.filter(visible(kind, request.actor)), id)
    return plain_json(
        {
            "noun": noun,
            "id": found.id,
            "digest": node().constants.suite.digest(encode(found)),
            "object": _raw(found),
            "names": _names([found]),
            "timeline": [event(one) for one in timeline.events(found)],
        }
    )


def event(found: timeline.Event) -> dict[str, Any]:
    """Return an entry as a timeline shows it."""
    return {
        "index": found.index,
        "act": found.act,
        "act_id": found.act_id,
        "text": describe.words(found.text),
        "by": describe.words(found.who),
        "time_ms": found.time_ms,
        "subject": found.subject,
        "proof_url": f"/ledger/proof/{found.act_id}",
    }


def described(_request: ApiRequest) -> HttpResponse:
    """List every noun: its fields, filters and order."""
    return plain_json({"nouns": [describe.noun(name) for name in sorted(LISTINGS)]})
