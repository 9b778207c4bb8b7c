"""The embedded database that a linkage works in: bounded memory, spilling to a folder that is removed.

Tables: `left_records` and, when two files are linked, `right_records`; see `prepare` for their columns.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb

from shanhai.engines.linkage.model import Model

LEFT: Final = "left_records"
RIGHT: Final = "right_records"
CROWD: Final = 50
"""A number or phone that more records of a file carry than this is nobody's: a cadre's phone, a filler."""


class Limits(NamedTuple):
    """What a linkage may use: memory of the database in megabytes, and threads (0: all cores)."""

    memory_mb: int = 600
    threads: int = 0


@contextmanager
def session(limits: Limits | None = None) -> Iterator[Any]:
    """Give a DuckDB connection to a database in a folder of its own.

    It may not touch any other file, so that a model's conditions can compute and nothing else.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="shanhai-linkage-") as folder:
        connection = duckdb.connect(str(Path(folder) / "work.duckdb"))
        try:
            connection.execute(f"SET memory_limit='{limits.memory_mb}MB'")
            connection.execute(f"SET temp_directory='{folder}/spill'")
            connection.execute("SET preserve_insertion_order=false")
            connection.execute("SET enable_progress_bar=false")
            if limits.threads:
                connection.execute(f"SET threads={limits.threads}")
            connection.execute("SET enable_external_access=false")
            yield connection
        finally:
            connection.close()


def store(connection: Any, name: str, table: Any, model: Model) -> None:
    """Put a prepared table into the database, clearing values that a crowd shares.

    Args:
        connection: Of `session`.
        name: `LEFT` or `RIGHT`.
        table: Of `prepare`.
        model: Cut to the columns that the table has.
    """
    connection.register("incoming", table)
    crowded = [c.name for c in model.columns if c.kind in ("number", "phone")]
    kept = ", ".join(
        f"CASE WHEN {c} IN (SELECT {c} FROM incoming GROUP BY 1 HAVING count(*) > {CROWD}) "
        f"THEN NULL ELSE {c} END AS {c}"
        for c in crowded
    )
    columns = f"* REPLACE ({kept})" if crowded else "*"
    connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM incoming")
    connection.unregister("incoming")


def count(connection: Any, table: str) -> int:
    """Return how many rows a table has."""
    found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    return found


def has(connection: Any, table: str, column: str) -> bool:
    """Return whether a table has a column."""
    rows = connection.execute(f"DESCRIBE {table}").fetchall()
    return any(row[0] == column for row in rows)
