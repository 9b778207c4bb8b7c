"""How far a node's database follows the blocks of its network: one row a block that counts.

The row of a block is written in the transaction that writes its acts, so that a node which died anywhere tells the
truth about itself. The table exists only in databases of a consortium; its newest row says where the application
stands, rows with `kept` are blocks from which others may be given a snapshot: 1 of the log, 2 of all objects too.
"""

from typing import NamedTuple

from shanhai.kernel.suite import Suite
from shanhai.ledger.body import EARLY_MS, MAX_WINDOW_MS
from shanhai.node.records import Head
from shanhai.node.sql import SqlStorage
from shanhai.node.tables import Column, Sql, Table, create_sql

CONSENSUS = Table(
    "consensus",
    (
        Column("height", Sql.PLACE),
        Column("time_ms", Sql.LONG),
        Column("size", Sql.LONG),
        Column("rules", Sql.LONG),
        Column("app_hash", Sql.BYTES),
        Column("kept", Sql.LONG),
    ),
)
EVERY = 1_000
"""A snapshot may begin at a block each time the log has grown by so many acts."""
LATELY = 20_000
"""Entries that a starting node reads at most to know what entered lately."""
LOG, PICTURE = 1, 2
NEWEST = 3
"""So many of these blocks are offered."""
_PREFIX = b"shanhai/app/v1"
_COLUMNS = '"height", "time_ms", "size", "rules", "app_hash"'
_NEWEST = f'SELECT {_COLUMNS} FROM "consensus" ORDER BY "height" DESC LIMIT 1'  # noqa: S608 - declared names


class Point(NamedTuple):
    """A block that was executed: height and time; entries, rules version and hash of the state after it."""

    height: int
    time_ms: int
    size: int
    rules: int
    app_hash: bytes


def app_hash(suite: Suite, root: bytes, rules: int) -> bytes:
    """Return what the nodes agree on after a block: H("shanhai/app/v1" ‖ root ‖ rules version as u32)."""
    return suite.hash(_PREFIX + root + rules.to_bytes(4, "big"))


class Chain:
    """The blocks that a database has followed."""

    def __init__(self, storage: SqlStorage) -> None:
        self._connection, self._mark = storage.connection, storage.dialect.mark
        for statement in create_sql(storage.dialect, CONSENSUS):
            self._connection.execute(statement)

    @staticmethod
    def reading(storage: SqlStorage) -> Point | None:
        """Return the last block that a database's application executed, without writing anything."""
        try:
            row = storage.connection.execute(_NEWEST).fetchone()
        except storage.errors:
            return None
        return None if row is None else Point(*row)

    def newest(self) -> Point | None:
        """Return the last block that was executed, None before the first."""
        row = self._connection.execute(_NEWEST).fetchone()
        return None if row is None else Point(*row)

    def kept(self) -> list[Point]:
        """Return the blocks from which a snapshot may begin, newest first."""
        rows = self._connection.execute(
            f'SELECT {_COLUMNS} FROM "consensus" WHERE "kept" = {LOG} ORDER BY "height" DESC LIMIT {NEWEST}'  # noqa: S608 - declared names
        )
        return [Point(*row) for row in rows]

    def pictured(self) -> list[Point]:
        """Return the blocks at which a picture of all objects was due, newest first."""
        rows = self._connection.execute(
            f'SELECT {_COLUMNS} FROM "consensus" WHERE "kept" = {PICTURE} ORDER BY "height" DESC LIMIT {NEWEST}'  # noqa: S608 - declared names
        )
        return [Point(*row) for row in rows]

    def put(self, point: Point, before: Point | None, *, pictured: bool = False) -> None:
        """Write a block's row, inside the caller's transaction; the row before it goes unless it is kept.

        Args:
            point: The block.
            before: The block before it.
            pictured: Whether a picture of all objects is taken after it.
        """
        grown = before is not None and point.size // EVERY > before.size // EVERY
        marks, mark = ", ".join([self._mark] * 6), self._mark
        self._connection.execute(
            f'DELETE FROM "consensus" WHERE "kept" = 0 AND "height" < {mark}',  # noqa: S608 - a mark
            (point.height,),
        )
        self._connection.execute(
            f'INSERT INTO "consensus" ({_COLUMNS}, "kept") VALUES ({marks})',  # noqa: S608 - marks and declared names
            (*point, PICTURE if pictured else LOG if grown else 0),
        )


def lately(storage: SqlStorage, head: Head) -> tuple[int, list[tuple[str, int]]]:
    """Return a ledger time, and the act id and time of every entry since, oldest first: what a pool begins with.

    They reach back as far as any act that may enter now was possible, but are never more than a start reads at once.
    """
    mark, start = storage.dialect.mark, max(head.size - LATELY, 0)
    rows = storage.connection.execute(
        f'SELECT "act_id", "time_ms" FROM "entry" WHERE "index" >= {mark} ORDER BY "index" DESC',  # noqa: S608 - a mark
        (start,),
    )
    since, found = head.time_ms - EARLY_MS - MAX_WINDOW_MS - 1, []
    for id, time_ms in rows:  # noqa: A001 - the field's name
        if time_ms <= since:
            break
        found.append((id, time_ms))
    if start and len(found) == LATELY:
        since = found[-1][1]
    return since, found[::-1]
