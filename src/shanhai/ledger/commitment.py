"""Commitments: a field's value is on the ledger only as a hash, until its opening is shown.

Source: `docs/dev/ledger-spec.md` section 8; FIPS 198-1 (HMAC) over the suite's hash. Each field has
a salt of its own, so that disclosing one field reveals no other; erasing secret and value erases it.
"""

from hmac import compare_digest
from typing import Annotated, Any

import msgspec

from shanhai.kernel.canonical import encode, from_base64, to_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.values import check_value

SALT_BYTES = 32
GENESIS_LEDGER = "genesis"
"""Stands for the ledger id in the commitments of genesis itself, which is not known before it is hashed."""
_PREFIX = b"\x02"
_BLOCK_BYTES = 64  # of SHA-256 and of SM3
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]

TEXTS |= {
    "opening.mismatch": Text(
        "“{label}”的明文与账上的承诺不符：内容被改动或不属于这里",
        "The opening of {label} does not match the commitment: it was changed or belongs elsewhere",
    ),
    "opening.salt": Text(
        "盐须为 32 字节，请重新取得明文", "A salt has 32 bytes; fetch the opening again"
    ),
}


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a commitment hides: give it, and anyone can recompute the commitment.

    `value` is canonical JSON (text, number or record), `salt` 32 bytes in unpadded base64url.
    """

    committer: _Word
    label: _Word
    ledger: _Word
    object: _Word
    salt: Annotated[str, msgspec.Meta(min_length=43, max_length=43)]
    value: msgspec.Raw


def salt(secret: bytes, label: str, suite: Suite) -> bytes:
    """Return HMAC(record secret, label), the salt of one field, 32 bytes.

    Args:
        secret: The record's secret, kept in the vault, at least 16 random bytes.
        label: The field's fixed name.
        suite: The ledger's suite.
    """
    key = (suite.hash(secret) if len(secret) > _BLOCK_BYTES else secret).ljust(_BLOCK_BYTES, b"\0")
    inner = suite.hash(bytes(byte ^ 0x36 for byte in key) + label.encode())
    return suite.hash(bytes(byte ^ 0x5C for byte in key) + inner)


def commit(
    suite: Suite, ledger: str, object_id: str, committer: str, label: str, value: Any, salt: bytes
) -> str:
    """Return H(0x02 ‖ canonical [ledger, object, committer, label, value, salt]), hex.

    Args:
        suite: The ledger's suite.
        ledger: The ledger id in hex.
        object_id: The object whose field it is.
        committer: The person (id) who commits.
        label: The field's fixed name.
        value: Text, integer, boolean, or a list or record of such; canonical bytes as
            `msgspec.Raw` are taken as they are.
        salt: 32 bytes, from `salt`.

    Raises:
        InvalidInputError: If the value is not canonical or the salt has another length.
    """
    if len(salt) != SALT_BYTES:
        raise InvalidInputError("opening.salt")
    check_value(encode(value))
    row = [ledger, object_id, committer, label, value, to_base64(salt)]
    return suite.digest(_PREFIX + encode(row))


def make_opening(
    ledger: str, object_id: str, committer: str, label: str, value: Any, salt: bytes
) -> Opening:
    """Return the opening of the commitment that `commit` makes of the same arguments."""
    return Opening(committer, label, ledger, object_id, to_base64(salt), msgspec.Raw(encode(value)))


def commitment_of(suite: Suite, opening: Opening) -> str:
    """Return the commitment, in hex, that an opening opens.

    Raises:
        InvalidInputError: If value or salt is not canonically written.
    """
    return commit(
        suite,
        opening.ledger,
        opening.object,
        opening.committer,
        opening.label,
        opening.value,
        from_base64(opening.salt),
    )


def verify_opening(suite: Suite, opening: Opening, commitment: str) -> None:
    """Check that an opening belongs to a commitment on the ledger.

    Raises:
        ProofError: `opening.mismatch`.
        InvalidInputError: If value or salt is not canonically written.
    """
    if not compare_digest(commitment_of(suite, opening).encode(), commitment.encode()):
        raise ProofError("opening.mismatch", label=opening.label)
