"""The teller: a stage whose words go into the vault and whose days have dates."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from shanhai.acts.machine import Act
from shanhai.acts.machine.objects import O
from shanhai.domains.demo.cast import Actors, Part, name_of
from shanhai.domains.demo.papers import Papers
from shanhai.domains.demo.stage import MissedCueError, Stage
from shanhai.domains.vault.services import LedgerMark, values_seal
from shanhai.kernel.periods import ZONE, iso
from shanhai.node.loop import Node

OPENS, CLOSES, FRIDAY = 9, 17, 4
WAN = 1_000_000
"""万元 in fen."""


def at(day: str) -> int:
    """Return a moment written `2025-03-01` or `2025-03-01 14:20` in UTC+8 as epoch ms."""
    found = datetime.fromisoformat(day if " " in day else f"{day} 09:30").replace(tzinfo=ZONE)
    return int(found.timestamp() * 1000)


class Teller(Stage):
    """A stage with a calendar and a vault."""

    pair = ""
    """The 模拟 county pair."""

    def __init__(self, node: Node, actors: Actors, now_ms: int) -> None:
        super().__init__(node, actors, now_ms)
        self.made: list[str] = []

    papers: Papers | None = None
    """Where documents are kept; hashes of their titles stand in where nowhere."""

    def paper(self, title: str) -> str:
        """Return the hash of a 模拟 document, written to the data folder under it."""
        return self.papers.keep(title, self.now) if self.papers else super().paper(title)

    def until(self, day: str) -> None:
        """Let time pass to a date.

        Raises:
            MissedCueError: If the story would go back.
        """
        if at(day) < self.now:
            raise MissedCueError(f"{day} is past: it is {iso(self.now)}")
        self.now = at(day)

    def later(self, *, days: int = 0, minutes: int = 1) -> None:
        """Let time pass; an office works from Monday to Friday, nine to half past five."""
        super().later(days=days, minutes=minutes)
        local = datetime.fromtimestamp(self.now / 1000, ZONE)
        if local.hour >= CLOSES or local.weekday() > FRIDAY:
            ahead = 1 if local.weekday() < FRIDAY else 7 - local.weekday()
            local = local.replace(hour=9, minute=local.minute // 3 + 5) + timedelta(days=ahead)
        elif local.hour < OPENS:
            local = local.replace(hour=OPENS)
        self.now = int(local.timestamp() * 1000)

    def body(self, name: str) -> str:
        """Return an organisation's id by its name in the cast."""
        return self.actors.organisations[name].id

    def person(self, name: str) -> str:
        """Return a person's id by the part's name."""
        return self.actors.persons[name].id

    def words(self, name: str, subject: str, label: str, text: str) -> str:
        """Keep a text in the vault and return the commitment that an officer signs.

        Args:
            name: The part who will sign.
            subject: The act's subject.
            label: The field's name.
            text: What is kept.
        """
        mark = LedgerMark(self.node.constants.ledger, self.suite)
        return values_seal(
            mark=mark, object_id=subject, committer=self.person(name), values={label: text}
        )[label]

    def person_name(self, part: Part) -> str:
        """Keep an officer's name in the vault; the registrar commits to it."""
        person = self.person(part.name)
        return values_seal(
            mark=LedgerMark(self.node.constants.ledger, self.suite),
            object_id=person,
            committer=self.person("registrar"),
            values={"name": name_of(part)},
            person=person,
        )["name"]

    def together(self, name: str, payloads: Iterable[Act]) -> list[str]:
        """Sign many acts in one gesture and submit them together; return their subjects.

        Raises:
            MissedCueError: If the ledger refuses one.
        """
        signed, subjects = [], []
        for payload in payloads:
            subject = self.id(payload.row.on.prefix)
            signed.append(self.signed(name, payload, subject))
            subjects.append(subject)
        for outcome in self.node.submit_many(signed, self.now):
            self.check(name, outcome)
        self.count += len(signed)
        self.now += 1_000
        self.made += subjects
        return subjects

    def told(self, kind: type[O]) -> list[O]:
        """Return the objects of a kind that were made together so far."""
        found = (self.node.storage.find(kind, one) for one in self.made)
        return [one for one in found if one is not None]
