"""The page of any object: its fields, what may be done, what belongs to it, and its timeline."""

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import select_template
from django.urls import reverse

from shanhai.acts.machine import NOUNS, Object, fields_of
from shanhai.acts.machine.fields import Field, Kind
from shanhai.domains import listings, names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import timeline
from shanhai.domains.listings import LISTINGS, Listing
from shanhai.domains.rows import MODELS, row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.web.http import WebRequest, page, public
from shanhai.web.middleware import language
from shanhai.web.objects import actions
from shanhai.web.objects.cells import Cell, cell
from shanhai.web.objects.lists import Head, Line, lines, plain_heads, query
from shanhai.web.objects.stories import story

RELATED, RECENT = 8, 20
INNER = frozenset({"splits"})
"""Fields that list what the page shows as a table of its own."""


class Part(NamedTuple):
    """A short list of what belongs to the object."""

    title: str
    listing: Listing
    heads: list[Head]
    lines: list[Line]
    more: str
    new: list[actions.Action]


def find(noun: str, id: str, actor: Actor) -> Object:  # noqa: A002 - the field's name
    """Return an object that the actor may see.

    Raises:
        Http404: If noun or object is missing or invisible.
    """
    kind = NOUNS.get(noun)
    if kind is None or kind not in MODELS or kind.derived:
        raise Http404(f"no noun {noun}")
    return struct_or_404(kind, row_of(kind).objects.filter(visible(kind, actor)), id)


def cells(found: Object) -> list[Cell]:
    """Return every field that says something, ids by name; a default says nothing."""
    fields = [f for f in fields_of(type(found)) if f.name != "id" and f.kind is not Kind.ROWS]
    refs: list[Any] = [
        (f.ref, getattr(found, f.name)) for f in fields if f.kind is Kind.REF and f.ref in MODELS
    ]
    many = [f for f in fields if f.kind is Kind.REFS and f.ref in MODELS]
    refs += [(f.ref, one) for f in many for one in getattr(found, f.name)]
    known = names.of(refs)
    return [cell(f, found, known) for f in fields if _says(found, f) and f.name not in INNER]


def _says(found: Object, field: Field) -> bool:
    value = getattr(found, field.name)
    return field.name == "state" or (value not in ("", None, ()) and value != field.default)


def parts(found: Object, actor: Actor) -> list[Part]:
    """Return the lists whose rows name this object, those with rows or something to add."""
    made = []
    for other in LISTINGS.values():
        field = next(
            (f for f in fields_of(other.noun) if f.ref is type(found) and f.kind is Kind.REF), None
        )
        if field is None or field.name not in other.filters:
            continue
        want = listings.Asked(filters={field.name: found.id}, sort=other.order, size=RELATED)
        rows = listings.page(other, actor, want)
        new = actions.new(other.noun, actor, f"?{field.name}={found.id}")
        if rows.items or new:
            more = query(want) if rows.next else ""
            made.append(
                Part(
                    other.noun.text.say(language()),
                    other,
                    plain_heads(other),
                    lines(other, rows.items),
                    more,
                    new,
                )
            )
    return made


def recent(request: HttpRequest, found: Object) -> dict[str, Any]:
    """Return the newest entries, or on request as many as a timeline shows, and whether there are more."""
    whole = "all" in request.GET
    events = timeline.events(found, timeline.SHOWN if whole else RECENT + 1)
    more = not whole and len(events) > RECENT
    return {"events": events[:RECENT] if more else events, "earlier": more}


@public
def object_page(request: WebRequest, noun: str, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show an object to whoever may see it; a template of its own overrides the general one."""
    found = find(noun, id, request.actor)
    state = getattr(found, "state", None)
    context = {
        "found": found,
        "kind": type(found),
        "title": names.called(found).say(language()),
        "noun": type(found).text.say(language()),
        "state": next((c for c in cells(found) if c.field.name == "state"), None)
        if state is not None
        else None,
        "cells": [c for c in cells(found) if c.field.name != "state"],
        "actions": actions.on(found, request.actor),
        "parts": parts(found, request.actor),
        **recent(request, found),
        "listed": reverse("list", args=[noun]) if noun in LISTINGS else "",
        **story(found, request.actor),
    }
    template = select_template([f"{noun}/object.html", "objects/object.html"])
    return page(request, template.template.name, context)
