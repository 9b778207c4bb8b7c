"""Cosignatures: the form of C2SP, both algorithms, refusals."""

import pytest

from shanhai.kernel.errors import ProofError
from shanhai.ledger.checkpoint import Checkpoint, make_vkey, parse_note, parse_vkey, sign_note
from shanhai.ledger.signing import Ed25519Signer, Signer, Sm2Signer
from shanhai.ledger.witness import cosign, cosignatures, cosigned_bytes, make_witness_vkey

LOG, TEXT = Ed25519Signer(b"\x01" * 32), Checkpoint("shanhai.example/demo", 7, b"\x09" * 32).text
WITNESSES: list[Signer] = [Ed25519Signer(b"\x05" * 32), Sm2Signer(b"\x06" * 32)]
NOTE = sign_note(TEXT, "shanhai.example/demo", LOG)
TIME = 1_790_000_000


def test_the_signed_message_is_that_of_cosignature_v1() -> None:
    assert cosigned_bytes(TEXT, TIME) == f"cosignature/v1\ntime {TIME}\n{TEXT}".encode()


def test_an_ed25519_line_is_key_id_time_and_signature() -> None:
    line, vkey = cosign(TEXT, "w", WITNESSES[0], TIME), make_witness_vkey("w", WITNESSES[0])
    assert vkey.kind.prefix == b"\x04"
    assert line.key_id == vkey.key_id != make_vkey("w", WITNESSES[0]).key_id
    assert (len(line.signature), int.from_bytes(line.signature[:8], "big")) == (72, TIME)


def test_every_known_witness_is_counted_with_its_latest_time() -> None:
    note = NOTE
    for number, signer in enumerate(WITNESSES):
        note = note.with_signature(cosign(TEXT, f"w{number}", signer, TIME + number))
    note = note.with_signature(cosign(TEXT, "w0", WITNESSES[0], TIME - 5))
    vkeys = [make_witness_vkey(f"w{number}", one) for number, one in enumerate(WITNESSES)]
    vkeys = [parse_vkey(vkey.line) for vkey in vkeys]
    parsed = parse_note(note.encode())
    assert cosignatures(parsed, [*vkeys, make_vkey("shanhai.example/demo", LOG)]) == {
        "w0": TIME,
        "w1": TIME + 1,
    }
    assert cosignatures(parsed, vkeys[1:]) == {"w1": TIME + 1}
    assert cosignatures(parsed, []) == {}


@pytest.mark.parametrize("signer", WITNESSES, ids=lambda signer: signer.alg)
def test_a_changed_byte_or_text_is_refused(signer: Signer) -> None:
    line, vkey = cosign(TEXT, "w", signer, TIME), make_witness_vkey("w", signer)
    for position in range(len(line.signature)):
        changed = bytearray(line.signature)
        changed[position] ^= 0x80
        with pytest.raises(ProofError, match=r"note\.signature"):
            cosignatures(NOTE.with_signature(line._replace(signature=bytes(changed))), [vkey])
    other = sign_note(TEXT.replace("7", "8", 1), "shanhai.example/demo", LOG)
    with pytest.raises(ProofError, match=r"note\.signature"):
        cosignatures(other.with_signature(line), [vkey])


def test_a_time_beyond_posix_is_refused() -> None:
    line, vkey = cosign(TEXT, "w", WITNESSES[0], 2**63), make_witness_vkey("w", WITNESSES[0])
    with pytest.raises(ProofError, match=r"note\.signature"):
        cosignatures(NOTE.with_signature(line), [vkey])


def test_only_checkpoints_are_cosigned() -> None:
    with pytest.raises(ProofError, match=r"checkpoint\.malformed"):
        cosign("some text\n", "w", WITNESSES[0], TIME)
