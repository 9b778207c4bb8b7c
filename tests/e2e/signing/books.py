"""A small ledger made by the Python library alone: keys, entries, checkpoint, log file, proof files."""

from hashlib import sha256
from typing import Any

from shanhai.kernel.canonical import encode, to_base64
from shanhai.kernel.suite import INTL
from shanhai.ledger import merkle
from shanhai.ledger.body import Seen, ledger_id, signed_bytes
from shanhai.ledger.checkpoint import Checkpoint, make_vkey, sign_note
from shanhai.ledger.commitment import Opening, commit, make_opening
from shanhai.ledger.entry import (
    Entry,
    FounderSignature,
    SignatureBlock,
    make_founders,
    make_receipt,
    pack,
)
from shanhai.ledger.logfile import log_chunks, make_header
from shanhai.ledger.proof import Proof, Status, make_extra, write_proof
from shanhai.ledger.signing import Ed25519Signer, P256Signer, Signer, kid_of
from shanhai.ledger.signing.webauthn import WebOrigins
from shanhai.ledger.witness import cosign, make_witness_vkey

ORIGIN = "shanhai.example/模拟"
WEB = WebOrigins("localhost", ("http://localhost",))
START_MS = 1_790_000_000_000
MINUTE = 60_000
SALT = bytes(range(32))
LOG_KEY = Ed25519Signer(b"\x10" * 32)
WITNESS = Ed25519Signer(b"\x11" * 32)
FOUNDERS: tuple[Signer, ...] = (Ed25519Signer(b"\x01" * 32), P256Signer(b"\x02" * 32))
OFFICER = Ed25519Signer(b"\x03" * 32)


def body(ledger: str, kid: str, **fields: Any) -> bytes:
    """Return the canonical bytes of a body with sensible values for the rest."""
    values = {
        "act": "payment.order/1",
        "kid": kid,
        "ledger": ledger,
        "made_ms": START_MS,
        "nonce": "0" * 32,
        "not_after_ms": START_MS + 15 * MINUTE,
        "on": "1" * 64,
        "payload": {},
        "post": "pst0",
        "subject": "pay0",
    } | fields
    if not values["post"]:
        del values["post"]  # the one field whose default is left out
    return encode(values)


def key_row(signer: Signer) -> dict[str, str]:
    """Return a key as payloads carry it."""
    return {"alg": signer.alg, "public": to_base64(signer.public_key)}


def kid(signer: Signer) -> str:
    """Return a signer's kid."""
    return kid_of(INTL, signer.public_key)


