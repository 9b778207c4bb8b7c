"""The registry: every named method with the parameters it takes, and how a scheme's table becomes one.

A method is looked up by `(kind, name)`; its parameters are a frozen struct. Whatever a scheme writes
that the struct does not know is refused with its place and the nearest right name.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from shanhai.engines.indicators.errors import refused
from shanhai.kernel.spelling import nearest

Function = TypeVar("Function", bound=Callable[..., Any])


class Params(msgspec.Struct, frozen=True, kw_only=True):
    """No parameters; base of those that have some."""


class Method(msgspec.Struct, frozen=True):
    """A registered method.

    Attributes:
        kind: `step` names, `weights`, `aggregate`.
        name: As schemes write it.
        params: Struct of its parameters.
        function: The pure function.
        traits: Words the engine asks for, such as `batched` or `relational`.
    """

    kind: str
    name: str
    params: type[Params]
    function: Callable[..., Any]
    traits: frozenset[str] = frozenset()


class Chosen(msgspec.Struct, frozen=True):
    """A method with its parameters, as a scheme chose it at `place`."""

    method: Method
    params: Any
    place: str


METHODS: dict[str, dict[str, Method]] = {}


def method(
    kind: str, *names: str, params: type[Params] = Params, traits: str = ""
) -> Callable[[Function], Function]:
    """Register a function as `kind`'s method of these names (the first is the usual one)."""

    def registered(function: Function) -> Function:
        for name in names:
            METHODS.setdefault(kind, {})[name] = Method(
                kind, name, params, function, frozenset(traits.split())
            )
        return function

    return registered


@functools.cache
def fields_of(struct: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """Return a struct's fields by the name a scheme writes."""
    return {field.encode_name: field for field in msgspec.structs.fields(struct)}


def choose(kind: str, table: Any, place: str, usual: str = "") -> Chosen:
    """Return the method that a scheme's table names.

    Args:
        kind: Which registry.
        table: A method's name, or a table with `method` and its parameters.
        place: Where it stands, for refusals.
        usual: The method where the table names none; "" if it must.

    Raises:
        InvalidInputError: If name, parameter or value is wrong.
    """
    table = {"method": table} if isinstance(table, str) else table
    if not isinstance(table, Mapping):
        raise refused("value", place=place, detail=f"expected a name or a table, got {table!r}")
    name = table.get("method", usual)
    if not name:
        raise refused("required", place=place, name="method")
    if name not in METHODS[kind]:
        close = nearest(str(name), METHODS[kind])
        raise refused("unknown", place=f"{place}.method", name=name, nearest=close)
    found = METHODS[kind][name]
    rest = {key: value for key, value in table.items() if key != "method"}
    return Chosen(found, build(found.params, rest, place), place)


S = TypeVar("S", bound=msgspec.Struct)


def build(struct: type[S], table: Mapping[str, Any], place: str, *also: str) -> S:
    """Make a struct from a scheme's table, naming what is wrong with its place.

    Args:
        struct: What to make.
        table: As read from TOML.
        place: Where it stands.
        also: Names that are right here though the struct does not hold them.
    """
    known = fields_of(struct)
    for key in table:
        if key not in known and key not in also:
            close = nearest(key, [*known, *also])
            raise refused("unknown", place=place or "scheme", name=key, nearest=close)
    for name, field in known.items():
        if field.required and name not in table:
            raise refused("required", place=place or "scheme", name=name)
    try:
        return msgspec.convert(dict(table), struct)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$")
        where = place + (path.rstrip("`") if place or not path else path.rstrip("`").lstrip("."))
        raise refused("value", place=where or "scheme", detail=detail) from error
