"""Passkeys: an invented authenticator, one gesture for one act or many, refusals of each part."""

import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from shanhai.kernel.canonical import from_base64, to_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import INTL
from shanhai.ledger.body import signed_bytes
from shanhai.ledger.entry import SignatureBlock
from shanhai.ledger.merkle import Tree, inclusion_path, leaf_hash
from shanhai.ledger.signing import P256Signer, WebOrigins, kid_of, verify

SIGNER, ALG, LEDGER = P256Signer(b"\x07" * 32), "webauthn-p256", "a0" * 32
KID = kid_of(INTL, SIGNER.public_key)
ORIGIN = "http://localhost:8000"
WEB = WebOrigins("localhost", (ORIGIN, "https://shanhai.example"))
BODIES = [b'{"act":"claim.endorse/1","subject":"%d"}' % number for number in range(5)]


def gesture(
    bodies: list[bytes], flags: int = 0x05, rp_id: str = "localhost", **client: Any
) -> list[SignatureBlock]:
    """Sign as an authenticator does: one assertion over the root of all bodies."""
    leaves = [leaf_hash(INTL, signed_bytes(LEDGER, ALG, KID, body)) for body in bodies]
    tree, nodes = Tree(INTL), {(0, index): leaf for index, leaf in enumerate(leaves)}
    for leaf in leaves:
        nodes |= {(level, index): node for level, index, node in tree.append(leaf)}
    data = {
        "type": "webauthn.get",
        "challenge": to_base64(tree.root()),
        "origin": ORIGIN,
        "crossOrigin": False,
        "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
    }
    client_raw = json.dumps(data | client).encode()
    auth = sha256(rp_id.encode()).digest() + bytes([flags]) + (9).to_bytes(4, "big")
    block = SignatureBlock(
        ALG,
        to_base64(SIGNER.sign_der(auth + sha256(client_raw).digest())),
        to_base64(auth),
        to_base64(client_raw),
    )
    if len(bodies) == 1:
        return [block]
    size = len(bodies)
    paths = [inclusion_path(INTL, i, size, lambda level, at: nodes[level, at]) for i in range(size)]
    return [
        msgspec.structs.replace(block, index=i, size=size, path=tuple(h.hex() for h in path))
        for i, path in enumerate(paths)
    ]


def check(block: SignatureBlock, body: bytes = BODIES[0], web: WebOrigins = WEB) -> None:
    verify(INTL, ALG, SIGNER.public_key, block, LEDGER, KID, body, web)


def test_one_gesture_signs_one_act() -> None:
    (block,) = gesture(BODIES[:1])
    check(block)
    with pytest.raises(ProofError, match=r"signature\.challenge"):
        check(block, BODIES[1])


@pytest.mark.parametrize("count", [2, 3, 5])
def test_one_gesture_signs_a_batch(count: int) -> None:
    blocks = gesture(BODIES[:count])
    for block, body in zip(blocks, BODIES, strict=False):
        check(block, body)
        with pytest.raises(ProofError, match=r"signature\.challenge"):
            check(block, b"{}")


@pytest.mark.parametrize(
    "changed",
    [
        {"size": 1, "path": ()},
        {"size": 0},
        {"size": 0, "index": 1, "path": ()},
        {"index": 5},
        {"path": ("0" * 64,)},
        {"path": ("G" * 64,) * 3},
        {"path": ("ab",) * 3},
    ],
)
def test_an_impossible_place_in_a_batch_is_refused(changed: dict[str, Any]) -> None:
    block = gesture(BODIES)[0]
    with pytest.raises(ProofError, match=r"signature\.batch"):
        check(msgspec.structs.replace(block, **changed))


def test_another_place_in_the_batch_is_another_act() -> None:
    block = gesture(BODIES)[0]
    with pytest.raises(ProofError, match=r"signature\.challenge"):
        check(msgspec.structs.replace(block, index=1))


@pytest.mark.parametrize("flags", [0x00, 0x01, 0x04])
def test_the_user_must_be_present_and_verified(flags: int) -> None:
    with pytest.raises(ProofError, match=r"signature\.user"):
        check(gesture(BODIES[:1], flags=flags)[0])


@pytest.mark.parametrize(
    "client",
    [
        {"origin": "http://localhost:8001"},
        {"origin": "http://localhost:8000/"},
        {"origin": "https://evil.example"},
        {"crossOrigin": True},
    ],
)
def test_only_listed_origins_count(client: dict[str, Any]) -> None:
    with pytest.raises(ProofError, match=r"signature\.origin"):
        check(gesture(BODIES[:1], **client)[0])


def test_only_the_ledgers_rp_id_counts() -> None:
    with pytest.raises(ProofError, match=r"signature\.origin"):
        check(gesture(BODIES[:1], rp_id="evil.example")[0])


@pytest.mark.parametrize(
    "client",
    [{"type": "webauthn.create"}, {"challenge": "AAAA"}, {"challenge": 1}, {"origin": None}],
)
def test_only_an_assertion_of_this_challenge_counts(client: dict[str, Any]) -> None:
    with pytest.raises(ProofError, match=r"signature\.challenge"):
        check(gesture(BODIES[:1], **client)[0])


@pytest.mark.parametrize("client", [b"", b"[]", b"\xff", b"{"])
def test_client_data_that_is_no_json_object_is_refused(client: bytes) -> None:
    block = msgspec.structs.replace(gesture(BODIES[:1])[0], client=to_base64(client))
    with pytest.raises(ProofError, match=r"signature\.challenge"):
        check(block)


@pytest.mark.parametrize("part", ["sig", "auth", "client"])
def test_a_changed_byte_in_any_part_is_refused(part: str) -> None:
    block = gesture(BODIES[:1])[0]
    raw = from_base64(getattr(block, part))
    for position in range(len(raw)):
        changed = raw[:position] + bytes([raw[position] ^ 0x10]) + raw[position + 1 :]
        with pytest.raises((ProofError, InvalidInputError)):
            check(msgspec.structs.replace(block, **{part: to_base64(changed)}))
    with pytest.raises((ProofError, InvalidInputError)):
        check(msgspec.structs.replace(block, **{part: ""}))


def test_short_authenticator_data_is_refused() -> None:
    block = gesture(BODIES[:1])[0]
    short = to_base64(from_base64(block.auth)[:36])
    with pytest.raises(ProofError, match=r"signature\.origin"):
        check(msgspec.structs.replace(block, auth=short))
