"""Taking in, batching into roots, and what a receipt proves.

The sender gets a number and a password; with both they see what became of it. The receipt's leaf is
H(0x00 ‖ canonical [number, kind, target, received_ms, H(text ‖ salt)]), so that it proves receipt and
reveals nothing.
"""

import secrets
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from shanhai.domains.intake.models import Submission
from shanhai.domains.vault import crypto
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.periods import date_of
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.merkle import Tree, leaf_hash

MOST_TEXT, LEAST_TEXT = 5000, 10
TEXTS |= {
    "intake.text": Text(
        "请用 10 至 5000 字写明事实、时间和地点",
        "Describe facts, time and place in 10 to 5,000 characters",
    ),
    "intake.unknown": Text(
        "收件编号或查询密码不对，请核对回执", "Number or password is wrong; check your receipt"
    ),
}


class IntakeKind(StrEnum):
    """What is handed in."""

    COMPLAINT = "complaint"
    OBJECTION = "objection"


class Concern(NamedTuple):
    """What a submission is about: an object of a noun, where, and who has to deal with it; "" if unknown."""

    noun: str = ""
    target: str = ""
    region: str = ""
    organ: str = ""


class Handed(NamedTuple):
    """What the sender takes away: nothing else will ever show the password again."""

    number: str
    password: str
    leaf: str


def leaf_of(
    suite: Suite, number: str, kind: str, target: str, received_ms: int, salted: str
) -> str:
    """Return the receipt's leaf, 64 hex digits."""
    return leaf_hash(suite, encode([number, kind, target, received_ms, salted])).hex()


def submission_take(
    *, suite: Suite, kind: IntakeKind, text: str, about: Concern, now_ms: int
) -> Handed:
    """Seal a submission and return its receipt.

    Args:
        suite: The ledger's hash.
        kind: Complaint or objection.
        text: What the sender writes, 10 to 5,000 characters.
        about: What it concerns.
        now_ms: Epoch milliseconds.

    Raises:
        InvalidInputError: If the text is too short or too long.
    """
    if not LEAST_TEXT <= len(text.strip()) <= MOST_TEXT:
        raise InvalidInputError("intake.text")
    day = date_of(now_ms)
    number = f"S{day:%Y%m%d}-{secrets.token_hex(4).upper()}"
    password, salt = secrets.token_urlsafe(9), secrets.token_bytes(32)
    salted = suite.digest(text.strip().encode() + salt)
    leaf = leaf_of(suite, number, kind.value, about.target, now_ms, salted)
    master = crypto.master_key(Path(settings.DATA_DIR))
    plain = encode([text.strip(), salt.hex()])
    Submission.objects.create(
        number=number,
        kind=kind.value,
        noun=about.noun,
        target=about.target,
        region=about.region,
        organ=about.organ,
        received_ms=now_ms,
        sealed=crypto.seal(master, plain, f"submission/{number}"),
        password_hash=make_password(password),
        leaf=leaf,
    )
    return Handed(number, password, leaf)


def submission_seen_by_sender(number: str, password: str) -> Submission:
    """Return a submission to whoever holds its receipt.

    Raises:
        InvalidInputError: If number or password is wrong, alike.
    """
    found = Submission.objects.filter(pk=number.strip().upper()).first()
    if found is None or not check_password(password.strip(), found.password_hash):
        raise InvalidInputError("intake.unknown")
    return found


class Batch(NamedTuple):
    """Submissions about to be committed to."""

    root: str
    size: int
    first_ms: int
    last_ms: int


@transaction.atomic
def batch_gather(*, suite: Suite, intake: str, limit: int = 100_000) -> Batch | None:
    """Number the submissions not yet under a root and return their root; None where there are none."""
    waiting = list(Submission.objects.filter(intake="").order_by("received_ms", "number")[:limit])
    if not waiting:
        return None
    tree = Tree(suite)
    for position, submission in enumerate(waiting):
        tree.append(bytes.fromhex(submission.leaf))
        submission.intake, submission.position = intake, position
    Submission.objects.bulk_update(waiting, ["intake", "position"], batch_size=500)
    return Batch(tree.root().hex(), len(waiting), waiting[0].received_ms, waiting[-1].received_ms)


def submission_text(number: str) -> str:
    """Return the text for the organ that deals with it."""
    found = Submission.objects.get(pk=number)
    master = crypto.master_key(Path(settings.DATA_DIR))
    plain = crypto.unseal(master, bytes(found.sealed), f"submission/{number}")
    text, _salt = msgspec.json.decode(plain, type=tuple[str, str])
    return text
