"""Run a plan on DuckDB, embedded in this process."""

from pathlib import Path
from typing import Any

import ibis
import ibis.backends.sql.compilers  # with the module, not in the first screening
import pyarrow as pa
import pyarrow.parquet as pq

from shanhai.engines.screening.compile import Source, class_rows, truths
from shanhai.engines.screening.hits import masked_sql, possible_sql
from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.quiet import loud, worthwhile
from shanhai.engines.screening.sql import PLAIN, any_order, text


def run_duckdb(
    data: Path, source: Source, plan: Plan, connection: Any, work: Path, *, rising: bool
) -> None:
    """Make the view `hits` in a DuckDB connection, sorted by household, in one scan of the data.

    Args:
        data: A Parquet file that keeps the contract.
        source: Where its fields are.
        plan: The rules with their values.
        connection: From `sql.open_duckdb`; what does not fit its memory is spilled.
        work: An existing folder.
        rising: Whether the rows are sorted by household already.
    """
    _read(connection, data)
    if plan.constant is None:
        connection.register("class_arrow", class_table(plan))
        connection.execute("CREATE OR REPLACE TEMP TABLE classes AS SELECT * FROM class_arrow")
        connection.unregister("class_arrow")
    possible = work / "possible.parquet"
    if worthwhile(data, source, plan):
        _scan(loud_sql(data, source, plan), connection, possible)
        rising = False
        _read(connection, possible)
        rows = f"({possible_sql(truths_sql(data, source, plan, 'duckdb'), plan)})"
    else:
        query = possible_sql(truths_sql(data, source, plan, "duckdb"), plan)
        connection.execute(f"COPY ({query}) TO {text(str(possible))} (FORMAT parquet)")
        rows = f"read_parquet({text(str(possible))})"
    _keep(rows, plan, connection, work, rising=rising and plan.constant is not None)


def _scan(query: str, connection: Any, path: Path) -> None:
    """Write the few rows that a scan leaves."""
    with any_order(connection):
        connection.execute(f"COPY ({query}) TO {text(str(path))} ({PLAIN})")


def _read(connection: Any, path: Path) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW households AS SELECT * FROM read_parquet({text(str(path))})"
    )


def keep_hits(possible: Path, plan: Plan, connection: Any, work: Path, *, rising: bool) -> None:
    """Make the view `hits`, sorted by household, of Parquet files of what `hits.possible_sql` gives.

    It lies in a file too: alerts are made in as many short scans as there are rules, each of a few of its columns, and
    a table in memory would crowd out their rows.
    """
    _keep(f"read_parquet({text(str(possible))})", plan, connection, work, rising=rising)


def _keep(possible: str, plan: Plan, connection: Any, work: Path, *, rising: bool) -> None:
    rows = masked_sql(possible, plan)
    order = "" if rising else " ORDER BY household_id"
    made = text(str(work / "hits.parquet"))
    connection.execute(f"COPY ({rows}{order}) TO {made} ({PLAIN})")
    connection.execute(f"CREATE OR REPLACE VIEW hits AS SELECT * FROM read_parquet({made})")


def truths_sql(data: Path, source: Source, plan: Plan, dialect: str) -> str:
    """Compile the one expression to an engine's SQL, over tables named `households` and `classes`.

    Args:
        data: A Parquet file, for its schema.
        source: Where its fields are.
        plan: The rules with their values.
        dialect: `duckdb` or `pyspark`.
    """
    return _sql(truths(*_tables(data, source, plan)), dialect)


def loud_sql(data: Path, source: Source, plan: Plan) -> str:
    """Compile the question who is not quiet to DuckDB's SQL, over the same tables."""
    return _sql(loud(*_tables(data, source, plan)), "duckdb")


def _tables(data: Path, source: Source, plan: Plan) -> tuple[Any, Source, Plan, Any]:
    table = ibis.table(ibis.Schema.from_pyarrow(pq.read_schema(data)), name="households")
    schema = ibis.Schema.from_pyarrow(class_table(plan).schema)
    return table, source, plan, ibis.table(schema, name="classes")


def _sql(expression: Any, dialect: str) -> str:
    return str(ibis.to_sql(expression, dialect=dialect, pretty=False))


def class_table(plan: Plan) -> pa.Table:
    """Return the table of classes: region_code, class_id and a column `p_<parameter>` each."""
    given = [(f"p_{name}", pa.int64()) for name in plan.ruleset.used_parameters]
    schema = pa.schema([("region_code", pa.string()), ("class_id", pa.int64()), *given])
    return pa.Table.from_pylist(class_rows(plan), schema)
