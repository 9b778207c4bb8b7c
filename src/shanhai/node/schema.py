"""The ledger's own tables beside the nouns': entries, tree, timeline, search, head, checkpoints, evidence.

Django's migrations and `create_tables` both follow these definitions, so that a database made without
Django is the same one.
"""

from typing import Any

from shanhai.acts.machine.objects import NOUNS
from shanhai.node.tables import (
    HASH_LENGTH,
    KEY_LENGTH,
    REGION_LENGTH,
    Column,
    Dialect,
    Index,
    Sql,
    Table,
    create_sql,
    table_of,
)

NAME_LENGTH = 64
ORIGIN_LENGTH = 120
TOUCHED_BITS = 8
"""A timeline row's position is index << 8 | place of the object in the receipt (at most 256)."""
LEVEL_BITS = 48
"""A tree node's position is level << 48 | index in its level; level 0 stands in `entry.leaf`."""

ENTRY = Table(
    "entry",
    (
        Column("index", Sql.PLACE),
        Column("act_id", Sql.TEXT, HASH_LENGTH),
        Column("time_ms", Sql.LONG),
        Column("act", Sql.TEXT, NAME_LENGTH),
        Column("subject", Sql.TEXT, NAME_LENGTH),
        Column("post", Sql.TEXT, NAME_LENGTH),
        Column("person", Sql.TEXT, NAME_LENGTH),
        Column("packed", Sql.BYTES),
        Column("leaf", Sql.BYTES),
        Column("key", Sql.LONG),
    ),
    (
        Index("entry_key", ("key",)),
        Index("entry_person", ("person", "index")),
        Index("entry_act", ("act", "index")),
        Index("entry_leaf", ("leaf",)),
    ),
)
"""An act id is found by `key`, its first digits as a number: of what is written at random places, a narrow index
costs least. That an act id stands once is seen to under the writer's lock. `time_ms` never falls: halve by index.
"""
KEY_DIGITS = 15
TREE_NODE = Table("tree_node", (Column("position", Sql.PLACE), Column("hash", Sql.BYTES)))
TIMELINE = Table(
    "timeline",
    (
        Column("position", Sql.PLACE),
        Column("noun", Sql.TEXT, NAME_LENGTH),
        Column("object_id", Sql.TEXT, KEY_LENGTH),
    ),
    (Index("timeline_object", ("object_id", "position")),),
)
SEARCH = Table(
    "search",
    (
        Column("id", Sql.TEXT, KEY_LENGTH),
        Column("noun", Sql.TEXT, NAME_LENGTH),
        Column("region", Sql.TEXT, REGION_LENGTH),
        Column("text", Sql.WORDS),
    ),
    (Index("search_noun", ("noun", "region", "id")),),
)
HEAD = Table(
    "head",
    (
        Column("id", Sql.PLACE),
        Column("size", Sql.LONG),
        Column("root", Sql.BYTES),
        Column("time_ms", Sql.LONG),
        Column("rules", Sql.LONG),
        Column("ledger", Sql.TEXT, HASH_LENGTH),
        Column("suite", Sql.TEXT, 8),
        Column("origin", Sql.TEXT, ORIGIN_LENGTH),
    ),
)
CHECKPOINT = Table("checkpoint", (Column("size", Sql.PLACE), Column("note", Sql.BYTES)))
EVIDENCE = Table(
    "evidence",
    (
        Column("act_id", Sql.TEXT, HASH_LENGTH),
        Column("time_ms", Sql.LONG),
        Column("size", Sql.LONG),
        Column("theirs", Sql.TEXT, HASH_LENGTH),
        Column("ours", Sql.TEXT, HASH_LENGTH),
        Column("body", Sql.BYTES),
        Column("signature", Sql.BYTES),
    ),
)
BOOKKEEPING = (ENTRY, TREE_NODE, TIMELINE, SEARCH, HEAD, CHECKPOINT, EVIDENCE)
"""`search.id` is an object's id; `checkpoint` keeps notes worth keeping (cosigned ones);
`evidence` keeps signed acts whose `seen` is no state of this ledger: a fork shown by an officer."""


def act_key(act_id: str) -> int:
    """Return what an act id is indexed by: its first 60 bits; not unique, so compare the id too."""
    return int(act_id[:KEY_DIGITS], 16)


def all_tables() -> tuple[Table, ...]:
    """Return the bookkeeping tables and those of every registered noun."""
    return (*BOOKKEEPING, *(table_of(kind) for kind in NOUNS.values()))


def create_tables(connection: Any, dialect: Dialect) -> None:
    """Make every table that is missing.

    Args:
        connection: An open DB-API connection of that dialect.
        dialect: `tables.SQLITE` or `tables.POSTGRES`.
    """
    for table in all_tables():
        for statement in create_sql(dialect, table):
            connection.execute(statement)
