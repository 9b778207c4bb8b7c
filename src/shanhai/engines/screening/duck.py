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
from shanhai.engines.screening.sql import text


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
    data_sql = text(str(data))
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW households AS SELECT * FROM read_parquet({data_sql})"
    )
    if plan.constant is None:
        connection.register("class_arrow", class_table(plan))
        connection.execute("CREATE OR REPLACE TEMP TABLE classes AS SELECT * FROM class_arrow")
        connection.unregister("class_arrow")
    query = possible_sql(truths_sql(data, source, plan, "duckdb"), plan)
    connection.execute(f"COPY ({query}) TO {text(str(work / 'possible.parquet'))} (FORMAT parquet)")
    ordered = rising and plan.constant is not None
    keep_hits(work / "possible.parquet", plan, connection, work, rising=ordered)


def keep_hits(possible: Path, plan: Plan, connection: Any, work: Path, *, rising: bool) -> None:
    """Make the view `hits`, sorted by household, of Parquet files of what `hits.possible_sql` gives.

    It lies in a file too: alerts are made in as many short scans as there are rules, each of a few of its columns, and
    a table in memory would crowd out their rows.
    """
    rows = masked_sql(f"read_parquet({text(str(possible))})", plan)
    order = "" if rising else " ORDER BY household_id"
    made = text(str(work / "hits.parquet"))
    connection.execute(f"COPY ({rows}{order}) TO {made} (FORMAT parquet)")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW hits AS SELECT * FROM read_parquet({made})")


def truths_sql(data: Path, source: Source, plan: Plan, dialect: str) -> str:
    """Compile the one expression to an engine's SQL, over tables named `households` and `classes`.

    Args:
        data: A Parquet file, for its schema.
        source: Where its fields are.
        plan: The rules with their values.
        dialect: `duckdb` or `pyspark`.
    """
    table = ibis.table(ibis.Schema.from_pyarrow(pq.read_schema(data)), name="households")
    schema = ibis.Schema.from_pyarrow(class_table(plan).schema)
    expression = truths(table, source, plan, ibis.table(schema, name="classes"))
    return str(ibis.to_sql(expression, dialect=dialect, pretty=False))


def class_table(plan: Plan) -> pa.Table:
    """Return the table of classes: region_code, class_id and a column `p_<parameter>` each."""
    given = [(f"p_{name}", pa.int64()) for name in plan.ruleset.used_parameters]
    schema = pa.schema([("region_code", pa.string()), ("class_id", pa.int64()), *given])
    return pa.Table.from_pylist(class_rows(plan), schema)
