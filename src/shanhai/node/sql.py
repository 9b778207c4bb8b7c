"""Objects and log in a database, through the connection that is given: SQLite or PostgreSQL, one SQL set.

Reads by key go through a cache of decoded structs, dropped when another process moved the head. A
database error is `Halt`, so that no rule can take it for its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec

from shanhai.acts.machine.objects import O, Object
from shanhai.acts.machine.view import State
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import Halt
from shanhai.node import schema
from shanhai.node.records import Batch, Head, Wanted
from shanhai.node.tables import (
    Dialect,
    Table,
    changes_of,
    insert_sql,
    keep_sql,
    some_of,
    table_of,
    update_sql,
    upsert_sql,
    values_of,
)

CACHED_OBJECTS = 20_000
_CHUNK = 512  # marks in one statement
_PAGE = 1_000
_SIZES = (1, 8, 32, 64, 128, 256, _CHUNK)
"""How many marks a statement may have: the last value fills up, so that few statements are prepared."""
Row = tuple[Any, ...]


def stored_bytes(value: Any) -> bytes:
    """Return what a bytes column holds; SQLite would keep anything else there too.

    Raises:
        Halt: If it is no bytes: the database was edited.
    """
    if not isinstance(value, bytes):
        raise Halt(f"a bytes column holds {type(value).__name__}")
    return value


def _decoded(decode: Any, raw: Any) -> Any:
    """Decode an object's bytes; what does not decode was edited, and no rule may take that for its own error."""
    try:
        return decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Halt(f"an object's bytes do not decode: {error}") from error


class _Reads(NamedTuple):
    """What the cache asks of the database."""

    find: Callable[[Any, str], Any]


