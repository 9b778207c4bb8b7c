"""Snapshots: of each household a key and a state, 64 bits each, enough to tell who changed without the old values.

The key hashes the household's id, the state its region and every field that the rules read, in the contract's types. Two
states that differ look equal once in 2**64; two keys that collide make a household count as changed, never as unchanged.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from shanhai.engines.screening.fields import Kind
from shanhai.engines.screening.intake.prepare import Prepared
from shanhai.engines.screening.rules.ruleset import Ruleset
from shanhai.engines.screening.sql import name, text
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS["screen.snapshot_other"] = Text(
    "{file} 是用别的字段或别的版本存的快照，请改用上次的户表作 --since，或全部重新筛查并重存快照",
    "{file} is a snapshot of other fields or another version; give the earlier delivery to --since, "
    "or screen everything again with a new --snapshot",
)
_MARK = "shanhai_snapshot"
_GROUPS = "ROW_GROUP_SIZE 40960"
"""With the order of keys, DuckDB reads only the groups that a small delivery's keys fall into."""
_TYPES = {
    Kind.QUANTITY: "BIGINT",
    Kind.TRUTH: "BOOLEAN",
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
}


def states_sql(prepared: Prepared, ruleset: Ruleset) -> str:
    """Return a query for a delivery: household_id, region, the used fields under their own names, key and state.

    Args:
        prepared: The delivery; a field that it lacks is NULL.
        ruleset: Says which fields count.
    """
    source = prepared.source
    columns = [
        f"{name(source.region)}::VARCHAR AS region" if source.region else "NULL::VARCHAR AS region"
    ]
    for one in ruleset.used_fields:
        given = name(source.columns[one]) if one in source.columns else "NULL"
        columns.append(f"{given}::{_TYPES[ruleset.fields[one].kind]} AS {name(one)}")
    rows = (
        f"SELECT {name(source.key)}::VARCHAR AS household_id, {', '.join(columns)} "
        f"FROM read_parquet({text(str(prepared.path))})"
    )
    parts = ", ".join(["region", *(name(one) for one in ruleset.used_fields)])
    return f"SELECT *, hash(household_id) AS key, hash({parts}) AS state FROM ({rows})"


def snapshot_sql(path: Path, ruleset: Ruleset, connection: Any) -> str | None:
    """Return a query for household_id, key and state of a snapshot, None where a file is none.

    Raises:
        InvalidInputError: It was made of other fields or by another version.
    """
    if path.suffix.lower() != ".parquet":
        return None
    file = text(str(path))
    try:
        found = connection.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata({file}) WHERE decode(key) = '{_MARK}'"
        ).fetchone()
    except duckdb.Error:
        return None
    if found is None:
        return None
    if found[0] != _made_of(ruleset):
        raise InvalidInputError("screen.snapshot_other", file=path.name)
    return f"SELECT household_id, key, state FROM read_parquet({file})"


def write_snapshot(
    states: str, earlier: str | None, ruleset: Ruleset, connection: Any, path: Path
) -> None:
    """Write a snapshot of a delivery, and of the households of an earlier one that it leaves out, in the order of keys.

    Args:
        states: A query with household_id, key and state.
        earlier: The same of an earlier snapshot that the delivery changes, or None where it is complete.
        ruleset: Says which fields count.
        connection: From `sql.open_duckdb`.
        path: A Parquet file.
    """
    rows = f"SELECT household_id, key, state FROM ({states})"
    if earlier is not None:
        rows += f" UNION ALL SELECT * FROM ({earlier}) ANTI JOIN ({rows}) USING (household_id)"
    mark = f"KV_METADATA {{{_MARK}: {text(_made_of(ruleset))}}}"
    connection.execute(
        f"COPY (SELECT * FROM ({rows}) ORDER BY key) TO {text(str(path))} (FORMAT parquet, {mark}, {_GROUPS})"
    )


def _made_of(ruleset: Ruleset) -> str:
    """Return a name of all that the states depend on; DuckDB's hash may change with its version."""
    fields = [(one, ruleset.fields[one].kind) for one in ruleset.used_fields]
    content = json.dumps([duckdb.__version__, fields], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
