"""The demonstration's door: choosing a role enrols a new 模拟 officer and this browser's key at once.

It exists only on a ledger whose genesis says `clock: simulated`. The registrar's and administrator's acts
are the same as anywhere, signed with the cast's software keys.
"""

from typing import NamedTuple

from shanhai.acts.key import Confirm, Invite
from shanhai.acts.machine import Key, KeyState
from shanhai.acts.officer import RegisterPerson
from shanhai.acts.post import Grant
from shanhai.domains import clock
from shanhai.domains.book.desk import mark
from shanhai.domains.book.handle import current, data_dir, ledger_now_ms, node
from shanhai.domains.book.models import Entry
from shanhai.domains.demo.cast import Part
from shanhai.domains.demo.founding import cast_of
from shanhai.domains.demo.offers import OFFERED
from shanhai.domains.demo.stage import Stage
from shanhai.domains.vault.services import values_seal
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.periods import DAY_MS
from shanhai.kernel.text import TEXTS, Text

MOST_DAYS = 366
TEXTS |= {
    "demo.closed": Text(
        "演示入口只在模拟账本开放", "The demonstration door opens on 模拟 ledgers only"
    ),
    "demo.days": Text(
        "每次可快进 1 至 {most} 天，请填整数", "Move on by 1 to {most} whole days at a time"
    ),
}


class Newcomer(NamedTuple):
    """A new 模拟 officer whose key is still to come."""

    person: str
    post: str
    invitation: str
    name: str


def is_open() -> bool:
    """Return whether this ledger is 模拟."""
    return node().constants.simulated


def forward(days: int) -> int:
    """Let ledger time pass for everybody; return the time it is now.

    Raises:
        Refused: `demo.closed` outside a 模拟 ledger.
        InvalidInputError: `demo.days` for no days, or more than a year.
    """
    if not is_open():
        raise Refused("demo.closed")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInputError("demo.days", most=MOST_DAYS)
    clock.advance(data_dir(), days * DAY_MS)
    return ledger_now_ms()


def _part(name: str) -> Part:
    found = OFFERED.get(name)
    if found is None or not is_open():
        raise Refused("demo.closed")
    return found


def stage() -> Stage:
    """Return the stage on this thread's node, now."""
    founded = Entry.objects.values_list("time_ms", flat=True).get(pk=0)
    return Stage(node(), cast_of(data_dir(), founded), ledger_now_ms())


def welcome(name: str) -> Newcomer:
    """Register a new officer in the role of a part and invite their key.

    Raises:
        Refused: `demo.closed` outside a 模拟 ledger or for a role that is not offered.
    """
    part, on = _part(name), stage()
    person = on.id("per")
    shown = f"演示·{part.role.zh}"
    sealed = values_seal(
        mark=mark(),
        object_id=person,
        committer=on.actors.persons["registrar"].id,
        values={"name": shown},
        person=person,
    )
    body = on.actors.organisations[part.organisation]
    on.do(
        "registrar", RegisterPerson(organisation=body.id, name=sealed["name"], unique=True), person
    )
    grant = Grant(
        person=person,
        role=part.role,
        organisation=body.id,
        region=part.region,
        basis=on.paper("演示任职"),
    )
    post = on.do("registrar", grant)
    invitation = on.do("admin", Invite(person=person, due_ms=on.now + DAY_MS))
    return Newcomer(person, post, invitation, shown)


def confirm(kid: str, person: str) -> None:
    """Confirm the key that the newcomer offered.

    Raises:
        Refused: `demo.closed` outside a 模拟 ledger, or if the key is not this newcomer's.
    """
    found = current().find(Key, kid)
    if not is_open() or found is None or found.person != person:
        raise Refused("demo.closed")
    if found.state is KeyState.OFFERED:
        stage().do("registrar", Confirm(checked=True), kid)
