"""One search box for the whole portal."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shanhai.domains.book.handle import node_or_none
from shanhai.domains.portal.search import search as find
from shanhai.web.http import WebRequest, page, public

LONGEST = 60


@public
@require_safe
def search(request: WebRequest) -> HttpResponse:
    """Show what the portal holds on the words asked for."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    found = find(request.actor, words, ledger=node_or_none() is not None) if words else None
    return page(request, "portal/search.html", {"q": words, "found": found})
