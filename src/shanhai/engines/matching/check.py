"""The independent checker: recompute a result from the files alone, in SQL that knows no solver.

`PRIMAL` to `BLOCKING` are the whole of it. A result holds when no fault is found, the recomputed primal is the
stated one, and the recomputed dual is the stated one and no less than the primal. Weak duality needs nothing
else: any prices p ≥ 0 bound the score of every matching by Σ capacity·p + Σ max(0, score − p).
"""

from fractions import Fraction
from typing import NamedTuple

import duckdb
import pyarrow as pa

PAIRS = "SELECT l, r, max(s) AS s, arg_max(t, s * 4294967296::HUGEINT + t) AS t FROM edges GROUP BY l, r"
FAULTS = """SELECT
 (SELECT count(*) FROM made ANTI JOIN pair USING (l, r)) AS not_a_pair,
 (SELECT count(*) FROM made JOIN pair USING (l, r) WHERE made.s <> pair.s) AS score_differs,
 (SELECT count(*) FROM (SELECT l, r FROM made GROUP BY l, r HAVING count(*) > 1)) AS twice,
 (SELECT count(*) FROM (SELECT l, count(*) AS n FROM made GROUP BY l) LEFT JOIN demand USING (l)
   WHERE n > coalesce(d, 1)) AS left_over_demand,
 (SELECT count(*) FROM (SELECT r, count(*) AS n FROM made GROUP BY r) LEFT JOIN capacity USING (r)
   WHERE n > coalesce(c, 0)) AS right_over_capacity,
 (SELECT count(*) FROM price WHERE p < 0) AS negative_price,
 (SELECT count(*) FROM price GROUP BY r HAVING count(*) > 1 LIMIT 1) IS NOT NULL AS price_twice"""
PRIMAL = "SELECT coalesce(sum(s::HUGEINT), 0), count(*) FROM made"
DUAL = """WITH gain AS (SELECT l, greatest(0, s::HUGEINT * {scale} - coalesce(p, 0)) AS g,
   row_number() OVER (PARTITION BY l ORDER BY s::HUGEINT * {scale} - coalesce(p, 0) DESC) AS n
   FROM pair JOIN capacity USING (r) LEFT JOIN price USING (r) WHERE c > 0 AND s > 0)
SELECT (SELECT coalesce(sum(c::HUGEINT * p), 0) FROM capacity JOIN price USING (r))
     + (SELECT coalesce(sum(g), 0) FROM gain LEFT JOIN demand USING (l) WHERE n <= coalesce(d, 1))"""
BLOCKING = """WITH held AS (SELECT l, r, pair.s, pair.t FROM made JOIN pair USING (l, r)),
 lw AS (SELECT l, min(s) AS worst, count(*) AS n FROM held GROUP BY l),
 rw AS (SELECT r, min(t) AS worst, count(*) AS n FROM held GROUP BY r)
SELECT count(*) FROM pair ANTI JOIN held USING (l, r) JOIN capacity USING (r) LEFT JOIN demand USING (l)
 LEFT JOIN lw USING (l) LEFT JOIN rw USING (r)
 WHERE c > 0 AND coalesce(d, 1) > 0 AND (coalesce(lw.n, 0) < coalesce(d, 1) OR pair.s > lw.worst)
   AND (coalesce(rw.n, 0) < c OR pair.t > rw.worst)"""


class Found(NamedTuple):
    """What the checker found by itself.

    Attributes:
        faults: Counts by kind; all zero where the matching is allowed.
        primal: Total score, points.
        matched: Pairs.
        dual: Dual value of the prices, points; None without prices.
        blocking: Blocking pairs; None outside stable mode.
    """

    faults: dict[str, int]
    primal: int
    matched: int
    dual: Fraction | None
    blocking: int | None

    @property
    def allowed(self) -> bool:
        """Tell whether the matching breaks nothing."""
        return not any(self.faults.values())


class Papers(NamedTuple):
    """The files as tables.

    Attributes:
        edges: Columns l, r, s and t; t is the right's own score, or s again.
        capacity: Columns r, c.
        demand: Columns l, d.
        made: Columns l, r, s: the matching.
        price: Columns r, p in units; None without prices.
        scale: Units a point.
        stable: Whether blocking pairs count.
    """

    edges: pa.Table
    capacity: pa.Table
    demand: pa.Table
    made: pa.Table
    price: pa.Table | None = None
    scale: int = 1
    stable: bool = False


def check(papers: Papers) -> Found:
    """Recompute faults, primal, dual and blocking pairs."""
    with duckdb.connect() as base:
        none = pa.table({"r": pa.array([], pa.string()), "p": pa.array([], pa.int64())})
        for name in ("edges", "capacity", "demand", "made"):
            base.register(name, getattr(papers, name))
        base.register("price", papers.price if papers.price is not None else none)
        base.execute(f"CREATE TEMP TABLE pair AS {PAIRS}")
        faults = base.execute(FAULTS)
        names = [column[0] for column in faults.description]
        counts = dict(zip(names, map(int, _row(faults)), strict=True))
        primal, matched = map(int, _row(base.execute(PRIMAL)))
        dual = blocking = None
        if papers.price is not None:
            units = _row(base.execute(DUAL.format(scale=papers.scale)))[0]
            dual = Fraction(int(units), papers.scale)
        if papers.stable:
            blocking = int(_row(base.execute(BLOCKING))[0])
    return Found(counts, primal, matched, dual, blocking)


def _row(cursor: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    row = cursor.fetchone()
    return row if row is not None else ()
