"""Screen a delivery: prepare it, run the rules on an engine, write the alerts, and count what is unknown.

Files appear whole or not at all: each is written under another name and renamed at the end.
"""

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from shanhai.engines.screening.alerts import write_alerts
from shanhai.engines.screening.duck import run_duckdb
from shanhai.engines.screening.hits import words
from shanhai.engines.screening.intake.prepare import Prepared, prepare
from shanhai.engines.screening.paths import apart
from shanhai.engines.screening.plan import Plan, make_plan
from shanhai.engines.screening.rules.ruleset import Ruleset
from shanhai.engines.screening.since import earlier_sql, only_changed
from shanhai.engines.screening.snapshot import states_sql, write_snapshot
from shanhai.engines.screening.sql import name, open_duckdb, text
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import beside, replacing
from shanhai.kernel.text import TEXTS, Text

TEXTS["screen.out_format"] = Text(
    "结果只写 .parquet 或 .csv，请改 --out {file}",
    "Results are written as .parquet or .csv; change --out {file}",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: engine `duckdb` or `spark`, where Spark is (`sail`, `apache` or sc://…), threads, memory."""

    engine: str = "duckdb"
    spark: str = "sail"
    threads: int = 2
    memory_mb: int = 256
    since: Path | None = None
    """A snapshot or an earlier delivery: only households that are new or changed are screened."""
    partial: bool = False
    """The delivery leaves out households that did not change."""
    snapshot: Path | None = None
    """Where to keep what `since` needs next time, a .parquet file."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One rule's households: for how many it fires, for how many it is unknown."""

    rule: str
    alerts: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a screening found; `hash` is equal for equal alerts, whatever engine and order.

    `seconds` is all of it; `steps` the parts. `absent` are fields without a column: their rules may be
    unknown for every household. `silent_regions` have households and no alert at all: look at their data.
    """

    rows: int
    set_aside: int
    duplicates: int
    households: int
    alerts: int
    unknown: int
    hash: str
    as_of: str
    ruleset: str
    version: str
    rules_digest: str
    plan_digest: str
    engine: str
    seconds: float
    steps: dict[str, float]
    rules: list[Counted]
    unknown_fields: dict[str, int]
    absent: list[str]
    silent_regions: list[str]
    unconfirmed: list[str] = field(default_factory=list)
    screened: int = 0
    """Households that went through the rules: `rows` less those set aside, or those that changed."""

    def builtins(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)


class Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.start = self.last = perf_counter()
        self.steps: dict[str, float] = {}

    def mark(self, step: str) -> None:
        """End a step."""
        now = perf_counter()
        self.steps[step] = round(now - self.last, 3)
        self.last = now

    @property
    def total(self) -> float:
        """Return the seconds since the start."""
        return round(self.last - self.start, 3)


def screen(
    delivery: Path, ruleset: Ruleset, out: Path, as_of: date, options: Options | None = None
) -> Report:
    """Screen a delivery and write `out`, `out`'s rejects and its summary.

    Args:
        delivery: .parquet, .csv or .xlsx, one row a household.
        ruleset: From `load_ruleset`.
        out: .parquet or .csv; beside it `<stem>.rejects.csv` (if rows were set aside) and `<stem>.summary.json`.
        as_of: The day of the screening, UTC+8.
        options: Engine, threads, memory.

    Returns:
        The counts, the result hash and the seconds.

    Raises:
        InvalidInputError: The delivery cannot be read, or a region has no value of a parameter.
    """
    options = options or Options()
    if out.suffix.lower() not in {".parquet", ".csv"}:
        raise InvalidInputError("screen.out_format", file=out.name)
    extra = [beside(out, suffix) for suffix in ("rejects.csv", "changed.csv", "summary.json")]
    kept = [options.snapshot] if options.snapshot else []
    earlier = [one for one in (options.since,) if one and one != options.snapshot]
    apart([out, *extra, *kept], [delivery, *earlier])
    out.parent.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix=".screen-", dir=out.parent) as folder:
        work = Path(folder)
        connection = open_duckdb(work, options.threads, options.memory_mb)
        try:
            rejects = work / "rejects.csv"
            prepared = prepare(delivery, ruleset, as_of, connection, work, rejects)
            clock.mark("prepare")
            prepared = compared(prepared, ruleset, as_of, connection, work, options)
            if options.since or options.snapshot:
                clock.mark("since")
            plan = make_plan(ruleset, as_of, prepared.regions)
            run(prepared, plan, connection, work, options)
            clock.mark(options.engine)
            made = work / f"alerts{out.suffix.lower()}"
            found = written(plan, connection, made, options.threads)
            clock.mark("write")
            report = make_report(prepared, plan, connection, found, (options.engine, clock))
            deliver(work, out, report, options.snapshot)
        finally:
            connection.close()
    return report


def compared(
    prepared: Prepared,
    ruleset: Ruleset,
    as_of: date,
    connection: Any,
    work: Path,
    options: Options,
) -> Prepared:
    """Keep a snapshot if asked to, and return what changed since the earlier one, or everything."""
    earlier = None
    if options.since is not None:
        earlier = earlier_sql(options.since, ruleset, as_of, connection, work)
    if options.snapshot is not None:
        kept = earlier if options.partial else None
        states = states_sql(prepared, ruleset)
        write_snapshot(states, kept, ruleset, connection, work / "snapshot.parquet")
    if earlier is None:
        return prepared
    partial = options.partial
    return only_changed(prepared, earlier, ruleset, connection, work, partial=partial)


def run(prepared: Prepared, plan: Plan, connection: Any, work: Path, options: Options) -> None:
    """Make the table of hits on the engine asked for."""
    if options.engine == "duckdb":
        run_duckdb(prepared.path, prepared.source, plan, connection, work, rising=prepared.rising)
        return
    from shanhai.engines.screening.spark import run_spark  # noqa: PLC0415 - Spark is an extra

    run_spark(prepared.path, prepared.source, plan, connection, work, options.spark)


def written(plan: Plan, connection: Any, path: Path, threads: int) -> str:
    """Write the alerts as Parquet or CSV and return their hash."""
    parquet = path.with_suffix(".parquet")
    found = write_alerts(plan, connection, parquet, threads)
    if path.suffix == ".csv":
        connection.execute(
            f"COPY (SELECT * FROM read_parquet({text(str(parquet))})) TO {text(str(path))} (FORMAT csv, HEADER)"
        )
    return found


def make_report(
    prepared: Prepared, plan: Plan, connection: Any, found: str, by: tuple[str, Clock]
) -> Report:
    """Count alerts and unknowns by rule, by field and by region, from the hits."""
    rules = _counted(plan, connection)
    engine, clock = by
    ruleset = plan.ruleset
    silent = _silent(prepared, plan, connection)
    clock.mark("count")
    return Report(
        rows=prepared.rows,
        set_aside=prepared.set_aside,
        duplicates=prepared.duplicates,
        households=_one(connection, f"SELECT count(*) FROM hits WHERE {_some_fired(plan)}"),
        alerts=sum(one.alerts for one in rules),
        unknown=sum(one.unknown for one in rules),
        hash=found,
        as_of=str(plan.as_of),
        ruleset=ruleset.id,
        version=ruleset.version,
        rules_digest=ruleset.digest,
        plan_digest=plan.digest,
        engine=engine,
        seconds=clock.total,
        steps=clock.steps,
        rules=rules,
        unknown_fields=_unknown_fields(plan, connection),
        absent=list(prepared.absent),
        silent_regions=silent,
        unconfirmed=_unconfirmed(plan),
        screened=sum(prepared.regions.values()),
    )


def _one(connection: Any, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _masks(plan: Plan) -> list[tuple[str, str, int]]:
    """Return each rule's mask columns and bit."""
    return [
        (f"fired{w}", f"unknown{w}", 1 << k - word.start)
        for w, word in enumerate(words(plan))
        for k in word
    ]


def _some_fired(plan: Plan) -> str:
    return " OR ".join(f"{fired} <> 0" for fired in sorted({one[0] for one in _masks(plan)}))


def _counted(plan: Plan, connection: Any) -> list[Counted]:
    sums = [
        f"count(*) FILTER ({mask} & {bit} <> 0)"
        for fired, unknown, bit in _masks(plan)
        for mask in (fired, unknown)
    ]
    found = connection.execute(f"SELECT {', '.join(sums)} FROM hits").fetchone()
    pairs = zip(found[::2], found[1::2], strict=True)
    return [Counted(r.id, a, u) for r, (a, u) in zip(plan.ruleset.rules, pairs, strict=True)]


def _unknown_fields(plan: Plan, connection: Any) -> dict[str, int]:
    """Return for how many households with an unknown rule each field is missing."""
    names = plan.ruleset.used_fields
    if not names:
        return {}
    some = " OR ".join(f"{unknown} <> 0" for unknown in sorted({one[1] for one in _masks(plan)}))
    sums = ", ".join(f"count(*) FILTER ({name('f_' + one)} IS NULL)" for one in names)
    found = connection.execute(f"SELECT {sums} FROM hits WHERE {some}").fetchone()
    return {one: count for one, count in zip(names, found, strict=True) if count}


def _silent(prepared: Prepared, plan: Plan, connection: Any) -> list[str]:
    query = f"SELECT DISTINCT region FROM hits WHERE {_some_fired(plan)}"
    spoken = {one for (one,) in connection.execute(query).fetchall()}
    return sorted(r for r in prepared.regions if r and r not in spoken)


def _unconfirmed(plan: Plan) -> list[str]:
    """Return the rules and parameters in use that are 待核."""
    rules = [rule.id for rule in plan.ruleset.rules if rule.row.status == "待核"]
    values = {f"@{n}" for c in plan.classes for n, one in c.items() if one.status == "待核"}
    return rules + sorted(values)


def deliver(work: Path, out: Path, report: Report, snapshot: Path | None = None) -> None:
    """Put the finished files into place, the alerts last."""
    made = work / "summary.json"
    made.write_text(json.dumps(report.builtins(), ensure_ascii=False, indent=1), "utf-8")
    if snapshot is not None:
        _place(work / "snapshot.parquet", snapshot)
    for suffix in ("rejects.csv", "changed.csv"):
        if (work / suffix).exists():
            _place(work / suffix, beside(out, suffix))
        else:
            beside(out, suffix).unlink(missing_ok=True)
    _place(made, beside(out, "summary.json"))
    _place(work / f"alerts{out.suffix.lower()}", out)


def _place(made: Path, target: Path) -> None:
    with replacing(target) as passing:
        shutil.move(made, passing)
