"""The probabilistic stage: Splink scores the residue with the stored model; nothing is trained here."""

import logging
from typing import Any, Final

from shanhai.engines.linkage.exact import EXACT
from shanhai.engines.linkage.model import Model, settings
from shanhai.engines.linkage.session import LEFT, RIGHT, count
from shanhai.engines.linkage.spec import Cardinality

SCORED: Final = "scored_pairs"
_DONE: Final = {
    Cardinality.ONE_TO_ONE: (True, True),
    Cardinality.ONE_TO_MANY: (False, True),
    Cardinality.MANY_TO_ONE: (True, False),
    Cardinality.MANY_TO_MANY: (False, False),
}
"""Whether a record that the exact stage linked is done, left and right."""
FLOOR: Final = -16.0
"""Pairs of less weight (1 in 65,000) are not kept."""
MANY: Final = 20
"""How many times larger a side is that is first cut to the records which share a block with the other."""
PER_CHUNK: Final = 400_000
"""Records of the residue that are compared at once: bounds memory."""


def residue(connection: Any, cardinality: Cardinality) -> tuple[int, int]:
    """Make `residue_left` and `residue_right` of what the exact stage left over; return their sizes."""
    for name, table, side, done in zip(
        ("residue_left", "residue_right"), (LEFT, RIGHT), "lr", _DONE[cardinality], strict=True
    ):
        rest = f"WHERE uid NOT IN (SELECT {side} FROM {EXACT})" if done else ""
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {table} {rest}")
    return count(connection, "residue_left"), count(connection, "residue_right")


def near(connection: Any, model: Model, sizes: tuple[int, int]) -> tuple[str, str]:
    """Return the tables to compare: of a side far larger than the other only what shares a block with it.

    No pair is lost, for only pairs of a block are compared; a small delivery then costs a look at the blocks'
    columns of a register, not a comparison prepared for every record of it.

    Args:
        connection: Of `session`, with `residue_left` and `residue_right`.
        model: Cut to the columns that are there.
        sizes: Records of the residue, left and right.
    """
    tables = ["residue_left", "residue_right"]
    for at, side in enumerate("lr"):
        if sizes[at] > MANY * sizes[1 - at]:
            pairs = f"FROM {tables[0]} l JOIN {tables[1]} r ON"
            shared = " UNION ".join(f"SELECT {side}.uid {pairs} {b.sql}" for b in model.blocks)
            connection.execute(
                f"CREATE TABLE near_{tables[at]} AS SELECT * FROM {tables[at]} WHERE uid IN ({shared})"
            )
            tables[at] = f"near_{tables[at]}"
    return tables[0], tables[1]


def score(connection: Any, model: Model, tables: tuple[str, ...], sizes: tuple[int, ...]) -> None:
    """Make `scored_pairs` (l, r, weight, probability).

    Args:
        connection: Of `session`; `left_records` (and `right_records`) hold all records, from whose
            frequencies a rare name's weight is taken.
        model: Cut to the columns that are there.
        tables: One table to find duplicates in, or two to link.
        sizes: Records in the whole files, one or two; the prior follows from them.
    """
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - a second of imports

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=connection)
    inputs = [
        api.register(name, dataset_display_name=f"side_{at}") for at, name in enumerate(tables)
    ]
    wanted = settings(model, sizes[0], sizes[1] if len(sizes) > 1 else None)
    linker = Linker(inputs, wanted, log_level=logging.ERROR, validate_settings=False)
    everything = (LEFT, RIGHT)[: len(sizes)]
    for column in sorted({x.frequency for c in model.comparisons for x in c.levels if x.frequency}):
        _frequencies(connection, column, everything)
        lookup = api.register(f"frequency_{column}")
        linker.table_management.register_term_frequency_lookup(lookup, column)
    rows = sum(count(connection, name) for name in tables)
    chunks = max(1, -(-rows // PER_CHUNK))
    found = linker.inference.predict(
        threshold_match_weight=FLOOR, num_chunks_left=chunks, num_chunks_right=1
    )
    connection.execute(
        f"CREATE TABLE {SCORED} AS SELECT uid_l AS l, uid_r AS r, match_weight AS weight, "
        f"match_probability AS probability FROM {found.physical_name}"
    )
    connection.execute(f"DROP TABLE {found.physical_name}")


def _frequencies(connection: Any, column: str, tables: tuple[str, ...]) -> None:
    """Make the table of how frequent each value of a column is in the whole files."""
    values = " UNION ALL ".join(f"SELECT {column} FROM {table}" for table in tables)
    connection.execute(
        f"CREATE TABLE frequency_{column} AS SELECT {column}, count(*)::DOUBLE / "
        f"sum(count(*)) OVER () AS tf_{column} FROM ({values}) WHERE {column} IS NOT NULL GROUP BY 1"
    )
