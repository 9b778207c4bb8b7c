"""Blocking pairs: pairs that would both rather have one another than what they hold."""

import numpy as np

from shanhai.engines.matching._jit import kernel
from shanhai.engines.matching.market import Ints, Market, Points
from shanhai.engines.matching.values import chosen_pairs

_BEST, _NEVER = 2**40, -(2**40)


def blocking_pairs(market: Market, left: Points, right: Points) -> int:
    """Count the pairs that block a matching.

    A pair blocks when the left has a free place or strictly prefers the right to the worst it holds, and the
    right has a free post or strictly prefers the left to the worst it holds. Equal scores never block.

    Args:
        market: With the left score second and the right score last in a row.
        left: Shape (matched,), left indices.
        right: Shape (matched,), their rights.

    Returns:
        The number of blocking pairs; 0 means stable.
    """
    return int(_count(market.start, market.edge, (market.demand, market.capacity), left, right))


@kernel
def _count(start: Ints, edge: Points, takes: tuple[Ints, Ints], left: Points, right: Points) -> int:
    (demand, capacity), last = takes, edge.shape[1] - 1
    chosen = chosen_pairs(start, edge, left, right)
    worst_left, worst_right = np.full(len(demand), _BEST), np.full(len(capacity), _BEST)
    for i in range(len(demand)):
        for e in range(start[i], start[i + 1]):
            if chosen[e]:
                worst_left[i] = min(worst_left[i], edge[e, 1])
                worst_right[edge[e, 0]] = min(worst_right[edge[e, 0]], edge[e, last])
    _open(worst_left, demand, left)
    _open(worst_right, capacity, right)
    count = 0
    for i in range(len(demand)):
        for e in range(start[i], start[i + 1]):
            wanted = edge[e, 1] > worst_left[i] and edge[e, last] > worst_right[edge[e, 0]]
            count += int(wanted and not chosen[e])
    return count


@kernel
def _open(worst: Ints, takes: Ints, held: Points) -> None:
    """Let whoever has room left take anybody."""
    room = takes.copy()
    for one in held:
        room[one] -= 1
    for k in range(len(room)):
        if room[k] > 0:
            worst[k] = _NEVER
