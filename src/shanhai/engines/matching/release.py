"""The reverse step of a warm start: prices of rights with free posts fall, and lefts move there.

Carried prices are too high where demand has gone. Forward bidding never lowers a price, so a right may end with
a free post *and* a price, and then nothing bounds the gap. Here such a right lowers its price until it is full
or the price is zero. Source: the reverse auction of Bertsekas and Castañón, "A forward/reverse auction algorithm
for asymmetric assignment problems", Computational Optimization and Applications 1 (1992).
"""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching.lottery import tickets
from shanhai.engines.matching.market import Ints, Market, Points
from shanhai.engines.matching.values import scores_of

_STEPS_A_RIGHT, _STEPS = 5, 100
NOBODY = -1


class Released(NamedTuple):
    """Partners and prices after the last step; `steps` is negative where they ran out."""

    partner: Points
    price: Ints
    steps: int


class _State(NamedTuple):
    """What a step changes; `profit` of each left in units is kept, not recomputed from prices."""

    partner: Points
    price: Ints
    profit: Ints
    held: Ints


class _Column(NamedTuple):
    """The pairs of one right: lefts, scores in units, and lottery numbers."""

    left: NDArray[np.int64]
    value: Ints
    ticket: NDArray[np.uint64]


def release(market: Market, partner: Points, price: Ints, setting: tuple[int, int]) -> Released:
    """Lower the price of every right that has a free post, moving lefts, until none is left with both.

    Args:
        market: Many-to-one, positive scores.
        partner: Shape (lefts,), the right of each left or -1.
        price: Shape (rights,), units.
        setting: Units a point, and eps in units.

    Returns:
        New partners and prices: dual − primal ≤ lefts·eps, unless the steps ran out, which the gap shows.
    """
    scale, eps = setting
    held = _held(market, partner)
    waiting = deque(np.flatnonzero((price > 0) & (held < market.capacity)).tolist())
    if not waiting:
        return Released(partner, price, 0)
    profit = _profits(market, partner, price, scale)
    state, columns = _State(partner.copy(), price.copy(), profit, held), _Columns(market, scale)
    most, steps = _STEPS_A_RIGHT * market.rights + _STEPS, 0
    while waiting and steps < most:
        right = waiting.popleft()
        if state.price[right] > 0 and state.held[right] < market.capacity[right]:
            steps += 1
            waiting.extend(
                _lower(state, right, columns.of(right, waiting), int(market.capacity[right]), eps)
            )
    return Released(state.partner, state.price, -steps if waiting else steps)


class _Columns:
    """Pairs by right, found by one pass for all rights that wait: most rights of a large market never do."""

    def __init__(self, market: Market, scale: int) -> None:
        self.market, self.scale = market, scale
        self._found: dict[int, _Column] = {}

    def of(self, right: int, waiting: Iterable[int]) -> _Column:
        if right not in self._found:
            self._gather([right, *(one for one in waiting if one not in self._found)])
        return self._found[right]

    def _gather(self, rights: list[int]) -> None:
        market, wanted = self.market, np.zeros(self.market.rights, np.bool_)
        wanted[rights] = True
        at = np.flatnonzero(wanted[market.edge[:, 0]])
        at = at[np.argsort(market.edge[at, 0], kind="stable")]
        of, left = market.edge[at, 0], np.searchsorted(market.start, at, side="right") - 1
        value = market.edge[at, 1].astype(np.int64) * self.scale
        drawn = tickets(market.left_key[left], market.right_key[of])
        for right in rights:
            here = slice(*np.searchsorted(of, [right, right + 1]))
            self._found[right] = _Column(left[here], value[here], drawn[here])


def _lower(state: _State, right: int, column: _Column, capacity: int, eps: int) -> list[int]:
    """Lower one right's price and let lefts move there; return the rights that lost somebody."""
    away = state.partner[column.left] != right
    left = column.left[away]
    level = (
        column.value[away] - state.profit[left]
    )  # the price at which moving would be indifferent
    order = np.lexsort((~column.ticket[away], -level))
    order = order[level[order] >= eps]
    free = capacity - int(state.held[right])
    paid = max(0, int(level[order[free]]) - eps) if len(order) > free else 0
    state.price[right] = min(int(state.price[right]), paid)
    movers = left[order[:free]]
    before = state.partner[movers]
    before = before[before != NOBODY]
    np.subtract.at(state.held, before, 1)
    state.partner[movers] = right
    state.held[right] += len(movers)
    here = state.partner[column.left] == right
    state.profit[column.left[here]] = column.value[here] - state.price[right]
    return [int(one) for one in np.unique(before)]


def _profits(market: Market, partner: Points, price: Ints, scale: int) -> Ints:
    left = np.flatnonzero(partner != NOBODY).astype(np.int32)
    profit = np.zeros(market.lefts, np.int64)
    profit[left] = scores_of(market, left, partner[left]) * scale - price[partner[left]]
    return profit


def _held(market: Market, partner: Points) -> Ints:
    return np.bincount(partner[partner != NOBODY], minlength=market.rights).astype(np.int64)
