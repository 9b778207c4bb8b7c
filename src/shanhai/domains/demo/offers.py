"""What the demonstration's door offers: each role of the cast by its side, and what waits for it now."""

from typing import NamedTuple

from django.core.cache import cache

from shanhai.acts.roles import Role, Side
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.demo.cast import CAST, ORGANISATIONS, Actors, Part
from shanhai.domains.workbench import todos
from shanhai.domains.workbench.duties import begins
from shanhai.kernel.periods import date_of
from shanhai.kernel.regions import COUNTRY
from shanhai.kernel.text import Choice, Text

HIDDEN = frozenset({Role.REGISTRAR, Role.ADMIN, Role.NODE})
NAMED, CACHED_S = 3, 300
NEWCOMER = "newcomer"
"""The post of somebody who has done nothing yet, so that no separation stands in their way."""


class Group(Choice):
    """Where a role stands between the two sides."""

    WEST = "west", "西部受援方", "The west, which receives"
    EAST = "east", "东部支援方", "The east, which helps"
    BOTH = "both", "两边共用", "Both sides"


def _offered() -> dict[str, Part]:
    """Return one part of each role and organisation."""
    chosen: dict[tuple[Role, str], Part] = {}
    for part in CAST:
        if part.role not in HIDDEN:
            chosen.setdefault((part.role, part.organisation), part)
    return {part.name: part for part in chosen.values()}


OFFERED = _offered()


class Work(NamedTuple):
    """One kind of work that waits for a role, and how many of it."""

    text: Text
    waiting: int


class Offer(NamedTuple):
    """A role that a visitor may choose."""

    name: str
    role: Role
    organisation: str
    waiting: int
    overdue: int
    works: tuple[Work, ...]
    begins: tuple[Text, ...]


def group_of(part: Part) -> Group:
    """Return the side of a part; a national role serves both."""
    if part.region == COUNTRY:
        return Group.BOTH
    return Group.EAST if part.role.side is Side.EAST else Group.WEST


def offers(actors: Actors) -> dict[Group, list[Offer]]:
    """Return every role by side with the work that waits; kept until the ledger moves or the day ends."""
    now = ledger_now_ms()
    key = f"offers:{node().head().root.hex()}:{date_of(now)}"
    found: dict[Group, list[Offer]] | None = cache.get(key)
    if found is None:
        found = {group: [] for group in Group}
        for part in OFFERED.values():
            found[group_of(part)].append(_offer(part, actors, now))
        cache.set(key, found, CACHED_S)
    return found


def _offer(part: Part, actors: Actors, now_ms: int) -> Offer:
    actor = Actor(
        post=NEWCOMER,
        role=part.role,
        organisation=actors.organisations[part.organisation].id,
        region=part.region,
    )
    groups = todos.groups(actor, now_ms, shown=0)
    total = todos.totals(groups)
    works = tuple(Work(one.duty.text, one.count) for one in groups[:NAMED])
    organisation = ORGANISATIONS[part.organisation][0]
    made = () if works else tuple(row.text for row in begins(part.role)[:NAMED])
    return Offer(part.name, part.role, organisation, total.count, total.overdue, works, made)
