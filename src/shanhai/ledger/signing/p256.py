"""ECDSA on P-256 with SHA-256 as WebCrypto writes it: raw r ‖ s, 64 bytes.

Source: FIPS 186-5; W3C Web Cryptography API section 23 (ECDSA); RFC 6979 for the signer's nonce.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALG = "p256"
KEY_BYTES = 65
SIGNATURE_BYTES = 64
_HALF = 32
_CACHED_KEYS = 4096
_ALGORITHM = ec.ECDSA(SHA256())


@lru_cache(_CACHED_KEYS)
def _load(public_key: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` (raw r ‖ s) is this key's (65-byte point) over `message`."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    return verify_der(public_key, encode_dss_signature(r, s), message)


def verify_der(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether a DER signature, as passkeys give it, is this key's over `message`."""
    try:
        _load(public_key).verify(signature, message, _ALGORITHM)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_public_key(public_key: bytes) -> bool:
    """Return whether these are 65 bytes of an uncompressed point on the curve."""
    if len(public_key) != KEY_BYTES or public_key[0] != 4:  # noqa: PLR2004 - SEC 1: uncompressed
        return False
    try:
        _load(public_key)
    except ValueError:
        return False
    return True


class P256Signer:
    """A software key that signs deterministically (RFC 6979)."""

    alg = ALG

    def __init__(self, secret: bytes) -> None:
        """Take the 32-byte secret scalar, big-endian, in [1, n − 1]."""
        self._key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
        self.public_key = self._key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    def sign_der(self, message: bytes) -> bytes:
        """Return the DER signature, as an authenticator gives it, up to 72 bytes."""
        return self._key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))

    def sign(self, message: bytes) -> bytes:
        """Return raw r ‖ s, 64 bytes."""
        r, s = decode_dss_signature(self.sign_der(message))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
