"""Drafts: kept as typed, mistakes and all, so that nothing is lost; sealed, because nothing is public yet.

A draft belongs to one person and is taken up again on any device. Each section has its own version, so
that two devices never overwrite one another unseen.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import timeline
from shanhai.domains.book.handle import node
from shanhai.domains.book.models import Entry
from shanhai.domains.vault import crypto
from shanhai.domains.workbench.models import Draft
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

__all__ = [
    "Draft",
    "Kept",
    "StaleDraftError",
    "Typed",
    "draft_close",
    "draft_for",
    "draft_of",
    "draft_remove",
    "draft_start",
    "drafts_open",
    "entered",
    "entered_rows",
    "kept",
    "rows_save",
    "section_save",
]
Typed = dict[str, list[str]]
ID_BYTES = 12
MOST_OPEN, MOST_BYTES, MOST_ROWS = 200, 1_048_576, 400
TEXTS |= {
    "draft.stale": Text(
        "这一部分已在别处修改，请核对差异后再保存",
        "This section was changed elsewhere; look at the differences, then save",
    ),
    "draft.full": Text(
        "未提交的草稿过多（{limit} 份），请先提交或删除一些",
        "There are too many drafts ({limit}); submit or delete some first",
    ),
    "draft.large": Text("内容过长，请精简后再保存", "This is too long; shorten it, then save"),
}


class Kept(msgspec.Struct):
    """What a draft holds: every field as typed, the version of each section, and a batch's rows."""

    typed: Typed = {}
    versions: dict[str, int] = {}
    rows: list[dict[str, Any]] = []


class StaleDraftError(InvalidInputError):
    """A section was saved elsewhere since this form was opened; both versions are here."""

    def __init__(self, theirs: Typed, version: int) -> None:
        super().__init__("draft.stale")
        self.theirs, self.version = theirs, version


def _seal(draft: Draft, kept: Kept) -> bytes:
    plain = msgspec.json.encode(kept)
    if len(plain) > MOST_BYTES:
        raise InvalidInputError("draft.large")
    return crypto.seal(_master(), plain, f"draft/{draft.id}")


def _master() -> bytes:
    return crypto.master_key(Path(settings.DATA_DIR))


def kept(draft: Draft) -> Kept:
    """Return what a draft holds."""
    plain = crypto.unseal(_master(), bytes(draft.sealed), f"draft/{draft.id}")
    return msgspec.json.decode(plain, type=Kept)


def draft_of(actor: Actor, id: str, kind: str) -> Draft | None:  # noqa: A002 - the field's name
    """Return one's own draft, None where there is none."""
    return Draft.objects.filter(pk=id, person=actor.person, kind=kind).first()


def drafts_open(actor: Actor, kind: str, limit: int = 20) -> list[Draft]:
    """Return one's drafts not yet submitted, the latest first; one query."""
    mine = Draft.objects.filter(person=actor.person, kind=kind, done=False)
    return list(mine.order_by("-saved_ms")[:limit])


def draft_for(actor: Actor, act: str, subject: str) -> Draft | None:
    """Return one's open draft of an act on an object."""
    mine = Draft.objects.filter(person=actor.person, act=act, subject=subject, done=False)
    return mine.order_by("-saved_ms").first()


@transaction.atomic
def draft_start(
    *, actor: Actor, kind: str, act: str, subject: str, content: Kept, now_ms: int
) -> Draft:
    """Begin a draft.

    Args:
        actor: Whose it is.
        kind: `declare` or `batch`.
        act: Plain name of the act it prepares.
        subject: Id of the object it is about, made already for a new one.
        content: What it starts from.
        now_ms: Epoch milliseconds.

    Raises:
        InvalidInputError: `draft.full` or `draft.large`.
    """
    if Draft.objects.filter(person=actor.person, done=False).count() >= MOST_OPEN:
        raise InvalidInputError("draft.full", limit=MOST_OPEN)
    draft = Draft(
        id=secrets.token_hex(ID_BYTES),
        person=actor.person,
        post=actor.post,
        kind=kind,
        act=act,
        subject=subject,
        seen_size=node().head().size,
        created_ms=now_ms,
        saved_ms=now_ms,
    )
    draft.sealed = _seal(draft, content)
    draft.save(force_insert=True)
    return draft


@transaction.atomic
def section_save(
    *,
    draft: Draft,
    section: str,
    typed: Mapping[str, list[str]],
    version: int | None,
    now_ms: int,
) -> int:
    """Keep one section as typed and return its new version.

    Args:
        draft: One's own draft.
        section: The section's name.
        typed: Its fields as typed, all of them.
        version: The version that the form was opened with; None saves over whatever is there.
        now_ms: Epoch milliseconds.

    Raises:
        StaleDraftError: If it was saved elsewhere with other content.
        InvalidInputError: `draft.large`.
    """
    found = Draft.objects.select_for_update().get(pk=draft.pk)
    content = kept(found)
    theirs = {name: content.typed.get(name, []) for name in typed}
    known = content.versions.get(section, 0)
    if version is not None and version != known and theirs != dict(typed):
        raise StaleDraftError(theirs, known)
    content.typed |= typed
    content.versions[section] = known + 1
    found.sealed, found.saved_ms, found.version = _seal(found, content), now_ms, found.version + 1
    found.save(update_fields=["sealed", "saved_ms", "version"])
    return known + 1


def entered(draft: Draft) -> timeline.Event | None:
    """Return the entry by which a declaration came into the ledger, None while it has not."""
    return entered_rows(draft, [draft.subject]).get(draft.subject)


def entered_rows(draft: Draft, subjects: list[str]) -> dict[str, timeline.Event]:
    """Return, by subject, the entries that a draft became; three queries.

    They are the person's own acts of that name on these subjects, made after the draft began.
    """
    mine = Entry.objects.filter(person=draft.person, index__gte=draft.seen_size)
    found = mine.filter(subject__in=subjects).order_by("index").values_list("index", flat=True)
    events = timeline.entries(list(found[:MOST_ROWS]))
    return {e.subject: e for e in events if e.act.partition("/")[0] == draft.act}


@transaction.atomic
def rows_save(
    *, draft: Draft, typed: Mapping[str, list[str]], rows: list[dict[str, Any]], now_ms: int
) -> None:
    """Keep what was typed for a batch and, once it is sound, the sealed values of its rows.

    Args:
        draft: One's own batch.
        typed: The fields asked once, as typed.
        rows: Object, subject and payload values of each row; [] while something is missing.
        now_ms: Epoch milliseconds.

    Raises:
        InvalidInputError: `draft.large`.
    """
    found = Draft.objects.select_for_update().get(pk=draft.pk)
    content = kept(found)
    content.typed |= typed
    content.rows = rows
    found.sealed, found.saved_ms, found.version = _seal(found, content), now_ms, found.version + 1
    found.save(update_fields=["sealed", "saved_ms", "version"])


def draft_close(draft: Draft) -> None:
    """Mark a draft as submitted: it leaves the list, its content is dropped."""
    Draft.objects.filter(pk=draft.pk).update(done=True)


def draft_remove(draft: Draft) -> None:
    """Delete a draft."""
    Draft.objects.filter(pk=draft.pk).delete()
