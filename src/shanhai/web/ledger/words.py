"""An entry in words: what was said field by field, and the labels that the proof page gives the browser."""

from typing import Any, NamedTuple

import msgspec

from shanhai.acts.machine import ACTS, NOUNS, Did, Object, fields_of
from shanhai.acts.machine.fields import Field, Kind, row_type
from shanhai.domains import names
from shanhai.domains.book.reading import Reading
from shanhai.kernel.text import Text
from shanhai.web.middleware import language
from shanhai.web.objects.cells import DASH, Cell, address, cell

DOERS = Text("经办登记", "Who did it")


class Said(NamedTuple):
    """One field of what was signed: a cell, or rows of cells."""

    label: str
    cell: Cell | None
    rows: list[list[Cell]]


def said(payload: msgspec.Struct) -> list[Said]:
    """Return every field that says something, names instead of ids."""
    fields = fields_of(type(payload))
    known = names.of(_refs(payload, fields))
    made = []
    for field in fields:
        value = getattr(payload, field.name)
        if field.kind is Kind.ROWS:
            rows = [_row(row) for row in value]
            if rows:
                made.append(Said(field.text.say(language()), None, rows))
            continue
        shown = cell(field, payload, known)
        if shown.text != DASH:
            made.append(Said(field.text.say(language()), shown, []))
    return made


def _row(row: msgspec.Struct) -> list[Cell]:
    fields = [f for f in fields_of(type(row)) if f.kind is not Kind.ROWS]
    made = [cell(f, row, {}) for f in fields]
    return [one for one in made if one.text != DASH]


def _refs(payload: msgspec.Struct, fields: tuple[Field, ...]) -> list[tuple[Any, str]]:
    return [
        (f.ref, getattr(payload, f.name))
        for f in fields
        if f.kind is Kind.REF and isinstance(f.ref, type) and issubclass(f.ref, Object)
    ]


def labels(struct: type[msgspec.Struct]) -> dict[str, list[str]]:
    """Return both labels of every field, those of rows too."""
    found: dict[str, list[str]] = {}
    for field in fields_of(struct):
        found[field.name] = [field.text.zh, field.text.en]
        if field.kind is Kind.ROWS:
            found |= labels(row_type(field))
    return found


def act_words(act: str) -> dict[str, Any] | None:
    """Return an act's name and labels in both languages, None where this release does not know it."""
    kind = ACTS.get(act)
    if kind is None:
        return None
    return {"text": [kind.row.text.zh, kind.row.text.en], "labels": labels(kind)}


class Thing(NamedTuple):
    """An object that an entry is about or wrote: what it is, what it is called, where it is shown."""

    noun: str
    text: Text
    name: str
    id: str
    href: str
    digest: str = ""
    current: bool = False


def things(found: Reading) -> list[Thing]:
    """Return the objects that an entry wrote, by name; one query a noun."""
    kinds = [(NOUNS[one.noun], one.id) for one in found.touched if one.noun in NOUNS]
    known = names.of(kinds)
    return [
        Thing(
            one.noun,
            _noun(one.noun),
            known[one.id].say(language()) if one.id in known else one.id,
            one.id,
            address(one.noun, one.id),
            one.digest,
            one.current,
        )
        for one in found.touched
    ]


def _noun(name: str) -> Text:
    kind = NOUNS.get(name)
    return DOERS if kind is Did else kind.text if kind is not None else Text(name, name)


def subject(found: Reading) -> Thing | None:
    """Return what an entry was about, if it wrote it."""
    return next((one for one in things(found) if one.id == found.body.subject), None)
