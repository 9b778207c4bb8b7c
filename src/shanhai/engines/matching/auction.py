"""The forward auction with capacities: near-optimal at scale, with prices that certify it.

Source: Bertsekas, "The auction algorithm: a distributed relaxation method for the assignment problem",
Annals of Operations Research 14 (1988), and Bertsekas and Castañón, "The auction algorithm for the
transportation problem" (1989), with similar objects: a second best post of the same right does not count.

Every right keeps a heap of as many standing bids as it has posts, at first phantoms at 0 or the last prices;
its price is the lowest standing bid. A left bids what makes it indifferent to its second best right, plus
eps. Prices only rise, so a row keeps its best few pairs in front with the value of the best of the others:
while the front still beats that value, the rest of the row need not be read.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching._jit import inlined, kernel
from shanhai.engines.matching.lottery import ticket
from shanhai.engines.matching.market import Ints, Keys, Market, Points, degrees

FRONT = 8
"""Pairs kept in front of a row: a cache line of 64 bytes holds eight."""
NOBODY = -1


class Rows(NamedTuple):
    """The bidding side: its pairs, its lottery keys, and what is known of the front of each row."""

    start: Ints
    edge: Points
    left_key: Keys
    right_key: Keys
    front: NDArray[np.uint8]
    rest: Ints


class Posts(NamedTuple):
    """The side bid for: `slot` gives each right's standing bids, a heap with the lowest first."""

    slot: Ints
    bid: Ints
    holder: Points
    price: Ints
    partner: Points


class Auction:
    """One auction that can be run in slices, so that it shows progress and stops when told to."""

    def __init__(self, market: Market, scale: int, opening: Ints | None = None) -> None:
        """Open with everybody waiting.

        Args:
            market: Many-to-one, positive scores.
            scale: Units a point, so that eps is a whole number of units.
            opening: Shape (rights,), units: prices to start from, at first standing on every post as bids
                of nobody; default 0. Above 0, a run must be followed by `release`.
        """
        degree = degrees(market.edge, market.rights)
        posts = np.minimum(
            market.capacity, degree + 1
        )  # a right with more never fills: its price stays
        slot = np.zeros(market.rights + 1, np.int64)
        np.cumsum(posts, out=slot[1:])
        price = np.zeros(market.rights, np.int64)
        if opening is not None:
            price[posts <= degree] = opening[posts <= degree]
        self.scale = scale
        self.rows = Rows(
            market.start,
            market.edge,
            market.left_key,
            market.right_key,
            np.zeros(market.lefts, np.uint8),
            np.zeros(market.lefts, np.int64),
        )
        self.posts = Posts(
            slot,
            np.repeat(price, posts),
            np.full(int(slot[-1]), NOBODY, np.int32),
            price,
            np.full(market.lefts, NOBODY, np.int32),
        )
        self._stack = np.argsort(market.left_key, kind="stable").astype(np.int32)
        self.waiting = market.lefts
        self.bids = 0

    def run(self, eps: int, budget: int) -> bool:
        """Take up to `budget` bids at `eps` units; tell whether nobody waits any more."""
        self.waiting, left = _bid(
            self.rows, self.posts, self._stack, self.waiting, (self.scale, eps, budget)
        )
        self.bids += budget - left
        return self.waiting == 0


@kernel
def _bid(
    rows: Rows, posts: Posts, stack: Points, waiting: int, setting: tuple[int, int, int]
) -> tuple[int, int]:
    """Let the last who waits bid, until nobody waits or the budget is spent; return both."""
    scale, eps, budget = setting
    values, places = np.empty(FRONT + 1, np.int64), np.empty(FRONT + 1, np.int64)
    while waiting > 0 and budget > 0:
        left = stack[waiting - 1]
        right, gain, second = _choose(rows, posts.price, left, scale, (values, places))
        if gain <= 0:
            waiting -= 1
            continue
        budget -= 1
        outbid = _place(posts, rows, right, posts.price[right] + gain - second + eps, left)
        if outbid == NOBODY:
            waiting -= 1
        else:
            stack[waiting - 1] = outbid
    return waiting, budget


@inlined
def _choose(
    rows: Rows, price: Ints, left: int, scale: int, scratch: tuple[Ints, Ints]
) -> tuple[int, int, int]:
    """Return a left's best right, its gain there, and its second best gain, at least 0."""
    low, high, rest = rows.start[left], rows.start[left + 1], rows.rest[left]
    if rows.front[left] > 0:
        found = _look(rows, price, left, (low, low + rows.front[left]), scale)
        if rest <= 0 or (found[1] > rest and found[2] >= rest):
            return found
    _bring_forward(rows, price, left, scale, scratch)
    found = _look(rows, price, left, (low, min(high, low + FRONT + 1)), scale)
    if found[1] > rows.rest[left]:
        return found
    return _look(rows, price, left, (low, high), scale)  # ties reach beyond the front


