"""Keyed tokens: exact linkage within one authority without handing over numbers.

HMAC-SHA-256 (RFC 2104) over a normalised value, under a key that both departments hold. Whoever holds the key
can try every number there is (some 10^11 are plausible) and so turn tokens back into numbers: tokens hide
numbers from everybody else only, which is why the key belongs to one authority and each project has its own.
"""

import hashlib
import hmac
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.text import Column

KEY_BYTES: Final = 16


def read_key(path: Path) -> bytes:
    """Return a key file's bytes, trimmed of white space at its ends.

    Raises:
        LinkageError: If there is no such file or it holds fewer than 16 bytes.
    """
    if not path.is_file():
        raise LinkageError("linkage.no_file", file=str(path))
    key = path.read_bytes().strip()
    if len(key) < KEY_BYTES:
        raise LinkageError("linkage.key", file=path.name, bytes=KEY_BYTES)
    return key


def project_key(key: bytes, project: str, purpose: str) -> bytes:
    """Derive the key of one purpose in one project: tokens of two projects cannot be compared."""
    return hmac.digest(key, f"shanhai linkage\0{purpose}\0{project}".encode(), hashlib.sha256)


def tokens(values: Column, key: bytes, project: str) -> Column:
    """Return a token for each value: 64 hex digits; null stays null.

    Args:
        values: Normalised values (a number that counts, `c_valid`), shape (n,).
        key: The shared secret.
        project: The project's name, part of the key.
    """
    derived = project_key(key, project, "token")
    found: list[Any] = [
        None if value is None else hmac.digest(derived, value.encode(), hashlib.sha256).hex()
        for value in values.to_pylist()
    ]
    return pa.array(found, pa.string())
