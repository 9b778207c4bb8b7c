"""Find the records of one file that are the same person, and make one record of each cluster."""

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shanhai.engines.linkage import choose, exact, reasons, score
from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.link import TOP
from shanhai.engines.linkage.model import Model
from shanhai.engines.linkage.prepare import Prepared
from shanhai.engines.linkage.session import LEFT, Limits, count, session, store
from shanhai.engines.linkage.spec import Link
from shanhai.engines.linkage.tables import Source

HEAD: Final = "cluster_heads"


class Deduped(NamedTuple):
    """What was found in one file."""

    members: Any
    """A `pyarrow.Table`: id, cluster (the smallest id of its records), probability; in the order of ids.
    The probability is that of the strongest link that holds the record in its cluster; alone, it is 1."""
    pairs: Any
    """The links and the pairs for review, as `link` returns them."""
    duplicates: float
    """Share of the records that repeat another one."""


def dedupe(
    records: Prepared,
    model: Model,
    rules: Link | None = None,
    language: str = "both",
    limits: Limits | None = None,
) -> Deduped:
    """Cluster the records of one file.

    Args:
        records: Of `prepare`.
        model: A trained model; what needs a column that the file lacks is left out.
        rules: Thresholds, and the highest share of duplicates that is believed.
        language: Of the reasons: `zh`, `en` or `both`.
        limits: Memory and threads.

    Returns:
        Every record with its cluster, and the pairs. Records in one cluster are connected by accepted
        links; a pair for review connects nothing.

    Raises:
        LinkageError: If there are more duplicates than `rules.max_duplicates`.
    """
    rules, model = rules or Link(), model.only(records.columns)
    with session(limits) as connection:
        store(connection, LEFT, records.table, model)
        _exact(connection, model)
        records_left = count(connection, HEAD)
        if records_left > 1 and model.comparisons and model.blocks:
            score.score(connection, model, (HEAD,), (count(connection, LEFT),))
        else:
            connection.execute(
                f"CREATE TABLE {score.SCORED} (l BIGINT, r BIGINT, weight DOUBLE, probability DOUBLE)"
            )
        choose.stage(connection, model, rules, (HEAD, HEAD))
        pairs = _pairs(connection, model, language)
        members = _members(records.table, pairs)
    share = 1 - len(pc.unique(members["cluster"])) / max(members.num_rows, 1)
    if share > rules.max_duplicates:
        facts = {"share": f"{share:.1%}", "ceiling": f"{rules.max_duplicates:.1%}"}
        raise LinkageError("linkage.duplicates", file=records.rejects.file, **facts)
    return Deduped(members, pairs, share)


def _exact(connection: Any, model: Model) -> None:
    """Link records with the same valid number and an agreeing name to the first of them.

    Makes `exact_pairs` (l: that first record, r) and `cluster_heads`, the records that remain.
    """
    connection.execute(f"CREATE TABLE {exact.EXACT} (l BIGINT, r BIGINT, level INTEGER)")
    number, levels = exact.number_column(model), exact.agreeing(model)
    if number is not None and levels:
        cases = " ".join(
            f"WHEN {exact.sided(level.sql)} THEN {at}" for at, level in enumerate(levels)
        )
        connection.execute(
            f"INSERT INTO {exact.EXACT} SELECT l, r, level FROM (SELECT l.uid AS l, r.uid AS r, "
            f"CASE {cases} END AS level FROM {LEFT} l JOIN {LEFT} r "
            f"ON l.{number}_valid = r.{number}_valid AND l.uid < r.uid) WHERE level IS NOT NULL "
            f"QUALIFY row_number() OVER (PARTITION BY r ORDER BY l) = 1"
        )
    connection.execute(
        f"CREATE TABLE {HEAD} AS SELECT * FROM {LEFT} WHERE uid NOT IN (SELECT r FROM {exact.EXACT})"
    )


def _pairs(connection: Any, model: Model, language: str) -> Any:
    scored = (
        f"SELECT c.l, c.r, least(c.probability, {TOP}) AS probability, c.stage, "
        f"{reasons.of_scored(model, language)} AS reasons FROM {choose.STAGED} c "
        f"JOIN {LEFT} l ON l.uid = c.l JOIN {LEFT} r ON r.uid = c.r"
    )
    exact_pairs = (
        f"SELECT l, r, {TOP}::DOUBLE AS probability, 'exact' AS stage, "
        f"{reasons.of_exact(model, language)} AS reasons FROM {exact.EXACT}"
    )
    return connection.sql(
        f"SELECT a.id AS id_left, b.id AS id_right, round(p.probability, 6) AS probability, "
        f"p.stage, p.reasons, p.l, p.r FROM ({exact_pairs} UNION ALL {scored}) p "
        f"JOIN {LEFT} a ON a.uid = p.l JOIN {LEFT} b ON b.uid = p.r ORDER BY p.l, p.r"
    ).to_arrow_table()


def _members(records: Any, pairs: Any) -> Any:
    accepted = pairs.filter(pc.not_equal(pairs["stage"], "review"))
    left, right = (np.asarray(accepted[side], dtype=np.int64) for side in "lr")
    heads = components(records.num_rows, left, right)
    strongest = np.zeros(records.num_rows)
    for ends in (left, right):
        np.maximum.at(strongest, ends, np.asarray(accepted["probability"], dtype=np.float64))
    alone = np.bincount(heads, minlength=records.num_rows)[heads] == 1
    strongest[alone] = 1.0
    ids = records["id"].combine_chunks()
    return pa.table({"id": ids, "cluster": ids.take(pa.array(heads)), "probability": strongest})


def components(size: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each of `size` records the smallest record that it is connected with.

    Args:
        size: How many records there are.
        left: One end of each link, shape (k,).
        right: The other end.
    """
    head = np.arange(size, dtype=np.int64)
    while True:
        low = np.minimum(head[left], head[right])
        before = head.copy()
        for ends in (left, right):
            np.minimum.at(head, ends, low)
            np.minimum.at(head, before[ends], low)
        while not np.array_equal(head, head[head]):
            head = head[head]
        if np.array_equal(head, before):
            return head


def golden(source: Source, ids: Any, members: Any, id_column: str | None) -> Any:
    """Make one record of each cluster, from the file's own columns.

    For each column the value that most of the cluster's records have; of equally frequent ones the longest,
    then the smallest. Missing values have no vote.

    Args:
        source: The file as it was read.
        ids: The id of each row of `source`.
        members: `Deduped.members`.
        id_column: The file's id column, which the cluster's name replaces.

    Returns:
        A `pyarrow.Table`: cluster, records (how many), and the file's other columns; in order of cluster.
    """
    cluster_of = dict(zip(members["id"].to_pylist(), members["cluster"].to_pylist(), strict=True))
    rows: dict[str, list[int]] = {}
    for at, one in enumerate(ids.to_pylist()):
        if one in cluster_of:
            rows.setdefault(cluster_of[one], []).append(at)
    order = sorted(rows)
    found: dict[str, list[Any]] = {"cluster": order, "records": [len(rows[one]) for one in order]}
    for name in source.table.column_names:
        if name != id_column:
            values = source.table[name].to_pylist()
            found[name] = [_vote([values[at] for at in rows[one]]) for one in order]
    return pa.table(found)


def _vote(values: list[str | None]) -> str | None:
    given = [value for value in values if value is not None]
    if not given:
        return None
    return min(set(given), key=lambda one: (-given.count(one), -len(one), one))
