"""The exact stage: a valid number that is the same, and a name that agrees.

The number alone is not enough: of equal numbers some belong to different people (重号, 借用), and no check digit
or birth date sees that, for both are in the number; the name does.
"""

import re
from typing import Any, Final

from shanhai.engines.linkage.model import Level, Model
from shanhai.engines.linkage.session import LEFT, RIGHT
from shanhai.engines.linkage.spec import Cardinality

EXACT: Final = "exact_pairs"
_SIDE: Final = re.compile(r"\b(\w+)_([lr])\b")


def sided(sql: str) -> str:
    """Write `name_l` as `l.name`, the way a join has it."""
    return _SIDE.sub(r"\2.\1", sql)


def agreeing(model: Model) -> tuple[Level, ...]:
    """Return the answers on names that count as agreement, the strongest first."""
    names = {c.name for c in model.columns if c.kind == "name"}
    levels = [level for c in model.comparisons if names.issuperset(c.needs) for level in c.levels]
    return tuple(level for level in levels if level.agrees)


def number_column(model: Model) -> str | None:
    """Return the column that holds resident numbers, if there is one."""
    return next((c.name for c in model.columns if c.kind == "number"), None)


def find(connection: Any, model: Model, cardinality: Cardinality) -> bool:
    """Make the table `exact_pairs` (l, r, level): uids, and which agreement it was.

    Returns:
        Whether the model has both a number and a name; without them the table is empty.
    """
    connection.execute(f"CREATE TABLE {EXACT} (l BIGINT, r BIGINT, level INTEGER)")
    number, levels = number_column(model), agreeing(model)
    if number is None or not levels:
        return False
    cases = " ".join(f"WHEN {sided(level.sql)} THEN {at}" for at, level in enumerate(levels))
    pairs = f"""
        SELECT l.uid AS l, r.uid AS r, CASE {cases} END AS level
        FROM {LEFT} l JOIN {RIGHT} r ON l.{number}_valid = r.{number}_valid
    """
    connection.execute(
        f"INSERT INTO {EXACT} SELECT l, r, level FROM ({pairs}) WHERE level IS NOT NULL "
        f"{_firsts(cardinality)}"
    )
    return True


def _firsts(cardinality: Cardinality) -> str:
    """Return the clause that a record has one partner only where the spec says so."""
    of_left = "row_number() OVER (PARTITION BY l ORDER BY level, r) = 1"
    of_right = "row_number() OVER (PARTITION BY r ORDER BY level, l) = 1"
    return {
        Cardinality.ONE_TO_ONE: f"QUALIFY {of_left} AND {of_right}",
        Cardinality.ONE_TO_MANY: f"QUALIFY {of_right}",
        Cardinality.MANY_TO_ONE: f"QUALIFY {of_left}",
        Cardinality.MANY_TO_MANY: "",
    }[cardinality]
