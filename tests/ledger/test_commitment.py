"""Commitments: the salt is HMAC, each part binds, openings match or are refused."""

import hmac
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.canonical import decode, encode, to_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import INTL, SM, Suite
from shanhai.ledger.commitment import (
    Opening,
    commit,
    commitment_of,
    make_opening,
    salt,
    verify_opening,
)

ARGS: tuple[str, str, str, str] = ("a0" * 32, "pay" + "0" * 26, "per" + "0" * 26, "payee")
SALT = bytes(range(32))


@given(secret=st.binary(max_size=200), label=st.text(max_size=20))
def test_the_salt_is_hmac(secret: bytes, label: str) -> None:
    assert salt(secret, label, INTL) == hmac.new(secret, label.encode(), sha256).digest()


def test_labels_and_suites_have_salts_of_their_own() -> None:
    salts = {salt(b"s" * 16, label, suite) for label in ("name", "id") for suite in (INTL, SM)}
    assert len(salts) == 4
    assert all(len(one) == 32 for one in salts)


@pytest.mark.parametrize("suite", [INTL, SM], ids=lambda suite: suite.name)
def test_a_commitment_is_a_prefixed_canonical_row(suite: Suite) -> None:
    row = '["{}","{}","{}","{}","张三（模拟）","{}"]'.format(*ARGS, to_base64(SALT))
    assert commit(suite, *ARGS, "张三（模拟）", SALT) == suite.digest(b"\x02" + row.encode())


@pytest.mark.parametrize(
    "value", ["text", 12_050, True, ["a", 1], {"account": "6222", "bank": "x"}]
)
def test_an_opening_opens_its_commitment_and_travels(value: Any) -> None:
    commitment = commit(INTL, *ARGS, value, SALT)
    opening = decode(encode(make_opening(*ARGS, value, SALT)), Opening)
    verify_opening(INTL, opening, commitment)
    assert commitment_of(SM, opening) != commitment


@pytest.mark.parametrize(
    "changed",
    [
        {"ledger": "a1" * 32},
        {"object": "pay1"},
        {"committer": "per1"},
        {"label": "account"},
        {"value": msgspec.Raw(b'"other"')},
        {"salt": to_base64(b"\x01" * 32)},
    ],
)
def test_every_part_binds(changed: dict[str, Any]) -> None:
    commitment = commit(INTL, *ARGS, "text", SALT)
    opening = msgspec.structs.replace(make_opening(*ARGS, "text", SALT), **changed)
    with pytest.raises(ProofError, match=r"opening\.mismatch"):
        verify_opening(INTL, opening, commitment)


@pytest.mark.parametrize("value", [1.5, None, 2**53, "line\nbreak", ["a", None]])
def test_values_without_canonical_bytes_are_refused(value: Any) -> None:
    with pytest.raises(InvalidInputError):
        commit(INTL, *ARGS, value, SALT)


def test_values_and_salts_have_one_spelling() -> None:
    opening = make_opening(*ARGS, "text", SALT)
    for changed in ({"value": msgspec.Raw(b' "text"')}, {"salt": "=" * 43}):
        with pytest.raises(InvalidInputError):
            commitment_of(INTL, msgspec.structs.replace(opening, **changed))
    with pytest.raises(InvalidInputError, match=r"opening\.salt"):
        commit(INTL, *ARGS, "text", SALT[1:])
