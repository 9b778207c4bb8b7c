"""Receipts against censorship: a witness takes an act, signs when it came, and watches that it is entered.

Ten minutes past a receipt nothing is cosigned while the act still passes this mirror's own dry run. An act
whose own window has ended passes no more: the sequencer could not enter it any longer, and its officer signs
it afresh. Source: design §3 (mirrors take acts and objections), ledger reference §7.
"""

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shanhai.kernel.canonical import decode, encode, from_base64, to_base64
from shanhai.kernel.errors import ProofError, Refused, ShanhaiError
from shanhai.ledger.body import Body, act_id, check_window, parse_body
from shanhai.ledger.witness_receipt import WitnessReceipt
from shanhai.node.admission import Signatures, Signed, parse_act
from shanhai.node.loop import Node
from shanhai.node.witness.shelf import Shelf

if TYPE_CHECKING:
    from shanhai.node.witness.mirror import Identity

GRACE_MS = 10 * 60_000
MOST = 10_000
"""Receipts that may wait at once."""
WAITING, MISSED = "receipts", "missed"


class _Waiting(msgspec.Struct, frozen=True, kw_only=True):
    body: str
    received_ms: int
    signature: str


class Waiting(NamedTuple):
    """An act that was receipted and is not in the log yet."""

    id: str
    signed: Signed
    received_ms: int


class Receipts:
    """The acts that one witness waits for."""

    def __init__(self, me: "Identity", shelf: Shelf) -> None:
        self._me, self._shelf = me, shelf
        found = [(name, shelf.get(name)) for name in shelf.names(WAITING)]
        self._waiting = {
            name.rpartition("/")[2]: _read(name.rpartition("/")[2], raw)
            for name, raw in found
            if raw is not None
        }

    @property
    def waiting(self) -> list[Waiting]:
        """Return the acts waited for, oldest first: they are offered to the sequencer again."""
        return sorted(self._waiting.values(), key=lambda one: (one.received_ms, one.id))

    @property
    def missed(self) -> int:
        """Return how many acts were never entered while their window was open."""
        return len(self._shelf.names(MISSED))

    def take(self, node: Node, signed: Signed, now_ms: int) -> bytes:
        """Take an act that holds and that the rules allow, and return a signed receipt.

        Args:
            node: This mirror's copy.
            signed: The act.
            now_ms: This machine's time, epoch ms.

        Raises:
            Refused: The first reason against it; `witness.receipts_full`.
            InvalidInputError: If its form, or ProofError: if its signature does not hold.
        """
        known = node.constants
        id = act_id(known.suite, signed.body)  # noqa: A001 - the field's name
        with self._shelf.locked():
            waiting = self._waiting.get(id)
            if waiting is None and not node.storage.known([id]):
                self._admit(node, signed, id, now_ms)
                waiting = Waiting(id, signed, now_ms)
                self._shelf.put(f"{WAITING}/{id}", _written(waiting))
                self._waiting[id] = waiting
        received = waiting.received_ms if waiting is not None else now_ms
        return self._receipt(id, known.ledger, received)

    def _admit(self, node: Node, signed: Signed, id: str, now_ms: int) -> None:  # noqa: A002 - the field's name
        if len(self._waiting) >= MOST:
            raise Refused("witness.receipts_full", most=MOST)
        body, payload = parse_act(signed.body)
        time_ms = _time(node, body, now_ms)
        check_window(body, node.constants.ledger, time_ms)
        Signatures(node.constants).check(node.storage.state(), body, payload, signed, id)
        verdict = node.dry_run(body, payload, time_ms)
        if not verdict.accepted:
            code, facts = verdict.refusals[0]
            raise Refused(code, **facts)

    def _receipt(self, id: str, ledger: str, received_ms: int) -> bytes:  # noqa: A002 - the field's name
        unsigned = WitnessReceipt(
            due_ms=received_ms + GRACE_MS,
            id=id,
            kind="act",
            ledger=ledger,
            received_ms=received_ms,
            witness=self._me.vkey.line,
        )
        return encode(unsigned.signed(self._me.signer))

    def check(self, node: Node, now_ms: int) -> None:
        """Refuse to cosign while a receipted act is overdue.

        Raises:
            ProofError: `witness.overdue`.
        """
        if not self._waiting:
            return
        with self._shelf.locked():
            waiting = self.waiting
            entered = node.storage.known([one.id for one in waiting])
            for one in waiting:
                if one.id in entered:
                    self._close(one, None)
                else:
                    self._check(node, one, now_ms)

    def _check(self, node: Node, one: Waiting, now_ms: int) -> None:
        if self._ended(node, one, now_ms):
            self._close(one, MISSED)
        elif now_ms - one.received_ms >= GRACE_MS and self._passes(node, one, now_ms):
            minutes = (now_ms - one.received_ms) // 60_000
            raise ProofError("witness.overdue", act_id=one.id, minutes=minutes)

    def _close(self, one: Waiting, folder: str | None) -> None:
        if folder is not None:
            self._shelf.put(f"{folder}/{one.id}", _written(one))
        self._shelf.drop(f"{WAITING}/{one.id}")
        del self._waiting[one.id]

    @staticmethod
    def _ended(node: Node, one: Waiting, now_ms: int) -> bool:
        body = parse_body(one.signed.body)
        return _time(node, body, now_ms) > body.not_after_ms

    @staticmethod
    def _passes(node: Node, one: Waiting, now_ms: int) -> bool:
        try:
            body, payload = parse_act(one.signed.body)
            return node.dry_run(body, payload, _time(node, body, now_ms)).accepted
        except ShanhaiError:
            return False


def _time(node: Node, body: Body, now_ms: int) -> int:
    """Return ledger time: the machine's, never before the last entry's.

    A simulated clock is the sequencer's own; of it is known the last entry's time and that the act was made.
    """
    latest = node.head().time_ms
    return max(latest, body.made_ms if node.constants.simulated else now_ms)


def _written(one: Waiting) -> bytes:
    body, signature = (to_base64(part) for part in one.signed)
    return encode(_Waiting(body=body, signature=signature, received_ms=one.received_ms))


def _read(id: str, raw: bytes) -> Waiting:  # noqa: A002 - the field's name
    found = decode(raw, _Waiting)
    signed = Signed(from_base64(found.body), from_base64(found.signature))
    return Waiting(id, signed, found.received_ms)
