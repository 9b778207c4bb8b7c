"""Exact matching as a minimum cost flow (OR-Tools), with a lottery among equal optima.

The cost of a pair is −(score·M + h), h its lottery number cut to a few bits and M larger than all h of a
matching together: first score, then lottery, so that one optimum is singled out and no order of rows matters.
Source of the solver: Goldberg, "An efficient implementation of a scaling minimum-cost flow algorithm",
Journal of Algorithms 22 (1997), as in OR-Tools' SimpleMinCostFlow.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching.lottery import tickets
from shanhai.engines.matching.market import Ints, Market, Points
from shanhai.kernel.errors import InvalidInputError

_RANGE = 2**62
_MOST_BITS = 16


class Arcs(NamedTuple):
    """Pairs as arcs in canonical order: left, right and score of each, shape (arcs,)."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    score: NDArray[np.int64]
    width: NDArray[np.int64]


def arcs_of(market: Market, keep: NDArray[np.bool_] | None = None) -> Arcs:
    """Return a market's pairs, or the kept ones, ordered by the lottery keys of left and right."""
    left = np.repeat(np.arange(market.lefts), np.diff(market.start))
    edge = market.edge
    if keep is not None:
        left, edge = left[keep], edge[keep]
    order = np.lexsort((market.right_key[edge[:, 0]], market.left_key[left]))
    right, score = edge[order, 0].astype(np.int64), edge[order, 1].astype(np.int64)
    return Arcs(left[order], right, score, np.ones(len(order), np.int64))


def solve_flow(market: Market, keep: NDArray[np.bool_] | None = None) -> tuple[Points, Points]:
    """Return a matching of greatest score.

    Args:
        market: Positive scores.
        keep: Flags the pairs to look at; default all.

    Returns:
        Left indices, ascending, and their right indices.

    Raises:
        InvalidInputError: Scores and size overflow 64 bits, or the solver failed.
    """
    arcs = arcs_of(market, keep)
    cost = arcs.score * 1
    bits = lottery_bits(market, arcs.score)
    if bits:
        drawn = tickets(market.left_key[arcs.left], market.right_key[arcs.right])
        most = int(min(market.demand.sum(), market.capacity.sum())) + 1
        cost = arcs.score * (most << bits) + (drawn >> np.uint64(64 - bits)).astype(np.int64)
    flows = flow(arcs._replace(score=cost), market.demand, market.capacity)
    left, right = arcs.left[flows > 0], arcs.right[flows > 0]
    order = np.lexsort((right, left))
    return left[order].astype(np.int32), right[order].astype(np.int32)


def lottery_bits(market: Market, score: NDArray[np.integer[Any]]) -> int:
    """Return how many bits of the lottery fit beside the scores, 0 where none do."""
    most = int(min(market.demand.sum(), market.capacity.sum())) + 1
    nodes = market.lefts + market.rights + 2
    top = int(score.max(initial=1)) * nodes * most
    for bits in range(_MOST_BITS, 0, -1):
        if top << (bits + 1) < _RANGE:
            return bits
    return 0


def flow(arcs: Arcs, demand: Ints, capacity: Ints) -> Ints:
    """Return the flow on each arc of greatest total score; `arcs.width` bounds it.

    Raises:
        InvalidInputError: The costs overflow, or the solver failed.
    """
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - slow to load, not always needed

    lefts, rights = len(demand), len(capacity)
    top = int(arcs.score.max(initial=1))
    if top * (lefts + rights + 2) >= _RANGE:
        raise InvalidInputError("match.too_large", score=top, nodes=lefts + rights)
    solver = min_cost_flow.SimpleMinCostFlow()
    sink = lefts + rights
    limit = np.minimum(capacity, np.bincount(arcs.right, arcs.width, rights).astype(np.int64))
    made = solver.add_arcs_with_capacity_and_unit_cost(
        arcs.left, lefts + arcs.right, arcs.width, -arcs.score
    )
    to_sink = np.full(rights, sink)
    zeros = np.zeros(max(lefts, rights), np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(lefts, sink), to_sink, limit, zeros[:rights]
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(lefts), np.full(lefts, sink), demand, zeros[:lefts]
    )
    solver.set_nodes_supplies(np.arange(lefts), demand)
    solver.set_node_supply(sink, -int(demand.sum()))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise InvalidInputError("match.solver_failed", solver="flow", detail=str(status))
    return np.asarray(solver.flows(made), np.int64)
