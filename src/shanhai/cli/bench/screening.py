"""`shanhai bench screening`: the shipped rules R01–R20 over synthetic households (模拟), beside hand-written SQL.

`rows_per_s` is by the clock and counts the whole command: contract, rules, alerts with words, hash; `rows_per_cpu_s`
divides by the CPU seconds of all threads instead. The ratio compares the CPU seconds of what both can do: from the file
to a table of the households with both masks and their inputs, against the faster of two ways to write it by hand.

`incremental_s` is a delivery of the households that changed, one in a hundred, against a snapshot of all;
`incremental_whole_s` a delivery of all households of which as many changed. `hash_equal_spark` holds where every Spark that
ran gives DuckDB's hash: Sail always, Apache Spark where there is Java.
"""

import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

from shanhai.cli.bench._screening_sql import HANDS

if TYPE_CHECKING:
    from shanhai.engines.screening.rules.ruleset import Ruleset
    from shanhai.engines.screening.screen import Report

AS_OF = "2026-11-25"
MEMORY_MB = 160
CHANGED = 100
"""One household in so many changes."""


SPILL_MB = 64
"""The least memory that `--memory-mb` takes, where it has to spill."""


class Size(NamedTuple):
    """Rows of each step, the last is the one reported; rows compared with Spark; rounds beside SQL; Apache Spark too?"""

    rows: tuple[int, ...]
    spark: int
    rounds: int
    apache: bool


SCALES = {
    "small": Size((100_000, 1_000_000), 100_000, 3, apache=False),
    "full": Size((1_000_000, 3_000_000, 10_000_000), 1_000_000, 3, apache=True),
}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), SCALES[scale])


def measure(folder: Path, size: Size) -> dict[str, Any]:
    """Screen each size; then compare with SQL, with little memory, with changed households, and with Spark."""
    from shanhai.engines.screening.generate import write_households

    ruleset, seconds, used = twenty(), dict[str, float](), dict[str, float]()
    data = folder / "households.parquet"
    write_households(data, size.rows[0])
    _screen(data, ruleset)  # what is imported and compiled once is no cost of a row
    for rows in size.rows:
        write_households(data, rows)
        start = process_time()
        report = _screen(data, ruleset)
        used[str(rows)] = round(process_time() - start, 2)
        seconds[str(rows)] = report.seconds
    rows = size.rows[-1]
    return {
        "simulated": "模拟",
        "rows": rows,
        "rules": len(ruleset.rules),
        "rows_per_s": round(rows / report.seconds),
        "rows_per_cpu_s": round(rows / used[str(rows)]),
        "seconds_by_rows": seconds,
        "cpu_s_by_rows": used,
        "steps": report.steps,
        "alerts": report.alerts,
        "unknown": report.unknown,
        "hash": report.hash,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        **_beside_sql(data, ruleset, size.rounds),
        **_spilled(data, ruleset, report.hash),
        **_changed(folder, ruleset, rows),
        **_spark(folder, ruleset, size),
        "load": round(os.getloadavg()[0], 1),
    }


def twenty() -> "Ruleset":
    """Return R01–R20 with a line of 8,500 yuan."""
    from shanhai.engines.screening.rules.ruleset import load_ruleset
    from shanhai.engines.screening.shipped import shipped

    text = shipped("monitoring").partition('[[rules]]\nid = "X01"')[0]
    return load_ruleset(text, "monitoring.toml", {"line": "8500"})


def _screen(data: Path, ruleset: "Ruleset", memory_mb: int = MEMORY_MB, **options: Any) -> "Report":
    from shanhai.cli.screen import day
    from shanhai.engines.screening.screen import Options, screen

    chosen = Options(memory_mb=memory_mb, **options)
    return screen(data, ruleset, data.with_name("alerts.parquet"), day(AS_OF), chosen)


