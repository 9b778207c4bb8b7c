"""Check openings against a log: what each hides is what the ledger committed to, and how many are missing.

Source: `docs/dev/ledger-spec.md` sections 8 and 10. Openings that are missing or erased are counted, never
passed. Imports no Django; `shanhai verify --openings` calls it after the log itself has been verified.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

import msgspec

from shanhai.acts import book
from shanhai.acts.machine import ACTS, fields_of
from shanhai.acts.machine.fields import Kind, row_type
from shanhai.kernel.canonical import decode
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import parse_body
from shanhai.ledger.commitment import Opening, commitment_of
from shanhai.ledger.entry import unpack
from shanhai.ledger.logfile import LogReader, OpeningsReader, make_header, openings_chunks
from shanhai.node.loop import Node, storing
from shanhai.node.seal import Sealer

RULES = book.__name__
"""Importing the book registers every act: without it no payload could be read."""
TEXTS |= {
    "openings.ledger": Text(
        "明文文件是账本 {found} 的，日志是账本 {wanted} 的",
        "The openings are of ledger {found}, the log of {wanted}",
    ),
    "openings.stray": Text(
        "第 {number} 条明文（{object} 的“{label}”）与账上任何承诺都不符：内容被改动或不属于这里",
        "Opening {number} ({label} of {object}) matches no commitment of the log: it was changed or belongs elsewhere",
    ),
}


class Opened(NamedTuple):
    """How many commitments a log holds, and how many of them were opened."""

    commitments: int
    opened: int

    @property
    def missing(self) -> int:
        """Return how many stay closed: their openings are missing or erased."""
        return self.commitments - self.opened

    @property
    def line(self) -> str:
        """Return what `shanhai verify` prints."""
        return (
            f"openings {self.opened} of {self.commitments} commitments match, "
            f"{self.missing} missing or erased"
        )


def check_openings(log: BinaryIO, openings: BinaryIO) -> Opened:
    """Recompute the commitment of every opening and find it in the log.

    Args:
        log: A log file that was verified, open at its beginning, binary.
        openings: An openings file of the same ledger, likewise.

    Raises:
        ProofError: `openings.ledger`, or `openings.stray` with the number of the first opening, from 1, that
            matches nothing; `log.*` where the file itself is broken.
    """
    entries, given = LogReader(log), OpeningsReader(openings)
    if given.header != entries.header:
        raise ProofError("openings.ledger", found=given.header.ledger, wanted=entries.header.ledger)
    held = set(commitments(entries))
    opened = set()
    for number, one in enumerate(given, 1):
        found = _commitment(entries, one)
        if found not in held:
            raise ProofError("openings.stray", number=number, object=one.object, label=one.label)
        opened.add(found)
    return Opened(len(held), len(opened))


def _commitment(log: LogReader, opening: Opening) -> str:
    """Return what an opening opens, "" where its value or salt is not written canonically."""
    try:
        return commitment_of(log.suite, opening)
    except InvalidInputError:
        return ""


def commitments(entries: Iterable[bytes]) -> Iterator[str]:
    """Yield every commitment that the payloads of a log name, in hex, in order, repeated as they are.

    Args:
        entries: Leaf bytes of entries whose acts this program knows.
    """
    for raw in entries:
        body = parse_body(unpack(raw).body)
        yield from _in(decode(bytes(body.payload), ACTS[body.act]))


def _in(struct: msgspec.Struct) -> Iterator[str]:
    for field in fields_of(type(struct)):
        value = getattr(struct, field.name)
        if field.kind is Kind.COMMITMENT and value:
            yield value
        elif field.kind is Kind.ROWS and issubclass(row_type(field), msgspec.Struct):
            for row in value or ():
                yield from _in(row)


Find = Callable[[str], Opening | None]


def export_openings(node: Node, sealer: Sealer, find: Find, file: BinaryIO) -> Opened:
    """Write the openings of a ledger's commitments: for auditors only, they are personal data.

    Args:
        node: The ledger.
        sealer: Signs its checkpoint.
        find: Gives the opening of a commitment, None where it is missing or erased.
        file: Where to, binary.

    Returns:
        How many commitments there are, and how many of them were written.
    """
    suite, origin = node.constants.suite, sealer.vkey(node).name
    with storing(), node.storage.snapshot():
        size, note = node.head().size, sealer.checkpoint(node)
        genesis = next(iter(node.storage.packed(0, 1)))
        held = dict.fromkeys(commitments(node.storage.packed(0, size)))
    found = [one for one in map(find, held) if one is not None]
    file.writelines(openings_chunks(make_header(suite, origin, genesis), found, note))
    return Opened(len(held), len(found))
