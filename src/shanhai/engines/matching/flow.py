"""Exact matching as a minimum cost flow (OR-Tools), with a lottery among equal optima.

The cost of a pair is −(score·M + h), h its lottery number cut to a few bits and M larger than all h of a
matching together: first score, then lottery, so that one optimum is singled out and no order of rows matters.
M and the bits of h are those of the pair's own connected component, so that components solved apart (shards)
give the pairs of the single run.
Source of the solver: Goldberg, "An efficient implementation of a scaling minimum-cost flow algorithm",
Journal of Algorithms 22 (1997), as in OR-Tools' SimpleMinCostFlow.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching.lottery import tickets
from shanhai.engines.matching.market import Ints, Market, Points
from shanhai.kernel.errors import InvalidInputError

_RANGE = 2**62
_MOST_BITS = 24
_NODES = 2**20
"""Ids up to which the lottery of a component is the same whatever is solved beside it."""


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
    many, bits = lottery_scale(market)
    many, bits = many[arcs.left], bits[arcs.left]
    drawn = tickets(market.left_key[arcs.left], market.right_key[arcs.right])
    draw = (drawn >> (np.uint64(63) - bits.astype(np.uint64)) >> np.uint64(1)).astype(np.int64)
    cost = np.where(bits > 0, arcs.score * (many << bits) + draw, arcs.score)
    flows = flow(arcs._replace(score=cost), market.demand, market.capacity)
    left, right = arcs.left[flows > 0], arcs.right[flows > 0]
    order = np.lexsort((right, left))
    return left[order].astype(np.int32), right[order].astype(np.int32)


def lottery_scale(market: Market) -> tuple[Ints, Ints]:
    """Return M's factor and the lottery's bits for each left, by its connected component.

    Args:
        market: Positive scores; all pairs, also those that a run does not look at.

    Returns:
        Shape (lefts,) each: one more than the most pairs that a matching of the component has, and how many
        bits of the lottery fit beside its scores, 0 where none do. Neither depends on other components, up
        to `_NODES` ids.
    """
    left = np.repeat(np.arange(market.lefts), np.diff(market.start))
    of_left, of_right, count = components(market, left)
    degree = np.bincount(market.edge[:, 0], minlength=market.rights)
    capacity = np.minimum(market.capacity, degree)
    demand = np.minimum(market.demand, np.diff(market.start))
    many = np.minimum(
        np.bincount(of_left, demand, count), np.bincount(of_right, capacity, count)
    ).astype(np.int64)
    top = np.ones(count, np.int64)
    np.maximum.at(top, of_left[left], market.edge[:, 1])
    nodes = max(_NODES, market.lefts + market.rights + 2)
    room = np.log2(_RANGE / nodes / 2) - np.log2(top) - np.log2(many + 1)
    bits = np.clip(np.floor(room), 0, _MOST_BITS).astype(np.int64)
    return (many + 1)[of_left], bits[of_left]


def components(market: Market, left: NDArray[np.int64]) -> tuple[Ints, Ints, int]:
    """Return the connected component of each left and of each right, and how many there are."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow to load, not always needed
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above

    size = market.lefts + market.rights
    ones = np.ones(len(left), np.bool_)
    links = coo_array((ones, (left, market.edge[:, 0] + market.lefts)), (size, size))
    count, label = connected_components(links, directed=False)
    return label[: market.lefts], label[market.lefts :], int(count)


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
