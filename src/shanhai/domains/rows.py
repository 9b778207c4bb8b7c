"""One table a noun, derived from its struct. Rows find, structs show.

`class Claim(Row, of=claim.Claim)`: the scalar fields become columns to find by, `object` holds the
canonical bytes to show. No labels or choices here, so a change of wording makes no migration.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

import msgspec
from django.db import models
from django.http import Http404

from shanhai.acts.machine import Object
from shanhai.node.tables import Column, Sql, Table, table_of

S = TypeVar("S", bound=Object)
INDEX_NAME = 30
MODELS: dict[type[Object], type["Row"]] = {}


class Place(models.BigIntegerField):  # type: ignore[type-arg]  # generic in its stubs only
    """A whole number that is its table's key; on SQLite the row's own number, so that no index is kept of it."""

    def db_type(self, connection: Any) -> str | None:
        """Return the column's type."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


def column(made: Column, *, key: bool) -> "models.Field[Any, Any]":
    """Return the Django field of a column; the node's definition is the only one."""
    if made.sql is Sql.BOOL:
        return models.BooleanField()
    if made.sql is Sql.PLACE:
        return Place(primary_key=key)
    if made.sql is Sql.LONG:
        return models.BigIntegerField(primary_key=key)
    if made.sql is Sql.BYTES:
        return models.BinaryField()
    if made.sql is Sql.WORDS:
        return models.TextField()
    return models.CharField(max_length=made.length, primary_key=key)


def columns(table: Table) -> "dict[str, models.Field[Any, Any]]":
    """Return a table's Django fields by name, its first column as the key."""
    return {c.name: column(c, key=c.name == table.key) for c in table.columns}


class RowBase(models.base.ModelBase):
    """Adds the struct's scalar fields as columns and registers the table."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        attrs: dict[str, Any],
        of: type[Object] | None = None,
        by: tuple[str, ...] = (),
        **kw: Any,
    ) -> Any:
        """Make the model; `of` names the noun, `by` the columns to find by, id last."""
        if of is None:
            return super().__new__(cls, name, bases, attrs, **kw)
        indexes = [_index(of, fields.split()) for fields in by]
        meta = type("Meta", (), {"db_table": of.noun, "indexes": indexes})
        own = columns(table_of(of)) | attrs | {"struct": of, "Meta": meta}
        made: Any = super().__new__(cls, name, bases, own, **kw)
        MODELS[of] = made
        return made


def _index(of: type[Object], fields: list[str]) -> models.Index:
    return models.Index(fields=[*fields, "id"], name="_".join([of.noun, *fields])[:INDEX_NAME])


class Row(models.Model, metaclass=RowBase):
    """A noun's row: columns to find by, canonical bytes to show."""

    struct: ClassVar[type[Object]]
    objects: ClassVar["models.Manager[Any]"] = models.Manager()

    class Meta:
        """Each noun has its own table."""

        abstract = True


def row_of(kind: type[Object]) -> type[Row]:
    """Return the table of a noun.

    Raises:
        KeyError: If no domain declares one.
    """
    return MODELS[kind]


def structs(kind: type[S], rows: "models.QuerySet[Any]") -> list[S]:
    """Return the frozen structs of the rows found, in the rows' order; one query."""
    decode = msgspec.json.Decoder(kind).decode
    return [decode(bytes(found)) for found in rows.values_list("object", flat=True)]


def struct_or_404(kind: type[S], rows: "models.QuerySet[Any]", id: str) -> S:  # noqa: A002 - the field's name
    """Return one struct of the rows an actor may see.

    Raises:
        Http404: If it is missing or invisible, alike.
    """
    found = structs(kind, rows.filter(pk=id)[:1])
    if not found:
        raise Http404(f"no {kind.noun} {id}")
    return found[0]


def by_id(kind: type[S], ids: Iterable[str]) -> dict[str, S]:
    """Return structs by id in one query, for the names that a page shows beside ids."""
    wanted = {one for one in ids if one}
    found = structs(kind, row_of(kind).objects.filter(pk__in=wanted)) if wanted else []
    return {one.id: one for one in found}
