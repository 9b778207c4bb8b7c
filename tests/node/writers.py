"""A writer that is a process of its own, as a web process is."""

from pathlib import Path
from typing import Any

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.node.admission import Signed
from shanhai.node.loop import Node
from shanhai.node.sql import SqlStorage


def opened(where: str) -> SqlStorage:
    """Open a database: a file's path, or a connection string."""
    if Path(where).exists():
        from shanhai.node.sqlite import SqliteStorage, connect  # noqa: PLC0415 - one of two

        return SqliteStorage(connect(where))
    from shanhai.node.postgres import PostgresStorage  # noqa: PLC0415 - one of two
    from shanhai.node.postgres import connect as connect_postgres  # noqa: PLC0415 - one of two

    return PostgresStorage(connect_postgres(where))


def write(where: str, acts: list[Signed], now: int, start: Any, answers: Any) -> None:
    """Submit acts one by one when all writers are ready; answer with what became of each."""
    storage = opened(where)
    node = Node.open(storage, lambda _: now)
    start.wait()
    outcomes = [node.submit(one, now) for one in acts]
    answers.put([(o.accepted, [code for code, _ in o.refusals]) for o in outcomes])
    storage.connection.close()
