"""The stored vectors hold for this code, and this code makes them again."""

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import make_vectors
from shanhai.kernel.canonical import decode, from_base64
from shanhai.kernel.suite import INTL, Suite, suite_named
from shanhai.ledger.body import act_id, ledger_id, parse_body, signed_bytes
from shanhai.ledger.checkpoint import parse_note, parse_vkey, verify_note
from shanhai.ledger.commitment import Opening, verify_opening
from shanhai.ledger.entry import parse_founders, parse_signature, unpack
from shanhai.ledger.logfile import LogReader
from shanhai.ledger.merkle import leaf_hash, verify_consistency, verify_inclusion
from shanhai.ledger.proof import verify_proof
from shanhai.ledger.signing import WebOrigins, kid_of, verify, verify_raw
from shanhai.ledger.witness import cosignatures

STORED: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "golden" / "ledger_vectors.json").read_text(encoding="utf-8")
)
WEB = WebOrigins(**STORED["web"])
both = pytest.mark.parametrize(
    "suite", [suite_named("intl"), suite_named("sm")], ids=lambda s: s.name
)


def test_the_script_makes_the_stored_file_again() -> None:
    assert make_vectors.make(STORED) == STORED


def test_every_algorithm_and_both_kinds_of_gesture_are_there() -> None:
    blocks = [parse_signature(act["signature"].encode()) for act in STORED["intl"]["acts"][1:]]
    assert {block.alg for block in blocks} == {"ed25519", "p256", "webauthn-p256", "sm2-sm3"}
    assert {block.size for block in blocks} == {0, 3}


@both
def test_every_act_is_signed_as_stored(suite: Suite) -> None:
    stored = STORED[suite.name]
    keys = {key["kid"]: bytes.fromhex(key["public_key"]) for key in stored["keys"]}
    for act in stored["acts"]:
        raw, key = act["body"].encode(), keys[act["kid"]]
        body = parse_body(raw)
        assert act_id(suite, raw) == act["act_id"]
        assert kid_of(suite, key) == act["kid"]
        message = signed_bytes(body.ledger, act["alg"], act["kid"], raw)
        assert message.hex() == act["signed_bytes"]
        if body.ledger:
            block = parse_signature(act["signature"].encode())
            verify(suite, act["alg"], key, block, stored["ledger"], act["kid"], raw, WEB)
        else:
            (founder,) = parse_founders(act["signature"].encode())
            verify_raw(founder.alg, key, from_base64(founder.sig), message)
            assert ledger_id(suite, raw) == stored["ledger"]


@both
def test_leaves_roots_and_proofs_are_as_stored(suite: Suite) -> None:
    stored = STORED[suite.name]
    roots = [bytes.fromhex(root) for root in stored["roots"]]
    size = len(stored["entries"])
    for index, row in enumerate(stored["entries"]):
        raw = bytes.fromhex(row["entry"])
        assert unpack(raw).body.decode() == stored["acts"][index]["body"]
        leaf = leaf_hash(suite, raw)
        assert leaf.hex() == row["leaf_hash"]
        path = [bytes.fromhex(part) for part in stored["inclusion"][index]]
        verify_inclusion(suite, leaf, index, size, path, roots[-1])
        steps = [bytes.fromhex(part) for part in stored["consistency"][index]]
        verify_consistency(suite, index + 1, size, steps, roots[index + 1], roots[-1])


@both
def test_note_commitment_proof_and_log_hold(suite: Suite) -> None:
    stored = STORED[suite.name]
    note = parse_note(stored["note"].encode())
    vkeys = [parse_vkey(stored["vkey"]), parse_vkey(stored["witness_vkey"])]
    assert [key.line for key in verify_note(note, vkeys)] == [stored["vkey"]]
    assert list(cosignatures(note, vkeys)) == ["witness.example"]
    opening = decode(stored["commitment"]["opening"].encode(), Opening)
    verify_opening(suite, opening, stored["commitment"]["commitment"])
    checked = verify_proof(suite, stored["proof"].encode(), vkeys, STORED["origin"], WEB)
    assert checked.signer_checked
    assert checked.openings == (opening,)
    entries = list(LogReader(BytesIO(b64decode(stored["log"]))))
    assert [raw.hex() for raw in entries] == [row["entry"] for row in stored["entries"]]


def test_the_suites_share_no_digest() -> None:
    intl, sm = STORED[INTL.name], STORED["sm"]
    assert not {row["leaf_hash"] for row in intl["entries"]} & {
        row["leaf_hash"] for row in sm["entries"]
    }
