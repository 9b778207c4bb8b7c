"""Objections against censorship: a witness takes one by its digest, and cosigns no more while it is not lodged.

The text never comes here: whoever objects keeps it and hands it to the notice's organ. The witness hands its receipt
to the sequencer, which enters it (`objection.lodge`); from then on the notice does not end before the organ decided.
Source: design §3 (mirrors take acts and objections), ledger reference §7, docs/dev/adr/0008.
"""

import re
from typing import TYPE_CHECKING

from shanhai.acts.machine.view import View
from shanhai.acts.notice import Notice, NoticeState, Objection
from shanhai.acts.objection import LodgeObjection, in_period
from shanhai.acts.witness_policy import policies_of
from shanhai.kernel.canonical import decode, encode
from shanhai.kernel.errors import InvalidInputError, ProofError, Refused
from shanhai.kernel.ids import new_id
from shanhai.ledger.witness_receipt import WitnessReceipt
from shanhai.node.client import Officer, draft, sign
from shanhai.node.loop import Node, Outcome
from shanhai.node.witness.shelf import Shelf

if TYPE_CHECKING:
    from shanhai.node.witness.mirror import Identity

GRACE_MS = 10 * 60_000
MOST_OF_A_NOTICE, MOST = 50, 2_000
"""Objections of one notice that may be undecided, and that may wait here at once: anybody may hand one in."""
LODGING = "objections"
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch


class Objections:
    """The objections that one witness waits for."""

    def __init__(self, me: "Identity", shelf: Shelf) -> None:
        self._me, self._shelf = me, shelf
        found = [(name.rpartition("/")[2], shelf.get(name)) for name in shelf.names(LODGING)]
        self._waiting = {name: _read(raw) for name, raw in found if raw is not None}

    @property
    def waiting(self) -> list[bytes]:
        """Return the receipts whose objections are not lodged yet, oldest first."""
        held = sorted(self._waiting.values(), key=lambda one: (one[0], one[1].id))
        return [encode(receipt) for _, receipt in held]

    def take(self, node: Node, digest: str, notice: str, now_ms: int) -> bytes:
        """Take an objection and return a signed receipt.

        Args:
            node: This mirror's copy.
            digest: Of what is objected, 64 hex digits.
            notice: The notice's id. Without it, or in a ledger whose log holds no policy, the receipt proves the time
                and forces nothing.
            now_ms: This machine's time, epoch ms.

        Raises:
            InvalidInputError: `witness.digest`.
            Refused: `witness.notice`, `witness.receipts_full`.
            ProofError: `witness.stranger`, where the rules would not take this witness's receipt.
        """
        if not _DIGEST(digest):
            raise InvalidInputError("witness.digest")
        head = node.head()
        received = head.time_ms if node.constants.simulated else max(head.time_ms, now_ms)
        if not notice or policies_of(node.storage, node.constants.ledger) is None:
            return encode(self._receipt(node, digest, notice, received, 0))
        with self._shelf.locked():
            held = self._waiting.get(digest)
            if held is not None:
                return encode(held[1])
            forces = not _lodged(node, digest)
            if forces:
                self._admit(node, notice, received)
            receipt = self._receipt(node, digest, notice, received, received + GRACE_MS)
            if forces:
                self._shelf.put(f"{LODGING}/{digest}", f"{now_ms}\n".encode() + encode(receipt))
                self._waiting[digest] = (now_ms, receipt)
            return encode(receipt)

    def _admit(self, node: Node, notice: str, received_ms: int) -> None:
        """Refuse an objection that could not be lodged."""
        policies = policies_of(node.storage, node.constants.ledger)
        if policies is None or not policies.newest.domain_of(self._me.vkey):
            raise ProofError("witness.stranger", vkey=self._me.vkey.line)
        if not _may_be_lodged(node, notice, received_ms):
            raise Refused("witness.notice", id=notice)
        here = sum(receipt.notice == notice for _, receipt in self._waiting.values())
        there = View(node.storage, node.constants.suite).total(Objection, "open", notice)
        if len(self._waiting) >= MOST or here + there >= MOST_OF_A_NOTICE:
            raise Refused("witness.receipts_full", most=min(MOST, MOST_OF_A_NOTICE))

    def _receipt(
        self, node: Node, digest: str, notice: str, received_ms: int, due_ms: int
    ) -> WitnessReceipt:
        return WitnessReceipt(
            due_ms=due_ms,
            id=digest,
            kind="objection",
            ledger=node.constants.ledger,
            notice=notice,
            received_ms=received_ms,
            witness=self._me.vkey.line,
        ).signed(self._me.signer)

    def check(self, node: Node, now_ms: int) -> None:
        """Refuse to cosign while a receipted objection is overdue that could be lodged.

        Raises:
            ProofError: `witness.objection_overdue`.
        """
        with self._shelf.locked():
            for digest, (since_ms, receipt) in list(self._waiting.items()):
                if _lodged(node, digest) or not _may_be_lodged(
                    node, receipt.notice, receipt.received_ms
                ):
                    self._shelf.drop(f"{LODGING}/{digest}")
                    del self._waiting[digest]
                elif now_ms - since_ms >= GRACE_MS:
                    minutes = (now_ms - since_ms) // 60_000
                    raise ProofError("witness.objection_overdue", id=digest, minutes=minutes)


def lodge(
    node: Node,
    receipt: WitnessReceipt,
    officer: Officer,
    now_ms: int,
    chance: tuple[bytes, bytes],
) -> Outcome:
    """Enter a witness's receipt for an objection, signed by the ledger's node.

    Args:
        node: The sequencer's ledger.
        receipt: As the witness signed it.
        officer: A post with the role node, and its key.
        now_ms: Ledger time.
        chance: 10 random bytes for the objection's id, 16 for the nonce.
    """
    act = LodgeObjection(
        notice=receipt.notice,
        receipt=receipt.id,
        received_ms=receipt.received_ms,
        witness=receipt.witness,
        due_ms=receipt.due_ms,
        sig=receipt.sig,
    )
    id = new_id(Objection.prefix, now_ms, chance[0])  # noqa: A001 - the field's name
    known, held = node.constants, node.storage
    body = draft(known, held, officer, act, id, made_ms=now_ms, nonce=chance[1])
    return node.submit(sign(body, officer.signer), now_ms)


def _lodged(node: Node, digest: str) -> bool:
    """Return whether an objection is in the log, lodged or decided."""
    view = View(node.storage, node.constants.suite)
    return bool(view.holder(f"objection_receipt:{digest}"))


def _may_be_lodged(node: Node, notice: str, received_ms: int) -> bool:
    found = node.storage.find(Notice, notice)
    stands = found is not None and found.state is not NoticeState.VOID
    return found is not None and stands and in_period(found, received_ms)


def _read(raw: bytes) -> tuple[int, WitnessReceipt]:
    since, _, rest = raw.partition(b"\n")
    return int(since), decode(rest, WitnessReceipt)
