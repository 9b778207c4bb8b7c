"""The store on SQLite: WAL and `synchronous=FULL`, asserted; one writer at a time by IMMEDIATE.

`synchronous=NORMAL` loses acknowledged acts when power is cut (measured), so it is no choice.
"""

import sqlite3
from pathlib import Path

from shanhai.kernel.errors import StorageError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.sql import SqlStorage
from shanhai.node.tables import SQLITE

FULL = 2
TIMEOUT_S = 20
STATEMENTS = 1024
"""So many prepared statements are kept: each noun has its own, and one for each set of columns that change."""
# a longer WAL (16 MB) writes a page that many batches change back once, not once for each of them
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA mmap_size=0",
    "PRAGMA cache_size=-20000",
    "PRAGMA wal_autocheckpoint=4000",
)
TEXTS["storage.not_durable"] = Text(
    "SQLite 须使用 WAL 且 synchronous=FULL，当前为 {journal} 和 {level}；断电会丢失已确认的事项",
    "SQLite must run with WAL and synchronous=FULL, not {journal} and {level}; a power cut would lose acts",
)


def connect(path: Path | str) -> sqlite3.Connection:
    """Open a database file the durable way, in autocommit mode, for use in any one thread at a time.

    Raises:
        StorageError: `storage.failed`, on a full disk among others.
    """
    try:
        return _connected(path)
    except sqlite3.Error as error:
        raise StorageError("storage.failed", detail=str(error)) from error


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        timeout=TIMEOUT_S,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class SqliteStorage(SqlStorage):
    """Objects and log in a SQLite database."""

    dialect = SQLITE
    errors = (sqlite3.Error,)
    connection: sqlite3.Connection

    def in_transaction(self) -> bool:
        """Return whether the connection is inside a transaction already."""
        return self.connection.in_transaction

    def begin_write(self) -> str:
        """Take the write lock at once, so that no two writers judge on one state."""
        return "BEGIN IMMEDIATE"

    def begin_read(self) -> str:
        """Begin; the first read fixes the state that is seen."""
        return "BEGIN"

    def assert_durable(self) -> None:
        """Refuse a database that may lose an acknowledged act.

        Raises:
            StorageError: `storage.not_durable`.
        """
        journal = self._one("PRAGMA journal_mode", ())[0]
        level = self._one("PRAGMA synchronous", ())[0]
        if (journal, level) != ("wal", FULL):
            raise StorageError("storage.not_durable", journal=str(journal), level=int(level))