class SqlStorage:
    """Everything a node needs of a database.

    Subclasses say how a transaction begins and which errors are the database's.
    """

    keeps = True
    far = False
    dialect: Dialect
    errors: tuple[type[Exception], ...]
    lock = ""  # appended to the reading of the head inside a write transaction

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._cache, self._held = State(_Reads(self._read)), 0
        self._stands: bytes | None = None  # the root that the cache belongs to
        self._writing = False
        self.state_roots: dict[int, tuple[bytes, str]] = {}
        self._statements: dict[type[Object], tuple[str, str, Any]] = {}
        self._updates: dict[tuple[type[Object], tuple[int, ...]], str] = {}

    def assert_durable(self) -> None:
        """Refuse a database that may lose an acknowledged act.

        Raises:
            StorageError: If its settings do not promise it.
        """
        raise NotImplementedError

    # --- objects

    def _of(self, kind: type[Object]) -> tuple[str, str, Any]:
        """Return a noun's statements to find and put, and the decoder of its bytes."""
        made = self._statements.get(kind)
        if made is None:
            table = table_of(kind)
            find = f'SELECT "object" FROM "{table.name}" WHERE "id" = {self.dialect.mark}'  # noqa: S608 - a noun's name is declared
            made = find, upsert_sql(self.dialect, table), msgspec.json.Decoder(kind).decode
            self._statements[kind] = made
        return made

    def state(self) -> State:
        """Return the cache: a block reads through it and writes into it; what is rolled back drops it."""
        if self._held > CACHED_OBJECTS:
            self._drop()
        return self._cache

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object with that id, or None.

        Raises:
            Halt: If the database fails.
        """
        return self.state()[kind][id]  # type: ignore[return-value]  # the key says its type

    def _read(self, kind: type[Object], id: str) -> Object | None:  # noqa: A002 - the field's name
        self._held += 1
        statement, _, decode = self._of(kind)
        row = self._one(statement, (id,))
        return None if row is None else _decoded(decode, row[0])

    def fetch(self, wanted: Wanted) -> None:
        """Read objects ahead, many in one statement; absent ones are remembered as absent.

        Raises:
            Halt: If the database fails.
        """
        for kind, ids in wanted.items():
            rows = self._cache[kind]
            unknown = [id for id in ids if id not in rows]  # noqa: A001 - the field's name
            if not unknown:
                continue
            rows.update(dict.fromkeys(unknown))
            self._held += len(unknown)
            decode = self._of(kind)[2]
            for id, raw in self._among(f'"id", "object" FROM "{kind.noun}" WHERE "id"', unknown):  # noqa: A001 - the field's name
                rows[id] = _decoded(decode, raw)

    def _among(self, what: str, values: Sequence[Any]) -> Iterator[Any]:
        """Select by one column, at most `_CHUNK` values a statement, in few sizes of statement."""
        for start in range(0, len(values), _CHUNK):
            some = tuple(values[start : start + _CHUNK])
            size = next(size for size in _SIZES if size >= len(some))
            filled = some + some[-1:] * (size - len(some))
            yield from self._all(f"SELECT {what} IN ({self.dialect.marks(size)})", filled)

    def write(self, changed: Iterable[Object]) -> None:
        """Put objects, replacing those of the same noun and id; no log entry goes with them."""
        rows: dict[type[Object], list[Row]] = {}
        for new in changed:
            kind = type(new)
            rows.setdefault(kind, []).append((*values_of(kind)(new), encode(new)))
            self._cache[kind][new.id] = new
        for kind, some in rows.items():
            self._many(self._of(kind)[1], some)

    def _put(self, batch: Batch) -> None:
        """Add the objects that a batch made, and of those that it changed write the columns that changed."""
        added: dict[type[Object], list[Row]] = {}
        changed: dict[tuple[type[Object], tuple[int, ...]], list[Row]] = {}
        raws, before, blob = batch.raw, batch.before, self.dialect.blob
        self._held += len(batch.changed)
        for key, new in batch.changed.items():
            kind, old = key[0], before[key]
            raw = blob(raws.get(key) or encode(new))
            if old is None:
                added.setdefault(kind, []).append((*values_of(kind)(new), raw))
            else:
                places = changes_of(kind)(old, new)
                row = (*some_of(kind, places)(new), raw, key[1])
                changed.setdefault((kind, places), []).append(row)
        for kind, rows in added.items():
            self._insert(table_of(kind), rows)
        for (kind, places), rows in changed.items():
            self._change(kind, places, rows)

    def _change(self, kind: type[Object], places: tuple[int, ...], rows: list[Row]) -> None:
        statement = self._updates.get((kind, places))
        if statement is None:
            table = table_of(kind)
            last = len(table.columns) - 1
            statement = update_sql(self.dialect, table, (*places, last))
            self._updates[kind, places] = statement
        if self._many(statement, rows) != len(rows):
            raise Halt(f"rows of {kind.noun} are missing")

    def _drop(self) -> None:
        self._cache, self._held = State(_Reads(self._read)), 0

    # --- the log

    def head(self) -> Head | None:
        """Return where the ledger stands, None before genesis; drops caches if another writer moved it.

        Raises:
            Halt: If the database fails.
        """
        lock = self.lock if self._writing else ""
        names = ", ".join(f'"{c.name}"' for c in schema.HEAD.columns[1:])
        row = self._one(f'SELECT {names} FROM "head" WHERE "id" = 1{lock}', ())  # noqa: S608 - declared names
        found = None if row is None else Head(*row)
        root = None if found is None else found.root
        if root != self._stands:
            self._drop()
            self._stands = root
        return found

    def known(self, act_ids: Sequence[str]) -> dict[str, int]:
        """Return the entry index of each act id that is in the log."""
        keys = list(map(schema.act_key, act_ids))
        found = dict(self._among('"act_id", "index" FROM "entry" WHERE "key"', keys))
        return {one: found[one] for one in act_ids if one in found} if found else {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree (`merkle.Fetch`).

        Raises:
            Halt: If the database fails or holds no such node.
        """
        mark = self.dialect.mark
        if level:
            statement = f'SELECT "hash" FROM "tree_node" WHERE "position" = {mark}'  # noqa: S608 - a mark only
            row = self._one(statement, (level << schema.LEVEL_BITS | index,))
        else:
            row = self._one(f'SELECT "leaf" FROM "entry" WHERE "index" = {mark}', (index,))  # noqa: S608 - a mark only
        if row is None:
            raise Halt(f"tree node {level}/{index} is missing")
        return stored_bytes(row[0])

    def packed(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the leaf bytes of entries [start, stop)."""
        mark = self.dialect.mark
        statement = f'SELECT "packed" FROM "entry" WHERE "index" >= {mark} AND "index" < {mark} ORDER BY "index"'  # noqa: S608 - marks only
        for at in range(start, stop, _CHUNK):
            for row in self._all(statement, (at, min(at + _CHUNK, stop))):
                yield stored_bytes(row[0])

    def stored(self, kind: type[Object]) -> Iterator[tuple[str, bytes]]:
        """Yield every object of a noun by id: id and canonical bytes; a thousand are held at once."""
        mark, last = self.dialect.mark, ""
        statement = f'SELECT "id", "object" FROM "{kind.noun}" WHERE "id" > {mark} ORDER BY "id" LIMIT {_PAGE}'  # noqa: S608 - a noun's name is declared
        while rows := self._all(statement, (last,)):
            for id, raw in rows:  # noqa: A001 - the field's name
                yield id, stored_bytes(raw)
            last = rows[-1][0]

    def rows(self, table: Table) -> list[tuple[Any, ...]]:
        """Return a table's rows sorted by key; the whole table is held in memory."""
        names = ", ".join(f'"{c.name}"' for c in table.columns)
        return sorted(self._all(f'SELECT {names} FROM "{table.name}"', ()))  # noqa: S608 - declared names

    def restore(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put these rows in place of a projection's; inside a transaction."""
        self._run(f'DELETE FROM "{table.name}"')  # noqa: S608 - a declared name
        self._insert(table, list(rows))
        self.forget()

    def extend(self, batch: Batch, head: Head) -> None:
        """Write a batch and the head it leads to.

        Raises:
            Halt: If the database fails.
        """
        if batch.records:
            blob = self.dialect.blob
            self._insert(
                schema.ENTRY,
                [(*r[:7], blob(r.packed), blob(r.leaf), r.key) for r in batch.records],
            )
            self._insert(schema.TREE_NODE, [(place, blob(node)) for place, node in batch.nodes])
            self._insert(schema.TIMELINE, batch.timeline)
            self._upsert(schema.SEARCH, batch.search.values())
            self._upsert(schema.HEAD, [(1, *head)])
            self._put(batch)
            self._stands = head.root
        if batch.evidence:
            self._many(keep_sql(self.dialect, schema.EVIDENCE), batch.evidence)

    def forget(self) -> None:
        """Drop every cache."""
        self._drop()
        self._stands = None

    # --- transactions

    @contextmanager
    def transaction(self) -> Iterator[bool]:
        """Hold the only writer's place; commit on success, unless the caller holds a transaction.

        Yields:
            Whether this is the outermost transaction.

        Raises:
            Halt: If the database fails.
        """
        outermost = not self.in_transaction()
        if outermost:
            self._run(self.begin_write())
        self._writing = True
        try:
            yield outermost
            if outermost:
                self._run("COMMIT")
        except BaseException:
            self.forget()
            if outermost and self.in_transaction():
                self._run("ROLLBACK")
            raise
        finally:
            self._writing = False

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of everything, whatever is written meanwhile."""
        outermost = not self.in_transaction()
        if outermost:
            self._run(self.begin_read())
        try:
            yield
        finally:
            if outermost and self.in_transaction():
                self._run("ROLLBACK")

    def in_transaction(self) -> bool:
        """Return whether the connection is inside a transaction already."""
        raise NotImplementedError

    def begin_write(self) -> str:
        """Return the statement that begins a writing transaction, "" where the driver does."""
        raise NotImplementedError

    def begin_read(self) -> str:
        """Return the statement that begins a reading transaction."""
        raise NotImplementedError

    # --- statements

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows, all of them new."""
        if rows:
            self._many(insert_sql(self.dialect, table), rows)

    def _upsert(self, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        if rows:
            self._many(upsert_sql(self.dialect, table), rows)

    @contextmanager
    def _halting(self) -> Iterator[None]:
        try:
            yield
        except self.errors as error:
            raise Halt(f"{type(error).__name__}: {error}") from error

    def _run(self, statement: str) -> None:
        if statement:
            with self._halting():
                self.connection.execute(statement)

    def _one(self, statement: str, values: tuple[Any, ...]) -> Any:
        try:
            return self.connection.execute(statement, values).fetchone()
        except self.errors as error:
            raise Halt(f"{type(error).__name__}: {error}") from error

    def _all(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        with self._halting():
            found: list[Any] = self.connection.execute(statement, values).fetchall()
        return found

    def _many(self, statement: str, rows: Iterable[Row]) -> int:
        """Run a statement for each row and return how many rows of the table it met."""
        with self._halting():
            cursor = self.connection.cursor()
            cursor.executemany(statement, rows)
        return int(cursor.rowcount)
