"""What the authz drill asks and expects: one officer a role, objects here and elsewhere, and a plain restatement of the rules.

Nothing here imports `domains.scope` or `config.access`: the drill compares two independent writings of one table.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from shanhai.acts.machine import Key, KeyState, Object, Person, Post
from shanhai.acts.machine.sample import sample
from shanhai.acts.roles import Role, Side
from shanhai.config.access_table import AUDIT, NOUNS, STAFF
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.suite import INTL
from shanhai.ledger.signing import Ed25519Signer, kid_of

HERE = ("510722", "330182")
"""The pair of counties that the officers belong to."""
ELSEWHERE = ("520303", "440305")
PLACES = {"here": HERE, "elsewhere": ELSEWHERE}
ANYWHERE = frozenset({Role.REGISTRAR, Role.ADMIN, Role.RULEMAKER, Role.RULEKEEPER, Role.NODE})


class Asker(NamedTuple):
    """Somebody who asks: nobody (no cookie), a signed-in user without post, or an officer in a role."""

    name: str
    role: Role | None = None
    cookie: str = ""

    @property
    def east(self) -> bool:
        """Whether their region is measured on the eastern side."""
        return self.role is not None and self.role.side is Side.EAST

    @property
    def region(self) -> str:
        """Return where they hold their post."""
        return HERE[1] if self.east else HERE[0]


def visibility() -> dict[str, str]:
    """Return each noun's class from the reviewed table."""
    found: dict[str, str] = {}
    for line in NOUNS.split("\n"):
        kind, *nouns = line.split() or [""]
        found.update(dict.fromkeys(nouns, kind))
    return found


def made_id(prefix: str, number: int) -> str:
    """Return an id in the shape of every id."""
    return f"{prefix or 'key'}{number:026d}"


def officer(number: int, role: Role) -> tuple[Person, Post, Key, Ed25519Signer]:
    """Return one role's person, post, key and signer."""
    signer = Ed25519Signer(number.to_bytes(32, "big"))
    place = HERE[1] if role.side is Side.EAST else HERE[0]
    person = made_id("per", 900 + number)
    body = made_id("org", 900)
    return (
        Person(id=person, organisation=body, region=place, name="0" * 64),
        Post(
            id=made_id("pst", 900 + number),
            person=person,
            role=role,
            organisation=body,
            region=place,
        ),
        Key(
            id=kid_of(INTL, signer.public_key),
            person=person,
            region=place,
            alg="ed25519",
            public=to_base64(signer.public_key),
            state=KeyState.ACTIVE,
        ),
        signer,
    )


def objects_of(kind: type[Object], number: int) -> Iterator[tuple[str, Object]]:
    """Yield one object of a noun here and one elsewhere, by place."""
    for offset, (place, (west, east)) in enumerate(PLACES.items()):
        found = sample(kind)
        id = made_id(kind.prefix, number * 10 + offset)  # noqa: A001 - the field's name
        changes = {"id": f"{number * 10 + offset:064x}" if kind.noun == "key" else id}
        if "region" in kind.__struct_fields__:
            changes["region"] = west
        if "east_region" in kind.__struct_fields__:
            changes["east_region"] = east
        yield place, msgspec.structs.replace(found, **changes)


def sees(asker: Asker, found: Object, place: str) -> bool:
    """Return whether the table lets somebody see an object here or elsewhere; the east sees what names the east."""
    kind = visibility()[found.noun]
    if kind == "open":
        return True
    foreign = asker.east and not hasattr(found, "east_region")
    if asker.role is None or place != "here" or foreign:
        return False
    if kind == "staff":
        return asker.role.value in STAFF.split()
    return kind == "region" or asker.role.value in AUDIT.split()
