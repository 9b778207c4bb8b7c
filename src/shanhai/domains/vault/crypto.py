"""Encryption of the vault: one master key in the data folder, one secret a record.

Source: NIST SP 800-38D (AES-GCM), RFC 2104 (HMAC), RFC 5869 (HKDF).
"""

import hmac
import os
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32
KEY_FILE = Path("keys/vault")


def master_key(data_dir: Path) -> bytes:
    """Return the vault's master key, made on first use with mode 0600.

    Args:
        data_dir: The installation's data folder.
    """
    path = data_dir / KEY_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
    return path.read_bytes()


def seal(key: bytes, plain: bytes, context: str) -> bytes:
    """Encrypt with a fresh nonce; `context` is authenticated, not stored."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        cryptography.exceptions.InvalidTag: If bytes, key or context differ.
    """
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())


def value_key(secret: bytes) -> bytes:
    """Derive the key that encrypts a record's values from the record's secret."""
    return HKDF(SHA256(), KEY_BYTES, None, b"shanhai/vault/value").derive(secret)


def blind_index(key: bytes, label: str, value: str) -> str:
    """Return a keyed look-up value, so that equal values can be found without being readable."""
    return hmac.new(key, f"shanhai/vault/blind\n{label}\n{value}".encode(), sha256).hexdigest()
