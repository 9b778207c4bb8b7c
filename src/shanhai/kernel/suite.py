"""The hash a ledger is built on, a constant of its genesis (frozen decision 2).

Source: FIPS 180-4 (SHA-256), GB/T 32905-2016 (SM3).
"""

import hashlib
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes

from shanhai.kernel.errors import InvalidInputError


class Suite(NamedTuple):
    """A named hash.

    `name` stands in the genesis; `hash` maps bytes to 32 bytes, `digest` to their lower-case hex.
    """

    name: str
    hash: Callable[[bytes], bytes]
    digest: Callable[[bytes], str]


def _sha256(raw: bytes) -> bytes:
    return sha256(raw).digest()


def _sha256_hex(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def _sm3_openssl() -> Callable[[bytes], bytes]:
    fresh = hashlib.new("sm3").copy  # copying a fresh state is faster than looking the name up

    def hash_(raw: bytes) -> bytes:
        state = fresh()
        state.update(raw)
        return state.digest()

    return hash_


def _sm3_cryptography(raw: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(raw)
    return state.finalize()


# Whether hashlib knows SM3 depends on the OpenSSL that Python is linked to.
_sm3 = _sm3_openssl() if "sm3" in hashlib.algorithms_available else _sm3_cryptography


def _sm3_hex(raw: bytes) -> str:
    return _sm3(raw).hex()


INTL = Suite("intl", _sha256, _sha256_hex)
SM = Suite("sm", _sm3, _sm3_hex)
_SUITES = {suite.name: suite for suite in (INTL, SM)}


def suite_named(name: str) -> Suite:
    """Return the suite that a genesis names: `intl` (SHA-256) or `sm` (SM3).

    Raises:
        InvalidInputError: If no such suite exists.
    """
    if name not in _SUITES:
        raise InvalidInputError("suite.unknown", name=name)
    return _SUITES[name]
