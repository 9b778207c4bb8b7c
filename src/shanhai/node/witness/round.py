"""One round of a mirror: listen to the others, take up, cosign, deliver. Transport and time are arguments."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.node.admission import Signed
from shanhai.node.witness.mirror import Mirror
from shanhai.node.witness.remote import Get


class Sequencer(NamedTuple):
    """How a sequencer is reached: its files, delivering a cosigned note, offering acts, lodging objections."""

    get: Get
    deliver: Callable[[bytes], object]
    offer: Callable[[Signed], object]
    lodge: Callable[[bytes], object]


class Round(NamedTuple):
    """What a round did; `refused` says why nothing was cosigned, `undelivered` why the sequencer has it not."""

    size: int
    new: int
    note: bytes
    refused: ShanhaiError | None = None
    undelivered: ShanhaiError | None = None


def run_round(
    mirror: Mirror, sequencer: Sequencer, others: Mapping[str, Get], now_ms: int
) -> Round:
    """Run one round.

    Args:
        mirror: The witness.
        sequencer: Whose log it is.
        others: The other witnesses' files, by name.
        now_ms: This machine's time, epoch ms.
    """
    new = 0
    try:
        listen(mirror, others, now_ms)
        new = mirror.sync(sequencer.get, now_ms).new
        offer_again(mirror, sequencer)
        note = mirror.cosign(now_ms)
    except ShanhaiError as error:
        return Round(_size(mirror), new, b"", error)
    try:
        if note != mirror.delivered:
            sequencer.deliver(note)
            mirror.delivered = note
    except ShanhaiError as error:
        return Round(_size(mirror), new, note, None, error)
    return Round(_size(mirror), new, note)


def listen(mirror: Mirror, others: Mapping[str, Get], now_ms: int) -> None:
    """Compare the others' heads with this copy; whoever does not answer is left aside.

    Raises:
        ProofError: `witness.split`.
    """
    for name, get in others.items():
        try:
            raw = get("checkpoint")
        except InvalidInputError:
            continue
        mirror.hear(raw, name, now_ms, get)


def offer_again(mirror: Mirror, sequencer: Sequencer) -> None:
    """Offer what waits to the sequencer, acts and objections; its refusal is its own business here."""
    for one in mirror.receipts.waiting:
        with suppress(ShanhaiError):
            sequencer.offer(one.signed)
    for receipt in mirror.objections.waiting:
        with suppress(ShanhaiError):
            sequencer.lodge(receipt)


def _size(mirror: Mirror) -> int:
    head = mirror.head()
    return head.size if head is not None else 0
