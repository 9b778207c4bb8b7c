"""Back-test changed rules over past deliveries: every household and rule whose answer differs, listed."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shanhai.engines.screening.paths import apart, ending
from shanhai.engines.screening.rules.ruleset import Ruleset
from shanhai.engines.screening.screen import Options, screen
from shanhai.engines.screening.sql import open_duckdb, text
from shanhai.kernel.files import replacing


@dataclass(frozen=True, slots=True)
class Difference:
    """For one delivery and rule: how many households gained an alert, lost it, or changed to or from unknown."""

    delivery: str
    rule: str
    before: int
    after: int
    gained: int
    lost: int
    other: int


def backtest(
    deliveries: Sequence[Path], old: Ruleset, new: Ruleset, out: Path, as_of: date
) -> list[Difference]:
    """Run two versions of the rules over each delivery and write what differs.

    Args:
        deliveries: Past deliveries, each as for `screen`.
        old: The rules as they are.
        new: The rules as they would be.
        out: A .csv file: delivery, household_id, rule, before, after (alert, unknown or none), reason_zh, reason_en.
        as_of: The day of the screening, the same for both.

    Returns:
        The counts by delivery and rule, rules that differ nowhere left out.

    Raises:
        InvalidInputError: A delivery cannot be read, or a parameter has no value.
    """
    ending(out, ".csv")
    apart([out], deliveries)
    out.parent.mkdir(parents=True, exist_ok=True)
    found: list[Difference] = []
    with tempfile.TemporaryDirectory(prefix=".backtest-", dir=out.parent) as folder:
        work = Path(folder)
        connection = open_duckdb(work)
        try:
            connection.execute(_TABLE)
            for delivery, label in zip(deliveries, _labels(deliveries), strict=True):
                for side, rules in (("old", old), ("new", new)):
                    screen(delivery, rules, work / f"{side}.parquet", as_of, Options())
                connection.execute(_differences(label, work))
                found += _counts(connection, label, work)
            made = work / "differences.csv"
            ordered = "SELECT * FROM differences ORDER BY delivery, rule, household_id"
            connection.execute(f"COPY ({ordered}) TO {text(str(made))} (FORMAT csv, HEADER)")
            with replacing(out) as passing:
                made.replace(passing)
        finally:
            connection.close()
    return found


def _labels(deliveries: Sequence[Path]) -> list[str]:
    """Return each delivery's name, its path where names are the same, with a number where paths are."""
    names = [one.name for one in deliveries]
    labels = [str(p) if names.count(p.name) > 1 else p.name for p in deliveries]
    return [
        f"{one} ({labels[: at + 1].count(one)})" if labels.count(one) > 1 else one
        for at, one in enumerate(labels)
    ]


_TABLE = (
    "CREATE TEMP TABLE differences (delivery VARCHAR, household_id VARCHAR, rule VARCHAR, "
    "before VARCHAR, after VARCHAR, reason_zh VARCHAR, reason_en VARCHAR)"
)


def _differences(delivery: str, work: Path) -> str:
    sides = [f"read_parquet({text(str(work / f'{side}.parquet'))})" for side in ("old", "new")]
    return (
        f"INSERT INTO differences SELECT {text(delivery)}, household_id, rule, "
        "coalesce(o.state, 'none'), coalesce(n.state, 'none'), "
        "coalesce(n.reason_zh, o.reason_zh), coalesce(n.reason_en, o.reason_en) "
        f"FROM {sides[0]} o FULL JOIN {sides[1]} n USING (household_id, rule) "
        "WHERE o.state IS DISTINCT FROM n.state"
    )


def _counts(connection: Any, delivery: str, work: Path) -> list[Difference]:
    alerts = [
        f"(SELECT count(*) FROM read_parquet({text(str(work / f'{side}.parquet'))}) s "
        "WHERE s.rule = d.rule AND s.state = 'alert')"
        for side in ("old", "new")
    ]
    query = (
        f"SELECT delivery, rule, {alerts[0]}, {alerts[1]}, count(*) FILTER (after = 'alert'), "
        "count(*) FILTER (before = 'alert'), count(*) FILTER (before <> 'alert' AND after <> 'alert') "
        f"FROM differences d WHERE delivery = {text(delivery)} GROUP BY delivery, rule ORDER BY rule"
    )
    return [Difference(*row) for row in connection.execute(query).fetchall()]
