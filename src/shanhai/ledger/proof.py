"""The proof file: one entry, its place in a signed tree, and what its holder discloses.

Source: C2SP tlog-proof v1 (text form), `docs/dev/ledger-spec.md` section 9. Checking it needs the
log's verifier key and origin only; no network, no database.
"""

import re
from collections.abc import Collection

import msgspec

from shanhai.kernel.canonical import decode, encode, from_base64, to_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import Body, Count, parse_body
from shanhai.ledger.checkpoint import (
    Checkpoint,
    VKey,
    decode64,
    encode64,
    parse_checkpoint,
    parse_note,
    verify_note,
)
from shanhai.ledger.commitment import Opening, commitment_of
from shanhai.ledger.entry import Receipt, parse_receipt, parse_signature, unpack
from shanhai.ledger.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from shanhai.ledger.signing import WebOrigins, kid_of, verify
from shanhai.ledger.witness import cosignatures

MAX_PROOF_BYTES = 512 * 1024
_MAGIC = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})").fullmatch

TEXTS |= {
    "proof.malformed": Text(
        "证明文件格式不正确，请重新下载",
        "The proof file is malformed; download it again",
    ),
    "proof.entry": Text(
        "证明中的记录与其位置或内容不符，请重新下载",
        "The entry in the proof does not fit its place or its content; download it again",
    ),
    "proof.status": Text(
        "证明中的状态说明晚于检查点，请重新下载",
        "The status in the proof is later than its checkpoint; download it again",
    ),
}


class Status(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whether the act still stood when `size` entries were there, as the issuer states.

    `voided_by` is the index of the entry that voided it, 0 for none (entry 0 voids nothing).
    """

    size: Count
    voided_by: Count = 0


class Extra(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What travels beside the inclusion proof; nothing of it is trusted unchecked.

    `entry` and `key` (the signer's public key) are unpadded base64url.
    """

    entry: str
    key: str = ""
    openings: tuple[Opening, ...] = ()
    status: Status | None = None


class Proof(msgspec.Struct, frozen=True):
    """A proof file's content: place, sibling hashes (32 bytes each), the note as bytes, the rest."""

    index: int
    path: tuple[bytes, ...]
    note: bytes
    extra: Extra


class Checked(msgspec.Struct, frozen=True):
    """What a proof has shown.

    `signer_checked` tells whether the act's own signature was checked too; `witnesses` are the
    times (Unix seconds) of the cosignatures that hold; `status` is the issuer's statement.
    """

    index: int
    body: Body
    receipt: Receipt
    checkpoint: Checkpoint
    witnesses: dict[str, int]
    openings: tuple[Opening, ...]
    status: Status | None
    signer_checked: bool


def make_extra(
    entry: bytes,
    public_key: bytes = b"",
    openings: tuple[Opening, ...] = (),
    status: Status | None = None,
) -> Extra:
    """Return what travels beside the proof of an entry (its leaf bytes)."""
    return Extra(to_base64(entry), to_base64(public_key), openings, status)


def write_proof(proof: Proof) -> bytes:
    """Return the text of a proof file."""
    lines = [_MAGIC, f"extra {encode64(encode(proof.extra))}", f"index {proof.index}"]
    lines += [encode64(part) for part in proof.path]
    return ("\n".join(lines) + "\n\n").encode() + proof.note


def parse_proof(raw: bytes) -> Proof:
    """Read a proof file, checking form only.

    Args:
        raw: At most 512 KiB.

    Raises:
        ProofError: `proof.malformed`; other spellings of the same proof are refused.
    """
    head, blank, note = raw.partition(b"\n\n")
    if not blank or len(raw) > MAX_PROOF_BYTES:
        raise ProofError("proof.malformed")
    try:
        magic, extra_line, index_line, *path_lines = head.decode("ascii").split("\n")
        extra = decode(decode64(extra_line.removeprefix("extra ")) or b"", Extra)
    except (ValueError, InvalidInputError) as error:
        raise ProofError("proof.malformed") from error
    index = _INDEX(index_line)
    path = tuple(decode64(line) or b"" for line in path_lines)
    if magic != _MAGIC or not index or any(len(part) != HASH_BYTES for part in path):
        raise ProofError("proof.malformed")
    proof = Proof(int(index.group(1)), path, note, extra)
    if write_proof(proof) != raw:
        raise ProofError("proof.malformed")
    return proof


def verify_proof(
    suite: Suite, raw: bytes, vkeys: Collection[VKey], origin: str, web: WebOrigins | None = None
) -> Checked:
    """Check a proof file offline.

    Args:
        suite: The ledger's suite.
        raw: The file's bytes.
        vkeys: Trusted keys of the log and, where known, of its witnesses.
        origin: The log that is meant.
        web: Where its passkeys may be used; without it a passkey's signature stays unchecked.

    Returns:
        What was shown.

    Raises:
        ProofError: If the form, the note, the origin, the inclusion, the entry, an opening or the
            signer's signature does not hold; the code says which.
        InvalidInputError: If a part of the entry is malformed.
    """
    proof = parse_proof(raw)
    note = parse_note(proof.note)
    verify_note(note, vkeys)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise ProofError("checkpoint.origin", origin=checkpoint.origin)
    entry_raw = from_base64(proof.extra.entry)
    leaf = leaf_hash(suite, entry_raw)
    verify_inclusion(suite, leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)
    entry = unpack(entry_raw)
    body, receipt = parse_body(entry.body), parse_receipt(entry.receipt)
    status = proof.extra.status
    if receipt.index != proof.index:
        raise ProofError("proof.entry")
    if status and not max(status.voided_by, proof.index) < status.size <= checkpoint.size:
        raise ProofError("proof.status")
    for opening in proof.extra.openings:
        _check_opening(suite, body, opening)
    signer_checked = bool(proof.extra.key) and _check_signer(
        suite, body, entry.body, entry.signature, from_base64(proof.extra.key), web
    )
    return Checked(
        proof.index,
        body,
        receipt,
        checkpoint,
        cosignatures(note, vkeys),
        proof.extra.openings,
        status,
        signer_checked,
    )


def _check_opening(suite: Suite, body: Body, opening: Opening) -> None:
    """Refuse an opening whose commitment this very act does not carry."""
    written = f'"{commitment_of(suite, opening)}"'.encode()
    if opening.ledger != body.ledger or written not in bytes(body.payload):
        raise ProofError("opening.mismatch", label=opening.label)


def _check_signer(
    suite: Suite,
    body: Body,
    body_raw: bytes,
    signature: bytes,
    public_key: bytes,
    web: WebOrigins | None,
) -> bool:
    """Check the act's own signature; the key needs no trust, because the body names its id."""
    block = parse_signature(signature)
    if kid_of(suite, public_key) != body.kid:
        raise ProofError("proof.entry")
    if block.auth and web is None:
        return False
    web = web or WebOrigins("", ())
    verify(suite, block.alg, public_key, block, body.ledger, body.kid, body_raw, web)
    return True
