"""SM2 with SM3 through the system's OpenSSL; signatures are raw r ‖ s, 64 bytes.

Source: GB/T 32918.2-2016 (signature), GB/T 32918.5-2017 (curve), GM/T 0009-2012 (user id
`1234567812345678`). DER exists only at the edge to OpenSSL, so its leniency cannot fork nodes.
"""

import ctypes
import ctypes.util
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from shanhai.kernel.errors import ShanhaiError
from shanhai.kernel.text import TEXTS, Text

ALG = "sm2-sm3"
KEY_BYTES = 65
SIGNATURE_BYTES = 64
USER_ID = b"1234567812345678"
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_HALF = 32
_CACHED_KEYS = 4096
_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_SEC1 = (bytes.fromhex("30310201010420"), bytes.fromhex("a00a06082a811ccf5501822d"))
_OPENSSL_3 = 0x30000000
_NAMES = ("libcrypto.so.3", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3.dll")

TEXTS["sm2.unavailable"] = Text(
    "本机的 OpenSSL 不支持国密 SM2（{detail}），请安装 OpenSSL 3.0 以上的 libcrypto",
    "This machine's OpenSSL has no SM2 ({detail}); install libcrypto of OpenSSL 3.0 or later",
)


class Sm2UnavailableError(ShanhaiError):
    """The machine cannot compute SM2: a fault of the machine, never a verdict on a signature."""


class _Library(NamedTuple):
    """The loaded libcrypto and its fetched SM3 digest."""

    call: ctypes.CDLL
    sm3: int


_POINTER, _SIZE, _INT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "OpenSSL_version_num": (ctypes.c_ulong, []),
    "ERR_clear_error": (None, []),
    "EVP_MD_fetch": (_POINTER, [_POINTER, ctypes.c_char_p, ctypes.c_char_p]),
    "EVP_MD_CTX_new": (_POINTER, []),
    "EVP_MD_CTX_free": (None, [_POINTER]),
    "EVP_MD_CTX_set_pkey_ctx": (None, [_POINTER, _POINTER]),
    "EVP_PKEY_CTX_new": (_POINTER, [_POINTER, _POINTER]),
    "EVP_PKEY_CTX_free": (None, [_POINTER]),
    "EVP_PKEY_CTX_set1_id": (_INT, [_POINTER, ctypes.c_char_p, _INT]),
    "EVP_PKEY_free": (None, [_POINTER]),
    "EVP_DigestSignInit": (_INT, [_POINTER, _POINTER, _POINTER, _POINTER, _POINTER]),
    "EVP_DigestSign": (_INT, [_POINTER, _POINTER, _POINTER, ctypes.c_char_p, _SIZE]),
    "EVP_DigestVerifyInit": (_INT, [_POINTER, _POINTER, _POINTER, _POINTER, _POINTER]),
    "EVP_DigestVerify": (_INT, [_POINTER, ctypes.c_char_p, _SIZE, ctypes.c_char_p, _SIZE]),
    "d2i_PUBKEY": (_POINTER, [_POINTER, _POINTER, ctypes.c_long]),
    "d2i_AutoPrivateKey": (_POINTER, [_POINTER, _POINTER, ctypes.c_long]),
    "i2d_PUBKEY": (_INT, [_POINTER, _POINTER]),
}


