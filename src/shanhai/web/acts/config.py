"""What the signing element is given: the bytes, and the words around them. It shows only the bytes."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from shanhai.acts.machine import Act, fields_of
from shanhai.acts.machine.fields import Field, Kind, row_type
from shanhai.domains import names
from shanhai.domains.book import archive
from shanhai.domains.book.desk import Prepared, mark
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.vault.services import opening_of
from shanhai.kernel.canonical import plain, to_base64
from shanhai.kernel.text import Text

Pair = list[str]
PROOFS = "/ledger/proof/"
"""With the receipt's index appended it is the address of the entry's proof file."""


def pair(text: Text) -> Pair:
    """Return both labels as the signing element takes them."""
    return [text.zh, text.en]


def field_specs(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """Return label and kind of every field; a field that is not here cannot be signed."""
    return {field.name: _spec(field) for field in fields_of(struct)}


def _spec(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": field.kind.value, "text": pair(field.text)}
    if field.kind is Kind.CHOICE:
        made["choices"] = {choice.value: pair(choice.text) for choice in field.type}
    if field.kind is Kind.ROWS:
        made["fields"] = field_specs(row_type(field))
    if field.kind is Kind.COMMITMENT:
        made["main"] = True
    return made


def sheet(prepared: Prepared) -> dict[str, Any]:
    """Return one act for the signing element: bytes, labels, names of ids, openings of commitments."""
    body, payload = prepared.body, prepared.payload
    known = names.of([*payload.refers(), (payload.row.on, body.subject)]) | names.of_post(body.post)
    subject = known.pop(body.subject, None) or payload.row.on.text
    return {
        "act": body.act,
        "body": to_base64(prepared.raw),
        "text": pair(payload.row.text),
        "subject": pair(subject),
        "fields": field_specs(type(payload)),
        "names": {one: pair(text) for one, text in (known | _regions(payload)).items()},
        "openings": dict(_openings(payload)),
    }


def _regions(payload: Act) -> dict[str, Text]:
    found = [getattr(payload, f.name) for f in fields_of(type(payload)) if f.kind is Kind.REGION]
    return {code: names.region(code) for code in found if code}


def _openings(payload: Act) -> Iterable[tuple[str, Any]]:
    for field in fields_of(type(payload)):
        value = getattr(payload, field.name)
        if (
            field.kind is Kind.COMMITMENT
            and value
            and (found := opening_of(value, mark())) is not None
        ):
            yield field.name, plain(found)


def sign_config(
    request: HttpRequest, prepared: Sequence[Prepared], kids: Sequence[str], **more: Any
) -> dict[str, Any]:
    """Return the signing element's configuration for one act or, with several, one gesture.

    Args:
        request: For the CSRF token and the address to come back to.
        prepared: What will be signed, each tried already.
        kids: The officer's keys; the element asks for bytes for the one this browser holds.
        more: `next`, `key_url` and the like.
    """
    batch = len(prepared) > 1
    plain_name = prepared[0].payload.row.plain
    return {
        "suite": node().constants.suite.name,
        "now_ms": ledger_now_ms(),
        "kids": list(kids),
        "acts": [sheet(one) for one in prepared],
        "batch": batch,
        "submit": "/api/acts" if batch else f"/api/acts/{plain_name}",
        "csrf": get_token(request),
        "reload": request.get_full_path(),
        **_trust(prepared),
        **more,
    }


def _trust(prepared: Sequence[Prepared]) -> dict[str, Any]:
    """Return what the element holds the ledger to: its key, the checkpoint the bytes name, where proofs lie."""
    config = archive.trust() | {
        "proof_url": PROOFS,
        "consistency": reverse("ledger_consistency"),
    }
    seen = {one.body.seen for one in prepared}
    (first, *others) = seen
    return (
        config if others or first is None else config | {"checkpoint": archive.checkpoint_of(first)}
    )
