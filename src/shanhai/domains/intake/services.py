"""Taking in what people hand in, dealing with it, and letting its sender follow it.

The sender gets a number and a code; with both they see what became of it, who opened it and when. Nothing
about the sender's device is kept. Opening a submission asks for a reason and is logged.
"""

import hmac
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.files.kinds import HEAD_BYTES, kind_of
from shanhai.domains.intake import content
from shanhai.domains.intake.content import Content, FileFacts, IntakeKind, IntakeState
from shanhai.domains.intake.models import Piece, Step, Submission
from shanhai.domains.vault import crypto
from shanhai.domains.vault.models import Reveal
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.periods import date_of
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text

LEAST_TEXT, MOST_TEXT, MOST_CONTACT, MOST_NOTE = 10, 20_000, 200, 2_000
MOST_FILES, MOST_BYTES = 3, 10 * 2**20
LABEL = "submission"
CLOSED = frozenset({IntakeState.ANSWERED, IntakeState.REFUSED, IntakeState.TRANSFERRED})
TEXTS |= {
    "intake.text": Text(
        "请用 10 至 20000 字写明事实、时间和地点",
        "Describe facts, time and place in 10 to 20,000 characters",
    ),
    "intake.contact": Text("联系方式请不超过 200 字", "Keep the contact within 200 characters"),
    "intake.files": Text(
        "最多 {count} 个文件，每个不超过 {limit} MB；请减少或压缩后重试",
        "At most {count} files of {limit} MB each; remove or compress some",
    ),
    "intake.unknown": Text(
        "收件编号或查询码不对，请核对回执", "Number or code is wrong; check your receipt"
    ),
    "intake.note": Text(
        "请写明办理意见，最多 2000 字；来信人会看到",
        "Write what was done, up to 2,000 characters; the sender will read it",
    ),
    "intake.closed": Text("这件已办结，不能再改", "This one is closed and can no longer change"),
}


class Concern(NamedTuple):
    """What a submission is about: an object of a noun, where, who deals with it, whom it concerns; "" if unknown."""

    noun: str = ""
    target: str = ""
    region: str = ""
    organ: str = ""
    concerned: str = ""


class Attached(NamedTuple):
    """A file as it arrived."""

    name: str
    data: bytes


class Handed(NamedTuple):
    """What the sender takes away: nothing else will ever show the code again."""

    number: str
    code: str
    leaf: str
    received_ms: int
    content: Content


def files_check(files: Sequence[Attached], suite: Suite) -> tuple[FileFacts, ...]:
    """Return the facts of the files, each of an accepted kind.

    Raises:
        InvalidInputError: `intake.files` for too many or too large, `file.…` for a kind not accepted.
    """
    if len(files) > MOST_FILES or any(len(one.data) > MOST_BYTES for one in files):
        raise InvalidInputError("intake.files", count=MOST_FILES, limit=MOST_BYTES >> 20)
    return tuple(
        FileFacts(
            one.name[:200],
            len(one.data),
            kind_of(one.name, one.data[:HEAD_BYTES]).media_type,
            suite.digest(one.data),
        )
        for one in files
    )


@transaction.atomic
def submission_take(
    *,
    suite: Suite,
    kind: IntakeKind,
    text: str,
    about: Concern,
    now_ms: int,
    contact: str = "",
    files: Sequence[Attached] = (),
) -> Handed:
    """Seal a submission and return its receipt.

    Args:
        suite: The ledger's hash.
        kind: Complaint or objection.
        text: What the sender writes, 10 to 20,000 characters.
        about: What it concerns.
        now_ms: Epoch milliseconds.
        contact: How to reach the sender, "" to stay anonymous.
        files: At most three, of at most 10 MiB each.

    Raises:
        InvalidInputError: If text, contact or files do not fit.
    """
    if not LEAST_TEXT <= len(text.strip()) <= MOST_TEXT:
        raise InvalidInputError("intake.text")
    if len(contact.strip()) > MOST_CONTACT:
        raise InvalidInputError("intake.contact")
    facts = files_check(files, suite)
    number, code = content.new_number(f"{date_of(now_ms):%Y%m%d}"), content.new_code()
    whole = Content(text.strip(), contact.strip(), facts, secrets.token_hex(32))
    mixed = content.salted(suite, whole)
    leaf = content.leaf_of(suite, number, kind.value, about.target, now_ms, mixed)
    made = Submission.objects.create(
        number=number,
        kind=kind.value,
        **about._asdict(),
        named=bool(whole.contact),
        files=len(facts),
        received_ms=now_ms,
        sealed=content.seal(whole, number),
        code_hash=content.code_hash(number, code),
        leaf=leaf,
    )
    for at, one in enumerate(files):
        sealed = content.pieces(one.data, f"file/{number}/{at}")
        Piece.objects.bulk_create(
            Piece(submission=made, file=at, place=place, sealed=piece)
            for place, piece in enumerate(sealed)
        )
    return Handed(number, code, leaf, now_ms, whole)


def submission_seen_by_sender(number: str, code: str) -> Submission:
    """Return a submission to whoever holds its receipt.

    Raises:
        InvalidInputError: If number or code is wrong, alike.
    """
    plain = number.strip().upper()
    found = Submission.objects.filter(pk=plain).first()
    kept = found.code_hash if found else "0" * 64
    same = hmac.compare_digest(kept, content.code_hash(plain, code))
    if found is None or not same:
        raise InvalidInputError("intake.unknown")
    return found


def submission_open(*, actor: Actor, submission: Submission, reason: str, now_ms: int) -> Content:
    """Open a submission for an officer who may deal with it; who, when and why are logged.

    Raises:
        Refused: If the actor holds no post.
        InvalidInputError: If no reason is given.
    """
    if not actor.post:
        raise Refused("vault.denied")
    if not reason.strip():
        raise InvalidInputError("vault.reason")
    Reveal.objects.create(
        at_ms=now_ms,
        person=actor.person,
        post=actor.post,
        object_id=submission.number,
        label=LABEL,
        reason=reason.strip()[:200],
    )
    return content.unseal(bytes(submission.sealed), submission.number)


def submission_file(submission: Submission, at: int) -> bytes:
    """Return one file's bytes; the caller has opened the submission."""
    rows = Piece.objects.filter(submission=submission, file=at).order_by("place")
    sealed = [bytes(piece) for piece in rows.values_list("sealed", flat=True)]
    return content.joined(sealed, f"file/{submission.number}/{at}")


@transaction.atomic
def submission_step(
    *, actor: Actor, submission: Submission, state: IntakeState, note: str, now_ms: int
) -> Step:
    """Record what was done, in words that the sender will read.

    Raises:
        Refused: If the actor holds no post.
        InvalidInputError: If the words are missing or too long, or the submission is closed.
    """
    if not actor.post or actor.role is None:
        raise Refused("vault.denied")
    if not note.strip() or len(note) > MOST_NOTE:
        raise InvalidInputError("intake.note")
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    if IntakeState(held.state) in CLOSED or state is IntakeState.RECEIVED:
        raise InvalidInputError("intake.closed")
    held.state = state.value
    held.save(update_fields=["state"])
    sealed = crypto.seal(content.master(), note.strip().encode(), f"step/{held.number}/{now_ms}")
    return Step.objects.create(
        submission=held,
        at_ms=now_ms,
        state=state.value,
        role=actor.role.value,
        person=actor.person,
        post=actor.post,
        sealed=sealed,
    )


def step_note(step: Step) -> str:
    """Return a step's words."""
    context = f"step/{step.submission_id}/{step.at_ms}"
    return crypto.unseal(content.master(), bytes(step.sealed), context).decode()
