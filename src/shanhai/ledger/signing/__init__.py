"""Signatures of acts: four algorithms, one question, `verify`.

Source: `docs/dev/ledger-spec.md` section 3. Which keys count, and when, is decided by the rules;
here a key is bytes. An `sm` ledger admits SM2 keys only (frozen decision 2).
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from shanhai.kernel.canonical import from_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import signed_bytes
from shanhai.ledger.entry import SignatureBlock
from shanhai.ledger.signing import ed25519, p256, sm2, webauthn
from shanhai.ledger.signing.ed25519 import Ed25519Signer
from shanhai.ledger.signing.p256 import P256Signer
from shanhai.ledger.signing.sm2 import Sm2Signer, Sm2UnavailableError
from shanhai.ledger.signing.webauthn import WebOrigins

__all__ = [
    "ALGORITHMS",
    "Ed25519Signer",
    "P256Signer",
    "Signer",
    "Sm2Signer",
    "Sm2UnavailableError",
    "WebOrigins",
    "check_public_key",
    "kid_of",
    "verify",
    "verify_raw",
]

TEXTS |= {
    "signature.invalid": Text(
        "签名不成立：内容被改动，或不是这把密钥所签，请重新签名",
        "The signature does not hold: the content was changed or another key signed; sign again",
    ),
    "signature.algorithm": Text(
        "本账不接受 {alg} 签名，请使用已登记的密钥",
        "This ledger does not take {alg} signatures here; use a registered key",
    ),
    "signature.block": Text(
        "签名块含有该算法不用的内容，请重新签名",
        "The signature block holds what this algorithm does not use; sign again",
    ),
    "signature.key": Text(
        "这不是可用的 {alg} 公钥，请重新生成密钥",
        "This is no usable {alg} public key; make a new key",
    ),
}


class Signer(Protocol):
    """A software key: its algorithm, public key bytes, and the raw signature over bytes."""

    @property
    def alg(self) -> str:
        """Return the algorithm's name as it stands in signed bytes."""

    @property
    def public_key(self) -> bytes:
        """Return 32 bytes (ed25519) or the 65-byte uncompressed point."""

    def sign(self, message: bytes, /) -> bytes:
        """Return the raw signature, 64 bytes."""


class _Algorithm(NamedTuple):
    is_public_key: Callable[[bytes], bool]
    verify: Callable[[bytes, bytes, bytes], bool] | None


ALGORITHMS = {
    ed25519.ALG: _Algorithm(ed25519.is_public_key, ed25519.verify),
    p256.ALG: _Algorithm(p256.is_public_key, p256.verify),
    webauthn.ALG: _Algorithm(p256.is_public_key, None),
    sm2.ALG: _Algorithm(sm2.is_public_key, sm2.verify),
}


def kid_of(suite: Suite, public_key: bytes) -> str:
    """Return a key's id: H(suite name ‖ 0x00 ‖ public key), hex (frozen decision 12)."""
    return suite.digest(suite.name.encode() + b"\x00" + public_key)


def check_public_key(alg: str, public_key: bytes) -> None:
    """Refuse, before it is registered, a key on which verifiers could disagree.

    Args:
        alg: `ed25519`, `p256`, `webauthn-p256` or `sm2-sm3`.
        public_key: 32 bytes (ed25519) or a 65-byte uncompressed point.

    Raises:
        InvalidInputError: `signature.algorithm` if unknown; `signature.key` if the length is
            wrong or the point is not on its curve, non-canonical or of small order.
    """
    if alg not in ALGORITHMS:
        raise InvalidInputError("signature.algorithm", alg=alg)
    if not ALGORITHMS[alg].is_public_key(public_key):
        raise InvalidInputError("signature.key", alg=alg)


def verify_raw(alg: str, public_key: bytes, signature: bytes, message: bytes) -> None:
    """Check a bare signature, as notes and founders carry it.

    Args:
        alg: `ed25519`, `p256` or `sm2-sm3`; a passkey never signs bare bytes.
        public_key: The key's bytes.
        signature: 64 bytes.
        message: What was signed.

    Raises:
        ProofError: `signature.algorithm` or `signature.invalid`.
    """
    algorithm = ALGORITHMS.get(alg)
    if algorithm is None or algorithm.verify is None:
        raise ProofError("signature.algorithm", alg=alg)
    if not algorithm.verify(public_key, signature, message):
        raise ProofError("signature.invalid")


def verify(  # noqa: PLR0913, PLR0917 - everything a signature binds together
    suite: Suite,
    alg: str,
    public_key: bytes,
    block: SignatureBlock,
    ledger_id: str,
    kid: str,
    body_raw: bytes,
    web: WebOrigins,
) -> None:
    """Check that a registered key signed this body for this ledger.

    Args:
        suite: The ledger's suite.
        alg: The algorithm registered for the key.
        public_key: The key registered under `kid`, already passed by `check_public_key`.
        block: The entry's signature block.
        ledger_id: This ledger's id in hex, "" for genesis.
        kid: The key's id in hex.
        body_raw: The body's canonical bytes.
        web: Where passkeys of this ledger may be used.

    Raises:
        ProofError: `signature.algorithm` if the block's algorithm is not the key's or the suite
            does not admit it; `signature.block` if it carries what the algorithm does not use;
            `signature.challenge`, `.origin`, `.user` or `.batch` for a passkey;
            `signature.invalid` if the signature does not hold.
        InvalidInputError: `bytes.base64`, if binary is not canonically written.
        Sm2UnavailableError: If this machine cannot compute SM2.
    """
    if block.alg != alg or alg not in ALGORITHMS or (suite.name == "sm" and alg != sm2.ALG):
        raise ProofError("signature.algorithm", alg=block.alg)
    message = signed_bytes(ledger_id, alg, kid, body_raw)
    check = ALGORITHMS[alg].verify
    if check is None:
        holds = webauthn.verify(suite, public_key, block, message, web)
    elif block.auth or block.client or block.index or block.size or block.path:
        raise ProofError("signature.block")
    else:
        holds = check(public_key, from_base64(block.sig), message)
    if not holds:
        raise ProofError("signature.invalid")
