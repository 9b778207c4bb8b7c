"""Run a plan on Spark through Spark Connect: Sail in this process, Apache Spark started here, or a server.

The expression is the same as on DuckDB. The server writes the hits as Parquet beside the result, so a remote one
must see the same folder.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shanhai.engines.screening.apache import apache
from shanhai.engines.screening.compile import Source
from shanhai.engines.screening.duck import class_table, keep_hits, truths_sql
from shanhai.engines.screening.hits import possible_sql
from shanhai.engines.screening.plan import Plan
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS |= {
    "screen.spark_address": Text(
        "--spark {where} 不是地址，请写 sail、apache 或 sc://主机:端口",
        "--spark {where} is no address; write sail, apache or sc://host:port",
    ),
    "screen.spark_silent": Text(
        "{where} 没有应答（{detail}），请核对地址、端口和防火墙，或用 --spark sail",
        "{where} does not answer ({detail}); check address, port and firewall, or use --spark sail",
    ),
}
SPARK_PORT, SECONDS = 15002, 10.0


def run_spark(
    data: Path, source: Source, plan: Plan, connection: Any, work: Path, where: str
) -> None:
    """Make the view `hits` in a DuckDB connection, computed by Spark and sorted by household.

    Args:
        data: A Parquet file that keeps the contract.
        source: Where its fields are.
        plan: The rules with their values.
        connection: The driver's DuckDB, from `sql.open_duckdb`.
        work: An existing folder that Spark sees too.
        where: `sail`, `apache`, or the address of a server, sc://host:port.

    Raises:
        InvalidInputError: Apache Spark is to be started here and cannot be.
    """
    made = work / "possible"
    with session(where, work) as spark:
        spark.read.parquet(str(data.resolve())).createOrReplaceTempView("households")
        if plan.constant is None:
            spark.createDataFrame(class_table(plan)).createOrReplaceTempView("classes")
        query = possible_sql(truths_sql(data, source, plan, "pyspark"), plan)
        spark.sql(query).write.mode("overwrite").parquet(str(made.resolve()))
    keep_hits(made / "*.parquet", plan, connection, work, rising=False)


@contextmanager
def session(where: str, work: Path) -> Iterator[Any]:
    """Open a Spark Connect session and close what was started for it.

    Args:
        where: `sail`, `apache`, or sc://host:port.
        work: An existing folder for what Apache Spark writes beside its result.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    if where not in {"apache", "sail"}:
        _reach(where)
    started: dict[str, AbstractContextManager[str]] = {"apache": apache(work), "sail": _sail()}
    with started.get(where, nullcontext(where)) as address:
        builder = SparkSession.builder.remote(address)
        spark = builder.config("spark.sql.session.timeZone", "UTC").create()
        try:
            yield spark
        finally:
            spark.stop()


def _reach(where: str) -> None:
    """Knock at a server, for Spark's client would go on trying for minutes.

    Raises:
        InvalidInputError: It is no address, or nobody answers.
    """
    try:
        found = urlsplit(where)
        if found.scheme != "sc" or not found.hostname:
            raise InvalidInputError("screen.spark_address", where=where)
        with socket.create_connection((found.hostname, found.port or SPARK_PORT), SECONDS):
            pass
    except (OSError, ValueError) as error:
        raise InvalidInputError("screen.spark_silent", where=where, detail=str(error)) from error


@contextmanager
def _sail() -> Iterator[str]:
    """Serve Sail from this process and give its address."""
    os.environ.setdefault("RUST_LOG", "error")  # Sail tells its whole life otherwise
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 - an extra

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    try:
        yield f"sc://{host}:{port}"
    finally:
        server.stop()
