"""The store on PostgreSQL 15: the head row's lock makes one writer at a time."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from shanhai.kernel.errors import StorageError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.sql import Row, SqlStorage
from shanhai.node.tables import POSTGRES, Sql, Table

TEXTS["storage.asynchronous"] = Text(
    "PostgreSQL 须使用 synchronous_commit=on 和 fsync=on，否则断电会丢失已确认的事项",
    "PostgreSQL must run with synchronous_commit and fsync on; a power cut would lose acts otherwise",
)
COPIED = 8
"""From how many new rows of a table on it pays to copy them in one stream."""
_TYPES = {
    Sql.TEXT: "varchar",
    Sql.LONG: "int8",
    Sql.PLACE: "int8",
    Sql.BOOL: "bool",
    Sql.BYTES: "bytea",
    Sql.WORDS: "text",
}
_DURABLE = frozenset({"on", "local", "remote_write", "remote_apply"})


def connect(conninfo: str) -> "psycopg.Connection[Any]":
    """Open a connection in autocommit mode, so that the store's own transactions are the only ones."""
    return psycopg.connect(conninfo, autocommit=True)


class PostgresStorage(SqlStorage):
    """Objects and log in a PostgreSQL database."""

    far = True
    dialect = POSTGRES
    errors = (psycopg.Error,)
    lock = " FOR UPDATE"
    connection: "psycopg.Connection[Any]"

    def in_transaction(self) -> bool:
        """Return whether the connection is inside a transaction already.

        Without autocommit the driver begins one at the next statement: it is the caller's, who ends it.
        """
        if not self.connection.autocommit:
            return True
        return self.connection.info.transaction_status != TransactionStatus.IDLE

    def begin_write(self) -> str:
        """Begin; reading the head comes first and locks its row."""
        return "BEGIN"

    def begin_read(self) -> str:
        """Begin on one snapshot, held for every statement."""
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def assert_durable(self) -> None:
        """Refuse a server that may lose an acknowledged act.

        Raises:
            StorageError: `storage.asynchronous`.
        """
        commit = self._one("SHOW synchronous_commit", ())[0]
        synced = self._one("SHOW fsync", ())[0]
        if commit not in _DURABLE or synced != "on":
            raise StorageError("storage.asynchronous")

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows, all of them new: many in one stream, for a row a message costs more than judging its act."""
        if len(rows) < COPIED:
            super()._insert(table, rows)
            return
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        statement = f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)'
        with self._halting(), self.connection.cursor().copy(statement.encode()) as copy:
            copy.set_types([_TYPES[column.sql] for column in table.columns])
            for row in rows:
                copy.write_row(row)
