"""A small rule set and helpers that screening tests share."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from shanhai.engines.screening.fields import Field, Kind
from shanhai.engines.screening.lang.check import Range, Scope
from shanhai.engines.screening.lang.units import NONE, base
from shanhai.engines.screening.rules.ruleset import Ruleset, load_ruleset
from shanhai.engines.screening.screen import Options, Report, screen
from shanhai.engines.screening.shipped import shipped

DAY = date(2026, 11, 25)
FEN, PERSON, DAYS = base("fen"), base("person"), base("day")
FIELDS = {
    one.name: one
    for one in (
        Field("income", Kind.QUANTITY, FEN, -(10**12), 10**12),
        Field("spent", Kind.QUANTITY, FEN, 0, 10**12),
        Field("persons", Kind.QUANTITY, PERSON, 0, 100),
        Field("grade", Kind.TEXT, values=("A", "C", "D")),
        Field("poor", Kind.TRUTH),
        Field("since", Kind.DATE),
    )
}
SCOPE = Scope(
    FIELDS,
    {"line": Range(FEN / PERSON, 1, 600_000, 880_000), "drop": Range(NONE, 10, 3, 3)},
    {"R01"},
)
HEAD = '[ruleset]\nid = "t"\nversion = "1"\n'


def rules(body: str) -> Ruleset:
    """Read a rule file without its head."""
    return load_ruleset(HEAD + body, "t.toml")


def monitoring(**settings: str) -> Ruleset:
    """Read the shipped rules with a line for everywhere."""
    return load_ruleset(shipped("monitoring"), "monitoring.toml", {"line": "8500"} | settings)


def write(path: Path, **columns: Any) -> Path:
    """Write a Parquet file of columns."""
    pq.write_table(pa.table(columns), path)
    return path


def run(path: Path, ruleset: Ruleset, *, engine: str = "duckdb", spark: str = "sail") -> Report:
    """Screen into `out.parquet` beside a delivery."""
    return screen(path, ruleset, path.with_name("out.parquet"), DAY, Options(engine, spark))


def alerts(path: Path) -> list[dict[str, Any]]:
    """Read `out.parquet` beside a delivery."""
    found: list[dict[str, Any]] = pq.read_table(path.with_name("out.parquet")).to_pylist()
    return found


def fired(path: Path, state: str = "alert") -> set[tuple[str, str]]:
    """Return the pairs of household and rule in a state."""
    return {(a["household_id"], a["rule"]) for a in alerts(path) if a["state"] == state}
