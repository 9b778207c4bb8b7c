"""One entry taken apart for a reader: body, signature, receipt, where it lies and what it touched."""

from collections import defaultdict
from typing import Any, NamedTuple

import msgspec

from shanhai.acts.machine import ACTS, NOUNS, Act
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import archive
from shanhai.domains.book.handle import node
from shanhai.domains.book.timeline import Event, entries
from shanhai.domains.book.voiding import voided_by
from shanhai.domains.rows import MODELS, by_id
from shanhai.kernel.canonical import decode, encode
from shanhai.kernel.suite import Suite
from shanhai.ledger.body import Body, parse_body
from shanhai.ledger.entry import Receipt, parse_receipt, unpack
from shanhai.ledger.merkle import leaf_hash


class Touched(NamedTuple):
    """An object that an entry wrote: its noun, id, digest after it, and whether it stands so now."""

    noun: str
    id: str
    digest: str
    current: bool


class Reading(msgspec.Struct, frozen=True):
    """An entry and everything in it; `payload` is None where this release does not know the act."""

    event: Event
    body: Body
    receipt: Receipt
    payload: Act | None
    signatures: tuple[dict[str, Any], ...]
    body_raw: bytes
    receipt_raw: bytes
    packed: bytes
    leaf: bytes
    size: int
    touched: tuple[Touched, ...]
    voided_by: int


def reading(actor: Actor, ref: str) -> Reading:
    """Return the entry that an index or act id names.

    Raises:
        InvalidInputError: `ledger.unknown`.
        Refused: `authority.members`.
    """
    found = archive.readable(actor, ref)
    packed = archive.entry_bytes(found.index)
    parts = unpack(packed)
    body, receipt = parse_body(parts.body), parse_receipt(parts.receipt)
    suite = node().constants.suite
    signed = msgspec.json.decode(parts.signature)
    return Reading(
        event=entries([found.index])[0],
        body=body,
        receipt=receipt,
        payload=payload_of(body),
        signatures=tuple(signed) if isinstance(signed, list) else (signed,),
        body_raw=parts.body,
        receipt_raw=parts.receipt,
        packed=packed,
        leaf=leaf_hash(suite, packed),
        size=node().head().size,
        touched=tuple(_touched(suite, receipt)),
        voided_by=voided_by(found.index),
    )


def payload_of(body: Body) -> Act | None:
    """Return what was signed as its act, None where this release does not know it."""
    kind = ACTS.get(body.act)
    return decode(bytes(body.payload), kind) if kind is not None else None


def _touched(suite: Suite, receipt: Receipt) -> list[Touched]:
    """Return what a receipt names; whether each stands so now costs one query a noun."""
    ids: dict[str, list[str]] = defaultdict(list)
    for noun, one, _ in receipt.touched:
        if NOUNS.get(noun) in MODELS:
            ids[noun].append(one)
    now = {
        (noun, found.id): suite.digest(encode(found))
        for noun, some in ids.items()
        for found in by_id(NOUNS[noun], some).values()
    }
    return [
        Touched(noun, one, digest, now.get((noun, one)) == digest)
        for noun, one, digest in receipt.touched
    ]
