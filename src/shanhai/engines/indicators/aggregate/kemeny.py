"""The order that most pairwise support agrees with (Kemeny 1959; Young, Levenglick 1978: CKYL).

The order maximises the sum of o_ij over ordered pairs. Units split into components of the majority relation, ties
joining; within each the best orders are found exactly by dynamic programming over subsets; all tied orders are
told. A component above sixteen units is ordered by improving moves, and told as not proved.
"""

from collections.abc import Iterator
from itertools import islice, product

import numpy as np

from shanhai.engines.indicators.aggregate.outranking import Votes, supported, tell
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.methods import method
from shanhai.engines.indicators.siblings import Siblings

LARGEST = 16
TOLD = 200
"""So many tied orders are told at most."""
DUST = 1e-9

Order = tuple[int, ...]


@method("aggregate", "kemeny", "ckyl", params=Votes, traits="relational turns")
def kemeny(of: Siblings, w: Floats, params: Votes) -> Floats:
    """Score n minus the mean place over all best orders; tells the orders and their sum."""
    support = supported(of, w, "kemeny")
    times = float(of.given.sum()) if params.votes else 1.0
    tell(of, support, times)
    orders, proved = best_orders(support)
    places = np.zeros(len(support))
    for order in orders:
        places[list(order)] += np.arange(1, len(order) + 1)
    best = sum(support[a, b] for at, a in enumerate(orders[0]) for b in orders[0][at + 1 :])
    of.told["kemeny"] = {
        "sum": round(float(best * times), 9),
        "orders": [[of.row_name(i) for i in order] for order in orders],
        "proved": proved,
    }
    return len(support) - places / len(orders)


def best_orders(support: Floats) -> tuple[list[Order], bool]:
    """Return the best orders of a support matrix (n, n), at most `TOLD`, and whether they are proved best."""
    blocks, proved = [], True
    for block in _components(support):
        inner = support[np.ix_(block, block)]
        if len(block) <= LARGEST:
            found = list(islice(_exact(inner), TOLD))
        else:
            found, proved = [_improved(inner)], False
        blocks.append([tuple(block[i] for i in order) for order in found])
    joined = islice(product(*blocks), TOLD)
    return sorted(sum(parts, ()) for parts in joined), proved


def _components(support: Floats) -> list[list[int]]:
    """Return components of 'not beaten by', those that beat the others first."""
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - half a second to import

    edges = support >= support.T
    np.fill_diagonal(edges, val=False)
    count, label = connected_components(edges, directed=True, connection="strong")
    blocks = [[int(i) for i in np.flatnonzero(label == one)] for one in range(count)]
    wins = (support > support.T).sum(axis=1)
    return sorted(blocks, key=lambda block: (-float(np.mean(wins[block])), block[0]))


def _exact(support: Floats) -> Iterator[Order]:
    """Yield every best order of a small matrix."""
    m = len(support)
    gain = np.zeros((1 << m, m))  # gain[S, j]: support of those in S over j
    for i in range(m):
        gain[1 << i : 2 << i] = gain[: 1 << i] + support[i]
    best = np.full(1 << m, -np.inf)
    best[0] = 0
    bits = 1 << np.arange(m)
    for s in range(1, 1 << m):
        members = np.flatnonzero(s & bits)
        before = s ^ bits[members]
        best[s] = (best[before] + gain[before, members]).max()

    def back(s: int) -> Iterator[Order]:
        if s == 0:
            yield ()
            return
        for j in np.flatnonzero(s & bits):
            before = s ^ int(bits[j])
            if best[before] + gain[before, j] >= best[s] - DUST:
                for order in back(before):
                    yield (*order, int(j))

    return back((1 << m) - 1)


def _improved(support: Floats) -> Order:
    """Return a good order: by row sums, then each unit moved where it gains, until none does."""
    order = list(np.argsort(-support.sum(axis=1), kind="stable"))
    net = support - support.T
    moved = True
    while moved:
        moved = False
        for unit in order:
            rest = [one for one in order if one != unit]
            gains = np.concatenate([[0.0], np.cumsum(-net[unit, rest])])
            at, to = order.index(unit), int(np.argmax(gains))
            if gains[to] > gains[at] + DUST:
                order = [*rest[:to], unit, *rest[to:]]
                moved = True
    return tuple(int(i) for i in order)
