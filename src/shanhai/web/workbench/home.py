"""The workbench: where officers land after signing in."""

from typing import Any, NamedTuple

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse

from shanhai.acts.machine import Object
from shanhai.acts.project_declare import DECLARERS
from shanhai.acts.roles import Role
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import ledger_now_ms, node_or_none
from shanhai.domains.workbench import todos
from shanhai.domains.workbench.clocks import Clock
from shanhai.domains.workbench.drafts import drafts_open
from shanhai.domains.workbench.duties import FOLLOWS, Duty, begins
from shanhai.domains.workbench.notes import notes
from shanhai.domains.workbench.recent import Lately, lately
from shanhai.domains.workbench.todos import Group, Totals, totals
from shanhai.kernel.text import Text
from shanhai.web.http import WebRequest, page
from shanhai.web.middleware import language
from shanhai.web.workbench import links
from shanhai.web.workbench.casefile import CaseFile
from shanhai.web.workbench.declare import KIND

BELL_S, SHOWN_DRAFTS = 60, 5
ELSEWHERE = frozenset({"project.declare", *(one.act for one in FOLLOWS)})
"""What is begun from its own button, or from the object it follows."""


class Line(NamedTuple):
    """One to-do as the page shows it."""

    found: Object
    title: str
    place: Text
    state: Any
    clock: Clock
    clock_text: Text
    tone: str
    href: str
    object_href: str


class Card(NamedTuple):
    """One kind of work as the page shows it."""

    duty: Duty
    group: Group
    shown: str
    lines: list[Line]
    review: str


class Begin(NamedTuple):
    """One thing that an officer may start by themselves."""

    text: Text
    href: str


class Handed(NamedTuple):
    """One thing that waits in other hands."""

    title: str
    state: Any
    hands: Text
    since_ms: int
    href: str


def line(duty: Duty, todo: todos.Todo) -> Line:
    """Return a to-do with its words and its addresses."""
    found, clock = todo
    return Line(
        found,
        names.called(found).say(language()),
        links.place(found),
        getattr(found, "state", None),
        clock,
        links.clock_text(clock),
        links.TONES[clock.urgency],
        links.act_href(duty, found),
        links.object_href(found.noun, found.id),
    )


def _card(group: Group) -> Card:
    shown = f"{todos.COUNTED}+" if group.more else str(group.count)
    review = reverse("review", args=[group.duty.code])
    return Card(group.duty, group, shown, [line(group.duty, one) for one in group.items], review)


def _handed(found: Lately) -> list[Handed]:
    return [
        Handed(
            names.called(one.found).say(language()),
            getattr(one.found, "state", None),
            one.hands_text,
            one.since_ms,
            links.object_href(one.found.noun, one.found.id),
        )
        for one in found.waiting
    ]


def _begins(role: Role) -> list[Begin]:
    return [
        Begin(row.text, reverse("act", args=[row.on.noun, "new", row.verb]))
        for row in begins(role)
        if row.plain not in ELSEWHERE
    ]


def workbench(request: WebRequest) -> HttpResponse:
    """Show what is to do now, what was done lately, what waits for others, and what to know."""
    actor, now = request.actor, ledger_now_ms()
    found, mine = todos.groups(actor, now), lately(actor)
    context = {
        "actor": actor,
        "may_declare": actor.role in DECLARERS,
        "drafts": [CaseFile(request, one) for one in drafts_open(actor, KIND, SHOWN_DRAFTS)],
        "where": names.region(actor.region) if actor.region else None,
        "cards": [_card(group) for group in found],
        "totals": totals(found),
        "notes": notes(actor, now),
        "done": mine.done,
        "handed": _handed(mine),
        "begins": _begins(actor.role) if actor.role else [],
        "now_ms": now,
    }
    return page(request, "workbench/home.html", context)


def bell(request: WebRequest) -> HttpResponse:
    """Answer the header's counter, asked for once the page stands; kept until the ledger moves."""
    return page(request, "workbench/bell.html", {"totals": _totals(request.actor)})


def _totals(actor: Actor) -> Totals | None:
    node = node_or_none()
    if node is None or actor.public:
        return None
    key = f"bell/{actor.post}/{node.head().size}"
    kept: Totals | None = cache.get(key)
    if kept is None:
        kept = totals(todos.groups(actor, ledger_now_ms(), shown=0))
        cache.set(key, kept, BELL_S)
    return kept
