"""A small invented ledger in memory: genesis and a few acts, signed, packed and checkpointed."""

from dataclasses import dataclass

import msgspec

from shanhai.kernel.canonical import encode, to_base64
from shanhai.kernel.suite import INTL, Suite
from shanhai.ledger.body import Body, ledger_id, signed_bytes
from shanhai.ledger.checkpoint import Checkpoint, Note, VKey, make_vkey, sign_note
from shanhai.ledger.commitment import Opening, commitment_of, make_opening, salt
from shanhai.ledger.entry import (
    Entry,
    FounderSignature,
    SignatureBlock,
    make_founders,
    make_receipt,
    pack,
)
from shanhai.ledger.merkle import Tree, inclusion_path, leaf_hash
from shanhai.ledger.signing import Ed25519Signer, Signer, kid_of

ORIGIN, MADE = "shanhai.example/demo", 1_790_000_000_000
CHECKPOINT_KEY = Ed25519Signer(b"\x11" * 32)
FOUNDER = Ed25519Signer(b"\x01" * 32)


def body_of(suite: Suite, ledger: str, signer: Signer, number: int, payload: object) -> bytes:
    """Return the canonical body of the number-th act; genesis where `ledger` is ""."""
    return encode(
        Body(
            act="claim.submit/1" if ledger else "genesis/1",
            kid=kid_of(suite, signer.public_key) if ledger else "",
            ledger=ledger,
            made_ms=MADE + number,
            nonce=f"{number:032x}",
            not_after_ms=MADE + number + 600_000,
            on=suite.digest(b"[]"),
            payload=msgspec.Raw(encode(payload)),
            post="pst" + "0" * 26 if ledger else "",
            subject=f"clm{number:026}" if ledger else "ledger",
        )
    )


def entry_of(suite: Suite, ledger: str, signer: Signer, body: bytes, index: int) -> bytes:
    """Sign, receipt and pack a body as entry `index`."""
    kid = kid_of(suite, signer.public_key)
    raw = to_base64(signer.sign(signed_bytes(ledger, signer.alg, kid, body)))
    block = (
        make_founders([FounderSignature(signer.alg, kid, raw)])
        if index == 0
        else encode(SignatureBlock(signer.alg, raw))
    )
    touched = [("claim", f"clm{index:026}", suite.digest(body))]
    return pack(Entry(body, block, make_receipt(index, 1, MADE + index, touched)))


@dataclass
class Ledger:
    """Leaves, tree and note of an invented ledger, with the openings of its acts."""

    suite: Suite
    signer: Signer
    id: str
    entries: list[bytes]
    openings: list[Opening]
    checkpoint_key: Signer

    @property
    def tree(self) -> Tree:
        """Return the tree over all entries."""
        tree = Tree(self.suite)
        for entry in self.entries:
            tree.append(leaf_hash(self.suite, entry))
        return tree

    @property
    def note(self) -> Note:
        """Return the signed checkpoint over all entries."""
        checkpoint = Checkpoint(ORIGIN, len(self.entries), self.tree.root())
        return sign_note(checkpoint.text, ORIGIN, self.checkpoint_key)

    @property
    def vkey(self) -> VKey:
        """Return the verifier key of the checkpoint."""
        return make_vkey(ORIGIN, self.checkpoint_key)

    def path(self, index: int) -> tuple[bytes, ...]:
        """Return the inclusion path of an entry."""
        tree = Tree(self.suite)
        nodes = {(0, at): leaf_hash(self.suite, raw) for at, raw in enumerate(self.entries)}
        for at in range(len(self.entries)):
            nodes |= {(level, up): node for level, up, node in tree.append(nodes[0, at])}
        size = len(self.entries)
        return tuple(inclusion_path(self.suite, index, size, lambda level, at: nodes[level, at]))


def make_ledger(
    count: int,
    suite: Suite = INTL,
    signer: Signer = FOUNDER,
    checkpoint_key: Signer = CHECKPOINT_KEY,
) -> Ledger:
    """Return a ledger of genesis and `count` − 1 acts, each with one committed payee."""
    genesis = body_of(suite, "", signer, 0, {"origin": ORIGIN, "suite": suite.name})
    ledger = ledger_id(suite, genesis)
    entries, openings = [entry_of(suite, "", signer, genesis, 0)], list[Opening]()
    for index in range(1, count):
        secret = salt(bytes([index]) * 16, "payee", suite)
        opening = make_opening(
            ledger, f"clm{index:026}", "per1", "payee", f"收款人{index}（模拟）", secret
        )
        payload = {"amount_fen": 100 * index, "payee": commitment_of(suite, opening)}
        body = body_of(suite, ledger, signer, index, payload)
        openings.append(opening)
        entries.append(entry_of(suite, ledger, signer, body, index))
    return Ledger(suite, signer, ledger, entries, openings, checkpoint_key)
