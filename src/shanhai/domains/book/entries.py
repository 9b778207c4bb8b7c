"""Entries of the log as lists: newest first, by act, noun, day, subject or key; what a hash may name.

Every list is paged by index. Time never goes back in a ledger, so a day is a range of indexes; a noun is
its acts, each read through its own index and merged, so that a page costs the same in a log of any size.
"""

from datetime import date
from heapq import nlargest
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import F, QuerySet

from shanhai.acts.machine import ACTS, Key
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.archive import OPEN_ACTS, may_read
from shanhai.domains.book.handle import node
from shanhai.domains.book.models import Entry, Timeline
from shanhai.domains.book.timeline import Event, entries
from shanhai.domains.files.mentions import mentions_of
from shanhai.domains.rows import by_id
from shanhai.kernel.periods import DAY_MS, ms_of
from shanhai.node.schema import TOUCHED_BITS, act_key

PAGE = 25
HASH = 64


class Wanted(msgspec.Struct, frozen=True):
    """What a reader asked for; empty parts ask for nothing. `day` is a date in UTC+8."""

    act: str = ""
    noun: str = ""
    day: str = ""
    subject: str = ""
    kid: str = ""
    document: str = ""
    before: int = 0
    after: int = -1
    size: int = PAGE


class Listed(NamedTuple):
    """A page of entries, newest first; `older` and `newer` say whether there are more."""

    events: list[Event]
    older: bool
    newer: bool


def acts_of(want: Wanted) -> list[str]:
    """Return the act names, with version, that a reader's act and noun keep; [] keeps all."""
    if want.act:
        return [name for name in ACTS if want.act in (name, name.partition("/")[0])] or [want.act]
    if want.noun:
        return [name for name, act in ACTS.items() if act.row.on.noun == want.noun] or [""]
    return []


def listed(actor: Actor, want: Wanted) -> Listed:
    """Return a page of the entries that the actor may read."""
    names = acts_of(want)
    if not may_read(actor, ""):
        names = [name for name in names or ACTS if name.startswith(OPEN_ACTS)] or [""]
    rows = _kept(want)
    upwards = want.after >= 0
    if upwards:
        rows = rows.filter(index__gt=want.after).order_by("index")
    else:
        rows = rows.filter(index__lt=want.before) if want.before else rows
        rows = rows.order_by("-index")
    found = _first(rows, names, want.size + 1, upwards=upwards)
    more, found = len(found) > want.size, sorted(found[: want.size], reverse=True)
    older, newer = (bool(found), more) if upwards else (more, bool(want.before))
    return Listed(entries(found), older, newer)


def _first(rows: "QuerySet[Any]", names: list[str], count: int, *, upwards: bool) -> list[int]:
    """Return the first indexes of the acts named, each act by its own index."""
    if not names:
        return list(rows.values_list("index", flat=True)[:count])
    own = (rows.filter(act=name).values_list("index", flat=True)[:count] for name in names)
    parts = list(chain.from_iterable(own))
    return sorted(parts)[:count] if upwards else nlargest(count, parts)


def _kept(want: Wanted) -> "QuerySet[Any]":
    rows = Entry.objects.all()
    if want.day:
        start = ms_of(date.fromisoformat(want.day))
        first, last = _from_time(start), _from_time(start + DAY_MS)
        rows = rows.filter(index__gte=first, index__lt=last)
    if want.subject:
        positions = Timeline.objects.filter(object_id=want.subject)
        rows = rows.filter(
            index__in=positions.annotate(at=F("position").bitrightshift(TOUCHED_BITS)).values("at")
        )
    if want.kid:
        key = by_id(Key, [want.kid]).get(want.kid)
        rows = rows.filter(person=key.person) if key else rows.none()
    if want.document:
        rows = rows.filter(index__in=[one.index for one in mentions_of(want.document)])
    return rows


_HALVED = """
WITH RECURSIVE "half" ("low", "high") AS (
    SELECT CAST(0 AS bigint), CAST(%s AS bigint)
    UNION ALL
    SELECT CASE WHEN "time_ms" < %s THEN "index" + 1 ELSE "low" END,
           CASE WHEN "time_ms" < %s THEN "high" ELSE "index" END
    FROM "half" JOIN "entry" ON "index" = ("low" + "high") / 2 WHERE "low" < "high")
SELECT "low" FROM "half" WHERE "low" >= "high"
"""
"""Halves the entries by index in one statement."""


def _from_time(time_ms: int) -> int:
    """Return the index of the first entry at or after a time, the size where there is none; time never falls."""
    size = node().head().size
    with connection.cursor() as cursor:
        cursor.execute(_HALVED, (size, time_ms, time_ms))
        found = cursor.fetchone()
    return size if found is None else int(found[0])


class Hit(NamedTuple):
    """What a search word names: an entry, else a filter (`subject`, `kid`, `document`), else nothing ("")."""

    kind: str
    value: str = ""


def search(text: str) -> Hit:
    """Return what an index, act id, leaf hash, key id, document's hash or object id names.

    Args:
        text: As typed; blanks at the ends and upper case are forgiven.
    """
    word = text.strip().lower()
    if word.isascii() and word.isdigit() and len(word) < HASH:
        there = int(word) < node().head().size
        return Hit("entry", str(int(word))) if there else Hit("")
    if len(word) == HASH and not set(word) - set("0123456789abcdef"):
        return _hash(word)
    touched = Timeline.objects.filter(object_id=word).exists()
    return Hit("subject", word) if touched else Hit("")


def _hash(word: str) -> Hit:
    rows = Entry.objects.values_list("index", flat=True)
    found = rows.filter(key=act_key(word), act_id=word).first()
    if found is None:
        found = rows.filter(leaf=bytes.fromhex(word)).first()
    if found is not None:
        return Hit("entry", str(found))
    if by_id(Key, [word]):
        return Hit("kid", word)
    return Hit("document", word) if mentions_of(word) else Hit("")
