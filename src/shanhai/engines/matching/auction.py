"""The forward auction with capacities: near-optimal at scale, with prices that certify it.

Source: Bertsekas, "The auction algorithm: a distributed relaxation method for the assignment problem",
Annals of Operations Research 14 (1988), and Bertsekas and Castañón, "The auction algorithm for the
transportation problem" (1989), with similar objects: a second best post of the same right does not count.

Every right keeps a heap of as many standing bids as it has posts, at first phantoms at 0 or the last prices;
its price is the lowest standing bid. A left bids what makes it indifferent to its second best right, plus
eps. Whoever waits longest bids next: prices rise evenly, which takes a fifth fewer bids than last in, first out.

Prices only rise, so a copy of a row's best few pairs, kept with the value of the best of the others, answers
for the row while it still beats that value. The copy fills one cache line, and the line of who bids soon is
asked for in time: on a large market the memory's delay is most of the cost.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching._jit import inlined, kernel
from shanhai.engines.matching.lottery import ticket
from shanhai.engines.matching.market import Ints, Keys, Market, Points, degrees

FRONT = 7
"""Pairs in a row's copy: with the value of the rest they are the 64 bytes of a cache line."""
_REST, _WORDS = 2 * FRONT, 2 * FRONT + 2
_UNREAD, _AHEAD = -1, 6
NOBODY = -1


class Rows(NamedTuple):
    """The bidding side: its pairs, its lottery keys, and a copy of each row's best pairs.

    `front` has shape (lefts, 16): right and score of `FRONT` pairs, `NOBODY` after the last; then the best value
    of the pairs left out, at least 0, when the copy was made, or `_UNREAD`.
    """

    start: Ints
    edge: Points
    left_key: Keys
    right_key: Keys
    front: NDArray[Any]


class Posts(NamedTuple):
    """The side bid for: `slot` gives each right's standing bids, a heap with the lowest first."""

    slot: Ints
    bid: NDArray[Any]
    holder: Points
    price: NDArray[Any]


class Auction:
    """One auction that can be run in slices, so that it shows progress and stops when told to."""

    def __init__(
        self, market: Market, scale: int, opening: Ints | None = None, most: int | None = None
    ) -> None:
        """Open with everybody waiting.

        Args:
            market: Many-to-one, positive scores.
            scale: Units a point, so that eps is a whole number of units.
            opening: Shape (rights,), units: prices to start from, at first standing on every post as bids
                of nobody; default 0. Above 0, a run must be followed by `release`.
            most: Largest eps, units; default the best score, beyond which nothing changes.
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
        top = max(int(price.max(initial=0)), scale * int(market.edge[:, 1].max(initial=1)))
        self.most = top if most is None else most
        word = (
            np.int32 if top + self.most < 2**31 else np.int64
        )  # no bid exceeds the top by more than eps
        front = np.full((market.lefts, _WORDS), _UNREAD, word)
        self.scale = scale
        self.rows = Rows(market.start, market.edge, market.left_key, market.right_key, front)
        price = price.astype(word)
        self.posts = Posts(
            slot, np.repeat(price, posts), np.full(int(slot[-1]), NOBODY, np.int32), price
        )
        self._line = np.argsort(market.left_key, kind="stable").astype(np.int32)
        self._state = np.array([0, market.lefts, 0, 0], np.int64)
        self.bids = 0

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return int(self._state[1])

    def run(self, eps: int, budget: int) -> bool:
        """Take up to `budget` bids at `eps` units, `most` at the most; tell whether nobody waits any more."""
        self._state[2] = budget
        _bid(self.rows, self.posts, self._line, self._state, (self.scale, min(eps, self.most)))
        self.bids += budget - int(self._state[2])
        return self.waiting == 0

    def prices(self) -> Ints:
        """Return the prices, shape (rights,), units."""
        return self.posts.price.astype(np.int64)

    def partners(self) -> Points:
        """Return the right of each left or `NOBODY`, shape (lefts,)."""
        holder = self.posts.holder
        right = np.repeat(
            np.arange(len(self.posts.price), dtype=np.int32), np.diff(self.posts.slot)
        )
        found = np.full(len(self._line), NOBODY, np.int32)
        found[holder[holder != NOBODY]] = right[holder != NOBODY]
        return found


@kernel
def _bid(rows: Rows, posts: Posts, line: Points, state: Ints, setting: tuple[int, int]) -> None:
    """Let the first in line bid, until nobody waits or the budget is spent; `state` is head, waiting, budget."""
    head, waiting, budget, touched = state
    values, places = np.empty(FRONT + 1, np.int64), np.empty(FRONT + 1, np.int64)
    while waiting > 0 and budget > 0:
        left = line[head]
        touched += (
            rows.front[line[_wrap(head + _AHEAD, len(line))], 0] & 1
        )  # asks for its cache line
        right, gain, second = _choose(rows, posts.price, left, setting[0], (values, places))
        head = _wrap(head + 1, len(line))
        if gain <= 0:
            waiting -= 1
            continue
        budget -= 1
        outbid = _place(posts, rows, right, posts.price[right] + gain - second + setting[1], left)
        if outbid == NOBODY:
            waiting -= 1
        else:
            line[_wrap(head + waiting - 1, len(line))] = outbid
    state[0], state[1], state[2], state[3] = head, waiting, budget, touched


@inlined
def _wrap(at: int, size: int) -> int:
    while at >= size:
        at -= size
    return at


@inlined
def _choose(
    rows: Rows, price: Ints, left: int, scale: int, scratch: tuple[Ints, Ints]
) -> tuple[int, int, int]:
    """Return a left's best right, its gain there, and its second best gain, at least 0."""
    rest = np.int64(rows.front[left, _REST])
    if rest >= 0:
        found = _look(rows, price, left, scale)
        if rest == 0 or (found[1] > rest and found[2] >= rest):
            return found
    return _read(rows, price, left, scale, scratch)


