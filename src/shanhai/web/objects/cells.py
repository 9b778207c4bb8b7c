"""Values as readers see them: money, dates, choices, names of ids; one place for lists, pages and prints."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from django.urls import reverse

from shanhai.acts.machine import NOUNS, Object
from shanhai.acts.machine.fields import Field, Kind
from shanhai.domains import names
from shanhai.domains.listings import LISTINGS
from shanhai.kernel import money
from shanhai.kernel.periods import DAY_MS, date_of, iso
from shanhai.kernel.text import Choice, Text
from shanhai.web.middleware import language

DASH = "—"
LONG_ID = 14
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
        "accepted_county",
        "finished",
        "settled",
        "registered",
        "applied",
        "in_pool",
        "verified",
        "answered",
        "accepted",
        "open",
    ),
    "danger": (
        "void",
        "rejected",
        "terminated",
        "revoked",
        "failed",
        "refused",
        "withdrawn",
        "out_of_pool",
    ),
    "warning": ("returned", "suspended", "suspect", "determined"),
    "progress": (
        "proposed",
        "ordered",
        "running",
        "executing",
        "submitted",
        "in_progress",
        "started",
        "tendering",
    ),
}
_TONE = {state: tone for tone, states in TONES.items() for state in states}


def tone(state: Choice | None) -> str:
    """Return how a state is coloured; the word says it too."""
    return _TONE.get(state.value, "neutral") if state is not None else "neutral"


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
    """Return an object's page, "" for nouns without one and for settings, whose ids are paths."""
    return reverse("object", args=[noun, id]) if noun in LISTINGS and "/" not in id else ""


def cell(field: Field, found: msgspec.Struct, known: Mapping[str, Text]) -> Cell:
    """Return one field of an object as a cell; `known` names the ids."""
    value = getattr(found, field.name)
    if value in ("", None, ()) or (field.kind is Kind.MOMENT and not value):
        return Cell(field, DASH)
    if isinstance(found, Object) and found.unsaid(field.name, value):
        return Cell(field, DASH)
    if field.kind is Kind.CHOICE:
        colour = tone(value) if field.name == "state" else ""
        return Cell(field, value.text.say(language()), tone=colour)
    if field.kind is Kind.REF:
        return _reference(field, value, known)
    if field.kind is Kind.REFS:
        named = (known[one].say(language()) if one in known else short(one) for one in value)
        return Cell(field, "、".join(named))
    return Cell(field, shown(field, value), title=str(value) if field.kind in HASHES else "")


def _reference(field: Field, value: str, known: Mapping[str, Text]) -> Cell:
    """Return a named link; an id that has no name (an officer's) is shortened and leads nowhere."""
    words = known[value].say(language()) if value in known else value
    if words == value:
        return Cell(field, short(value), title=value)
    noun = getattr(field.ref, "noun", "") if field.ref else ""
    return Cell(field, words, href=address(noun, value) if noun in NOUNS else "", title=value)


HASHES = (Kind.DIGEST, Kind.COMMITMENT)


def short(value: str) -> str:
    """Return an id or digest by both ends."""
    return value if len(value) <= LONG_ID else f"{value[:8]}…{value[-4:]}"


def _moment(value: int) -> str:
    midnight = value % DAY_MS == MIDNIGHT_MS
    return date_of(value).isoformat() if midnight else iso(value)


_SHOWN: dict[Kind, Callable[[Any], str]] = {
    Kind.AMOUNT: money.yuan,
    Kind.MOMENT: _moment,
    Kind.REGION: lambda value: names.region(value).say(language()),
    Kind.FLAG: lambda value: {"zh": ("否", "是"), "en": ("No", "Yes")}[language()][bool(value)],
    Kind.DIGEST: short,
    Kind.COMMITMENT: short,
    Kind.WORDS: "、".join,
    Kind.REFS: "、".join,
    Kind.PERMILLE: lambda value: f"{value} ‰",
}


def shown(field: Field, value: Any) -> str:
    """Return a plain value in words."""
    if field.kind in _SHOWN:
        return _SHOWN[field.kind](value)
    return f"{value:,}" if field.type is int and not field.name.endswith("year") else str(value)
