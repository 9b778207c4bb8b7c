"""Finding the act that a check code names."""

from typing import NamedTuple

from shanhai.domains.book import timeline
from shanhai.domains.book.models import Entry
from shanhai.domains.documents import codes

AFTER_HEX = "g"


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
