"""Remove one: each element's weight set to zero in turn, and how far ranks move (COINr, `remove_elements`)."""

from typing import Any

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.combine import combine
from shanhai.engines.indicators.run import Run


def remove_one(run: Run) -> list[dict[str, Any]]:
    """Return a row for each code but the root: mean and greatest absolute change of rank without it.

    An only child takes its parent with it. Rules are left out of both rankings.
    """
    frame, tree = run.stages[-1].frame, run.combined.tree
    keys = frame.table.keys.get("time")
    n = len(frame.table.units)

    def ranked(scores: Any) -> Any:
        ranks = np.empty(n)
        for rows in arrays.groups(keys, n):
            ranks[rows] = arrays.ranks_down(scores[rows])
        return ranks

    before = ranked(run.combined.scores)
    found = []
    for code in [*tree.down()[1:], *frame.codes]:
        gone = code
        while gone != tree.root and len(tree.children[tree.parent[gone]]) == 1:
            gone = tree.parent[gone]
        row: dict[str, Any] = {"code": code, "level": tree.level[code], "parent": tree.parent[code]}
        if gone == tree.root:
            found.append(row | {"mean_abs_rank_change": None, "max_abs_rank_change": None})
            continue
        change = np.abs(ranked(combine(frame, run.scheme, {gone: 0.0}).scores) - before)
        there = change[~np.isnan(change)]
        found.append(
            row
            | {
                "mean_abs_rank_change": float(there.mean()) if len(there) else None,
                "max_abs_rank_change": float(there.max()) if len(there) else None,
            }
        )
    return found
