"""Why a score is what it is: its difference from a reference, shared out down to the last indicator.

At each node the difference is shared among the children by Shapley's value (exact: a game of up to eight children, or
the mean of both orders for more), and passed down; the parts sum to the whole whatever the aggregation. The reference
is the mean of all units, another unit, or the same unit at another time, which decomposes its change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.combine import rescore
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.output import rank_cell
from shanhai.engines.indicators.run import Run
from shanhai.kernel.spelling import nearest

GAME = 8
"""Up to so many children every coalition is tried."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a row scores as it does.

    Attributes:
        unit: What the row is called.
        reference: What it is compared with.
        score: After rules.
        before_rules: The root's value.
        reference_score: What the reference scores.
        parts: By code, what it adds to the difference of the root.
        leaves: A row for each indicator, the greatest difference first.
        rules: What rules did.
    """

    unit: str
    reference: str
    score: float
    before_rules: float
    reference_score: float
    parts: dict[str, float]
    leaves: list[dict[str, Any]]
    rules: list[dict[str, Any]]


def find_row(run: Run, unit: str, time: float | None = None) -> int:
    """Return the row of a unit, at a time or the last one.

    Raises:
        InvalidInputError: If there is none, naming the nearest.
    """
    table = run.table
    rows = [i for i, name in enumerate(table.units) if name == unit]
    if not rows:
        raise refused("unit_unknown", unit=unit, nearest=nearest(unit, dict.fromkeys(table.units)))
    if time is None:
        return rows[-1]
    if table.times is None:
        raise refused("no_panel", time=time)
    for row in rows:
        if table.times[row] == time:
            return row
    known = [f"{table.times[row]:g}" for row in rows]
    raise refused("unit_unknown", unit=f"{unit}@{time:g}", nearest=", ".join(known))


def explain(run: Run, row: int, against: int | None = None) -> Explanation:
    """Explain a row.

    Args:
        run: The run.
        row: Its number.
        against: Another row, None for the mean of all.
    """
    frame, tree = run.stages[-1].frame, run.combined.tree
    own = frame.x[row]
    mean = arrays.mean(frame.x)
    other = mean if against is None else frame.x[against]
    other = np.where(np.isnan(own), np.nan, np.where(np.isnan(other), mean, other))
    low = dict(zip(frame.codes, other.tolist(), strict=True))
    high = dict(zip(frame.codes, own.tolist(), strict=True))
    shares: dict[str, dict[str, float]] = {}
    for node in tree.order:
        codes = tree.children[node]
        ends = np.array([[low[c] for c in codes], [high[c] for c in codes]])
        worth = _game(run, node, row, ends)
        low[node], high[node] = worth(frozenset()), worth(frozenset(range(len(codes))))
        shares[node] = dict(zip(codes, _shapley(worth, len(codes)), strict=True))
    parts = {tree.root: high[tree.root] - low[tree.root]}
    for node in tree.down():
        whole = high[node] - low[node]
        for child, share in shares[node].items():
            parts[child] = parts[node] * share / whole if abs(whole) > 1e-12 else share  # noqa: PLR2004 - dust
    return Explanation(
        unit=run.table.row_name(row),
        reference="mean" if against is None else run.table.row_name(against),
        score=float(run.judged.scores[row]),
        before_rules=float(run.combined.scores[row]),
        reference_score=low[tree.root],
        parts=parts,
        leaves=_leaves(run, row, against, parts),
        rules=run.judged.applied[row],
    )


Worth = Callable[[frozenset[int]], float]


def _game(run: Run, node: str, row: int, ends: Floats) -> Worth:
    """Return the node's value for the row with some children at their own, the others at the reference's value."""
    known: dict[frozenset[int], float] = {}

    def worth(some: frozenset[int]) -> float:
        if some not in known:
            at = np.array([1 if j in some else 0 for j in range(ends.shape[1])])
            values = ends[at, np.arange(ends.shape[1])]
            known[some] = rescore(
                run.stages[-1].frame, run.scheme, run.combined, node, (row, values)
            )
        return known[some]

    return worth


def _shapley(worth: Worth, k: int) -> list[float]:
    if k > GAME:
        forth, back = _in_order(worth, list(range(k))), _in_order(worth, list(range(k))[::-1])
        return [(a + b) / 2 for a, b in zip(forth, back, strict=True)]
    shares = []
    for i in range(k):
        rest = [j for j in range(k) if j != i]
        gains = [
            (worth(frozenset({*some, i})) - worth(frozenset(some))) / comb(k - 1, size) / k
            for size in range(k)
            for some in combinations(rest, size)
        ]
        shares.append(float(np.nansum(gains)))
    return shares


def _in_order(worth: Worth, order: list[int]) -> list[float]:
    shares, some = [0.0] * len(order), frozenset[int]()
    for i in order:
        gain = worth(some | {i}) - worth(some)
        shares[i], some = (0.0 if np.isnan(gain) else gain), some | {i}
    return shares


def _leaves(
    run: Run, row: int, against: int | None, parts: dict[str, float]
) -> list[dict[str, Any]]:
    """Return each indicator's row: from raw value to points."""
    frame = run.stages[-1].frame
    effective = run.combined.effective()
    ranks = arrays.ranks_down((frame.x * frame.directions).T).T
    found = []
    for j, one in enumerate(frame.indicators):
        found.append(
            {
                "code": one.code,
                "name": one.label,
                "path": _path(run, one.code),
                "unit": one.unit,
                "raw": raw_value(run, row, one.code),
                "normalised": float(frame.x[row, j]),
                "reference": float(
                    arrays.mean(frame.x)[j] if against is None else frame.x[against, j]
                ),
                "rank": rank_cell(ranks[row, j]),
                "effective": effective[one.code],
                "points": parts[one.code],
                "owner": one.owner,
                "source": one.source,
            }
        )
    return sorted(found, key=lambda leaf: (-abs(leaf["points"]), leaf["code"]))


