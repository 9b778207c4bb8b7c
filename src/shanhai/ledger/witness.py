"""Cosignatures: a witness states when it saw a checkpoint as the largest consistent one.

Source: C2SP tlog-cosignature, cosignature/v1 (type 0x04, Ed25519); for SM2 the same message under
type 0xff and an identifier of our own.
"""

import struct
from collections.abc import Collection

from shanhai.kernel.errors import ProofError
from shanhai.ledger import signing
from shanhai.ledger.checkpoint import (
    COSIGNATURE_KINDS,
    Note,
    NoteSignature,
    VKey,
    check_name,
    known_signatures,
    parse_checkpoint,
)

_TIME = struct.Struct(">Q")
_MAX_TIME_S = 2**63 - 1


def make_witness_vkey(name: str, signer: signing.Signer) -> VKey:
    """Return the verifier key of a cosigner (`ed25519` or `sm2-sm3`).

    Raises:
        InvalidInputError: `note.name`, if a note cannot carry the name.
    """
    return VKey(check_name(name), COSIGNATURE_KINDS[signer.alg], signer.public_key)


def cosigned_bytes(text: str, time_s: int) -> bytes:
    """Return what a cosigner signs: two header lines and the checkpoint's text.

    Args:
        text: The note text, its final newline included.
        time_s: Unix time in seconds.
    """
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def cosign(text: str, name: str, signer: signing.Signer, time_s: int) -> NoteSignature:
    """Cosign a checkpoint; the caller has checked that it is consistent and valid.

    Args:
        text: The checkpoint's note text.
        name: The cosigner's key name.
        signer: Its key, used for nothing else.
        time_s: When, Unix seconds.

    Returns:
        The line to add to the note: u64 time ‖ signature under the key's id.

    Raises:
        ProofError: `checkpoint.malformed`, if the text is no checkpoint.
        InvalidInputError: `note.name`.
    """
    parse_checkpoint(text)
    vkey = make_witness_vkey(name, signer)
    signature = signer.sign(cosigned_bytes(text, time_s))
    return NoteSignature(name, vkey.key_id, _TIME.pack(time_s) + signature)


def cosignatures(note: Note, vkeys: Collection[VKey]) -> dict[str, int]:
    """Check the cosignatures of the given witnesses; others are ignored.

    Args:
        note: A parsed note over a checkpoint.
        vkeys: Trusted keys; those of logs are left aside.

    Returns:
        The time in Unix seconds by witness name; the latest, where one signed twice.

    Raises:
        ProofError: `note.signature`, if a trusted witness's cosignature does not hold.
    """
    times = dict[str, int]()
    for vkey, line in known_signatures(note, [key for key in vkeys if key.kind.timed]):
        head, signature = line.signature[: _TIME.size], line.signature[_TIME.size :]
        time_s = int.from_bytes(head, "big")
        try:
            message = cosigned_bytes(note.text, time_s)
            signing.verify_raw(vkey.kind.alg, vkey.public_key, signature, message)
        except ProofError as error:
            raise ProofError("note.signature", name=vkey.name) from error
        if time_s > _MAX_TIME_S:
            raise ProofError("note.signature", name=vkey.name)
        times[vkey.name] = max(time_s, times.get(vkey.name, 0))
    return times
