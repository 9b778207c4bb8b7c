"""Primal and dual values, slack of pairs, and the least prices that prove an optimum.

For any prices p ≥ 0 the dual value Σ capacity·p + Σ (a left's best gains at p, as many as it takes, at least 0)
is at least the score of any feasible matching: weak duality of the transportation problem.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching._jit import kernel
from shanhai.engines.matching.market import Ints, Market, Points

_PATIENCE = 2_000
"""Pops a right after which the search for prices gives up: the matching was no optimum."""


class Dual(NamedTuple):
    """A dual value in points: `whole` + `part` / scale, exactly."""

    whole: int
    part: int
    scale: int

    def over(self, primal: int) -> int:
        """Return how many units the dual lies above a primal value in points."""
        return (self.whole - primal) * self.scale + self.part


def dual_value(market: Market, price: Ints, scale: int) -> Dual:
    """Return the dual value of prices.

    Args:
        market: The market, with one score a pair.
        price: Shape (rights,), units of 1/`scale` point, at least 0.
        scale: Units a point.

    Returns:
        The exact value.
    """
    if market.one_each:
        whole, part = _gains(market.start, market.edge, (market.demand, price), scale)
    else:
        whole, part = _gains_of_several(market, price, scale)
    for right in np.flatnonzero(price):
        paid = int(market.capacity[right]) * int(price[right])
        whole, part = whole + paid // scale, part + paid % scale
    return Dual(int(whole) + int(part) // scale, int(part) % scale, scale)


@kernel
def _gains(start: Ints, edge: Points, both: tuple[Ints, Ints], scale: int) -> tuple[int, int]:
    """Add up every left's best gain, whole points and units apart so that nothing overflows."""
    demand, price = both
    whole: Any = np.int64(0)
    part: Any = np.int64(0)
    for i in range(len(start) - 1):
        best = np.int64(0)
        for e in range(start[i], start[i + 1]):
            best = max(best, edge[e, 1] * np.int64(scale) - price[edge[e, 0]])
        if demand[i] > 0:
            whole += best // scale
            part += best % scale
    return whole, part


def _gains_of_several(market: Market, price: Ints, scale: int) -> tuple[int, int]:
    """Add up every left's best gains, as many as it takes; not compiled, for few markets need it."""
    left = np.repeat(np.arange(market.lefts), np.diff(market.start))
    gain = np.maximum(market.edge[:, 1].astype(np.int64) * scale - price[market.edge[:, 0]], 0)
    order = np.lexsort((-gain, left))
    taken = gain[order][np.arange(len(order)) - market.start[left] < market.demand[left]]
    return int((taken // scale).sum()), int((taken % scale).sum())


def scores_of(market: Market, left: Points, right: Points) -> Ints:
    """Return the score of each matched pair; the pairs must be of the market, lefts ascending."""
    return _scores(market.start, market.edge, left, right)


@kernel
def _scores(start: Ints, edge: Points, left: Points, right: Points) -> Ints:
    found = np.zeros(len(left), np.int64)
    for k in range(len(left)):
        for e in range(start[left[k]], start[left[k] + 1]):
            if edge[e, 0] == right[k]:
                found[k] = edge[e, 1]
                break
    return found


@kernel
def chosen_pairs(start: Ints, edge: Points, left: Points, right: Points) -> NDArray[np.bool_]:
    """Return a flag for each pair of the market: matched or not."""
    found = np.zeros(len(edge), np.bool_)
    for k in range(len(left)):
        for e in range(start[left[k]], start[left[k] + 1]):
            if edge[e, 0] == right[k]:
                found[e] = True
                break
    return found


@kernel
def within(start: Ints, edge: Points, price: Ints, scale: int, slack: int) -> NDArray[np.bool_]:
    """Flag the pairs that some optimum may hold: those that lose at most `slack` units at these prices.

    Every matching is worth the dual value less the slack of its pairs, so a pair whose slack exceeds the
    gap is in no optimum (reduced-cost fixing). One right a left only.
    """
    found = np.zeros(len(edge), np.bool_)
    for i in range(len(start) - 1):
        best = np.int64(0)
        for e in range(start[i], start[i + 1]):
            best = max(best, edge[e, 1] * np.int64(scale) - price[edge[e, 0]])
        for e in range(start[i], start[i + 1]):
            found[e] = best - (edge[e, 1] * np.int64(scale) - price[edge[e, 0]]) <= slack
    return found


def least_prices(market: Market, left: Points, right: Points) -> Ints | None:
    """Return the least prices that support an optimal matching, in points.

    Args:
        market: The market, with one score a pair.
        left: Matched lefts, ascending.
        right: Their rights.

    Returns:
        Shape (rights,), or None where the matching is no optimum and so has none.
    """
    chosen = chosen_pairs(market.start, market.edge, left, right)
    order = np.argsort(right, kind="stable")
    offset = np.zeros(market.rights + 1, np.int64)
    np.cumsum(np.bincount(right, minlength=market.rights), out=offset[1:])
    holders = (offset, left[order])
    price, settled = _push(market.start, market.edge, (chosen, market.demand), holders)
    return price if settled else None


@kernel
def _push(
    start: Ints,
    edge: Points,
    matching: tuple[NDArray[np.bool_], Ints],
    holders: tuple[Ints, Points],
) -> tuple[Ints, bool]:
    """Raise prices until no left would rather have another right: label correcting, first in first out."""
    (chosen, demand), (offset, members) = matching, holders
    rights = len(offset) - 1
    price, queue = np.zeros(rights, np.int64), np.empty(rights + 1, np.int64)
    queued, head, count = np.zeros(rights, np.bool_), 0, 0
    taken = np.zeros(len(start) - 1, np.int64)
    for left in members:
        taken[left] += 1
    for i in range(len(start) - 1):
        for e in range(start[i], start[i + 1]):
            if taken[i] < demand[i] and not chosen[e]:
                price[edge[e, 0]] = max(price[edge[e, 0]], np.int64(edge[e, 1]))
    for right in range(rights):
        queue[count] = right
        queued[right] = True
        count += 1
    patience = np.int64(_PATIENCE) * rights
    while count > 0 and patience > 0:
        right = queue[head]
        head, count, patience = (head + 1) % (rights + 1), count - 1, patience - 1
        queued[right] = False
        for left in members[offset[right] : offset[right + 1]]:
            count = _raise(
                (start, edge, chosen), (left, right), (price, queue, queued), head, count
            )
    return price, count == 0


@kernel
def _raise(
    rows: tuple[Ints, Points, NDArray[np.bool_]],
    pair: tuple[int, int],
    state: tuple[Ints, Ints, NDArray[np.bool_]],
    head: int,
    count: int,
) -> int:
    """Raise the prices of what a left would rather have than the right it holds; return the queue's length."""
    (start, edge, chosen), (left, right), (price, queue, queued) = rows, pair, state
    gain = np.int64(0)
    for e in range(start[left], start[left + 1]):
        if edge[e, 0] == right:
            gain = edge[e, 1] - price[right]
    for e in range(start[left], start[left + 1]):
        other = edge[e, 0]
        if not chosen[e] and edge[e, 1] - price[other] > gain:
            price[other] = edge[e, 1] - gain
            if not queued[other]:
                queued[other] = True
                queue[(head + count) % len(queue)] = other
                count += 1
    return count