@cache
def _library() -> _Library:
    """Load libcrypto once.

    Raises:
        Sm2UnavailableError: If there is none, it is older than 3.0, or it lacks SM3.
    """
    call = _open()
    try:
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(call, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError as error:
        raise Sm2UnavailableError("sm2.unavailable", detail=str(error)) from error
    if call.OpenSSL_version_num() < _OPENSSL_3:
        raise Sm2UnavailableError("sm2.unavailable", detail="older than 3.0")
    sm3 = call.EVP_MD_fetch(None, b"SM3", None)
    if not sm3:
        call.ERR_clear_error()
        raise Sm2UnavailableError("sm2.unavailable", detail="no SM3")
    return _Library(call, sm3)


def _open() -> ctypes.CDLL:
    for name in _NAMES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    found = ctypes.util.find_library("crypto")
    if found is None:
        raise Sm2UnavailableError("sm2.unavailable", detail="no libcrypto")
    return ctypes.CDLL(found)


class _Key:
    """An EVP_PKEY, freed with its last reference."""

    def __init__(self, loader: str, der: bytes) -> None:
        call = _library().call
        buffer = ctypes.c_char_p(der)
        pointer = getattr(call, loader)(None, ctypes.byref(buffer), len(der))
        if not pointer:
            call.ERR_clear_error()
            raise ValueError("not an SM2 key")
        self.pointer = pointer
        weakref.finalize(self, call.EVP_PKEY_free, pointer).atexit = False


@lru_cache(_CACHED_KEYS)
def _load(public_key: bytes) -> _Key:
    return _Key("d2i_PUBKEY", _SPKI + public_key)


@contextmanager
def _context(key: _Key, init: str) -> Iterator[int]:
    """Yield a digest context with the user id set before `init`; free all and clear errors."""
    call, sm3 = _library()
    digest, sign = call.EVP_MD_CTX_new(), call.EVP_PKEY_CTX_new(key.pointer, None)
    try:
        call.EVP_MD_CTX_set_pkey_ctx(digest, sign)
        if call.EVP_PKEY_CTX_set1_id(sign, USER_ID, len(USER_ID)) != 1:
            raise Sm2UnavailableError("sm2.unavailable", detail="no SM2 user id")
        if getattr(call, init)(digest, None, sm3, None, key.pointer) != 1:
            raise Sm2UnavailableError("sm2.unavailable", detail=init)
        yield digest
    finally:
        call.EVP_MD_CTX_free(digest)
        call.EVP_PKEY_CTX_free(sign)
        call.ERR_clear_error()


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` (raw r ‖ s) is this key's (65-byte point) over `message`.

    Raises:
        Sm2UnavailableError: If this machine's libcrypto cannot do SM2.
    """
    if len(signature) != SIGNATURE_BYTES or len(public_key) != KEY_BYTES:
        return False
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    try:
        key = _load(public_key)
    except ValueError:
        return False
    der = encode_dss_signature(r, s)
    with _context(key, "EVP_DigestVerifyInit") as context:
        result = _library().call.EVP_DigestVerify(context, der, len(der), message, len(message))
    return bool(result == 1)


def is_public_key(public_key: bytes) -> bool:
    """Return whether these are 65 bytes of an uncompressed point on the SM2 curve."""
    if len(public_key) != KEY_BYTES or public_key[0] != 4:  # noqa: PLR2004 - SEC 1: uncompressed
        return False
    x, y = int.from_bytes(public_key[1:33], "big"), int.from_bytes(public_key[33:], "big")
    return x < P and y < P and (y * y - (x * x * x + A * x + B)) % P == 0


class Sm2Signer:
    """A software key; its signatures are randomised inside OpenSSL."""

    alg = ALG

    def __init__(self, secret: bytes) -> None:
        """Take the 32-byte secret scalar, big-endian, in [1, n − 2]."""
        self._key = _Key("d2i_AutoPrivateKey", _SEC1[0] + secret + _SEC1[1])
        self.public_key = _output(_library().call.i2d_PUBKEY, self._key)[len(_SPKI) :]

    def sign(self, message: bytes) -> bytes:
        """Return raw r ‖ s, 64 bytes.

        Raises:
            Sm2UnavailableError: If libcrypto fails to sign.
        """
        size, der = _SIZE(80), ctypes.create_string_buffer(80)
        with _context(self._key, "EVP_DigestSignInit") as context:
            done = _library().call.EVP_DigestSign(
                context, der, ctypes.byref(size), message, len(message)
            )
        if done != 1:
            raise Sm2UnavailableError("sm2.unavailable", detail="EVP_DigestSign")
        r, s = decode_dss_signature(der.raw[: size.value])
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def _output(write: Callable[..., int], key: _Key) -> bytes:
    """Return what an i2d function writes into a buffer of its own measure."""
    size = write(key.pointer, None)
    buffer = ctypes.create_string_buffer(size)
    write(key.pointer, ctypes.byref(ctypes.c_void_p(ctypes.addressof(buffer))))
    return buffer.raw
