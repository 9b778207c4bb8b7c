"""The receipt of an act: what was recorded, where, when, what it changed, and what comes next."""

from typing import NamedTuple

from django.http import Http404, HttpResponse

from shanhai.acts.machine import NOUNS, Act, Object, Post, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.domains import names
from shanhai.domains.book.models import Entry
from shanhai.domains.book.timeline import text_of
from shanhai.domains.rows import MODELS, row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.text import Text
from shanhai.ledger.body import Body, parse_body
from shanhai.ledger.entry import parse_receipt, unpack
from shanhai.node.admission import parse_payload
from shanhai.web.http import WebRequest, page
from shanhai.web.middleware import language
from shanhai.web.objects import actions
from shanhai.web.objects.cells import Cell, address, cell
from shanhai.web.objects.diff import refs

QUIET = frozenset({"did", "total", "holder"})


class Touched(NamedTuple):
    """One object that the act wrote."""

    noun: Text
    title: str
    href: str


def receipt_page(request: WebRequest, act_id: str) -> HttpResponse:
    """Show a receipt to whoever may see the act's subject."""
    row = Entry.objects.filter(act_id=act_id).first()
    if row is None:
        raise Http404("no such receipt")
    entry = unpack(bytes(row.packed))
    body, receipt = parse_body(entry.body), parse_receipt(entry.receipt)
    payload = parse_payload(body)
    subject = _subject(request, payload, body)
    touched = [one for one in receipt.touched if one[0] not in QUIET]
    named = [(NOUNS[noun], one) for noun, one, _ in touched if noun in NOUNS]
    known = names.of([*named, *refs([payload]), (Post, body.post)])
    context = {
        "title": text_of(row.act).say(language()),
        "subject": subject,
        "index": row.index,
        "time_ms": row.time_ms,
        "act_id": act_id,
        "who": known.get(body.post),
        "cells": _cells(payload, known),
        "touched": [_touched(noun, one, known) for noun, one, _ in touched],
        "actions": actions.on(subject, request.actor),
        "back": address(type(subject).noun, subject.id),
        "name": names.title(subject),
    }
    return page(request, "acts/receipt.html", context)


def _subject(request: WebRequest, payload: Act, body: Body) -> Object:
    kind = payload.row.on
    if kind not in MODELS:
        raise Http404("no such receipt")
    rows = row_of(kind).objects.filter(visible(kind, request.actor), pk=body.subject)
    found = structs(kind, rows[:1])
    if not found:
        raise Http404("no such receipt")
    return found[0]


def _touched(noun: str, id: str, known: dict[str, Text]) -> Touched:  # noqa: A002 - the field's name
    kind = NOUNS.get(noun)
    words = known[id].say(language()) if id in known else id
    return Touched(kind.text if kind else Text(noun, noun), words, address(noun, id))


def _cells(payload: Act, known: dict[str, Text]) -> list[Cell]:
    fields = [f for f in fields_of(type(payload)) if f.kind is not Kind.ROWS]
    return [made for f in fields if (made := cell(f, payload, known)).text != "—"]
