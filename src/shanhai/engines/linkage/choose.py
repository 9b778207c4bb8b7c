"""From scored pairs to decisions: the stage of each pair, and who is whose partner.

Stages: `exact` (valid number and agreeing name), `model` (probability from `accept` up), `review` (from `review`
up, and every pair with the same number but another name, whatever its probability: such a pair is never
accepted by the machine).
"""

from typing import Any, Final

from shanhai.engines.linkage.exact import agreeing, number_column, sided
from shanhai.engines.linkage.model import Model
from shanhai.engines.linkage.score import FLOOR, SCORED
from shanhai.engines.linkage.spec import Cardinality, Link

STAGED: Final = "staged_pairs"
CHOSEN: Final = "chosen_pairs"


def stage(connection: Any, model: Model, rules: Link, tables: tuple[str, str]) -> None:
    """Make `staged_pairs`: the scored pairs that somebody acts on, with `stage`.

    Args:
        connection: Of `session`, with `scored_pairs`.
        model: Cut to the columns that are there.
        rules: The thresholds.
        tables: The records that were scored, left and right; the same table twice for duplicates.
    """
    clash, number = clashing(model), number_column(model)
    connection.execute("CREATE TABLE clashes (l BIGINT, r BIGINT)")
    if number is not None:
        once = "AND l.uid < r.uid" if tables[0] == tables[1] else ""
        connection.execute(
            f"INSERT INTO clashes SELECT l.uid, r.uid FROM {tables[0]} l JOIN {tables[1]} r "
            f"ON l.{number} = r.{number} WHERE {clash} {once}"
        )
    connection.execute(
        f"CREATE TABLE {STAGED} AS SELECT l, r, "
        f"coalesce(s.weight, {FLOOR}) AS weight, coalesce(s.probability, 0) AS probability, "
        f"CASE WHEN c.l IS NULL AND s.probability >= {rules.accept} THEN 'model' ELSE 'review' END "
        f"AS stage FROM {SCORED} s FULL JOIN clashes c USING (l, r) "
        f"WHERE s.probability >= {rules.review} OR c.l IS NOT NULL"
    )


def clashing(model: Model) -> str:
    """Return the condition over `l` and `r` that the numbers are equal and the names do not agree.

    A name that is missing does not agree.
    """
    number, levels = number_column(model), agreeing(model)
    if number is None or not levels:
        return "false"
    agrees = " OR ".join(f"({sided(level.sql)})" for level in levels)
    return f"(coalesce(l.{number} = r.{number}, false) AND NOT coalesce({agrees}, false))"


def choose(connection: Any, cardinality: Cardinality) -> None:
    """Make `chosen_pairs`: of the staged pairs those that the cardinality allows, the likeliest first.

    Ties go to the smaller ids (`uid` is the order of ids), so that no order of rows matters.
    """
    best_left = "row_number() OVER (PARTITION BY l ORDER BY weight DESC, r) = 1"
    best_right = "row_number() OVER (PARTITION BY r ORDER BY weight DESC, l) = 1"
    if cardinality == Cardinality.ONE_TO_ONE:
        _one_to_one(connection)
        return
    condition = {
        Cardinality.ONE_TO_MANY: f"QUALIFY {best_right}",
        Cardinality.MANY_TO_ONE: f"QUALIFY {best_left}",
        Cardinality.MANY_TO_MANY: "",
    }[cardinality]
    connection.execute(f"CREATE TABLE {CHOSEN} AS SELECT * FROM {STAGED} {condition}")


def _one_to_one(connection: Any) -> None:
    """Take the likeliest pair whose two records are both free, again and again.

    Each round takes every pair that is the best of both its records at once; that gives the same pairs
    as taking them one by one.
    """
    connection.execute(f"CREATE TABLE {CHOSEN} AS SELECT * FROM {STAGED} LIMIT 0")
    connection.execute(f"CREATE TABLE open_pairs AS SELECT l, r, weight FROM {STAGED}")
    while True:
        connection.execute(
            "CREATE OR REPLACE TABLE best AS SELECT l, r FROM open_pairs QUALIFY "
            "row_number() OVER (PARTITION BY l ORDER BY weight DESC, l, r) = 1 AND "
            "row_number() OVER (PARTITION BY r ORDER BY weight DESC, l, r) = 1"
        )
        if not connection.execute("SELECT count(*) FROM best").fetchall()[0][0]:
            break
        connection.execute(
            f"INSERT INTO {CHOSEN} SELECT s.* FROM {STAGED} s JOIN best USING (l, r)"
        )
        connection.execute(
            "DELETE FROM open_pairs WHERE l IN (SELECT l FROM best) OR r IN (SELECT r FROM best)"
        )
    connection.execute("DROP TABLE open_pairs")
    connection.execute("DROP TABLE best")
