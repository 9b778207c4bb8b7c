"""What is sealed of a submission, how it is committed to, and the code of its receipt.

Content is padded to whole KiB before sealing, so that its length says nothing; files are sealed in pieces.
The receipt's leaf is H(0x00 ‖ canonical [number, kind, target, received_ms, H(canonical content ‖ salt)]):
it proves receipt and reveals nothing.
"""

import hmac
import secrets
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
from django.conf import settings

from shanhai.domains.vault import crypto
from shanhai.kernel.canonical import encode
from shanhai.kernel.ids import ALPHABET
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import Choice
from shanhai.ledger.merkle import leaf_hash

PAD, PIECE = 1024, 64 * 1024
CODE_GROUPS, CODE_GROUP = 4, 4


class IntakeKind(Choice):
    """What is handed in."""

    COMPLAINT = "complaint", "举报与反映", "Complaint"
    OBJECTION = "objection", "对公示的异议", "Objection to a notice"


class IntakeState(Choice):
    """Where a submission stands. For an objection the ledger's own act is the answer that counts."""

    RECEIVED = "received", "已收件", "Received"
    ACCEPTED = "accepted", "已受理", "Taken in hand"
    TRANSFERRED = "transferred", "已转办", "Passed on"
    ANSWERED = "answered", "已答复", "Answered"
    REFUSED = "refused", "不予受理", "Not taken up"


class FileFacts(msgspec.Struct, frozen=True):
    """One file of a submission: its own name, size in bytes, media type and hash."""

    name: str
    size: int
    media_type: str
    digest: str


class Content(msgspec.Struct, frozen=True):
    """Everything the sender wrote; only its salted hash leaves the vault."""

    text: str
    contact: str
    files: tuple[FileFacts, ...]
    salt: str


def master() -> bytes:
    """Return the vault's key."""
    return crypto.master_key(Path(settings.DATA_DIR))


def salted(suite: Suite, content: Content) -> str:
    """Return the salted hash of the content, which the leaf commits to."""
    plain = [content.text, content.contact, [one.digest for one in content.files]]
    return suite.digest(encode(plain) + bytes.fromhex(content.salt))


def leaf_of(suite: Suite, number: str, kind: str, target: str, received_ms: int, mixed: str) -> str:
    """Return the receipt's leaf, 64 hex digits."""
    return leaf_hash(suite, encode([number, kind, target, received_ms, mixed])).hex()


def seal(content: Content, number: str) -> bytes:
    """Seal the content, padded to whole KiB."""
    plain = msgspec.json.encode(content)
    return crypto.seal(master(), plain + b" " * (-len(plain) % PAD), f"submission/{number}")


def unseal(sealed: bytes, number: str) -> Content:
    """Open what `seal` made."""
    return msgspec.json.decode(
        crypto.unseal(master(), sealed, f"submission/{number}"), type=Content
    )


def pieces(data: bytes, context: str) -> Iterator[bytes]:
    """Seal a file piece by piece."""
    key = master()
    for place, start in enumerate(range(0, len(data), PIECE)):
        yield crypto.seal(key, data[start : start + PIECE], f"{context}/{place}")


def joined(sealed: list[bytes], context: str) -> bytes:
    """Open the pieces of a file in order."""
    key = master()
    return b"".join(
        crypto.unseal(key, piece, f"{context}/{place}") for place, piece in enumerate(sealed)
    )


def new_number(day: str) -> str:
    """Return a receipt's number: the day and eight random digits."""
    return f"S{day}-{secrets.token_hex(4).upper()}"


def new_code() -> str:
    """Return a receipt's code: 80 random bits, four groups of four that are easy to copy."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(CODE_GROUP)).upper()
        for _ in range(CODE_GROUPS)
    )


def code_hash(number: str, code: str) -> str:
    """Return the keyed hash under which a code is kept; case, spaces and dashes do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    plain = plain.replace("O", "0").replace("I", "1").replace("L", "1")
    return hmac.new(master(), f"code\n{number}\n{plain}".encode(), sha256).hexdigest()