def raw_value(run: Run, row: int, code: str) -> float:
    """Return what the data said of an indicator for a row, NaN where it is missing."""
    first, table = run.stages[0].frame, run.table
    at = row
    if first.table is not table:
        names = [first.table.row_name(i) for i in range(len(first.table.units))]
        at = names.index(table.row_name(row))
    return float(first.x[at, first.codes.index(code)])


def _path(run: Run, code: str) -> list[str]:
    tree, path = run.combined.tree, [code]
    while path[-1] != tree.root:
        path.append(tree.parent[path[-1]])
    return path[::-1]


def strengths(run: Run, row: int, count: int = 5) -> dict[str, list[dict[str, Any]]]:
    """Return a row's best and worst indicators by rank among the units (COINr, strengths and weaknesses)."""
    frame = run.stages[-1].frame
    ranks = arrays.ranks_down((frame.x * frame.directions).T).T[row]
    order = [int(j) for j in np.argsort(ranks, kind="stable") if not np.isnan(ranks[j])]
    told = [
        {
            "code": frame.codes[j],
            "name": frame.indicators[j].label,
            "rank": int(ranks[j]),
            "value": float(frame.x[row, j]),
        }
        for j in order
    ]
    return {"strengths": told[:count], "weaknesses": told[::-1][:count]}


def with_row(run: Run, row: int, values: Floats) -> float:
    """Return the root's value for a row, its normalised indicators being `values` (k,) and all else as it is."""
    frame = run.stages[-1].frame
    found = dict(zip(frame.codes, values.tolist(), strict=True))
    for node in run.combined.tree.order:
        own = np.array([found[child] for child in run.combined.tree.children[node]])
        found[node] = rescore(replace(frame), run.scheme, run.combined, node, (row, own))
    return float(found[run.combined.tree.root])
