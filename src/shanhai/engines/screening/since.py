"""Screen only what changed since an earlier delivery or snapshot, and say who changed, is new, or is gone."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from shanhai.engines.screening.compile import Source
from shanhai.engines.screening.intake.prepare import Prepared, prepare, regions_of
from shanhai.engines.screening.rules.ruleset import Ruleset
from shanhai.engines.screening.snapshot import snapshot_sql, states_sql
from shanhai.engines.screening.sql import PLAIN, any_order, text


def earlier_sql(path: Path, ruleset: Ruleset, as_of: date, connection: Any, work: Path) -> str:
    """Return a query for household_id, key and state of what was delivered before.

    Args:
        path: A snapshot, or the earlier delivery: .parquet, .csv or .xlsx, read with the same rules.
        ruleset: Says which fields count.
        as_of: The day of the screening.
        connection: From `sql.open_duckdb`.
        work: An existing folder for copies.

    Raises:
        InvalidInputError: It cannot be read, or is a snapshot of other fields.
    """
    kept = snapshot_sql(path, ruleset, connection)
    if kept is not None:
        return kept
    folder = work / "earlier"
    folder.mkdir()
    old = prepare(path, ruleset, as_of, connection, folder, folder / "rejects.csv")
    return f"SELECT household_id, key, state FROM ({states_sql(old, ruleset)})"


def only_changed(
    now: Prepared,
    earlier: str,
    ruleset: Ruleset,
    connection: Any,
    work: Path,
    *,
    partial: bool,
) -> Prepared:
    """Return the households that are new or differ from before in anything that the rules read.

    Args:
        now: The delivery, prepared.
        earlier: From `earlier_sql`.
        ruleset: Says which fields count.
        connection: From `sql.open_duckdb`.
        work: An existing folder; `changed.csv` is written there: household_id, change (new, changed, gone).
        partial: Whether the delivery leaves out households that did not change; then nobody is gone.
    """
    states, changed = states_sql(now, ruleset), work / "changed.parquet"
    with any_order(connection):
        connection.execute(_moved(states, earlier))
        for once in ("", "DISTINCT ON (n.household_id) "):  # twice only where two keys collide
            rows = (
                f"SELECT {once}n.* EXCLUDE (key, state), m.is_new FROM ({states}) n "
                "JOIN moved m ON n.key = m.key AND n.state = m.state"
            )
            connection.execute(f"COPY ({rows}) TO {text(str(changed))} ({PLAIN})")
            if _each_once(connection, changed):
                break
    gone = (
        ""
        if partial
        else f"SELECT household_id FROM ({earlier}) o ANTI JOIN ({states}) n ON o.key = n.key"
    )
    _list(connection, changed, gone, work / "changed.csv")
    region = "region" if now.source.region else None
    source = Source("household_id", region, {one: one for one in now.source.columns})
    regions = regions_of(connection, changed, region)
    return replace(now, path=changed, source=source, rising=False, regions=regions)


def _moved(states: str, earlier: str) -> str:
    """Return what makes the table of keys and states that are new or changed: the wide rows of the others are never joined."""
    return (
        "CREATE OR REPLACE TEMP TABLE moved AS SELECT n.key, n.state, o.key IS NULL AS is_new "
        f"FROM (SELECT key, state FROM ({states})) n "
        f"LEFT JOIN (SELECT key, state FROM ({earlier})) o ON n.key = o.key "
        "WHERE o.state IS DISTINCT FROM n.state"
    )


def _each_once(connection: Any, changed: Path) -> bool:
    query = (
        f"SELECT count(*) = count(DISTINCT household_id) FROM read_parquet({text(str(changed))})"
    )
    return bool(connection.execute(query).fetchone()[0])


def _list(connection: Any, changed: Path, gone: str, path: Path) -> None:
    rows = (
        "SELECT household_id, CASE WHEN is_new THEN 'new' ELSE 'changed' END AS change "
        f"FROM read_parquet({text(str(changed))})"
    )
    if gone:
        rows += f" UNION ALL SELECT household_id, 'gone' FROM ({gone})"
    connection.execute(f"COPY ({rows} ORDER BY 1) TO {text(str(path))} (FORMAT csv, HEADER)")
