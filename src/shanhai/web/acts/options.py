"""What a reference may be chosen from: objects the actor may see, those of the same project first.

A handful is offered at once; anything longer is searched, a keyset page at a time.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from shanhai.acts.machine import Act, Object, fields_of
from shanhai.acts.machine.authority import Person, Post
from shanhai.acts.machine.fields import Field, Kind
from shanhai.acts.project_declare import Content
from shanhai.acts.project_return import Reason
from shanhai.acts.roles import Side
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.listings import LISTINGS
from shanhai.domains.rows import MODELS, row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.regions import stem
from shanhai.web.acts import people
from shanhai.web.middleware import language

FEW, MOST, PAGE = 7, 200, 10
REASON_FIELDS = tuple(field for field in fields_of(Reason) if field.name == "field")
"""A reason for returning a project is anchored to a field of its declaration."""
NARROWING = ("project", "contract", "claim", "lot", "line")


class Option(NamedTuple):
    """One choice: its id, its name, and what tells it from others of the same name."""

    id: str
    label: str
    note: str = ""


class Found(NamedTuple):
    """One page of choices, with the marker of the next ("" at the end)."""

    items: list[Option]
    next: str


class References:
    """What the references of one act may name, for one actor.

    Args:
        actor: Who chooses; only what they may see is offered.
        act: The act, for the address that searches.
        near: Ids known already (`project`, `contract`, …) that narrow the choice.
    """

    def __init__(self, actor: Actor, act: type[Act], near: Mapping[str, str]) -> None:
        self.actor, self.act, self.near = actor, act, near

    def few(self, field: Field) -> list[tuple[str, str]]:
        """Return (id, words) where there are few enough to show; [] where one has to search."""
        if field in REASON_FIELDS:
            return [(f.name, f.text.say(language())) for f in fields_of(Content)]
        if not self._known(field):
            return []
        most = MOST if field.kind is Kind.REFS else FEW
        found = self._options(field, "", "", most)
        return [] if found.next else [(one.id, _words(one)) for one in found.items]

    def search(self, field: Field, q: str, after: str = "") -> Found:
        """Return a page of what matches some words."""
        if field.kind is Kind.REGION:
            within = stem(self.actor.region) if own_side(field, self.actor) else ""
            found = names.regions_matching(q, within, PAGE)
            return Found([Option(code, text.say(language()), code) for code, text in found], "")
        return self._options(field, q, after, PAGE) if self._known(field) else Found([], "")

    def named(self, field: Field, value: str) -> str:
        """Return what the chosen id is called, "" where the actor may not see it."""
        if not value:
            return ""
        if field.kind is Kind.REGION:
            return names.region(value).say(language())
        found = self.search(field, value).items
        return next((one.label for one in found if one.id == value), "")

    def address(self, path: str) -> str:
        """Return where a field's choices are searched."""
        row = self.act.row
        query = urlencode({name: value for name, value in self.near.items() if value})
        return reverse("choose", args=[row.on.noun, row.verb, path]) + (query and f"?{query}")

    def _known(self, field: Field) -> bool:
        kind = field.ref
        return kind is not None and issubclass(kind, Object) and kind in MODELS

    def _options(self, field: Field, q: str, after: str, size: int) -> Found:
        kind: Any = field.ref
        if kind is Person:
            return _page([Option(*one) for one in people.search(self.actor, q, after, size)], size)
        if kind is Post:
            return _page(
                [Option(*one) for one in people.successors(self.actor, q, after, size)], size
            )
        rows = row_of(kind).objects.filter(visible(kind, self.actor))
        rows = _matching(kind, self._narrowed(kind, rows), q)
        rows = rows.filter(id__lt=after) if after else rows
        found = structs(kind, rows.order_by("-id")[: size + 1])
        return _page([_option(one) for one in found], size)

    def _narrowed(self, kind: type[Object], rows: "QuerySet[Any]") -> "QuerySet[Any]":
        own = {f.name for f in fields_of(kind)}
        near = {n: self.near[n] for n in NARROWING if self.near.get(n) and n in own}
        return rows.filter(**near)


def own_side(field: Field, actor: Actor) -> bool:
    """Return whether a region asked for lies on the officer's own side of the pair."""
    eastern = actor.role is not None and actor.role.side is Side.EAST
    return (field.name == "east_region") == eastern


def _page(found: list[Option], size: int) -> Found:
    return Found(found[:size], found[size - 1].id if len(found) > size else "")


def _matching(kind: type[Object], rows: "QuerySet[Any]", q: str) -> "QuerySet[Any]":
    if not q:
        return rows
    listing = LISTINGS.get(kind.noun)
    columns = {f.name for f in fields_of(kind) if f.scalar and f.kind is Kind.WORD}
    wanted = {*(listing.search if listing else ()), kind.title} & columns
    condition = Q(pk=q)
    for name in wanted:
        condition |= Q(**{f"{name}__icontains": q})
    return rows.filter(condition)


def _option(found: Object) -> Option:
    state = getattr(found, "state", None)
    return Option(
        found.id, names.called(found).say(language()), state.text.say(language()) if state else ""
    )


def _words(one: Option) -> str:
    return f"{one.label}（{one.note}）" if one.note else one.label
