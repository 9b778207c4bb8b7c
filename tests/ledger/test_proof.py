"""The proof file: what it shows, offline, and what it refuses."""

from typing import Any

import msgspec
import pytest

from ledger import test_webauthn as passkey
from ledger.sample import FOUNDER, ORIGIN, body_of, make_ledger
from shanhai.kernel.canonical import encode, to_base64
from shanhai.kernel.errors import ProofError, ShanhaiError
from shanhai.kernel.suite import INTL, SM
from shanhai.ledger.checkpoint import Checkpoint, make_vkey, sign_note
from shanhai.ledger.entry import Entry, make_receipt, pack
from shanhai.ledger.merkle import leaf_hash
from shanhai.ledger.proof import (
    MAX_PROOF_BYTES,
    Checked,
    Extra,
    Proof,
    Status,
    make_extra,
    parse_proof,
    verify_proof,
    write_proof,
)
from shanhai.ledger.signing import Ed25519Signer, Sm2Signer, WebOrigins
from shanhai.ledger.witness import cosign, make_witness_vkey

LEDGER = make_ledger(7)
INDEX = 4
OPENING = LEDGER.openings[INDEX - 1]
EXTRA = make_extra(LEDGER.entries[INDEX], FOUNDER.public_key, (OPENING,), Status(7))
PROOF = Proof(INDEX, LEDGER.path(INDEX), LEDGER.note.encode(), EXTRA)


def check(proof: Proof, web: WebOrigins | None = None) -> Checked:
    return verify_proof(INTL, write_proof(proof), [LEDGER.vkey], ORIGIN, web)


def with_extra(**changed: Any) -> Proof:
    return msgspec.structs.replace(PROOF, extra=msgspec.structs.replace(EXTRA, **changed))


def test_a_proof_shows_entry_place_opening_status_and_signer() -> None:
    checked = check(PROOF)
    assert (checked.index, checked.checkpoint.size) == (INDEX, 7)
    assert checked.body.subject == f"clm{INDEX:026}"
    assert checked.receipt.index == INDEX
    assert [bytes(one.value).decode() for one in checked.openings] == ['"收款人4（模拟）"']
    assert checked.status == Status(7)
    assert checked.signer_checked


def test_the_text_is_that_of_tlog_proof() -> None:
    lines = write_proof(PROOF).decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 4"
    assert lines[3 + len(PROOF.path)] == ""
    assert lines[4 + len(PROOF.path)] == ORIGIN
    assert parse_proof(write_proof(PROOF)) == PROOF


@pytest.mark.parametrize("index", range(7))
def test_every_entry_has_a_proof_with_the_least_beside_it(index: int) -> None:
    proof = Proof(index, LEDGER.path(index), PROOF.note, make_extra(LEDGER.entries[index]))
    checked = check(proof)
    assert (checked.openings, checked.status, checked.signer_checked) == ((), None, False)


def test_an_sm_ledger_has_proofs_too() -> None:
    key = Sm2Signer(b"\x03" * 32)
    ledger = make_ledger(3, SM, key, Sm2Signer(b"\x04" * 32))
    extra = make_extra(ledger.entries[2], key.public_key, tuple(ledger.openings[1:2]))
    raw = write_proof(Proof(2, ledger.path(2), ledger.note.encode(), extra))
    assert verify_proof(SM, raw, [ledger.vkey], ORIGIN).signer_checked
    with pytest.raises(ProofError, match=r"proof\.root"):
        verify_proof(INTL, raw, [ledger.vkey], ORIGIN)


def test_one_changed_byte_anywhere_is_refused() -> None:
    # Without the status, which is the issuer's own statement and bound by nothing.
    raw = write_proof(with_extra(status=None))
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 0x01
        with pytest.raises(ShanhaiError):
            verify_proof(INTL, bytes(changed), [LEDGER.vkey], ORIGIN)


