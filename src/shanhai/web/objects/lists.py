"""The list of a noun: filters, order and place in the address, so that a view can be shared."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpResponse

from shanhai.acts.machine import Object
from shanhai.acts.machine.fields import Field, Kind
from shanhai.domains import listings, names
from shanhai.domains.listings import LISTINGS, Asked, Listing
from shanhai.kernel.text import Text
from shanhai.web.http import WebRequest, page, public
from shanhai.web.middleware import language
from shanhai.web.objects.cells import Cell, address, cell


class Head(NamedTuple):
    """A column's heading with its sort link."""

    key: str
    label: Text
    numeric: bool
    sort_href: str
    sorted: str


class Line(NamedTuple):
    """One row: its object's page and its cells."""

    href: str
    cells: list[Cell]


class Filter(NamedTuple):
    """One filter control: options for a choice, a text input otherwise."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]


def find_listing(noun: str) -> Listing:
    """Return a noun's list.

    Raises:
        Http404: If no list is declared.
    """
    if noun not in LISTINGS:
        raise Http404(f"no list {noun}")
    return LISTINGS[noun]


def name_ids(found: Listing, items: list[Object]) -> dict[str, Text]:
    """Return the names of every id that a page of a list shows; one query a noun."""
    refs = [
        f
        for f in found.fields
        if f.kind is Kind.REF and isinstance(f.ref, type) and issubclass(f.ref, Object)
    ]
    return names.of((f.ref, getattr(item, f.name)) for item in items for f in refs)  # type: ignore[misc]  # refs are nouns here


def lines(found: Listing, items: list[Object]) -> list[Line]:
    """Return the rows of a page."""
    known = name_ids(found, items)
    return [
        Line(address(found.name, one.id), [cell(f, one, known) for f in found.fields])
        for one in items
    ]


def query(want: Asked, **changes: str) -> str:
    """Return the address's query for what is asked, with some parts changed."""
    parts = {"q": want.q, **want.filters, "sort": want.sort, **changes}
    return "?" + urlencode({name: value for name, value in parts.items() if value})


def heads(found: Listing, want: Asked) -> list[Head]:
    """Return the headings; a second click turns the order round."""
    made = []
    for field in found.fields:
        order = {field.name: "ascending", f"-{field.name}": "descending"}.get(want.sort, "")
        turn = f"-{field.name}" if order == "ascending" else field.name
        href = query(want, sort=turn) if field.name in found.sortable else ""
        numeric = field.integer and field.kind is not Kind.MOMENT
        made.append(Head(field.name, field.text, numeric, href, order))
    return made


def plain_heads(found: Listing) -> list[Head]:
    """Return the headings of a short list that does not sort."""
    return [
        Head(f.name, f.text, f.integer and f.kind is not Kind.MOMENT, "", "") for f in found.fields
    ]


def filters(found: Listing, want: Asked) -> list[Filter]:
    """Return the filter controls."""
    return [
        Filter(f.name, f.text.say(language()), want.filters.get(f.name, ""), _options(f))
        for f in found.filter_fields
    ]


def _options(field: Field) -> list[tuple[str, str]]:
    if field.kind is not Kind.CHOICE:
        return []
    every = {"zh": "全部", "en": "All"}[language()]
    return [("", every), *((c.value, c.text.say(language())) for c in field.type)]


@public
def list_page(request: WebRequest, noun: str) -> HttpResponse:
    """Show a page of a list to whoever may see it."""
    found = find_listing(noun)
    want = listings.asked(found, request.GET.dict())
    part = listings.page(found, request.actor, want)
    context: dict[str, Any] = {
        "listing": found,
        "title": found.noun.text.say(language()),
        "heads": heads(found, want),
        "lines": lines(found, part.items),
        "filters": filters(found, want),
        "want": want,
        "count": listings.count(found, request.actor, want),
        "next": query(want, after=part.next) if part.next else "",
        "previous": query(want, before=part.previous) if part.previous else "",
        "first": query(want) if want.after or want.before else "",
        "export": query(want),
    }
    return page(request, "objects/list.html", context, fragment="rows")
