"""Samples of any noun or act, made from what its fields say: for documentation and generic tests."""

from collections.abc import Callable
from typing import Any

import msgspec

from shanhai.acts.machine.fields import Field, Kind, fields_of, row_type

_HASH = "ab" * 32
_BY_KIND: dict[Kind, Callable[[Field], Any]] = {
    Kind.CHOICE: lambda field: next(iter(field.type)),
    Kind.FLAG: lambda _: True,
    Kind.WORDS: lambda _: ("x",),
    Kind.REFS: lambda _: ("x",),
    Kind.ROWS: lambda field: (sample(row_type(field)),) * max(1, field.meta.min_length or 0),
    Kind.DIGEST: lambda _: _HASH,
    Kind.COMMITMENT: lambda _: _HASH,
    Kind.REGION: lambda _: "510722",
}


def example(field: Field) -> Any:
    """Return a value that the field's own limits accept."""
    if field.kind in _BY_KIND:
        return _BY_KIND[field.kind](field)
    if field.type is int:
        return min(max(field.meta.ge or 0, 1), field.meta.le or 0)
    return "x" * max(1, field.meta.min_length or 0)


def sample(struct: type[msgspec.Struct]) -> Any:
    """Return an instance of any struct with every field filled."""
    return struct(**{field.name: example(field) for field in fields_of(struct)})
