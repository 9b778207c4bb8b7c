"""Finding the act that a check code names, and the stamped scans of a document."""

from typing import NamedTuple

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import timeline
from shanhai.domains.book.models import Entry
from shanhai.domains.documents import codes, making
from shanhai.domains.documents.models import Scan

AFTER_HEX = "g"
SHOWN, MOST = 20, 200


class Named(NamedTuple):
    """What a check code names: the kind of document and the entry whose decision it prints."""

    kind: str
    event: timeline.Event


def named_by(code: str) -> Named | None:
    """Return what a code or an act id names; None where no entry fits; two queries.

    Raises:
        InvalidInputError: `document.code` for text that is no code.
    """
    if len(code) == 64 and set(code) <= set("0123456789abcdef"):  # noqa: PLR2004 - an act id
        kind, prefix = "", code
    else:
        kind, prefix = codes.parse(code)
    rows = Entry.objects.filter(act_id__gte=prefix, act_id__lt=prefix + AFTER_HEX)
    found = timeline.entries(list(rows.values_list("index", flat=True)[:2]))
    return Named(kind, found[0]) if len(found) == 1 else None


def scans_of(code: str) -> list[Scan]:
    """Return the stamped scans of a document, the newest first."""
    return list(Scan.objects.filter(code=code).order_by("-matched_ms", "id")[:SHOWN])


def scanned_kinds(object_id: str) -> list[str]:
    """Return the kind of every scan of an object's documents, at most 200; one query."""
    return list(Scan.objects.filter(object_id=object_id).values_list("kind", flat=True)[:MOST])


def organisation_name(actor: Actor) -> str:
    """Return the name of the actor's organisation, for papers that name who prints them."""
    return making.organ_names([actor.organisation]).get(actor.organisation, "")
