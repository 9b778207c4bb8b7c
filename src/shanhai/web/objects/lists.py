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
from shanhai.web.objects import actions
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
        if f.kind is not Kind.REF
    ]


class Chip(NamedTuple):
    """One filter in force, in words, with the address without it."""

    label: str
    value: str
    href: str


def chips(found: Listing, want: Asked, more: str) -> list[Chip]:
    """Return the filters in force; one query a noun named."""
    fields = [f for f in found.filter_fields if f.name in want.filters]
    refs = [
        (f.ref, want.filters[f.name])
        for f in fields
        if isinstance(f.ref, type) and issubclass(f.ref, Object)
    ]
    known = names.of(refs)
    return [
        Chip(
            field.text.say(language()),
            _said(field, want.filters[field.name], known),
            query(want, **{field.name: ""}) + more,
        )
        for field in fields
    ]


def _said(field: Field, value: str, known: dict[str, Text]) -> str:
    if field.kind is Kind.CHOICE:
        return next((c.text.say(language()) for c in field.type if c.value == value), value)
    if field.kind is Kind.REGION:
        return names.region(value).say(language())
    if field.kind is Kind.FLAG:
        return dict(_options(field)).get(value, value)
    return known[value].say(language()) if value in known else value


class Column(NamedTuple):
    """One column that may be shown or left out."""

    name: str
    label: Text
    shown: bool


def columns(found: Listing, asked: list[str]) -> list[Column]:
    """Return the columns with whether each is shown; none asked for means all, the first always is."""
    wanted = {*asked, found.columns[0]} if asked else set(found.columns)
    return [Column(f.name, f.text, f.name in wanted) for f in found.fields]


def _options(field: Field) -> list[tuple[str, str]]:
    every = {"zh": "全部", "en": "All"}[language()]
    if field.kind is Kind.FLAG:
        yes, no = {"zh": ("是", "否"), "en": ("Yes", "No")}[language()]
        return [("", every), ("1", yes), ("0", no)]
    if field.kind is not Kind.CHOICE:
        return []
    return [("", every), *((c.value, c.text.say(language())) for c in field.type)]


def _refs(found: Listing) -> set[str]:
    return {f.name for f in found.filter_fields if f.kind is Kind.REF}


@public
def list_page(request: WebRequest, noun: str) -> HttpResponse:
    """Show a page of a list to whoever may see it."""
    found = find_listing(noun)
    want = listings.asked(found, request.GET.dict())
    part = listings.page(found, request.actor, want)
    shown = columns(found, request.GET.getlist("col"))
    kept = [one.name for one in shown if one.shown]
    more = "".join(f"&col={name}" for name in kept) if len(kept) < len(shown) else ""
    context: dict[str, Any] = {
        "listing": found,
        "title": found.noun.text.say(language()),
        "heads": [
            head._replace(sort_href=head.sort_href and head.sort_href + more)
            for head in heads(found, want)
            if head.key in kept
        ],
        "lines": [
            line._replace(cells=[cell for cell in line.cells if cell.field.name in kept])
            for line in lines(found, part.items)
        ],
        "empty": not part.items,
        "columns": shown,
        "chips": chips(found, want, more),
        "clear": "?" + more.lstrip("&"),
        "new": actions.new(found.noun, request.actor),
        "hidden": [(n, v) for n, v in want.filters.items() if n in _refs(found)],
        "filters": filters(found, want),
        "want": want,
        "count": listings.count(found, request.actor, want),
        "next": query(want, after=part.next) + more if part.next else "",
        "previous": query(want, before=part.previous) + more if part.previous else "",
        "first": query(want) + more if want.after or want.before else "",
        "export": query(want),
    }
    return page(request, "objects/list.html", context, fragment="rows")
