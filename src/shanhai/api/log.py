"""The log as JSON: where it stands, its entries, one entry with its bytes."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from shanhai.api.nouns import event
from shanhai.api.problems import plain_json
from shanhai.api.requests import ApiRequest
from shanhai.domains.book import archive
from shanhai.domains.book.entries import Wanted
from shanhai.domains.book.entries import listed as entries_listed
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.book.reading import reading
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError

MOST = 200


def head(_request: HttpRequest) -> HttpResponse:
    """Return where the ledger stands and what a client needs to sign for it and to check it."""
    node, sealer = archive.opened()
    found = node.head()
    return plain_json(
        {
            "size": found.size,
            "root": found.root.hex(),
            "time_ms": found.time_ms,
            "rules": found.rules,
            "now_ms": ledger_now_ms(),
            "checkpoint": sealer.checkpoint(node).decode(),
        }
        | archive.trust()
    )


def _number(request: HttpRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= archive.DIGITS):
        raise InvalidInputError("listing.filter", name=name)
    return int(text)


def entries(request: ApiRequest) -> HttpResponse:
    """Return entries newest first; `before` and `after` are indexes, `older` and `newer` say whether there are more."""
    given = {name: request.GET.get(name, "")[:100] for name in ("act", "noun", "day", "subject")}
    try:
        _ = date.fromisoformat(given["day"]) if given["day"] else None
    except ValueError as error:
        raise InvalidInputError("listing.filter", name="day") from error
    size = min(_number(request, "size", 25) or 1, MOST)
    want = Wanted(
        **given,
        before=_number(request, "before", 0),
        after=_number(request, "after", -1),
        size=size,
    )
    found = entries_listed(request.actor, want)
    return plain_json(
        {
            "entries": [event(one) for one in found.events],
            "older": found.older,
            "newer": found.newer,
        }
    )


def entry(request: ApiRequest, ref: str) -> HttpResponse:
    """Return an entry by index or act id: what a timeline says of it, and its leaf bytes."""
    found = reading(request.actor, ref)
    return plain_json(
        event(found.event)
        | {
            "body": to_base64(found.body_raw),
            "entry": to_base64(found.packed),
            "leaf": found.leaf.hex(),
            "touched": [one[:3] for one in found.touched],
            "voided_by": found.voided_by,
        }
    )
