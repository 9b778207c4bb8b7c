"""Write the alerts of all rules into one file, by rule, then household, and hash them on the way.

Each rule is one query of one thread; as many run at a time as there are threads, while the writer takes their rows in the
order of the rules. DuckDB's own COPY keeps that order by waiting as soon as memory is short, and was slower with two threads
than with one.
"""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shanhai.engines.screening.expand import COLUMNS, HALVES, alert_sql, same
from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.turns import in_turn

_GROUP = 40_960
"""Rows of a group in the file; a rule begins a new one, so who looks for one rule reads its rows alone."""
_ONCE = pa.dictionary(pa.int8(), pa.string())
"""A text that is the same in all rows of a group, held once; in the file it is a text like others."""
_FEW = [one for one in COLUMNS if one not in {"household_id", "inputs", "reason_zh", "reason_en"}]
"""Columns whose values repeat, written by dictionary."""


def write_alerts(plan: Plan, connection: Any, path: Path, threads: int) -> str:
    """Write the alerts of the view `hits` as Parquet and return their hash.

    Args:
        plan: The rules with their values.
        connection: From `sql.open_duckdb`, with the view `hits`, which its cursors see too.
        path: The file to write.
        threads: How many rules to word at a time.

    Returns:
        32 hex digits: the sums, modulo 2**64, of the two halves of each row's MD5, and so the same for any order.
    """
    lower = upper = 0
    rules = [partial(_pieces, plan, position, connection) for position in range(_count(plan))]
    schema = pa.schema([(one, _type(one, plan)) for one in COLUMNS])
    connection.execute("SET threads = 1")  # each query runs on the thread that asks it
    try:
        with (
            pq.ParquetWriter(
                path,
                schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=_FEW,
                store_schema=False,
            ) as writer,
            closing(in_turn(rules, threads)) as groups,
        ):
            for group, low, high in groups:
                writer.write_table(group, row_group_size=_GROUP)
                lower, upper = lower + low, upper + high
    finally:
        connection.execute(f"SET threads = {threads}")
    return f"{lower % 2**64:016x}{upper % 2**64:016x}"


def _count(plan: Plan) -> int:
    return len(plan.ruleset.rules)


def _type(column: str, plan: Plan) -> Any:
    if column in {"severity", "level"}:
        return pa.int64()
    return _ONCE if column in same(plan, 0) else pa.string()


Piece = tuple[Any, int, int]


def _pieces(plan: Plan, position: int, connection: Any) -> Iterator[Piece]:
    """Yield a rule's alerts in tables of one group of rows, the last one shorter, with the sums of their halves."""
    constants = same(plan, position)
    with closing(connection.cursor()) as cursor:
        relation = cursor.sql(alert_sql(plan, position))
        for rows in _grouped(pa.RecordBatchReader.from_stream(relation)):
            sums = [int(np.sum(rows.column(one).to_numpy(), dtype=np.uint64)) for one in HALVES]
            yield _whole(rows, constants), *sums


def _grouped(batches: Any) -> Iterator[Any]:
    """Cut batches of any size into tables of one group of rows."""
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        while sum(one.num_rows for one in waiting) >= _GROUP:
            rows = pa.Table.from_batches(waiting)
            yield rows.slice(0, _GROUP)
            waiting = rows.slice(_GROUP).to_batches()
    if sum(one.num_rows for one in waiting):
        yield pa.Table.from_batches(waiting)


def _whole(rows: Any, constants: dict[str, str | int]) -> Any:
    """Return rows with all columns."""
    found = {
        one: _repeated(constants[one], len(rows)) if one in constants else rows.column(one)
        for one in COLUMNS
    }
    return pa.table(found)


def _repeated(value: str | int, times: int) -> Any:
    if isinstance(value, int):
        return pa.repeat(pa.scalar(value, pa.int64()), times)
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(times, np.int8)), pa.array([value]))
