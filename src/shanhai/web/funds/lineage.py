"""/funds/lineage/<id>: the chain of one piece of money, back to the agreement and forward to the payee."""

from django.http import Http404, HttpResponse

from shanhai.acts.machine import Object
from shanhai.domains import names
from shanhai.domains.book import timeline
from shanhai.domains.funds import lineage
from shanhai.domains.listings import LISTINGS
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.web.http import WebRequest, page, public


def kind_of(id: str) -> type[Object]:  # noqa: A002 - the address's name
    """Return the noun of an id by its prefix.

    Raises:
        Http404: If it is no link of the chain.
    """
    kind = lineage.BY_PREFIX.get(id[:3])
    if kind is None:
        raise Http404(f"{id} is no link of the money chain")
    return kind


@public
def lineage_page(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show the chain around an object that the actor may see."""
    kind, actor = kind_of(id), request.actor
    found = struct_or_404(kind, row_of(kind).objects.filter(visible(kind, actor)), id)
    layers = lineage.lineage(kind, id, actor)
    shown = [node.id for one in layers for node in one.nodes]
    context = {
        "found": found,
        "noun": kind.noun,
        "eyebrow": kind.text,
        "title": names.title(found),
        "layers": layers,
        "money": lineage.money(kind, id),
        "entries": {one: event.index for one, event in timeline.last_of(shown).items()},
        "linked": {one.noun.noun for one in LISTINGS.values() if kind.noun in one.filters},
    }
    return page(request, "funds/lineage.html", context)
