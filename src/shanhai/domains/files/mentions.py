"""Which entries name which documents: a projection of the log, caught up when somebody asks.

An act names a document by its hash in a digest field; many such fields never reach an object's row
(an announcement's page, a hand-over's form), so that only the entries know. Reading on from where the
last reader stopped costs one query when nothing is new.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.db import transaction

from shanhai.acts.machine import Act, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.domains.book.models import Entry, Head
from shanhai.domains.files.models import Mention, Reading
from shanhai.kernel.errors import ShanhaiError
from shanhai.ledger.entry import unpack
from shanhai.node.admission import parse_act

AT_ONCE = 2_000


def digests_of(struct: msgspec.Struct) -> Iterator[tuple[str, str]]:
    """Yield (field, hash) of every document that a payload names, rows included."""
    for field in fields_of(type(struct)):
        value: Any = getattr(struct, field.name)
        if field.kind is Kind.DIGEST and value:
            yield field.name, value
        elif field.kind is Kind.ROWS:
            for row in value or ():
                yield from digests_of(row)


def _payload(packed: bytes) -> Act | None:
    try:
        return parse_act(unpack(packed).body)[1]
    except ShanhaiError:  # genesis, or an act of a later release
        return None


def _mentions(start: int) -> tuple[list[Mention], int]:
    rows = Entry.objects.filter(pk__gte=start).order_by("pk")[:AT_ONCE]
    found, size = [], start
    for index, act, subject, packed in rows.values_list("index", "act", "subject", "packed"):
        size = index + 1
        payload = _payload(bytes(packed))
        if payload is None:
            continue
        for field, digest in digests_of(payload):
            noun = payload.row.on.noun
            found.append(
                Mention(
                    digest=digest, index=index, field=field, act=act, noun=noun, subject=subject
                )
            )
    return found, size


def catch_up() -> int:
    """Read the entries that came since last time; return how many.

    Each part is a transaction of its own, so that a long log is read in pieces and a stopped reader
    goes on where it stood. Two readers at once write the same rows once.
    """
    read = 0
    while True:
        head = Head.objects.values_list("size", flat=True).first() or 0
        start = Reading.objects.values_list("size", flat=True).first() or 0
        if start >= head:
            return read
        found, size = _mentions(start)
        with transaction.atomic():
            Mention.objects.bulk_create(found, ignore_conflicts=True)
            Reading.objects.update_or_create(pk=1, defaults={"size": size})
        read += size - start


def mentions_of(digest: str) -> list[Mention]:
    """Return the entries that name a document, the newest first, at most 100."""
    catch_up()
    return list(Mention.objects.filter(digest=digest).order_by("-index", "field")[:100])
