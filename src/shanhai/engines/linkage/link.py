"""Link two files: exact stage, probabilistic stage on what is left, decision, and reasons in words."""

from collections import Counter
from typing import Any, NamedTuple

import numpy as np

from shanhai.engines.linkage import choose, exact, reasons, score
from shanhai.engines.linkage.model import Model
from shanhai.engines.linkage.prepare import Prepared
from shanhai.engines.linkage.rejects import Aside, Rejects
from shanhai.engines.linkage.session import LEFT, RIGHT, Limits, count, session, store
from shanhai.engines.linkage.spec import Cardinality, Link

TOP = 0.999999
"""The highest probability that is written: nothing is certain."""


class Linked(NamedTuple):
    """What a linkage found."""

    pairs: Any
    """A `pyarrow.Table`: id_left, id_right, probability, stage, reasons; in the order of the ids."""
    stages: dict[str, int]
    """Pairs of each stage."""
    residue: tuple[int, int]
    """Records that the exact stage left to the model, left and right."""


def link(
    left: Prepared,
    right: Prepared,
    model: Model,
    rules: Link | None = None,
    language: str = "both",
    limits: Limits | None = None,
) -> Linked:
    """Find the pairs of records that are one person.

    Args:
        left: Records of the first file.
        right: Records of the second.
        model: A trained model; what needs a column that either file lacks is left out.
        rules: Cardinality and thresholds.
        language: Of the reasons: `zh`, `en` or `both`.
        limits: Memory and threads.

    Returns:
        The pairs, accepted and for review. Values found to contradict one another (one number, two
        people) are added to the reject lists of `left` and `right`.
    """
    rules, model = rules or Link(), model.only(left.columns & right.columns)
    with session(limits) as connection:
        store(connection, LEFT, left.table, model)
        store(connection, RIGHT, right.table, model)
        return run(connection, model, rules, language, (left.rejects, right.rejects))


def run(
    connection: Any,
    model: Model,
    rules: Link,
    language: str,
    rejects: tuple[Rejects, Rejects],
) -> Linked:
    """Link `left_records` with `right_records` in a session; see `link`."""
    exact.find(connection, model, rules.cardinality)
    left, right = score.residue(connection, rules.cardinality)
    if left and right and model.comparisons and model.blocks:
        sizes = (count(connection, LEFT), count(connection, RIGHT))
        score.score(connection, model, score.near(connection, model, (left, right)), sizes)
    else:
        connection.execute(
            f"CREATE TABLE {score.SCORED} (l BIGINT, r BIGINT, weight DOUBLE, probability DOUBLE)"
        )
    choose.stage(connection, model, rules, ("residue_left", "residue_right"))
    choose.choose(connection, rules.cardinality)
    pairs = _pairs(connection, model, language)
    if rules.cardinality != Cardinality.MANY_TO_MANY:
        _shared_numbers(connection, model, rejects)
    stages = Counter(dict(zip(*_counts(pairs), strict=True)))
    return Linked(pairs, dict(sorted(stages.items())), (left, right))


def _counts(pairs: Any) -> tuple[list[str], list[int]]:
    found = pairs["stage"].value_counts()
    return found.field("values").to_pylist(), found.field("counts").to_pylist()


def _pairs(connection: Any, model: Model, language: str) -> Any:
    """Return the output: exact pairs have the probability that the model would give them at least."""
    exact_pairs = (
        f"SELECT l, r, {TOP}::DOUBLE AS probability, 'exact' AS stage, "
        f"{reasons.of_exact(model, language)} AS reasons FROM {exact.EXACT}"
    )
    scored = (
        f"SELECT c.l, c.r, least(c.probability, {TOP}) AS probability, c.stage, "
        f"{reasons.of_scored(model, language)} AS reasons FROM {choose.CHOSEN} c "
        f"JOIN {LEFT} l ON l.uid = c.l JOIN {RIGHT} r ON r.uid = c.r"
    )
    already = f"WHERE (l, r) NOT IN (SELECT (l, r) FROM {exact.EXACT})"
    return connection.sql(
        f"SELECT a.id AS id_left, b.id AS id_right, round(p.probability, 6) AS probability, "
        f"p.stage, p.reasons FROM ({exact_pairs} UNION ALL SELECT * FROM ({scored}) {already}) p "
        f"JOIN {LEFT} a ON a.uid = p.l JOIN {RIGHT} b ON b.uid = p.r ORDER BY p.l, p.r"
    ).to_arrow_table()


def _shared_numbers(connection: Any, model: Model, rejects: tuple[Rejects, Rejects]) -> None:
    """Note the records whose valid number somebody else in the other file carries, if not paired with them."""
    number = exact.number_column(model)
    if number is None:
        return
    paired = f"(SELECT (l, r) FROM {exact.EXACT} UNION ALL SELECT (l, r) FROM {choose.CHOSEN})"
    for side, found in zip("lr", rejects, strict=True):
        rows = connection.sql(
            f"SELECT DISTINCT {side}.row, {side}.id FROM {LEFT} l JOIN {RIGHT} r "
            f"ON l.{number}_valid = r.{number}_valid WHERE {choose.clashing(model)} "
            f"AND (l.uid, r.uid) NOT IN {paired} ORDER BY 1"
        ).to_arrow_table()
        shared = Aside(
            np.asarray(rows["row"]), rows["id"].combine_chunks(), number, "number_shared"
        )
        found.values(shared, np.ones(rows.num_rows, dtype=np.bool_))
