"""`shanhai bench screening`: the shipped rules R01–R20 over synthetic households (模拟), beside hand-written SQL.

`rows_per_s` is by the clock and counts the whole command: contract, rules, alerts with words, hash. The ratio
compares the CPU seconds of what both can do: from the file to the households with both masks and their inputs.
"""

import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

from shanhai.cli.bench._screening_sql import hand_sql

if TYPE_CHECKING:
    from shanhai.engines.screening.rules.ruleset import Ruleset
    from shanhai.engines.screening.screen import Report

AS_OF = "2026-11-25"
MEMORY_MB = 160
CHANGED = 100
"""One household in so many changes."""


class Size(NamedTuple):
    """Rows of each step, the last is the one reported; rows compared with Spark; rounds beside SQL."""

    rows: tuple[int, ...]
    spark: int
    rounds: int


SCALES = {
    "small": Size((50_000, 200_000), 50_000, 3),
    "full": Size((1_000_000, 10_000_000), 1_000_000, 3),
}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), SCALES[scale])


def measure(folder: Path, size: Size) -> dict[str, Any]:
    """Screen each size; then compare with SQL, with a changed hundredth, and with Spark."""
    from shanhai.engines.screening.generate import write_households

    ruleset, seconds = twenty(), dict[str, float]()
    for rows in size.rows:
        data = folder / "households.parquet"
        write_households(data, rows)
        report = _screen(data, ruleset)
        seconds[str(rows)] = report.seconds
    return {
        "simulated": "模拟",
        "rows": size.rows[-1],
        "rules": len(ruleset.rules),
        "rows_per_s": round(size.rows[-1] / report.seconds),
        "seconds_by_rows": seconds,
        "alerts": report.alerts,
        "unknown": report.unknown,
        "hash": report.hash,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **_beside_sql(data, ruleset, size.rounds),
        **_changed(folder, ruleset, size.rows[-1]),
        **_spark(folder, ruleset, size.spark),
        "load": round(os.getloadavg()[0], 1),
    }


def twenty() -> "Ruleset":
    """Return R01–R20 with a line of 8,500 yuan."""
    from shanhai.engines.screening.rules.ruleset import load_ruleset
    from shanhai.engines.screening.shipped import shipped

    text = shipped("monitoring").partition('[[rules]]\nid = "X01"')[0]
    return load_ruleset(text, "monitoring.toml", {"line": "8500"})


def _screen(data: Path, ruleset: "Ruleset", engine: str = "duckdb") -> "Report":
    from shanhai.cli.screen import day
    from shanhai.engines.screening.screen import Options, screen

    options = Options(engine, memory_mb=MEMORY_MB)
    return screen(data, ruleset, data.with_name("alerts.parquet"), day(AS_OF), options)


def _beside_sql(data: Path, ruleset: "Ruleset", rounds: int) -> dict[str, Any]:
    """Take turns with hand-written SQL on one connection, and compare the masks it finds."""
    from shanhai.cli.screen import day
    from shanhai.engines.screening.compile import Source
    from shanhai.engines.screening.duck import hits_sql
    from shanhai.engines.screening.plan import make_plan
    from shanhai.engines.screening.sql import open_duckdb

    connection = open_duckdb(data.parent, memory_mb=MEMORY_MB)
    source = Source("household_id", "region", {name: name for name in ruleset.used_fields})
    plan = make_plan(ruleset, day(AS_OF), [""])
    view = f"CREATE TEMP VIEW households AS SELECT * FROM read_parquet('{data}')"  # noqa: S608 - our file
    connection.execute(view)
    own = hits_sql(data, source, plan, "duckdb")
    hand = hand_sql(str(data), ruleset.used_fields)
    made = {"own": own, "hand": hand}
    taken: dict[str, list[float]] = {"own": [], "hand": []}
    for _ in range(rounds):
        for key, query in made.items():
            copy = f"COPY ({query}) TO '{data.parent}/{key}.parquet' (FORMAT parquet)"
            taken[key].append(cpu(lambda copy=copy: connection.execute(copy)))  # type: ignore[misc]
    masks = [
        connection.execute(
            f"SELECT count(*), sum(fired0), sum(unknown0) FROM read_parquet('{data.parent}/{key}.parquet')"  # noqa: S608 - our files
        ).fetchone()
        for key in made
    ]
    connection.close()
    own_s, hand_s = median(taken["own"]), median(taken["hand"])
    return {
        "ratio_over_sql": round(own_s / hand_s, 3),
        "own_cpu_s": round(own_s, 2),
        "sql_cpu_s": round(hand_s, 2),
        "equal_to_sql": masks[0] == masks[1],
    }


def cpu(function: Callable[[], Any]) -> float:
    """Return the CPU seconds of a call, all threads."""
    start = process_time()
    function()
    return process_time() - start


def _changed(folder: Path, ruleset: "Ruleset", rows: int) -> dict[str, Any]:
    """Screen a delivery of one household in a hundred, as a department delivers changes."""
    from shanhai.engines.screening.generate import write_households

    data = folder / "changed.parquet"
    write_households(data, rows // CHANGED, seed=2)
    report = _screen(data, ruleset)
    return {"incremental_rows": report.rows, "incremental_s": report.seconds}


def _spark(folder: Path, ruleset: "Ruleset", rows: int) -> dict[str, Any]:
    """Screen the same households on Spark Connect (Sail) and compare the hashes."""
    from shanhai.engines.screening.generate import write_households

    data = folder / "spark.parquet"
    write_households(data, rows)
    here, there = _screen(data, ruleset), _screen(data, ruleset, "spark")
    return {"hash_equal_spark": here.hash == there.hash, "spark_s": there.seconds}
