"""Screen only what changed since an earlier delivery, and say who changed, is new, or is gone."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from shanhai.engines.screening.compile import Source
from shanhai.engines.screening.intake.prepare import Prepared, prepare, regions_of
from shanhai.engines.screening.rules.ruleset import Ruleset
from shanhai.engines.screening.sql import name, text


def only_changed(
    now: Prepared, snapshot: Path, ruleset: Ruleset, as_of: date, connection: Any, work: Path
) -> Prepared:
    """Return the households that are new or differ from the snapshot in anything that the rules read.

    Args:
        now: The delivery, prepared.
        snapshot: The earlier delivery, .parquet, .csv or .xlsx; read with the same rules.
        ruleset: Says which fields count.
        as_of: The day of the screening.
        connection: From `sql.open_duckdb`.
        work: An existing folder; `changed.csv` is written there: household_id, change (new, changed, gone).

    Raises:
        InvalidInputError: The snapshot cannot be read.
    """
    old_folder = work / "snapshot"
    old_folder.mkdir()
    old = prepare(snapshot, ruleset, as_of, connection, old_folder, old_folder / "rejects.csv")
    columns = ["household_id", "region", *ruleset.used_fields]
    for view, one in (("now_rows", now), ("old_rows", old)):
        rows = f"SELECT {_columns(one, ruleset)} FROM read_parquet({text(str(one.path))})"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {rows}")
    same = " AND ".join(f"n.{name(c)} IS NOT DISTINCT FROM o.{name(c)}" for c in columns[1:])
    changed = work / "changed.parquet"
    rows = (
        f"SELECT n.*, o.household_id IS NULL AS is_new FROM now_rows n LEFT JOIN old_rows o "
        f"ON n.household_id = o.household_id WHERE o.household_id IS NULL OR NOT ({same}) "
        "ORDER BY n.household_id"
    )
    connection.execute(f"COPY ({rows}) TO {text(str(changed))} (FORMAT parquet)")
    _list(connection, changed, work / "changed.csv")
    regions = regions_of(connection, changed, "region" if now.source.region else None)
    source = Source(
        "household_id", "region" if now.source.region else None, {n: n for n in now.source.columns}
    )
    return replace(now, path=changed, source=source, rising=True, regions=regions)


def _columns(prepared: Prepared, ruleset: Ruleset) -> str:
    """Return SQL for a delivery's key, region and fields under their own names, a missing one as NULL."""
    source = prepared.source
    region = f"{name(source.region)}::VARCHAR" if source.region else "NULL::VARCHAR"
    fields = "".join(
        f", {name(source.columns[one]) if one in source.columns else 'NULL'} AS {name(one)}"
        for one in ruleset.used_fields
    )
    return f"{name(source.key)}::VARCHAR AS household_id, {region} AS region{fields}"


def _list(connection: Any, changed: Path, path: Path) -> None:
    rows = (
        "SELECT household_id, CASE WHEN is_new THEN 'new' ELSE 'changed' END AS change "
        f"FROM read_parquet({text(str(changed))}) UNION ALL "
        "SELECT household_id, 'gone' FROM old_rows ANTI JOIN now_rows USING (household_id) "
        "ORDER BY 1"
    )
    connection.execute(f"COPY ({rows}) TO {text(str(path))} (FORMAT csv, HEADER)")
