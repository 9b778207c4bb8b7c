"""Values as readers see them: money, dates, choices, names of ids; one place for lists, pages and prints."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from django.urls import reverse

from shanhai.acts.machine import NOUNS
from shanhai.acts.machine.fields import Field, Kind
from shanhai.domains import names
from shanhai.domains.listings import LISTINGS
from shanhai.kernel import money
from shanhai.kernel.periods import DAY_MS, date_of, iso
from shanhai.kernel.text import Text
from shanhai.web.middleware import language

DASH = "—"
MIDNIGHT_MS = DAY_MS - 8 * 3_600_000  # midnight in UTC+8, counted from midnight UTC
TONES = {
    "success": (
        "paid",
        "reconciled",
        "closed",
        "passed",
        "confirmed",
        "signed",
        "active",
        "received",
        "admitted",
    ),
    "danger": ("void", "rejected", "terminated", "revoked", "failed", "refused"),
    "warning": ("returned", "suspended", "suspect", "accepted"),
    "progress": ("proposed", "ordered", "running", "executing", "submitted", "in_progress"),
}
_TONE = {state: tone for tone, states in TONES.items() for state in states}


class Cell(NamedTuple):
    """A value ready to show: its words, and how."""

    field: Field
    text: str
    href: str = ""
    tone: str = ""
    title: str = ""

    @property
    def numeric(self) -> bool:
        """Whether it is right-aligned."""
        return self.field.integer and self.field.kind is not Kind.MOMENT

    @property
    def kind(self) -> str:
        """Return the field's kind."""
        return self.field.kind.value


def address(noun: str, id: str) -> str:  # noqa: A002 - the field's name
    """Return an object's page, "" for nouns without one."""
    return reverse("object", args=[noun, id]) if noun in LISTINGS else ""


def cell(field: Field, found: msgspec.Struct, known: dict[str, Text]) -> Cell:
    """Return one field of an object as a cell; `known` names the ids."""
    value = getattr(found, field.name)
    if value in ("", None, ()) or (field.kind is Kind.MOMENT and not value):
        return Cell(field, DASH)
    if field.kind is Kind.CHOICE:
        tone = _TONE.get(value.value, "neutral") if field.name == "state" else ""
        return Cell(field, value.text.say(language()), tone=tone)
    if field.kind is Kind.REF:
        words = known[value].say(language()) if value in known else value
        noun = getattr(field.ref, "noun", "") if field.ref else ""
        return Cell(field, words, href=address(noun, value) if noun in NOUNS else "", title=value)
    return Cell(field, shown(field, value), title=str(value) if field.kind in HASHES else "")


HASHES = (Kind.DIGEST, Kind.COMMITMENT)


def _moment(value: int) -> str:
    midnight = value % DAY_MS == MIDNIGHT_MS
    return date_of(value).isoformat() if midnight else iso(value)


_SHOWN: dict[Kind, Callable[[Any], str]] = {
    Kind.AMOUNT: money.yuan,
    Kind.MOMENT: _moment,
    Kind.REGION: lambda value: names.region(value).say(language()),
    Kind.FLAG: lambda value: {"zh": ("否", "是"), "en": ("No", "Yes")}[language()][bool(value)],
    Kind.DIGEST: lambda value: f"{value[:8]}…{value[-4:]}",
    Kind.COMMITMENT: lambda value: f"{value[:8]}…{value[-4:]}",
    Kind.WORDS: "、".join,
    Kind.REFS: "、".join,
    Kind.PERMILLE: lambda value: f"{value} ‰",
}


def shown(field: Field, value: Any) -> str:
    """Return a plain value in words."""
    if field.kind in _SHOWN:
        return _SHOWN[field.kind](value)
    return f"{value:,}" if field.type is int and field.name != "year" else str(value)
