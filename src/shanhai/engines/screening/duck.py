"""Run a plan on DuckDB, embedded in this process."""

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from shanhai.engines.screening.compile import Source, class_rows, hits
from shanhai.engines.screening.expand import levelled_sql
from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.sql import text


def run_duckdb(
    data: Path, source: Source, plan: Plan, connection: Any, work: Path, *, rising: bool
) -> None:
    """Make the view `hits` in a DuckDB connection, sorted by household.

    Args:
        data: A Parquet file that keeps the contract.
        source: Where its fields are.
        plan: The rules with their values.
        connection: From `sql.open_duckdb`.
        work: An existing folder.
        rising: Whether the rows are sorted by household already.
    """
    data_sql = text(str(data))
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW households AS SELECT * FROM read_parquet({data_sql})"
    )
    if plan.constant is None:
        connection.register("class_arrow", class_table(plan))
        connection.execute("CREATE OR REPLACE TEMP TABLE classes AS SELECT * FROM class_arrow")
        connection.unregister("class_arrow")
    query = hits_sql(data, source, plan, "duckdb")
    keep_hits(plan, query, connection, work, rising=rising and plan.constant is not None)


def keep_hits(plan: Plan, query: str, connection: Any, work: Path, *, rising: bool) -> None:
    """Write the hits of a query, compressed and sorted by household, and make the view `hits` of them."""
    order = "" if rising else " ORDER BY household_id"
    made = text(str(work / "hits.parquet"))
    connection.execute(f"COPY ({levelled_sql(plan, query)}{order}) TO {made} (FORMAT parquet)")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW hits AS SELECT * FROM read_parquet({made})")


def hits_sql(data: Path, source: Source, plan: Plan, dialect: str) -> str:
    """Compile the one expression to an engine's SQL, over tables named `households` and `classes`.

    Args:
        data: A Parquet file, for its schema.
        source: Where its fields are.
        plan: The rules with their values.
        dialect: `duckdb` or `pyspark`.
    """
    table = ibis.table(ibis.Schema.from_pyarrow(pq.read_schema(data)), name="households")
    schema = ibis.Schema.from_pyarrow(class_table(plan).schema)
    expression = hits(table, source, plan, ibis.table(schema, name="classes"))
    return str(ibis.to_sql(expression, dialect=dialect, pretty=False))


def class_table(plan: Plan) -> pa.Table:
    """Return the table of classes: region_code, class_id and a column `p_<parameter>` each."""
    given = [(f"p_{name}", pa.int64()) for name in plan.ruleset.used_parameters]
    schema = pa.schema([("region_code", pa.string()), ("class_id", pa.int64()), *given])
    return pa.Table.from_pylist(class_rows(plan), schema)
