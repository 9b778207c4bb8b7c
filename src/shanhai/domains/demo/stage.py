"""The stage: officers of the cast sign acts with their own software keys, in simulated time."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from shanhai.acts.key import Confirm, Invite, Offer
from shanhai.acts.machine import Act
from shanhai.acts.officer import RegisterOrganisation, RegisterPerson
from shanhai.acts.post import Grant
from shanhai.domains.demo.cast import CAST, FOUNDERS, FOUNDING_BODIES, ORGANISATIONS, Actors, Part
from shanhai.kernel.ids import new_id
from shanhai.kernel.periods import DAY_MS
from shanhai.kernel.text import TEXTS
from shanhai.node.admission import Signed
from shanhai.node.client import Officer, draft, sign
from shanhai.node.loop import Node, Outcome

NONCE_BYTES = 16
EVIDENCE = "模拟材料"


Cue = tuple[str, Act, str]
"""Who acts, the act and its subject."""


class MissedCueError(RuntimeError):
    """An act of the script was refused: the script is wrong, not the ledger."""


class Stage:
    """A node, a cast and a clock that the script moves."""

    def __init__(self, node: Node, actors: Actors, now_ms: int) -> None:
        self.node, self.actors, self.now = node, actors, now_ms
        self.suite = node.constants.suite
        self.count = 0
        self.touched: tuple[tuple[str, str, str], ...] = ()

    def later(self, *, days: int = 0, minutes: int = 1) -> None:
        """Let simulated time pass."""
        self.now += days * DAY_MS + minutes * 60_000

    def id(self, prefix: str) -> str:
        """Return a fresh id."""
        return new_id(prefix, self.now, secrets.token_bytes(10))

    def paper(self, title: str) -> str:
        """Return the hash of a 模拟 document named by its title."""
        return self.suite.digest(f"{EVIDENCE}：{title}".encode())

    def signed(self, name: str, payload: Act, subject: str) -> Signed:
        """Return an act signed by a part's key, on what the ledger holds now."""
        post = "" if payload.row.open_door else self.actors.posts[name].id
        officer = Officer(post, self.actors.signers[name])
        nonce = secrets.token_bytes(NONCE_BYTES)
        body = draft(
            self.node.constants,
            self.node.storage,
            officer,
            payload,
            subject,
            made_ms=self.now,
            nonce=nonce,
        )
        return sign(body, officer.signer)

    def do(self, name: str, payload: Act, subject: str = "") -> str:
        """Sign and submit one act; return its subject's id.

        Raises:
            MissedCueError: If the ledger refuses it.
        """
        target = subject or self.id(payload.row.on.prefix)
        outcome = self.node.submit(self.signed(name, payload, target), self.now)
        self.count += 1
        self.check(f"{name} {payload.row.name}", outcome)
        self.now += 1_000
        return target

    def do_all(self, cues: Sequence[Cue]) -> None:
        """Sign and submit acts that do not build on each other, in one transaction.

        Raises:
            MissedCueError: If the ledger refuses one.
        """
        signed = [self.signed(*cue) for cue in cues]
        outcomes = self.node.submit_many(signed, self.now)
        for (name, payload, _), outcome in zip(cues, outcomes, strict=True):
            self.check(f"{name} {payload.row.name}", outcome)
        self.count += len(cues)
        self.now += 1_000 * len(cues)

    def check(self, what: str, outcome: Outcome) -> None:
        """Go on only if the ledger accepted.

        Raises:
            MissedCueError: If it did not, with every reason.
        """
        if outcome.receipt is None:
            reasons = "; ".join(
                f"{code}: {TEXTS[code].say('zh', facts)}" for code, facts in outcome.refusals
            )
            raise MissedCueError(f"{what}: {reasons}")
        self.touched = outcome.receipt.touched

    def beside(self, noun: str) -> list[str]:
        """Return the ids of a noun that the last act touched."""
        return [one for kind, one, _ in self.touched if kind == noun]

    def refused(self, name: str, payload: Act, subject: str) -> tuple[str, ...]:
        """Submit an act that must be refused and return why."""
        outcome = self.node.submit(self.signed(name, payload, subject), self.now)
        if outcome.receipt is not None:
            raise MissedCueError(f"{name} {payload.row.name} was accepted")
        return tuple(code for code, _ in outcome.refusals)

    def enrol_all(self, parts: Iterable[Part] = CAST) -> None:
        """Register organisations, persons, posts and keys of everyone who is no founder."""
        for key, (name, kind, region) in ORGANISATIONS.items():
            if key not in FOUNDING_BODIES:
                made = RegisterOrganisation(name=name, kind=kind, region=region)
                self.do("registrar", made, self.actors.organisations[key].id)
        for part in parts:
            if part.name not in FOUNDERS:
                self.enrol(part)

    def enrol(self, part: Part) -> None:
        """Enrol one officer: person, post, and a key in three acts."""
        self.do(*self.registration(part))
        self.do(*self.grant(part))
        invitation = self.do(*self.invitation(part))
        self.do(*self.offer(part, invitation))
        self.do(*self.confirmation(part))

    def registration(self, part: Part) -> Cue:
        """Return how an officer's person is registered."""
        person = self.actors.persons[part.name]
        name = self.person_name(part)
        act = RegisterPerson(organisation=person.organisation, name=name, unique=True)
        return "registrar", act, person.id

    def grant(self, part: Part) -> Cue:
        """Return how an officer gets the post."""
        person, post = self.actors.persons[part.name], self.actors.posts[part.name]
        act = Grant(
            person=person.id,
            role=part.role,
            organisation=post.organisation,
            region=part.region,
            basis=self.paper("任职文件"),
        )
        return "registrar", act, post.id

    def invitation(self, part: Part) -> Cue:
        """Return how an officer is invited to offer a key."""
        act = Invite(person=self.actors.persons[part.name].id, due_ms=self.now + DAY_MS)
        return "admin", act, self.id(act.row.on.prefix)

    def offer(self, part: Part, invitation: str) -> Cue:
        """Return how an officer offers the key."""
        key = self.actors.keys[part.name]
        return part.name, Offer(invitation=invitation, alg=key.alg, public=key.public), key.id

    def confirmation(self, part: Part) -> Cue:
        """Return how an officer's key is confirmed."""
        return "registrar", Confirm(checked=True), self.actors.keys[part.name].id

    def person_name(self, part: Part) -> str:
        """Return the commitment to an officer's name."""
        return self.actors.persons[part.name].name

    def object(self, kind: type[Any], id: str) -> Any:  # noqa: A002 - the field's name
        """Return an object as it stands."""
        found = self.node.storage.find(kind, id)
        if found is None:
            raise MissedCueError(f"no {kind.noun} {id}")
        return found
