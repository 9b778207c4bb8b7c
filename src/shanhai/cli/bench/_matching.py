"""One part of the matching benchmark, in a process of its own, so that its memory is its own.

`python -m shanhai.cli.bench._matching PART LEFTS RIGHTS` prints one JSON object. Kernels are loaded on a small
market first, and that time is told apart (`start_seconds`): it is no part of the figures.
"""

import json
import resource
import sys
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import numpy as np

from shanhai.cli.bench import _search
from shanhai.cli.bench._markets import market
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.flow import solve_flow
from shanhai.engines.matching.market import Market
from shanhai.engines.matching.values import scores_of

Figures = dict[str, Any]


def optimal(found: Market, gap: float = 1e-4) -> Figures:
    """Match by auction to a certified gap."""
    return _of(assign(found, Ask("optimal", "auction", gap)).certificate)


def exact(found: Market) -> Figures:
    """Match exactly, by auction prices and then flow."""
    return _of(assign(found, Ask("optimal", "auction+flow")).certificate)


def stable(found: Market) -> Figures:
    """Match stably, by opposed preferences."""
    return _of(assign(found, Ask("stable")).certificate)


def greedy(found: Market) -> Figures:
    """Match greedily."""
    return _of(assign(found, Ask("greedy")).certificate)


def flow(found: Market) -> Figures:
    """Match by OR-Tools' minimum cost flow, the peer."""
    left, right = solve_flow(found)
    return {"primal": int(scores_of(found, left, right).sum())}


def scipy_sparse(found: Market) -> Figures:
    """Match by scipy's sparse assignment, posts expanded, the second peer."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    posts = int(found.capacity.max())
    left = np.repeat(np.arange(found.lefts), np.diff(found.start))
    row = np.concatenate([np.repeat(left, posts), np.arange(found.lefts)])
    column = (found.edge[:, 0].astype(np.int64)[:, None] * posts + np.arange(posts)).ravel()
    column = np.concatenate([column, found.rights * posts + np.arange(found.lefts)])
    worst = int(found.edge[:, 1].max()) + 1  # costs must not be zero; staying out costs the worst
    cost = np.concatenate([worst - np.repeat(found.edge[:, 1], posts), np.full(found.lefts, worst)])
    graph = coo_array((cost.astype(float), (row, column))).tocsr()
    rows, columns = min_weight_full_bipartite_matching(graph)
    return {"primal": int(found.lefts * worst - graph[rows, columns].sum())}


PARTS: dict[str, Callable[[Market], Figures]] = {
    "optimal": optimal,
    "optimal_coarse": lambda found: optimal(found, 1.5e-3),
    "exact": exact,
    "stable": stable,
    "greedy": greedy,
    "mcf": flow,
    "scipy": scipy_sparse,
}


SEARCHES: dict[str, Callable[[int, int], Figures]] = {
    "topk": _search.topk,
    "online": _search.online,
    "code": _search.code,
}


def _of(paper: Any) -> Figures:
    named = ("solver", "primal", "dual", "gap", "blocking_pairs", "matched", "work")
    return {name: getattr(paper, name) for name in named}


def measure(part: str, lefts: int, rights: int) -> Figures:
    """Return the figures of one part."""
    if part in SEARCHES:
        return SEARCHES[part](lefts, rights)
    two = part == "stable"
    begun = perf_counter()
    PARTS[part](market(500, 100, two_scores=two))
    started = perf_counter() - begun
    found = market(lefts, rights, two_scores=two)
    begun, cpu = perf_counter(), process_time()
    figures = PARTS[part](found)
    return figures | {
        "seconds": round(perf_counter() - begun, 3),
        "cpu_seconds": round(process_time() - cpu, 3),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "start_seconds": round(started, 3),
        "edges": found.pairs,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
