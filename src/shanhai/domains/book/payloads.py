"""What an entry said: its payload, read back from the log."""

from shanhai.acts.machine import Act
from shanhai.domains.book.models import Entry
from shanhai.ledger.entry import unpack
from shanhai.node.admission import parse_act


def payloads(indexes: list[int]) -> dict[int, Act]:
    """Return the payloads of entries by index; one query. Genesis and unknown acts are left out."""
    wanted = [index for index in indexes if index]
    rows = Entry.objects.filter(pk__in=wanted).values_list("index", "packed")
    return {index: parse_act(unpack(bytes(packed)).body)[1] for index, packed in rows}
