"""This thread's node, over Django's own connection: Django's transaction holds everything."""

from pathlib import Path
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from shanhai.acts import book
from shanhai.domains import clock
from shanhai.kernel.errors import InvalidInputError
from shanhai.node.folder import attach
from shanhai.node.loop import Node
from shanhai.node.sql import SqlStorage

BOOK = book  # importing it registers every noun and act
_KEPT: WeakKeyDictionary[BaseDatabaseWrapper, tuple[object, Node]] = WeakKeyDictionary()
"""Each thread's node, with the connection that it was opened on; a connection opened anew opens a new node."""


def storage() -> SqlStorage:
    """Return a storage over this thread's connection."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        from shanhai.node.postgres import PostgresStorage  # noqa: PLC0415 - needs its driver

        return PostgresStorage(connection.connection)
    from shanhai.node.sqlite import SqliteStorage  # noqa: PLC0415 - beside its sibling

    return SqliteStorage(connection.connection)


def data_dir() -> Path:
    """Return the data folder."""
    return Path(settings.DATA_DIR)


def _now(simulated: bool) -> int:  # noqa: FBT001 - the node's signature
    return clock.now_ms(data_dir(), simulated=simulated)


def node() -> Node:
    """Return this thread's node, opened once a connection.

    Raises:
        InvalidInputError: `genesis.missing` where no ledger was founded.
    """
    connection.ensure_connection()
    mine = connections[connection.alias]
    kept = _KEPT.get(mine)
    if kept is not None and kept[0] is connection.connection:
        return kept[1]
    opened = attach(storage(), data_dir(), _now)
    _KEPT[mine] = (connection.connection, opened)
    return opened


def forget() -> None:
    """Let every thread open its node anew: the ledger behind the connections was replaced."""
    _KEPT.clear()


def current() -> SqlStorage:
    """Return this thread's storage for reading by key, no older than the log's head; one query.

    A thread keeps what it decoded until it sees the head move: whoever reads outside an act asks for the head first.
    """
    found = node()
    found.head()
    kept = found.storage
    assert isinstance(kept, SqlStorage)  # noqa: S101 - the only storage that Django's connection has
    return kept


def node_or_none() -> Node | None:
    """Return this thread's node, None before there is a ledger."""
    try:
        return node()
    except InvalidInputError:
        return None


def ledger_now_ms() -> int:
    """Return ledger time for a new act: the machine's clock, or a 模拟 ledger's settable one."""
    found = node_or_none()
    return _now(bool(found and found.constants.simulated))
