"""What differs between two versions of one struct, field by field, in words."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from shanhai.acts.machine import Object, fields_of
from shanhai.acts.machine.fields import Field, Kind
from shanhai.domains import names
from shanhai.domains.rows import MODELS
from shanhai.kernel.text import Choice, Text
from shanhai.web.middleware import language
from shanhai.web.objects.cells import shown

QUIET = frozenset({"id", "version"})


class Change(NamedTuple):
    """One field that changed, as `<c-diff>` shows it; "" is nothing."""

    label: Text
    old: str
    new: str


def words(field: Field, value: Any, known: Mapping[str, Text]) -> str:
    """Return a value in words, "" for nothing."""
    if value in ("", None, (), 0, False):
        return ""
    if isinstance(value, Choice):
        return value.text.say(language())
    if field.kind is Kind.REF:
        return known[value].say(language()) if value in known else str(value)
    if field.kind is Kind.ROWS:
        return "；".join(_row(row) for row in value)
    return shown(field, value)


def _row(row: msgspec.Struct) -> str:
    said = (words(f, getattr(row, f.name), {}) for f in fields_of(type(row)))
    return " ".join(one for one in said if one)


def refs(structs: Iterable[msgspec.Struct]) -> list[tuple[type[Object], str]]:
    """Return the objects that some structs name, to look their names up in one go."""
    return [
        (f.ref, getattr(struct, f.name))
        for struct in structs
        for f in fields_of(type(struct))
        if f.kind is Kind.REF and f.ref in MODELS
    ]


def differences(
    before: msgspec.Struct, after: msgspec.Struct, known: Mapping[str, Text] | None = None
) -> list[Change]:
    """Return the fields in which two structs differ, of those that both have."""
    named = names.of(refs([before, after])) if known is None else known
    had = {f.name for f in fields_of(type(before))}
    return [
        Change(field.text, words(field, old, named), words(field, new, named))
        for field in fields_of(type(after))
        if field.name in had - QUIET
        and (old := getattr(before, field.name)) != (new := getattr(after, field.name))
    ]
