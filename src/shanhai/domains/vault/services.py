"""Sealing, opening and erasing. The vault is written before the act that names the commitment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.vault import crypto
from shanhai.domains.vault.models import Record, Reveal, Value
from shanhai.kernel.canonical import decode, from_base64
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.commitment import (
    GENESIS_LEDGER,
    Opening,
    commit,
    commitment_of,
    make_opening,
    salt,
)
from shanhai.node.founders import FOLDER

COMMITMENT_DIGITS = 64
TEXTS |= {
    "vault.reason": Text("查看个人信息须填写理由", "Say why you need to see personal data"),
    "vault.erased": Text(
        "该信息已依法删除，仅保留承诺值", "This value was erased; only its commitment remains"
    ),
    "vault.closed": Text(
        "这条记录的个人密钥不在本机（恢复时钥匙柜里没有），请拷回钥匙柜后重新恢复",
        "The key of this record is not here (the cupboard lacked it at the restore); bring the cupboard back and restore "
        "again",
    ),
    "vault.denied": Text("您的岗位无权查看该信息", "Your post may not see this value"),
}


class LedgerMark(NamedTuple):
    """What a commitment is bound to besides its record: the ledger's id and hash."""

    ledger: str
    suite: Suite


def _master() -> bytes:
    return crypto.master_key(Path(settings.DATA_DIR))


def record_secret(object_id: str, person: str = "") -> tuple[Record, bytes]:
    """Return an object's record and secret, made on first use.

    Raises:
        InvalidInputError: `vault.closed`, if the record was restored without its key.
    """
    master = _master()
    found = Record.objects.filter(pk=object_id).first()
    if found is not None and not found.wrapped:
        raise InvalidInputError("vault.closed")
    if found is not None:
        return found, crypto.unseal(master, bytes(found.wrapped), object_id)
    secret = os.urandom(crypto.KEY_BYTES)
    wrapped = crypto.seal(master, secret, object_id)
    return Record.objects.create(object_id=object_id, person=person, wrapped=wrapped), secret


@transaction.atomic
def values_seal(
    *, mark: LedgerMark, object_id: str, committer: str, values: Mapping[str, str], person: str = ""
) -> dict[str, str]:
    """Keep values and return their commitments.

    Args:
        mark: The ledger the act will stand in.
        object_id: The act's subject.
        committer: Person id of who signs.
        values: Label to value; a label is the field's name.
        person: The natural person concerned, "" where it is nobody's personal data.

    Returns:
        Label to commitment, 64 hex digits.
    """
    record, secret = record_secret(object_id, person)
    key, master, made = crypto.value_key(secret), _master(), {}
    for label, value in values.items():
        mixed = salt(secret, f"{label}/{committer}", mark.suite)
        commitment = commit(mark.suite, mark.ledger, object_id, committer, label, value, mixed)
        Value.objects.update_or_create(
            commitment=commitment,
            defaults={
                "record": record,
                "label": label,
                "committer": committer,
                "blind": crypto.blind_index(master, label, value),
                "sealed": crypto.seal(key, value.encode(), f"{object_id}/{label}"),
            },
        )
        made[label] = commitment
    return made


def is_kept(value: str) -> bool:
    """Return whether a text is itself a commitment whose opening is kept here; no query for other texts."""
    hexadecimal = len(value) == COMMITMENT_DIGITS and set(value) <= set("0123456789abcdef")
    return hexadecimal and Value.objects.filter(commitment=value).exists()


