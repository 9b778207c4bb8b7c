"""The forward auction with capacities: near-optimal at scale, with prices that certify it.

Source: Bertsekas, "The auction algorithm: a distributed relaxation method for the assignment problem",
Annals of Operations Research 14 (1988), and Bertsekas and Castañón, "The auction algorithm for the
transportation problem" (1989), with similar objects: a second best post of the same right does not count.

Every right keeps a heap of as many standing bids as it has posts, at first phantoms at 0 or the last prices;
its price is the lowest standing bid. A left bids what makes it indifferent to its second best right, plus
eps. Whoever waits longest bids next: prices rise evenly, which takes a fifth fewer bids than last in, first out.

Those next in line have their rows read while others bid (see `fronts`); who bids what is the same as if each
read its row in its turn.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching._jit import borrower, inlined, prefetch
from shanhai.engines.matching.fronts import (
    NOBODY,
    UNREAD,
    WORDS,
    Rows,
    Scratch,
    choose,
    new_scratch,
    refresh,
    wrap,
)
from shanhai.engines.matching.lottery import ticket
from shanhai.engines.matching.market import Ints, Market, Points, degrees

_AHEAD, _LINE = 3, 8
"""Places in line between what is asked for beforehand; bids of 32 bits in a cache line."""
_WINDOW, _FEWEST = 8_192, 1_024
"""Most and fewest whose copies are made anew while those before them bid."""


class Posts(NamedTuple):
    """The side bid for: `slot` gives each right's standing bids, a heap with the lowest first.

    `standing` has shape (posts, 2): bid in units, and the left that made it or `NOBODY`.
    """

    slot: Ints
    standing: NDArray[Any]
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
        front = np.full((market.lefts, WORDS), UNREAD, word)
        self.scale = scale
        self.rows = Rows(market.start, market.edge, market.left_key, market.right_key, front)
        price = price.astype(word)
        standing = np.full((int(slot[-1]), 2), NOBODY, word)
        standing[:, 0] = np.repeat(price, posts)
        self.posts = Posts(slot, standing, price)
        self._line = np.argsort(market.left_key, kind="stable").astype(np.int32)
        self._state = np.array([0, market.lefts, 0, 0], np.int64)

    @property
    def bids(self) -> int:
        """Return how many bids were made."""
        return int(self._state[3])

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return int(self._state[1])

    def run(self, eps: int, budget: int) -> bool:
        """Take about `budget` bids at `eps` units, `most` at the most; tell whether nobody waits any more."""
        setting, enough = (self.scale, min(eps, self.most), new_scratch()), self.bids + budget
        with ThreadPoolExecutor(1) as helper:
            self._refresh(0, self._window())
            while self.waiting and self.bids < enough:
                window = self._window()
                ahead = helper.submit(self._refresh, window, window) if window else None
                self._state[2] = window or enough - self.bids
                _bid(self.rows, self.posts, self._line, self._state, setting)
                if ahead is not None and not ahead.cancel():
                    ahead.result()
        return self.waiting == 0

    def _window(self) -> int:
        """Return how many bid while as many after them are made ready; 0 where too few wait."""
        window = min(_WINDOW, self.waiting // 2)
        return window if window >= _FEWEST else 0

    def _refresh(self, skip: int, count: int) -> None:
        """Make ready `count` of the line, `skip` places from its head."""
        if count:
            span = (int(self._state[0]) + skip, count)
            room = new_scratch()
            stale = np.empty(count, np.int32)
            refresh(self.rows, self.posts.price, self._line, span, (self.scale, stale, room))

    def prices(self) -> Ints:
        """Return the prices, shape (rights,), units."""
        return self.posts.price.astype(np.int64)

    def partners(self) -> Points:
        """Return the right of each left or `NOBODY`, shape (lefts,)."""
        holder = self.posts.standing[:, 1]
        right = np.repeat(
            np.arange(len(self.posts.price), dtype=np.int32), np.diff(self.posts.slot)
        )
        found = np.full(len(self._line), NOBODY, np.int32)
        found[holder[holder != NOBODY]] = right[holder != NOBODY]
        return found


@borrower
def _bid(
    rows: Rows,
    posts: Posts,
    line: Points,
    state: Ints,
    setting: tuple[int, int, Scratch],
) -> None:
    """Let the first in line bid in turn; `state` is head, waiting, turns left to take, bids made."""
    head, waiting, turns, bids = state
    while waiting > 0 and turns > 0:
        left = line[head]
        _fetch(rows, posts, line, head)
        right, gain, second = choose(rows, posts.price, left, setting[0], setting[2])
        head = wrap(head + 1, len(line))
        turns -= 1
        if gain <= 0:
            waiting -= 1
            continue
        bids += 1
        outbid = _place(posts, rows, right, posts.price[right] + gain - second + setting[1], left)
        if outbid == NOBODY:
            waiting -= 1
        else:
            line[wrap(head + waiting - 1, len(line))] = outbid
    state[0], state[1], state[2], state[3] = head, waiting, turns, bids


@inlined
def _fetch(rows: Rows, posts: Posts, line: Points, head: int) -> None:
    """Ask in time for what those next in line will read: their copy, then the posts that it names first."""
    prefetch(rows.front, np.int64(line[wrap(head + 3 * _AHEAD, len(line))]))
    right = rows.front[line[wrap(head + 2 * _AHEAD, len(line))], 0]
    if right >= 0:
        prefetch(posts.slot, np.int64(right))
        prefetch(posts.price, np.int64(right))
    right = rows.front[line[wrap(head + _AHEAD, len(line))], 0]
    if right >= 0:
        at = posts.slot[right]
        prefetch(posts.standing, at)
        prefetch(posts.standing, min(at + _LINE, len(posts.standing) - 1))


@inlined
def _place(posts: Posts, rows: Rows, right: int, bid: int, left: int) -> int:
    """Replace the lowest standing bid of a right; return who held it, `NOBODY` if a phantom."""
    root, end = posts.slot[right], posts.slot[right + 1]
    outbid = posts.standing[root, 1]
    posts.standing[root, 0], posts.standing[root, 1] = bid, left
    _sink(posts, rows, right, (root, end))
    posts.price[right] = posts.standing[root, 0]
    return int(outbid)


@inlined
def _sink(posts: Posts, rows: Rows, right: int, span: tuple[int, int]) -> None:
    (root, end), standing = span, posts.standing
    at = root
    while True:
        child = 2 * (at - root) + 1 + root
        if child >= end:
            return
        if child + 1 < end and _lower(standing, rows, right, child + 1, child):
            child += 1
        if not _lower(standing, rows, right, child, at):
            return
        for k in range(2):
            kept = standing[at, k]
            standing[at, k] = standing[child, k]
            standing[child, k] = kept
        at = child


@inlined
def _lower(standing: Any, rows: Rows, right: int, a: int, b: int) -> bool:
    """Tell whether bid a goes out before bid b: lower, or equal and a phantom or of a lower ticket."""
    if standing[a, 0] != standing[b, 0]:
        return bool(standing[a, 0] < standing[b, 0])
    if standing[a, 1] == NOBODY or standing[b, 1] == NOBODY:
        return bool(standing[a, 1] == NOBODY and standing[b, 1] != NOBODY)
    key = rows.right_key[right]
    one, other = rows.left_key[standing[a, 1]], rows.left_key[standing[b, 1]]
    return bool(ticket(one, key) < ticket(other, key))
