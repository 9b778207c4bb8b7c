"""What an officer did lately, and what of it now waits in other hands."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from shanhai.acts.machine import ACTS, NOUNS, Object
from shanhai.acts.roles import Role
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import timeline
from shanhai.domains.book.models import Entry
from shanhai.domains.rows import MODELS, by_id
from shanhai.domains.workbench import duties
from shanhai.kernel.text import Text

LATELY, LOOKED_AT, SHOWN = 8, 60, 8


@dataclass(frozen=True)
class Done:
    """One act of the officer's own, with what it was done to."""

    index: int
    time_ms: int
    text: Text
    noun: str
    subject: str
    name: Text


class Waiting(NamedTuple):
    """An object that the officer moved and that others have in hand now."""

    found: Object
    since_ms: int
    hands: tuple[Role, ...]

    @property
    def hands_text(self) -> Text:
        """Return who acts next, in words."""
        return Text("、".join(r.zh for r in self.hands), ", ".join(r.en for r in self.hands))


def _own(actor: Actor, limit: int) -> list[int]:
    if not actor.person:
        return []
    mine = Entry.objects.filter(person=actor.person).order_by("-index")
    return list(mine.values_list("index", flat=True)[:limit])


def _noun(act: str) -> type[Object] | None:
    known = ACTS.get(act)
    return known.row.on if known is not None and known.row.on in MODELS else None


class Lately(NamedTuple):
    """Both lists, from one reading of the officer's last entries."""

    done: list[Done]
    waiting: list[Waiting]


def lately(actor: Actor) -> Lately:
    """Return what the officer did last and what waits for others; one query a noun and three more."""
    events = timeline.entries(_own(actor, LOOKED_AT))
    wanted: dict[type[Object], set[str]] = {}
    for event in events:
        kind = _noun(event.act)
        if kind is not None:
            wanted.setdefault(kind, set()).add(event.subject)
    found: dict[str, Any] = {}
    for kind, ids in wanted.items():
        found |= by_id(kind, ids)
    done = [_done(event, found) for event in events[:LATELY]]
    return Lately(done, _waiting(actor, events, found))


def _done(event: timeline.Event, found: dict[str, Any]) -> Done:
    kind = _noun(event.act)
    one = found.get(event.subject)
    title = names.title(one) if one is not None else event.subject
    known = Text(title, title)
    if kind is not None and title == event.subject:
        known = kind.text
    noun = kind.noun if kind is not None and kind.noun in NOUNS else ""
    return Done(event.index, event.time_ms, event.text, noun, event.subject, known)


def _waiting(actor: Actor, events: list[timeline.Event], found: dict[str, Any]) -> list[Waiting]:
    made: dict[str, Waiting] = {}
    for event in events:
        one = found.get(event.subject)
        if one is None or event.subject in made:
            continue
        hands = duties.next_hands(one)
        if hands and actor.role not in hands:
            made[event.subject] = Waiting(one, event.time_ms, hands)
    return list(made.values())[:SHOWN]