@inlined
def _look(
    rows: Rows, price: Ints, left: int, span: tuple[int, int], scale: int
) -> tuple[int, int, int]:
    """Return best right, best and second best gain among a span of a row; ties go by lottery."""
    best: Any = np.int64(0)
    second: Any = np.int64(0)
    right: Any = np.int64(NOBODY)
    for e in range(span[0], span[1]):
        other = rows.edge[e, 0]
        value = rows.edge[e, 1] * np.int64(scale) - price[other]
        if value > best or (value == best > 0 and _first(rows, left, other, right)):
            second, best, right = best, value, np.int64(other)
        elif value > second:
            second = value
    return right, best, second


@inlined
def _first(rows: Rows, left: int, one: int, other: int) -> bool:
    key = rows.left_key[left]
    return bool(ticket(key, rows.right_key[one]) > ticket(key, rows.right_key[other]))


@inlined
def _bring_forward(
    rows: Rows, price: Ints, left: int, scale: int, scratch: tuple[Ints, Ints]
) -> None:
    """Put the best pairs of a row in front and remember the best value behind them."""
    (values, places), low, high = scratch, rows.start[left], rows.start[left + 1]
    count = 0
    for e in range(low, high):
        value = rows.edge[e, 1] * np.int64(scale) - price[rows.edge[e, 0]]
        if count <= FRONT or value > values[FRONT]:
            k = min(count, FRONT)
            while k > 0 and values[k - 1] < value:
                values[k], places[k] = values[k - 1], places[k - 1]
                k -= 1
            values[k], places[k] = value, e
            count += 1
    rows.front[left] = min(FRONT, high - low)
    rows.rest[left] = values[FRONT] if high - low > FRONT else 0
    _swap_forward(rows.edge, low, places[: min(FRONT + 1, high - low)])


@inlined
def _swap_forward(edge: Points, low: int, places: Ints) -> None:
    """Swap the pairs at `places` to the front; the last place is the best of the others."""
    last = len(places) - 1
    for k in range(len(places)):
        edge_at, right, score = places[k], edge[places[k], 0], edge[places[k], 1]
        edge[edge_at, 0], edge[edge_at, 1] = edge[low + k, 0], edge[low + k, 1]
        edge[low + k, 0], edge[low + k, 1] = right, score
        for later in range(k + 1, last + 1):
            if places[later] == low + k:
                places[later] = edge_at


@inlined
def _place(posts: Posts, rows: Rows, right: int, bid: int, left: int) -> int:
    """Replace the lowest standing bid of a right; return who held it, `NOBODY` if a phantom."""
    root, end = posts.slot[right], posts.slot[right + 1]
    outbid = posts.holder[root]
    if outbid != NOBODY:
        posts.partner[outbid] = NOBODY
    posts.bid[root], posts.holder[root] = bid, left
    posts.partner[left] = right
    _sink(posts, rows, right, (root, end))
    posts.price[right] = posts.bid[root]
    return int(outbid)


@inlined
def _sink(posts: Posts, rows: Rows, right: int, span: tuple[int, int]) -> None:
    root, end = span
    at = root
    while True:
        child = 2 * (at - root) + 1 + root
        if child >= end:
            return
        if child + 1 < end and _lower(posts, rows, right, child + 1, child):
            child += 1
        if not _lower(posts, rows, right, child, at):
            return
        posts.bid[at], posts.bid[child] = posts.bid[child], posts.bid[at]
        posts.holder[at], posts.holder[child] = posts.holder[child], posts.holder[at]
        at = child


@inlined
def _lower(posts: Posts, rows: Rows, right: int, a: int, b: int) -> bool:
    """Tell whether bid a goes out before bid b: lower, or equal and a phantom or of a lower ticket."""
    if posts.bid[a] != posts.bid[b]:
        return bool(posts.bid[a] < posts.bid[b])
    if posts.holder[a] == NOBODY or posts.holder[b] == NOBODY:
        return bool(posts.holder[a] == NOBODY and posts.holder[b] != NOBODY)
    key = rows.right_key[right]
    one, other = rows.left_key[posts.holder[a]], rows.left_key[posts.holder[b]]
    return bool(ticket(one, key) < ticket(other, key))