def masked(commitment: str) -> str:
    """Return a kept value with its middle hidden, as a page may show it; "" where none is kept."""
    value = value_of(commitment) if is_kept(commitment) else None
    if not value:
        return ""
    shown = min(4, len(value) // 4)
    return f"{value[:shown]}****{value[len(value) - shown :]}"


def value_of(commitment: str) -> str | None:
    """Return a value for the platform's own use (matching, masked display); None where erased or unknown."""
    found = Value.objects.select_related("record").filter(commitment=commitment).first()
    if found is None or not found.record.wrapped:
        return None
    object_id = found.record.object_id
    secret = crypto.unseal(_master(), bytes(found.record.wrapped), object_id)
    context = f"{object_id}/{found.label}"
    return crypto.unseal(crypto.value_key(secret), bytes(found.sealed), context).decode()


def value_reveal(*, actor: Actor, commitment: str, reason: str, now_ms: int) -> str:
    """Open one value for an officer and log who, when and why.

    Raises:
        InvalidInputError: If no reason is given or the value was erased.
        Refused: If the actor holds no post.
    """
    if not actor.post:
        raise Refused("vault.denied")
    if not reason.strip():
        raise InvalidInputError("vault.reason")
    found = Value.objects.select_related("record").filter(commitment=commitment).first()
    value = value_of(commitment)
    if found is None or value is None:
        raise InvalidInputError("vault.erased")
    Reveal.objects.create(
        at_ms=now_ms,
        person=actor.person,
        post=actor.post,
        object_id=found.record.object_id,
        label=found.label,
        reason=reason.strip()[:200],
    )
    return value


def find_equal(label: str, value: str) -> list[str]:
    """Return the ids of objects whose value under a label equals this one (duplicate check)."""
    blind = crypto.blind_index(_master(), label, value)
    return list(Value.objects.filter(blind=blind).values_list("record_id", flat=True).distinct())


def person_erase(person: str) -> int:
    """Erase every record of a person; commitments stay and can no longer be opened."""
    return Record.objects.filter(person=person).delete()[0]


def opening_of(commitment: str, mark: LedgerMark) -> Opening | None:
    """Return the opening that proves a value to whoever holds the commitment; None where erased.

    What founders committed to before there was a ledger id is bound to the word `genesis`.
    """
    found = Value.objects.select_related("record").filter(commitment=commitment).first()
    value = value_of(commitment)
    if found is None or value is None:
        return None
    record = found.record
    secret = crypto.unseal(_master(), bytes(record.wrapped), record.object_id)
    mixed = _salt(found, secret, mark.suite)
    named = record.object_id, found.committer, found.label, value, mixed
    made = (make_opening(ledger, *named) for ledger in (mark.ledger, GENESIS_LEDGER))
    return next((one for one in made if commitment_of(mark.suite, one) == commitment), None)


def _salt(found: Value, secret: bytes, suite: Suite) -> bytes:
    if found.salt:
        context = f"{found.record.object_id}/{found.label}/salt"
        return crypto.unseal(crypto.value_key(secret), bytes(found.salt), context)
    return salt(secret, f"{found.label}/{found.committer}", suite)


@transaction.atomic
def opening_keep(*, opening: Opening, suite: Suite, person: str = "") -> str:
    """Keep a text that was committed to elsewhere, with its own salt, and return the commitment.

    Args:
        opening: What it hides; its value is a text.
        suite: The ledger's suite.
        person: The natural person concerned, "" where it is nobody's personal data.

    Raises:
        InvalidInputError: If value or salt is not canonically written, or the value is no text.
    """
    commitment, value = commitment_of(suite, opening), decode(bytes(opening.value), str)
    record, secret = record_secret(opening.object, person)
    key, context = crypto.value_key(secret), f"{opening.object}/{opening.label}"
    Value.objects.update_or_create(
        commitment=commitment,
        defaults={
            "record": record,
            "label": opening.label,
            "committer": opening.committer,
            "blind": crypto.blind_index(_master(), opening.label, value),
            "sealed": crypto.seal(key, value.encode(), context),
            "salt": crypto.seal(key, from_base64(opening.salt), f"{context}/salt"),
        },
    )
    return commitment


def founders_keep(suite: Suite) -> int:
    """Move the openings of the founders' names from where founding left them into the vault; return how many.

    A file goes once the vault has what it says.
    """
    files = sorted((Path(settings.DATA_DIR) / FOLDER).glob("*.opening"))
    for path in files:
        opening = decode(path.read_bytes().strip(), Opening)
        opening_keep(opening=opening, suite=suite, person=opening.object)
        path.unlink()
    return len(files)
