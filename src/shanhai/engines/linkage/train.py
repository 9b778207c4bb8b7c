"""Training: how often each answer is given by one person's two records (m), and by strangers (u).

With labelled pairs both are counted, so a model is a table of shares that anybody can count again. Without
labels Splink estimates m by expectation maximisation; u is counted all the same.
"""

import logging
from typing import Any, Final

import msgspec
import pyarrow as pa

from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.model import Comparison, Level, Model, settings
from shanhai.engines.linkage.session import LEFT, RIGHT, count

STRANGERS: Final = 2_000_000
"""Random pairs from which u is counted."""
_ONE_FILE: Final = f"""
    SELECT (SELECT list(id ORDER BY uid) FROM {LEFT}) = (SELECT list(id ORDER BY uid) FROM {RIGHT})
"""
"""Both tables are one file, searched for duplicates: a record is no stranger to itself."""
LEAST: Final = 100
HUMBLE: Final = 2e-4
"""No answer is rarer than this for one person, however few were seen: registers surprise."""
LARGEST: Final = 0.999999


def from_labels(connection: Any, model: Model, pairs: Any, trained_on: str, seed: int) -> Model:
    """Return the model with m counted on known pairs and u on random ones.

    Args:
        connection: Of `session`, with `left_records` and `right_records` (the same table twice, to
            train for finding duplicates).
        model: Cut to the columns that are there.
        pairs: A table with columns `id_left`, `id_right`: pairs known to be one person.
        trained_on: What the model is to say about its data.
        seed: Of the random pairs.

    Raises:
        LinkageError: If there are fewer than 100 known pairs.
    """
    connection.register("labels", pairs)
    connection.execute(
        f"CREATE TABLE known AS SELECT l.uid AS l, r.uid AS r FROM labels p "
        f"JOIN {LEFT} l ON l.id = p.id_left JOIN {RIGHT} r ON r.id = p.id_right"
    )
    connection.unregister("labels")
    found = count(connection, "known")
    if found < LEAST:
        raise LinkageError("linkage.labels", least=LEAST, found=found)
    same = _shares(connection, model, "known")
    return _trained(model, same, _strangers(connection, model, seed), trained_on)


def without_labels(connection: Any, model: Model, trained_on: str, seed: int) -> Model:
    """Return the model with m estimated by expectation maximisation over its blocks and u counted.

    Raises:
        LinkageError: If no two blocks leave every comparison free once.
    """
    connection.execute("CREATE TABLE known (l BIGINT, r BIGINT)")
    start = _trained(model, _even(model), _strangers(connection, model, seed), trained_on)
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - a second of imports

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=connection)
    inputs = [
        api.register(t, dataset_display_name=f"side_{i}") for i, t in enumerate((LEFT, RIGHT))
    ]
    wanted = settings(start, count(connection, LEFT), count(connection, RIGHT))
    linker = Linker(inputs, wanted, log_level=logging.ERROR, validate_settings=False)
    for block in model.blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(block.sql)
    found = linker.misc.save_model_to_json()["comparisons"]
    levels = [[x.get("m_probability") for x in one["comparison_levels"]] for one in found]
    same = {
        c.name: [m or 0.5 for m, level in zip(ms, c.levels, strict=True) if not level.null]
        for c, ms in zip(model.comparisons, levels, strict=True)
    }
    return _trained(model, same, _strangers(connection, start, seed), trained_on)


def _even(model: Model) -> dict[str, list[float]]:
    """Return a start for the estimation: the strongest answer is the usual one."""
    found = {}
    for comparison in model.comparisons:
        rest = sum(not level.null for level in comparison.levels) - 1
        found[comparison.name] = [0.9] + [0.1 / rest] * rest
    return found


def _strangers(connection: Any, model: Model, seed: int) -> dict[str, list[float]]:
    """Return the shares of the answers among random pairs that are not known to be one person."""
    left, right = count(connection, LEFT), count(connection, RIGHT)
    wanted = min(STRANGERS, left * right)
    connection.execute(
        "CREATE OR REPLACE TABLE strangers AS SELECT DISTINCT "
        f"(hash(i * 2 + {seed} * 7919) % {left})::BIGINT AS l, "
        f"(hash(i * 2 + 1 + {seed} * 7919) % {right})::BIGINT AS r FROM range({wanted}) t(i)"
    )
    connection.execute("DELETE FROM strangers s USING known k WHERE s.l = k.l AND s.r = k.r")
    if connection.execute(_ONE_FILE).fetchall()[0][0]:
        connection.execute("DELETE FROM strangers s USING known k WHERE s.l = k.r AND s.r = k.l")
        connection.execute("DELETE FROM strangers WHERE l = r")
    shared = _shares(connection, model, "strangers")
    connection.execute("DROP TABLE strangers")
    return shared


def _shares(connection: Any, model: Model, pairs: str) -> dict[str, list[float]]:
    """Return the share of each answer that says something, smoothed so that none is zero."""
    answers = ", ".join(f"{_case(c)} AS {c.name}" for c in model.comparisons)
    columns = sorted(
        {name for one in connection.execute(f"DESCRIBE {LEFT}").fetchall() for name in one[:1]}
    )
    both = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in columns)
    joined = (
        f"SELECT {both} FROM {pairs} p JOIN {LEFT} l ON l.uid = p.l JOIN {RIGHT} r ON r.uid = p.r"
    )
    connection.execute(f"CREATE OR REPLACE TABLE answers AS SELECT {answers} FROM ({joined})")
    found = {}
    for comparison in model.comparisons:
        rows = connection.execute(
            f"SELECT {comparison.name}, count(*) FROM answers GROUP BY 1"
        ).fetchall()
        counts = dict(rows)
        telling = [at for at, level in enumerate(comparison.levels) if not level.null]
        total = sum(counts.get(at, 0) for at in telling)
        found[comparison.name] = [
            (counts.get(at, 0) + 0.5) / (total + 0.5 * len(telling)) for at in telling
        ]
    connection.execute("DROP TABLE answers")
    return found


def _case(comparison: Comparison) -> str:
    conditions = [f"WHEN {level.sql} THEN {at}" for at, level in enumerate(comparison.levels[:-1])]
    return f"CASE {' '.join(conditions)} ELSE {len(comparison.levels) - 1} END"


def _trained(
    model: Model, same: dict[str, list[float]], other: dict[str, list[float]], trained_on: str
) -> Model:
    comparisons = []
    for comparison in model.comparisons:
        shares = iter(zip(same[comparison.name], other[comparison.name], strict=True))
        levels = tuple(x if x.null else _level(x, *next(shares)) for x in comparison.levels)
        comparisons.append(msgspec.structs.replace(comparison, levels=levels))
    return msgspec.structs.replace(model, comparisons=tuple(comparisons), trained_on=trained_on)


def _level(level: Level, m: float, u: float) -> Level:
    m, u = (float(f"{min(value, LARGEST):.6g}") for value in (max(m, HUMBLE), u))
    return msgspec.structs.replace(level, m=m, u=None if level.per_record is not None else u)


def labels(left: list[str], right: list[str]) -> Any:
    """Return known pairs as the table that `from_labels` takes."""
    return pa.table({"id_left": left, "id_right": right})