def test_cut_and_lengthened_files_are_refused() -> None:
    raw = write_proof(PROOF)
    for position in range(len(raw)):
        with pytest.raises(ShanhaiError):
            verify_proof(INTL, raw[:position], [LEDGER.vkey], ORIGIN)
    for other in (raw + b"\n", raw + b"x", b"\n" + raw, raw + b"x" * MAX_PROOF_BYTES):
        with pytest.raises(ShanhaiError):
            verify_proof(INTL, other, [LEDGER.vkey], ORIGIN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 4", b"index 04"),
        (b"index 4", b"index  4"),
        (b"index 4", b"Index 4"),
        (b"extra ", b""),
        (b"extra ", b"extra extra "),
        (b"\nindex", b"\n\nindex"),
        (b"\nindex", b"\r\nindex"),
    ],
)
def test_other_forms_are_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(ProofError, match=r"proof\.malformed"):
        parse_proof(write_proof(PROOF).replace(old, new, 1))


def test_another_log_or_key_is_refused() -> None:
    raw = write_proof(PROOF)
    with pytest.raises(ProofError, match=r"checkpoint\.origin"):
        verify_proof(INTL, raw, [LEDGER.vkey], "shanhai.example/other")
    for vkeys in ([], [make_vkey(ORIGIN, Ed25519Signer(b"\x12" * 32))]):
        with pytest.raises(ProofError, match=r"note\.unsigned"):
            verify_proof(INTL, raw, vkeys, ORIGIN)


@pytest.mark.parametrize("index", [0, 3, 5, 7])
def test_another_place_is_refused(index: int) -> None:
    with pytest.raises(ProofError):
        check(msgspec.structs.replace(PROOF, index=index))


def test_an_entry_that_claims_another_index_is_refused() -> None:
    ledger = make_ledger(3)
    ledger.entries[1], ledger.entries[2] = ledger.entries[2], ledger.entries[1]
    proof = Proof(1, ledger.path(1), ledger.note.encode(), make_extra(ledger.entries[1]))
    with pytest.raises(ProofError, match=r"proof\.entry"):
        check(proof)


def test_an_opening_of_another_act_is_refused() -> None:
    for opening in (
        LEDGER.openings[0],
        msgspec.structs.replace(OPENING, value=msgspec.Raw(b'"other"')),
        msgspec.structs.replace(OPENING, ledger="a0" * 32),
    ):
        with pytest.raises(ProofError, match=r"opening\.mismatch"):
            check(with_extra(openings=(opening,)))


@pytest.mark.parametrize("status", [Status(8), Status(4), Status(6, 6), Status(7, 7)])
def test_a_status_beyond_the_checkpoint_is_refused(status: Status) -> None:
    with pytest.raises(ProofError, match=r"proof\.status"):
        check(with_extra(status=status))


def test_a_voided_act_says_by_which_entry() -> None:
    assert check(with_extra(status=Status(6, 5))).status == Status(6, 5)


def test_the_key_shown_must_be_the_one_named_in_the_body() -> None:
    with pytest.raises(ProofError, match=r"proof\.entry"):
        check(with_extra(key=to_base64(Ed25519Signer(b"\x02" * 32).public_key)))


def test_witnesses_are_listed_with_their_times() -> None:
    witness = Ed25519Signer(b"\x21" * 32)
    note = LEDGER.note.with_signature(cosign(LEDGER.note.text, "w.example", witness, 1_790_000_100))
    raw = write_proof(msgspec.structs.replace(PROOF, note=note.encode()))
    vkeys = [LEDGER.vkey, make_witness_vkey("w.example", witness)]
    assert verify_proof(INTL, raw, vkeys, ORIGIN).witnesses == {"w.example": 1_790_000_100}
    assert verify_proof(INTL, raw, vkeys[:1], ORIGIN).witnesses == {}


def test_a_passkeys_act_is_checked_where_its_origins_are_known() -> None:
    body = body_of(INTL, passkey.LEDGER, passkey.SIGNER, 0, {})
    (block,) = passkey.gesture([body])
    entry = pack(Entry(body, encode(block), make_receipt(0, 1, 1, [])))
    text = Checkpoint(ORIGIN, 1, leaf_hash(INTL, entry)).text
    note = sign_note(text, ORIGIN, LEDGER.checkpoint_key).encode()
    proof = Proof(0, (), note, make_extra(entry, passkey.SIGNER.public_key))
    assert not check(proof).signer_checked
    assert check(proof, passkey.WEB).signer_checked
    with pytest.raises(ProofError, match=r"signature\.origin"):
        check(proof, WebOrigins("localhost", ("http://localhost:1",)))


def test_what_travels_beside_the_proof_leaves_defaults_out() -> None:
    assert msgspec.json.encode(Extra("AA")) == b'{"entry":"AA"}'
