"""DuckDB as this engine opens it: two threads, little memory, a folder to spill to, nothing from the network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

_MACROS = """
CREATE MACRO say_money(x) AS (CASE WHEN x < 0 THEN '-' ELSE '' END) || CASE WHEN x % 100 = 0
    THEN format('{:,}', abs(x) // 100) ELSE format('{:,}.{:02d}', abs(x) // 100, abs(x) % 100) END;
CREATE MACRO say_truth(x, yes, no, unknown) AS CASE WHEN x IS NULL THEN unknown WHEN x THEN yes ELSE no END;
CREATE MACRO say_day(x) AS (DATE '1970-01-01' + x::INTEGER)::VARCHAR;
"""


def open_duckdb(spill: Path, threads: int = 2, memory_mb: int = 256) -> Any:
    """Open an in-memory database that spills instead of failing.

    Args:
        spill: An existing folder for what does not fit.
        threads: How many.
        memory_mb: What DuckDB may hold before it spills, MiB.
    """
    config: dict[str, Any] = {
        "threads": str(threads),
        "memory_limit": f"{memory_mb}MiB",
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(config=config)
    connection.execute(_MACROS)
    return connection


@contextmanager
def any_order(connection: Any) -> Iterator[None]:
    """Let rows be written in any order: to keep theirs, DuckDB scans with one thread when memory is short."""
    connection.execute("SET preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("RESET preserve_insertion_order")


PLAIN = "FORMAT parquet, DICTIONARY_SIZE_LIMIT 256"
"""For tables that are read again at once: a dictionary of nearly unique values costs more than it spares."""


def name(identifier: str) -> str:
    """Return an identifier in SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text in SQL."""
    return "'" + value.replace("'", "''") + "'"
