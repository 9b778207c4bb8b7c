"""Ed25519 by libsodium, the one verifier of every rules version.

Source: RFC 8032. libsodium refuses non-canonical S and small-order points on verification; other
libraries differ there, so one is fixed (nodes would fork otherwise).
"""

from nacl import bindings
from nacl.exceptions import CryptoError

ALG = "ed25519"
KEY_BYTES = 32
SIGNATURE_BYTES = 64


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` (64 bytes) is this key's (32 bytes) over `message`."""
    if len(signature) != SIGNATURE_BYTES or len(public_key) != KEY_BYTES:
        return False
    try:
        bindings.crypto_sign_open(signature + message, public_key)
    except CryptoError:
        return False
    return True


def is_public_key(public_key: bytes) -> bool:
    """Return whether these are 32 bytes of a canonical point of the large prime-order group."""
    return len(public_key) == KEY_BYTES and bindings.crypto_core_ed25519_is_valid_point(public_key)


class Ed25519Signer:
    """A software key, for tests, demonstrations, checkpoints and server-held keys."""

    alg = ALG

    def __init__(self, seed: bytes) -> None:
        """Take the 32-byte secret seed (RFC 8032)."""
        self.public_key, self._secret = bindings.crypto_sign_seed_keypair(seed)

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes, the same for the same message."""
        return bindings.crypto_sign(message, self._secret)[:SIGNATURE_BYTES]
