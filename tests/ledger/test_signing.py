"""Signatures: known answers, the two SM2 implementations, and refusals."""

import ctypes
import ctypes.util
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from ledger import sm2_slow
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import INTL, SM, Suite
from shanhai.ledger.body import signed_bytes
from shanhai.ledger.entry import SignatureBlock
from shanhai.ledger.signing import (
    Ed25519Signer,
    P256Signer,
    Signer,
    Sm2Signer,
    Sm2UnavailableError,
    WebOrigins,
    check_public_key,
    kid_of,
    verify,
    verify_raw,
)
from shanhai.ledger.signing import sm2 as sm2_module

BODY, LEDGER = b'{"act":"payment.order/1"}', "a0" * 32
WEB = WebOrigins("localhost", ("http://localhost:8000",))
SIGNERS: list[Signer] = [
    Ed25519Signer(b"\x01" * 32),
    P256Signer(b"\x02" * 32),
    Sm2Signer(b"\x03" * 32),
]
# GB/T 32918.5-2017, annex A: message "message digest", user id 1234567812345678.
SM2_SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
SM2_NONCE = bytes.fromhex("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21")
SM2_KEY = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SM2_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
# RFC 8032, 7.1, test 2.
ED_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
ED_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def block_of(signer: Signer, suite: Suite = INTL) -> SignatureBlock:
    kid = kid_of(suite, signer.public_key)
    return SignatureBlock(
        signer.alg, to_base64(signer.sign(signed_bytes(LEDGER, signer.alg, kid, BODY)))
    )


def check(signer: Signer, block: SignatureBlock, suite: Suite = INTL, body: bytes = BODY) -> None:
    kid = kid_of(suite, signer.public_key)
    verify(suite, signer.alg, signer.public_key, block, LEDGER, kid, body, WEB)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.alg)
def test_a_signature_holds_for_its_body_ledger_and_key_only(signer: Signer) -> None:
    block, kid = block_of(signer), kid_of(INTL, signer.public_key)
    check_public_key(signer.alg, signer.public_key)
    check(signer, block)
    with pytest.raises(ProofError, match=r"signature\.invalid"):
        check(signer, block, body=BODY + b" ")
    for ledger, key_id in (("a1" * 32, kid), (LEDGER, "0" * 64)):
        with pytest.raises(ProofError, match=r"signature\.invalid"):
            verify(INTL, signer.alg, signer.public_key, block, ledger, key_id, BODY, WEB)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.alg)
def test_a_signature_with_one_changed_byte_anywhere_is_refused(signer: Signer) -> None:
    message = b"message"
    signature = signer.sign(message)
    for position in range(len(signature)):
        changed = bytearray(signature)
        changed[position] ^= 0x40
        with pytest.raises(ProofError, match=r"signature\.invalid"):
            verify_raw(signer.alg, signer.public_key, bytes(changed), message)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: signer.alg)
@pytest.mark.parametrize("signature", [b"", b"\x00" * 64, b"\xff" * 64, b"\x01" * 63, b"\x01" * 65])
def test_impossible_signatures_are_refused(signer: Signer, signature: bytes) -> None:
    with pytest.raises(ProofError, match=r"signature\.invalid"):
        verify_raw(signer.alg, signer.public_key, signature, b"message")


def test_base64_has_one_spelling() -> None:
    signer = SIGNERS[0]
    text = block_of(signer).sig
    last = chr(ord(text[-1]) + 1)  # the final character carries four unused bits
    for other in (text[:-1] + last, text + "=", text + "\n", " " + text):
        with pytest.raises(InvalidInputError, match=r"bytes\.base64"):
            check(signer, SignatureBlock(signer.alg, other))


def test_the_block_names_the_algorithm_of_the_key_and_nothing_it_does_not_use() -> None:
    signer = SIGNERS[0]
    text = block_of(signer).sig
    with pytest.raises(ProofError, match=r"signature\.algorithm"):
        check(signer, SignatureBlock("p256", text))
    for extra in ({"auth": "AA"}, {"client": "AA"}, {"size": 2}, {"index": 1}, {"path": ("0",)}):
        with pytest.raises(ProofError, match=r"signature\.block"):
            check(signer, SignatureBlock(signer.alg, text, **extra))


def test_an_sm_ledger_admits_sm2_only() -> None:
    check(SIGNERS[2], block_of(SIGNERS[2], SM), SM)
    for signer in SIGNERS[:2]:
        with pytest.raises(ProofError, match=r"signature\.algorithm"):
            check(signer, block_of(signer, SM), SM)


@pytest.mark.parametrize("alg", ["webauthn-p256", "rsa", ""])
def test_bare_bytes_are_signed_by_no_other_algorithm(alg: str) -> None:
    with pytest.raises(ProofError, match=r"signature\.algorithm"):
        verify_raw(alg, SIGNERS[1].public_key, b"\x01" * 64, b"message")


