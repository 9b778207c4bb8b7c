"""The hash a ledger is built on, a constant of its genesis (frozen decision 2).

Source: FIPS 180-4 (SHA-256), GB/T 32905-2016 (SM3).
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes

from shanhai.kernel.errors import InvalidInputError


class Suite(NamedTuple):
    """A named hash: `name` stands in the genesis, `hash` maps bytes to 32 bytes."""

    name: str
    hash: Callable[[bytes], bytes]

    def digest(self, raw: bytes) -> str:
        """Return the lower-case hex digest, 64 characters."""
        return self.hash(raw).hex()


def _sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _sm3_openssl(raw: bytes) -> bytes:
    return hashlib.new("sm3", raw).digest()


def _sm3_cryptography(raw: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(raw)
    return state.finalize()


# Whether hashlib knows SM3 depends on the OpenSSL that Python is linked to.
_sm3 = _sm3_openssl if "sm3" in hashlib.algorithms_available else _sm3_cryptography
INTL = Suite("intl", _sha256)
SM = Suite("sm", _sm3)
_SUITES = {suite.name: suite for suite in (INTL, SM)}


def suite_named(name: str) -> Suite:
    """Return the suite that a genesis names: `intl` (SHA-256) or `sm` (SM3).

    Raises:
        InvalidInputError: If no such suite exists.
    """
    if name not in _SUITES:
        raise InvalidInputError("suite.unknown", name=name)
    return _SUITES[name]
