"""What happened to an object: the entries that touched it, in words, newest first."""

from dataclasses import dataclass

from django.db.models import Max

from shanhai.acts.machine import Object, Post
from shanhai.acts.machine.registry import ACTS
from shanhai.domains import names
from shanhai.domains.book.models import Entry, Timeline
from shanhai.kernel.text import Text
from shanhai.node.schema import TOUCHED_BITS

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as a timeline shows it."""

    index: int
    time_ms: int
    act: str
    text: Text
    who: Text
    subject: str
    act_id: str


def text_of(act: str) -> Text:
    """Return an act's words, its bytes name where this release does not know it."""
    known = ACTS.get(act)
    return known.row.text if known else Text(act, act)


def events(found: Object, limit: int = SHOWN) -> list[Event]:
    """Return an object's entries, newest first; three queries however many there are.

    Args:
        found: The object.
        limit: How many at most.
    """
    positions = Timeline.objects.filter(object_id=found.id, noun=found.noun).order_by("-position")
    indexes = [
        place >> TOUCHED_BITS for place in positions.values_list("position", flat=True)[:limit]
    ]
    return entries(indexes)


def first_index(found: Object) -> int:
    """Return the index of the entry that made an object, 0 where none touched it; one query."""
    touched = Timeline.objects.filter(object_id=found.id, noun=found.noun).order_by("position")
    position = touched.values_list("position", flat=True).first()
    return position >> TOUCHED_BITS if position is not None else 0


def entries(indexes: list[int]) -> list[Event]:
    """Return entries by index, in the order asked; two queries."""
    columns = ("index", "time_ms", "act", "post", "subject", "act_id")
    rows = {row[0]: row for row in Entry.objects.filter(pk__in=indexes).values_list(*columns)}
    posts = names.of((Post, row[3]) for row in rows.values())
    nobody = Text("凭邀请或创世密钥", "By invitation or founding key")
    return [
        Event(index, row[1], row[2], text_of(row[2]), posts.get(row[3], nobody), row[4], row[5])
        for index in indexes
        if (row := rows.get(index)) is not None
    ]


def events_of(ids: list[str], limit: int = SHOWN) -> list[Event]:
    """Return the entries that touched any of some objects, newest first, each once; three queries.

    Args:
        ids: The objects.
        limit: How many entries at most.
    """
    positions = Timeline.objects.filter(object_id__in=ids).order_by("-position")
    found = positions.values_list("position", flat=True)[: limit * 4]
    indexes = dict.fromkeys(place >> TOUCHED_BITS for place in found)
    return entries(list(indexes)[:limit])


def last_of(ids: list[str]) -> dict[str, Event]:
    """Return the last entry that touched each object, by object id; three queries."""
    positions = Timeline.objects.filter(object_id__in=ids).values_list("object_id")
    last = {one: place >> TOUCHED_BITS for one, place in positions.annotate(Max("position"))}
    events = {event.index: event for event in entries(list(last.values()))}
    return {one: events[index] for one, index in last.items() if index in events}
