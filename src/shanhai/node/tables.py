"""Tables of nouns: the columns that a struct's scalar fields become, and the SQL that fills them.

Rows find, structs show: a column for each scalar field to find by, and `object`, the canonical bytes.
SQLite and PostgreSQL 15 share every statement; only the parameter mark and the type names differ.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from shanhai.acts.machine.fields import ID_LENGTH, Field, Kind, fields_of
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.source import Source

KEY_LENGTH = 200
"""Length of ids made of other names: those of totals, holders and `Did`."""
REGION_LENGTH, HASH_LENGTH, CHOICE_LENGTH, WORD_LENGTH = 12, 64, 32, 200
_LENGTHS = {
    Kind.CHOICE: CHOICE_LENGTH,
    Kind.REGION: REGION_LENGTH,
    Kind.DIGEST: HASH_LENGTH,
    Kind.COMMITMENT: HASH_LENGTH,
    Kind.REF: ID_LENGTH,
}


class Sql(StrEnum):
    """What a column holds; each dialect has its own name for it."""

    TEXT = "text"  # at most `length` characters, C collation
    LONG = "long"  # 64-bit integer
    PLACE = "place"  # a 64-bit integer that is the key: on SQLite the row's own number, no index of its own
    BOOL = "bool"
    BYTES = "bytes"
    WORDS = "words"  # text of any length


class Column(NamedTuple):
    """One column, never null: its name, type, length in characters (text only), and the field it holds."""

    name: str
    sql: Sql
    length: int = 0
    field: Field | None = None


class Index(NamedTuple):
    """An index of a bookkeeping table."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False


class Table(NamedTuple):
    """A table: its first column is the primary key."""

    name: str
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...] = ()

    @property
    def key(self) -> str:
        """Return the primary key's name."""
        return self.columns[0].name


class Dialect(NamedTuple):
    """What differs between databases."""

    name: str
    mark: str
    types: dict[Sql, str]
    blob: Callable[[bytes], Any] = bytes
    """Makes of bytes what the driver binds fastest: `sqlite3` looks for an adapter for bytes, each time anew."""

    def marks(self, count: int) -> str:
        """Return `count` parameter marks."""
        return ", ".join([self.mark] * count)

    def type_of(self, column: Column) -> str:
        """Return the column's type as it stands in CREATE TABLE."""
        return self.types[column.sql].format(length=column.length)


SQLITE = Dialect(
    "sqlite",
    "?",
    {
        Sql.TEXT: "varchar({length})",
        Sql.LONG: "bigint",
        Sql.PLACE: "integer",
        Sql.BOOL: "bool",
        Sql.BYTES: "BLOB",
        Sql.WORDS: "text",
    },
    bytearray,
)
POSTGRES = Dialect(
    "postgresql",
    "%s",
    {
        Sql.TEXT: 'varchar({length}) COLLATE "C"',
        Sql.LONG: "bigint",
        Sql.PLACE: "bigint",
        Sql.BOOL: "boolean",
        Sql.BYTES: "bytea",
        Sql.WORDS: 'text COLLATE "C"',
    },
)
OBJECT = Column("object", Sql.BYTES)


@cache
def columns_of(kind: type[Object]) -> tuple[Column, ...]:
    """Return the columns of a noun's table: its scalar fields, `id` first; `object` comes on top."""
    return tuple(_column(kind, field) for field in fields_of(kind) if field.scalar)


def _column(kind: type[Object], field: Field) -> Column:
    if field.name == "id":
        long = kind.derived or kind is Did
        return Column("id", Sql.TEXT, KEY_LENGTH if long else ID_LENGTH, field)
    if field.kind is Kind.FLAG:
        return Column(field.name, Sql.BOOL, 0, field)
    if field.type is int:
        return Column(field.name, Sql.LONG, 0, field)
    length = _LENGTHS.get(field.kind) or field.meta.max_length or WORD_LENGTH
    return Column(field.name, Sql.TEXT, length, field)


def values_of(kind: type[Object]) -> Callable[[Object], tuple[Any, ...]]:
    """Return what reads an object's column values, in the order of `columns_of`."""
    return some_of(kind, None)


@cache
def some_of(
    kind: type[Object], places: tuple[int, ...] | None
) -> Callable[[Object], tuple[Any, ...]]:
    """Return what reads the values of some columns, of all where `places` is None.

    A choice is read as its plain string: databases bind that fastest.
    """
    columns = columns_of(kind)
    source = Source("values", "one")
    some = columns if places is None else [columns[place] for place in places]
    names = [
        f"one.{c.name}._value_"
        if c.field is not None and c.field.kind is Kind.CHOICE
        else f"one.{c.name}"
        for c in some
    ]
    source.add(f"return ({''.join(f'{name}, ' for name in names)})")
    return source.compiled(kind.noun)


Changes = Callable[[Object, Object], tuple[int, ...]]


@cache
def changes_of(kind: type[Object]) -> Changes:
    """Return what tells in which columns two states of an object may differ, as places in `columns_of`.

    A field that was not set anew holds the very same value, so identity tells; equal values that are two
    objects count as changed, which costs a write and no more.
    """
    source = Source("changes", "old, new")
    source.add("found = []")
    for place, column in enumerate(columns_of(kind)):
        if column.name != "id":
            with source.block(f"if old.{column.name} is not new.{column.name}:"):
                source.add(f"found.append({place})")
    source.add("return tuple(found)")
    return source.compiled(kind.noun)


def table_of(kind: type[Object]) -> Table:
    """Return a noun's table."""
    return Table(kind.noun, (*columns_of(kind), OBJECT))


def create_sql(dialect: Dialect, table: Table) -> list[str]:
    """Return the statements that make a table and its indexes where they are missing."""
    columns = [f'"{c.name}" {dialect.type_of(c)} NOT NULL' for c in table.columns]
    columns[0] += " PRIMARY KEY"
    statements = [f'CREATE TABLE IF NOT EXISTS "{table.name}" ({", ".join(columns)})']
    for index in table.indexes:
        unique = "UNIQUE " if index.unique else ""
        names = ", ".join(f'"{name}"' for name in index.columns)
        statements.append(
            f'CREATE {unique}INDEX IF NOT EXISTS "{index.name}" ON "{table.name}" ({names})'
        )
    return statements


def insert_sql(dialect: Dialect, table: Table) -> str:
    """Return the statement that adds a row; its values stand in the columns' order."""
    names = ", ".join(f'"{c.name}"' for c in table.columns)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({dialect.marks(len(table.columns))})'  # noqa: S608 - names come from declarations


def upsert_sql(dialect: Dialect, table: Table) -> str:
    """Return the statement that adds a row or replaces the one with the same key."""
    changes = ", ".join(f'"{c.name}" = excluded."{c.name}"' for c in table.columns[1:])
    return f'{insert_sql(dialect, table)} ON CONFLICT ("{table.key}") DO UPDATE SET {changes}'


def keep_sql(dialect: Dialect, table: Table) -> str:
    """Return the statement that adds a row unless one with the same key is there: what stands, stays."""
    return f'{insert_sql(dialect, table)} ON CONFLICT ("{table.key}") DO NOTHING'


def update_sql(dialect: Dialect, table: Table, places: tuple[int, ...]) -> str:
    """Return the statement that changes some columns of a row; their values, then the key.

    A database touches the indexes of the columns that are named, changed or not.
    """
    mark = dialect.mark
    changes = ", ".join(f'"{table.columns[place].name}" = {mark}' for place in places)
    return f'UPDATE "{table.name}" SET {changes} WHERE "{table.key}" = {mark}'  # noqa: S608 - names come from declarations