class Book:
    """A log in memory, extended act by act."""

    def __init__(self, web: WebOrigins = WEB) -> None:
        self.web = web
        self.tree = merkle.Tree(INTL)
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.leaves: list[bytes] = []
        payload = {
            "keys": [key_row(one) for one in FOUNDERS],
            "origin": ORIGIN,
            "rp_id": web.rp_id,
            "suite": "intl",
            "web_origins": list(web.origins),
        }
        raw = body("", "", act="genesis/1", payload=payload, post="", on="", subject="ledger")
        self.ledger = ledger_id(INTL, raw)
        signatures = [
            FounderSignature(
                one.alg, kid(one), to_base64(one.sign(signed_bytes("", one.alg, kid(one), raw)))
            )
            for one in FOUNDERS
        ]
        self._add(raw, make_founders(signatures))

    def _add(self, raw: bytes, signature: bytes) -> int:
        index = len(self.leaves)
        touched = [("payment", f"pay{index}", sha256(raw).hexdigest())]
        leaf = pack(Entry(raw, signature, make_receipt(index, 1, START_MS + index, touched)))
        self.leaves.append(leaf)
        made = self.tree.append(merkle.leaf_hash(INTL, leaf))
        for level, position, node in [(0, index, merkle.leaf_hash(INTL, leaf)), *made]:
            self.nodes[level, position] = node
        return index

    def fetch(self, level: int, position: int) -> bytes:
        """Return a complete subtree's hash."""
        return self.nodes[level, position]

    @property
    def seen(self) -> Seen:
        """Return the present size and root."""
        return Seen(len(self.leaves), self.tree.root().hex())

    def body(self, signer: Signer, **fields: Any) -> bytes:
        """Return the bytes of an act for this ledger."""
        return body(self.ledger, kid(signer), nonce=f"{len(self.leaves):032x}", **fields)

    def act(self, signer: Signer, **fields: Any) -> int:
        """Sign and append an act; return its index."""
        raw = self.body(signer, seen={"root": self.seen.root, "size": self.seen.size}, **fields)
        return self.append(raw, self.signed(signer, raw))

    def signed(self, signer: Signer, raw: bytes) -> SignatureBlock:
        """Return a signer's block over bytes, whatever they say."""
        made = signer.sign(signed_bytes(self.ledger, signer.alg, kid(signer), raw))
        return SignatureBlock(signer.alg, to_base64(made))

    def append(self, raw: bytes, block: SignatureBlock) -> int:
        """Append an act that is signed already."""
        return self._add(raw, encode(block))

    def note(self, *, witnessed: bool = False) -> bytes:
        """Return the signed checkpoint."""
        text = Checkpoint(ORIGIN, len(self.leaves), self.tree.root()).text
        note = sign_note(text, ORIGIN, LOG_KEY)
        if witnessed:
            note = note.with_signature(cosign(text, "审计.example", WITNESS, START_MS // 1000))
        return note.encode()

    def log(self) -> bytes:
        """Return the log file."""
        header = make_header(INTL, ORIGIN, self.leaves[0])
        return b"".join(log_chunks(header, self.leaves, self.note()))

    def proof(self, index: int, signer: Signer | None = None, **extra: Any) -> bytes:
        """Return the proof file of one entry."""
        return self.proof_with_key(index, signer.public_key if signer else b"", **extra)

    def proof_with_key(self, index: int, key: bytes, **extra: Any) -> bytes:
        """Return the proof file of an entry whose signer's public key alone is known."""
        path = merkle.inclusion_path(INTL, index, len(self.leaves), self.fetch)
        note = self.note(witnessed=extra.pop("witnessed", False))
        beside = make_extra(self.leaves[index], key, **extra)
        return write_proof(Proof(index, tuple(path), note, beside))

    def consistency(self, size1: int) -> list[str]:
        """Return the consistency path from an earlier size."""
        path = merkle.consistency_path(INTL, size1, len(self.leaves), self.fetch)
        return [part.hex() for part in path]

    def trust(self) -> dict[str, Any]:
        """Return what a reader of this log trusts."""
        web = {"rp_id": self.web.rp_id, "origins": list(self.web.origins)}
        return {"vkey": make_vkey(ORIGIN, LOG_KEY).line, "ledger": self.ledger, "web": web}


def witness_vkey() -> str:
    """Return the witness's verifier key."""
    return make_witness_vkey("审计.example", WITNESS).line


def committed(book: Book, label: str, value: Any) -> tuple[str, Opening]:
    """Return a commitment on payment pay0 and its opening."""
    ledger = book.ledger
    made = commit(INTL, ledger, "pay0", "per0", label, value, SALT)
    return made, make_opening(ledger, "pay0", "per0", label, value, SALT)


def full_book() -> tuple[Book, int, Opening, Status]:
    """Return a ledger of nine entries whose entry 4 pays, its opening and a status."""
    book = Book()
    book.act(FOUNDERS[0], act="key.confirm/1", payload=key_row(OFFICER))
    for number in range(2):
        book.act(FOUNDERS[number], act="year.open/1", payload={"year": 2020 + number})
    payee, opening = committed(book, "account", "6228 模拟账户")
    index = book.act(OFFICER, payload={"account": payee, "amount_fen": 123_456_789})
    for number in range(4):
        book.act(OFFICER, act="claim.review/1", payload={"note": f"第{number}步"})
    return book, index, opening, Status(len(book.leaves))
