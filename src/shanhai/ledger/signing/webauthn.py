"""Passkeys: one gesture signs the RFC 6962 root over the signed bytes of its acts.

Source: W3C Web Authentication Level 3 section 7.2 (verifying an assertion), frozen decision 11.
"""

from collections.abc import Collection
from hashlib import sha256
from typing import NamedTuple

import msgspec

from shanhai.kernel.canonical import from_base64, from_hex, to_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.entry import SignatureBlock
from shanhai.ledger.merkle import leaf_hash, root_from_path
from shanhai.ledger.signing import p256

ALG = "webauthn-p256"
USER_PRESENT, USER_VERIFIED = 0x01, 0x04
_RP_ID_HASH_BYTES = 32
_MIN_AUTH_BYTES = 37
_MIN_BATCH = 2

TEXTS |= {
    "signature.challenge": Text(
        "通行密钥签的不是这份内容，请重新核对并签名",
        "The passkey signed something else; check the content and sign again",
    ),
    "signature.origin": Text(
        "签名来自本账未登记的网址 {origin}，请从登记的网址打开后重新签名",
        "It was signed at {origin}, which this ledger does not list; open a listed address and "
        "sign again",
    ),
    "signature.user": Text(
        "通行密钥未验证本人（指纹、面容或 PIN），请开启验证后重新签名",
        "The passkey did not verify its user by fingerprint, face or PIN; turn that on and sign "
        "again",
    ),
    "signature.batch": Text(
        "批量签名中的位置或路径不对，请重新签名",
        "The place or path in the signed batch is wrong; sign again",
    ),
}


class WebOrigins(NamedTuple):
    """Where this ledger's passkeys live, from its genesis: rp id and the exact origins allowed."""

    rp_id: str
    origins: Collection[str]


class _Client(msgspec.Struct, rename={"cross_origin": "crossOrigin"}):
    """The keys of clientDataJSON that count; browsers add others on purpose."""

    type: str
    challenge: str
    origin: str
    cross_origin: bool = False


_decode_client = msgspec.json.Decoder(_Client).decode


def challenge(suite: Suite, block: SignatureBlock, message: bytes) -> bytes:
    """Return the challenge that a block's gesture must have signed, 32 bytes.

    Args:
        suite: The ledger's suite.
        block: Its `index`, `size` and `path` are left out for a single act.
        message: The act's signed bytes.

    Raises:
        ProofError: `signature.batch`, if the place in the batch is impossible.
    """
    leaf = leaf_hash(suite, message)
    if not block.size:
        if block.index or block.path:
            raise ProofError("signature.batch")
        return leaf
    if block.size < _MIN_BATCH:  # a batch of one would be a second spelling of a single act
        raise ProofError("signature.batch")
    try:
        path = [from_hex(part, 32) for part in block.path]
        return root_from_path(suite, leaf, block.index, block.size, path)
    except (InvalidInputError, ProofError) as error:
        raise ProofError("signature.batch") from error


def verify(
    suite: Suite, public_key: bytes, block: SignatureBlock, message: bytes, web: WebOrigins
) -> bool:
    """Check an assertion: what was signed, where, by a verified user, and the signature itself.

    Args:
        suite: The ledger's suite.
        public_key: The passkey's 65-byte point.
        block: With `auth`, `client`, a DER `sig` and, in a batch, `index`, `size`, `path`.
        message: The act's signed bytes.
        web: The ledger's rp id and origins.

    Returns:
        Whether the ECDSA signature over authenticatorData ‖ SHA-256(clientDataJSON) holds.

    Raises:
        ProofError: `signature.batch`, `signature.challenge`, `signature.origin` or
            `signature.user`.
        InvalidInputError: If a part is not canonical base64url.
    """
    auth, client_raw = from_base64(block.auth), from_base64(block.client)
    client = _parse_client(client_raw)
    if client.challenge != to_base64(challenge(suite, block, message)):
        raise ProofError("signature.challenge")
    if client.origin not in web.origins or client.cross_origin:
        raise ProofError("signature.origin", origin=client.origin)
    if len(auth) < _MIN_AUTH_BYTES or auth[:_RP_ID_HASH_BYTES] != _rp_id_hash(web.rp_id):
        raise ProofError("signature.origin", origin=client.origin)
    flags = auth[_RP_ID_HASH_BYTES]
    if not flags & USER_PRESENT or not flags & USER_VERIFIED:
        raise ProofError("signature.user")
    return p256.verify_der(public_key, from_base64(block.sig), auth + sha256(client_raw).digest())


def _parse_client(raw: bytes) -> _Client:
    try:
        client = _decode_client(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProofError("signature.challenge") from error
    if client.type != "webauthn.get":
        raise ProofError("signature.challenge")
    return client


def _rp_id_hash(rp_id: str) -> bytes:
    return sha256(rp_id.encode()).digest()