def test_ed25519_gives_the_published_signature() -> None:
    signer = Ed25519Signer(ED_SEED)
    assert signer.sign(b"\x72") == ED_SIGNATURE
    verify_raw("ed25519", signer.public_key, ED_SIGNATURE, b"\x72")


def test_sm2_gives_the_published_answer() -> None:
    assert Sm2Signer(SM2_SECRET).public_key == SM2_KEY == sm2_slow.point_of(SM2_SECRET)
    assert sm2_slow.sign(SM2_SECRET, SM2_NONCE, b"message digest") == SM2_SIGNATURE
    verify_raw("sm2-sm3", SM2_KEY, SM2_SIGNATURE, b"message digest")


def test_sm3_gives_the_published_digests() -> None:
    assert SM.digest(b"abc").startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")
    assert SM.digest(b"abcd" * 16).endswith("d55765293dcba39c0c5732"[2:])


@settings(max_examples=10, deadline=None)
@given(
    secret=st.integers(1, sm2_module.N - 2),
    nonce=st.integers(1, sm2_module.N - 1),
    message=st.binary(),
)
def test_openssl_and_the_definition_of_sm2_agree(secret: int, nonce: int, message: bytes) -> None:
    key = secret.to_bytes(32, "big")
    signer = Sm2Signer(key)
    assert signer.public_key == sm2_slow.point_of(key)
    assert sm2_slow.verify(signer.public_key, signer.sign(message), message)
    slow = sm2_slow.sign(key, nonce.to_bytes(32, "big"), message)
    verify_raw("sm2-sm3", signer.public_key, slow, message)


def test_sm2_leaves_no_error_behind() -> None:
    library = sm2_module._library().call  # noqa: SLF001 - the queue cannot be seen from outside
    for key, signature in ((SM2_KEY, b"\x01" * 64), (b"\x04" + b"\x05" * 64, SM2_SIGNATURE)):
        with pytest.raises(ProofError):
            verify_raw("sm2-sm3", key, signature, b"message digest")
        assert library.ERR_peek_error() == 0
    with pytest.raises(ValueError, match="not an SM2 key"):
        Sm2Signer(b"\x00" * 31)
    assert library.ERR_peek_error() == 0


@pytest.fixture
def fresh_library() -> Iterator[None]:
    """Make SM2 look for libcrypto anew, now and after the test."""
    sm2_module._library.cache_clear()  # noqa: SLF001 - it is loaded once a process
    sm2_module._load.cache_clear()  # noqa: SLF001 - keys belong to the library
    yield
    sm2_module._library.cache_clear()  # noqa: SLF001 - as above


@pytest.mark.usefixtures("fresh_library")
@pytest.mark.parametrize("library", [None, "libc.so.6"])
def test_a_machine_without_sm2_says_so_and_blames_no_signature(
    library: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ctypes.CDLL

    def load(name: str) -> ctypes.CDLL:
        if library is None:
            raise OSError(name)
        return real(library)

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    with pytest.raises(Sm2UnavailableError, match=r"sm2\.unavailable"):
        verify_raw("sm2-sm3", SM2_KEY, SM2_SIGNATURE, b"message digest")


def small_order_points() -> list[bytes]:
    """Return encodings that other verifiers take: order 1, 2, 4, and y = p, p + 1 (non-canonical)."""
    p = 2**255 - 19
    return [value.to_bytes(32, "little") for value in (1, p - 1, 0, p, p + 1)]


@pytest.mark.parametrize("key", [*small_order_points(), b"\x02" * 31, b"\xff" * 32])
def test_ed25519_keys_on_which_verifiers_differ_are_not_registered(key: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"signature\.key"):
        check_public_key("ed25519", key)


def test_ed25519_keys_with_a_torsion_part_are_not_registered() -> None:
    order_two = (2**255 - 20).to_bytes(32, "little")
    mixed = bindings.crypto_core_ed25519_add(SIGNERS[0].public_key, order_two)
    with pytest.raises(InvalidInputError, match=r"signature\.key"):
        check_public_key("ed25519", mixed)


@pytest.mark.parametrize("signer", SIGNERS[1:], ids=lambda signer: signer.alg)
def test_points_off_the_curve_or_otherwise_written_are_not_registered(signer: Signer) -> None:
    key = signer.public_key
    for other in (
        key[:-1] + bytes([key[-1] ^ 1]),
        b"\x02" + key[1:33],
        b"\x06" + key[1:],
        b"",
        key + b"0",
    ):
        with pytest.raises(InvalidInputError, match=r"signature\.key"):
            check_public_key(signer.alg, other)
        with pytest.raises(ProofError):
            verify_raw(signer.alg, other, b"\x01" * 64, b"message")
    with pytest.raises(InvalidInputError, match=r"signature\.algorithm"):
        check_public_key("rsa", key)


def test_a_kid_binds_suite_and_key() -> None:
    key = SIGNERS[0].public_key
    assert kid_of(INTL, key) == INTL.digest(b"intl\x00" + key)
    assert kid_of(SM, key) == SM.digest(b"sm\x00" + key)
