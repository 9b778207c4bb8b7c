"""Which acts an officer may do on an object now: by role and state, as the decorator says.

The button is a signpost; `judge` decides when the act is tried.
"""

from typing import NamedTuple

from django.urls import reverse

from shanhai.acts.machine import ACTS, Object
from shanhai.acts.machine.registry import Row, newest
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.workbench.duties import SIDE_VERBS
from shanhai.web.middleware import language


class Action(NamedTuple):
    """One button."""

    label: str
    href: str
    creates: bool
    side: bool = False


def _offered(row: Row, actor: Actor) -> bool:
    return actor.role in row.by and not row.open_door and newest(row.plain).row.name == row.name


def on(found: Object, actor: Actor) -> list[Action]:
    """Return the acts that this actor's role may do on the object in its state, ways out behind the way on."""
    if actor.public:
        return []
    state = getattr(found, "state", None)
    made = [
        Action(
            row.text.say(language()),
            reverse("act", args=[row.on.noun, found.id, row.verb]),
            creates=False,
            side=row.verb in SIDE_VERBS,
        )
        for row in (act.row for act in ACTS.values())
        if isinstance(found, row.on)
        and not row.creates
        and _offered(row, actor)
        and (not row.when or state in row.when)
    ]
    return sorted(made, key=lambda one: one.side)


def new(kind: type[Object], actor: Actor, query: str = "") -> list[Action]:
    """Return the acts by which this actor's role makes an object of a noun."""
    if actor.public:
        return []
    return [
        Action(
            row.text.say(language()),
            reverse("act", args=[row.on.noun, "new", row.verb]) + query,
            creates=True,
        )
        for row in (act.row for act in ACTS.values())
        if row.on is kind and row.creates and _offered(row, actor)
    ]
