"""What the API says of acts, nouns and fields: everything is read from their declarations."""

from functools import cache
from typing import Any

import msgspec

from shanhai.acts.genesis import Genesis
from shanhai.acts.machine import ACTS, Object, fields_of
from shanhai.acts.machine.fields import Field, Kind, row_type
from shanhai.acts.machine.registry import Act, newest
from shanhai.domains.listings import LISTINGS
from shanhai.kernel.text import Choice, Text

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def words(text: Text) -> dict[str, str]:
    """Return both languages."""
    return {"zh": text.zh, "en": text.en}


@cache
def names() -> frozenset[str]:
    """Return the names, without version, of every act that may be submitted: all but genesis."""
    return frozenset(kind.row.plain for kind in ACTS.values() if kind is not Genesis)


@cache
def newest_acts() -> tuple[type[Act], ...]:
    """Return the newest version of every act that may be submitted, by name."""
    return tuple(newest(name) for name in sorted(names()))


def act(kind: type[Act]) -> dict[str, Any]:
    """Return an act's row of the authority table."""
    row = kind.row
    return {
        "act": row.name,
        "text": words(row.text),
        "noun": row.on.noun,
        "creates": row.creates,
        "when": [choice.value for choice in row.when],
        "by": [role.value for role in row.by],
        "not_by": [one.act for one in row.not_by],
        "grade": row.grade.value,
        "guards": [
            {"code": one.code, **words(one.text), "source": one.source} for one in row.guards
        ],
        "submit": f"/api/acts/{row.plain}",
        "schema": f"/api/acts/{row.plain}/schema",
    }


def fields(struct: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """Return every field: name, kind, both labels, whether it must be there, and what it may be."""
    return [_field(one) for one in fields_of(struct)]


def _field(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": field.name,
        "kind": field.kind.value,
        "text": words(field.text),
        "required": field.required,
    }
    if field.kind is Kind.CHOICE and issubclass(field.type, Choice):
        made["choices"] = {one.value: words(one.text) for one in field.type}
    if field.kind in (Kind.REF, Kind.REFS) and isinstance(field.ref, type):
        made["noun"] = getattr(field.ref, "noun", "")
    if field.kind is Kind.ROWS:
        made["fields"] = fields(row_type(field))
    return made


def noun(name: str) -> dict[str, Any]:
    """Return what a list and its objects are: fields, filters, order."""
    listing = LISTINGS[name]
    kind: type[Object] = listing.noun
    return {
        "noun": name,
        "text": words(kind.text),
        "fields": fields(kind),
        "columns": list(listing.columns),
        "filters": list(listing.filters),
        "sort": sorted(listing.sortable),
        "list": f"/api/{name}",
    }


def schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return a struct's JSON Schema, whole in itself."""
    made = msgspec.json.schema(kind)
    return {"$schema": DIALECT, **made}


@cache
def components() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Return the schema of each act's payload and each listed noun by name, and what they refer to."""
    kinds: dict[str, type[msgspec.Struct]] = {one.row.plain: one for one in newest_acts()}
    kinds |= {name: LISTINGS[name].noun for name in sorted(LISTINGS)}
    made, parts = msgspec.json.schema_components(
        kinds.values(), ref_template="#/components/schemas/{name}"
    )
    return dict(zip(kinds, made, strict=True)), parts