@inlined
def _look(rows: Rows, price: Ints, left: int, scale: int) -> tuple[int, int, int]:
    """Return best right, best and second best gain of a row's copy; ties go by lottery."""
    best: Any = np.int64(0)
    second: Any = np.int64(0)
    right: Any = np.int64(NOBODY)
    for k in range(FRONT):
        other: Any = np.int64(rows.front[left, 2 * k])
        if other == NOBODY:
            break
        value = rows.front[left, 2 * k + 1] * np.int64(scale) - price[other]
        if value > best or (value == best > 0 and _first(rows, left, other, right)):
            second, best, right = best, value, other
        elif value > second:
            second = value
    return right, best, second


@inlined
def _first(rows: Rows, left: int, one: int, other: int) -> bool:
    key = rows.left_key[left]
    return bool(ticket(key, rows.right_key[one]) > ticket(key, rows.right_key[other]))


@inlined
def _read(
    rows: Rows, price: Ints, left: int, scale: int, scratch: tuple[Ints, Ints]
) -> tuple[int, int, int]:
    """Copy the best pairs of a row anew; return best right, best and second best gain."""
    (values, places), count = scratch, 0
    values[0], values[1] = 0, 0
    for e in range(rows.start[left], rows.start[left + 1]):
        value = rows.edge[e, 1] * np.int64(scale) - price[rows.edge[e, 0]]
        if value > 0 and (count <= FRONT or value > values[FRONT]):
            k = min(count, FRONT)
            while k > 0 and values[k - 1] < value:
                values[k], places[k] = values[k - 1], places[k - 1]
                k -= 1
            values[k], places[k] = value, e
            count += 1
    for k in range(FRONT):
        rows.front[left, 2 * k] = rows.edge[places[k], 0] if k < count else NOBODY
        rows.front[left, 2 * k + 1] = rows.edge[places[k], 1] if k < count else 0
    rows.front[left, _REST] = values[FRONT] if count > FRONT else 0
    if count == 0:
        return NOBODY, 0, 0
    right: Any = np.int64(rows.edge[places[0], 0])
    if count == 1:
        return right, values[0], 0
    if values[1] == values[0]:
        right = _drawn(rows, price, left, scale, values[0])
    return right, values[0], values[1]


@inlined
def _drawn(rows: Rows, price: Ints, left: int, scale: int, best: int) -> Any:
    """Return which right of the best value the lottery gives; it looks at the whole row."""
    right: Any = np.int64(NOBODY)
    for e in range(rows.start[left], rows.start[left + 1]):
        other: Any = np.int64(rows.edge[e, 0])
        if rows.edge[e, 1] * np.int64(scale) - price[other] == best and (
            right == NOBODY or _first(rows, left, other, right)
        ):
            right = other
    return right


@inlined
def _place(posts: Posts, rows: Rows, right: int, bid: int, left: int) -> int:
    """Replace the lowest standing bid of a right; return who held it, `NOBODY` if a phantom."""
    root, end = posts.slot[right], posts.slot[right + 1]
    outbid = posts.holder[root]
    posts.bid[root], posts.holder[root] = bid, left
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