def _beside_sql(data: Path, ruleset: "Ruleset", rounds: int) -> dict[str, Any]:
    """Take turns with hand-written SQL on one connection, and compare the masks it finds."""
    from shanhai.cli.screen import day
    from shanhai.engines.screening.compile import Source
    from shanhai.engines.screening.duck import run_duckdb
    from shanhai.engines.screening.plan import make_plan
    from shanhai.engines.screening.sql import open_duckdb

    connection = open_duckdb(data.parent, memory_mb=MEMORY_MB)
    source = Source("household_id", "region", {name: name for name in ruleset.used_fields})
    plan = make_plan(ruleset, day(AS_OF), [""])
    made: dict[str, Callable[[], Any]] = {
        "own": lambda: run_duckdb(data, source, plan, connection, data.parent, rising=True)
    }
    for key, hand in HANDS.items():
        query = f"CREATE OR REPLACE TEMP TABLE {key} AS {hand(str(data), ruleset.used_fields)}"
        made[key] = lambda query=query: connection.execute(query)  # type: ignore[misc]
    taken: dict[str, list[float]] = {key: [] for key in made}
    for _ in range(rounds):
        for key, function in made.items():
            taken[key].append(cpu(function))
    sums = "SELECT count(*), sum(fired0), sum(unknown0) FROM"
    masks = [connection.execute(f"{sums} {table}").fetchone() for table in ("hits", *HANDS)]
    connection.close()
    own, *hands = (median(one) for one in taken.values())
    return {
        "ratio_over_sql": round(own / min(hands), 3),
        "own_cpu_s": round(own, 2),
        "sql_cpu_s": dict(zip(HANDS, (round(one, 2) for one in hands), strict=True)),
        "equal_to_sql": all(one == masks[0] for one in masks),
    }


def cpu(function: Callable[[], Any]) -> float:
    """Return the CPU seconds of a call, all threads."""
    start = process_time()
    function()
    return process_time() - start


def _spilled(data: Path, ruleset: "Ruleset", found: str) -> dict[str, Any]:
    """Screen again with the least memory: it spills, takes longer, and finds the same."""
    report = _screen(data, ruleset, SPILL_MB)
    return {"hash_equal_spilled": report.hash == found, "spilled_s": report.seconds}


def _changed(folder: Path, ruleset: "Ruleset", rows: int) -> dict[str, Any]:
    """Keep a snapshot, then screen what changed of it: delivered alone, and among all."""
    import duckdb

    before, after = folder / "households.parquet", folder / "after.parquet"
    kept, changed = folder / "kept.parquet", folder / "changed.parquet"
    first = _screen(before, ruleset, snapshot=kept)
    some = f"household_id % {CHANGED} = 7"
    money = f"CASE WHEN {some} THEN coalesce(oop_ytd, 0) + 600000 ELSE oop_ytd END"
    new = f"SELECT * REPLACE ({money} AS oop_ytd) FROM read_parquet('{before}')"  # noqa: S608 - our file
    with duckdb.connect(config={"memory_limit": "256MiB", "threads": "2"}) as connection:
        connection.execute(f"COPY ({new}) TO '{after}' (FORMAT parquet)")
        connection.execute(f"COPY ({new} WHERE {some}) TO '{changed}' (FORMAT parquet)")
    alone = _screen(changed, ruleset, since=kept, partial=True)
    among = _screen(after, ruleset, since=kept)
    return {
        "incremental_rows": alone.screened,
        "incremental_s": alone.seconds,
        "incremental_whole_s": among.seconds,
        "incremental_equal": alone.hash == among.hash and alone.screened == rows // CHANGED,
        "snapshot_s": first.steps["since"],
    }


def _spark(folder: Path, ruleset: "Ruleset", size: Size) -> dict[str, Any]:
    """Screen the same households on Sail, and on Apache Spark where there is Java, and compare the hashes."""
    from shanhai.engines.screening.apache import has_java
    from shanhai.engines.screening.generate import write_households

    data = folder / "spark.parquet"
    write_households(data, size.spark)
    here, found = _screen(data, ruleset).hash, dict[str, Any]()
    for spark in ("sail", "apache") if size.apache and has_java() else ("sail",):
        there = _screen(data, ruleset, engine="spark", spark=spark)
        found |= {f"hash_equal_{spark}": there.hash == here, f"{spark}_s": there.seconds}
    equal = [one for key, one in found.items() if key.startswith("hash")]
    return {"hash_equal_spark": all(equal), **found}
