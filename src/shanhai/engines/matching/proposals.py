"""Deferred acceptance: stable matchings, and greedy ones as the stable matching of one common order.

Source: Gale and Shapley, "College admissions and the stability of marriage", American Mathematical Monthly
69 (1962); Roth, "The evolution of the labor market for medical interns and residents", JPE 92 (1984). Lefts
propose, so of all stable matchings each left gets its best. Equal scores are ordered by the pair's lottery
number on both sides, so the answer is unique and no order of rows or proposals matters. Greedy by score is
the same procedure with both sides ranking pairs by the one score.
"""

from typing import NamedTuple

import numpy as np

from shanhai.engines.matching._jit import borrower, inlined, prefetch
from shanhai.engines.matching.fronts import wrap
from shanhai.engines.matching.lottery import ticket
from shanhai.engines.matching.market import Ints, Keys, Market, Points, degrees

NOBODY = -1
SOON, PAIRS = 3, 5
"""Places in line between what is asked for beforehand; pairs of three numbers in a cache line."""
AHEAD = 8
"""Pairs of a row that are put in order at once: most lefts come to several, and a row is read from memory whole."""


class _Desk(NamedTuple):
    """Pairs, keys, and who is held where: each right holds its best proposals in a heap, worst first."""

    edge: Points
    left_key: Keys
    right_key: Keys
    slot: Ints
    rank: Points
    holder: Points
    held: Ints


def propose(market: Market) -> tuple[Points, Points]:
    """Match by deferred acceptance.

    Args:
        market: With two scores a pair for stable, with one for greedy. Rows are permuted.

    Returns:
        The pairs: left indices, ascending, and their right indices, each of shape (matched,).
    """
    degree = degrees(market.edge, market.rights)
    slot = np.zeros(market.rights + 1, np.int64)
    np.cumsum(np.minimum(market.capacity, degree), out=slot[1:])
    posts = int(slot[-1])
    desk = _Desk(
        market.edge,
        market.left_key,
        market.right_key,
        slot,
        np.zeros(posts, np.int32),
        np.full(posts, NOBODY, np.int32),
        np.zeros(market.rights, np.int64),
    )
    want = np.minimum(market.demand, np.diff(market.start))
    place = market.start[:-1].astype(np.int64), market.start[:-1].astype(np.int64)
    line = np.arange(market.lefts, dtype=np.int32)
    _propose(desk, market.start, want, place, (line, np.empty(AHEAD, np.int64)))
    taken = desk.holder != NOBODY
    right = np.repeat(np.arange(market.rights, dtype=np.int32), np.diff(slot))[taken]
    left = desk.holder[taken]
    order = np.lexsort((right, left))
    return left[order], right[order]


@borrower
def _propose(
    desk: _Desk,
    start: Ints,
    want: Ints,
    place: tuple[Ints, Ints],
    room: tuple[Points, Ints],
) -> None:
    """Let the first in line propose in turn; `place` is each row's next pair, and where its ordered pairs end."""
    (following, ordered), (line, best) = place, room
    head, waiting = 0, len(line)
    while waiting > 0:
        left = line[head]
        _fetch(desk, start, following, line, head)
        head = wrap(head + 1, len(line))
        waiting -= 1
        while want[left] > 0 and following[left] < start[left + 1]:
            e = following[left]
            if e == ordered[left]:
                ordered[left] = _bring_best(desk, left, (e, start[left + 1]), best)
            following[left] += 1
            want[left] -= 1
            out = _offer(desk, left, e)
            if out != NOBODY:
                want[out] += 1
                if want[out] == 1 and out != left:
                    line[wrap(head + waiting, len(line))] = out
                    waiting += 1


@inlined
def _fetch(desk: _Desk, start: Ints, following: Ints, line: Points, head: int) -> None:
    """Ask in time for what those next in line will read: their place, their row, then the posts they propose to."""
    left = line[wrap(head + 3 * SOON, len(line))]
    prefetch(following, np.int64(left))
    prefetch(start, np.int64(left))
    left = line[wrap(head + 2 * SOON, len(line))]
    at, end = following[left], start[left + 1]
    for e in range(at, min(end, at + AHEAD if at > start[left] else end), PAIRS):
        prefetch(desk.edge, e)
    left = line[wrap(head + SOON, len(line))]
    if start[left] < following[left] < start[left + 1]:
        right = desk.edge[following[left], 0]
        prefetch(desk.slot, np.int64(right))


@inlined
def _bring_best(desk: _Desk, left: int, span: tuple[int, int], places: Ints) -> int:
    """Put the best pairs of what is left of a row first, in order; return where they end."""
    low, high = span
    count = 0
    for e in range(low, high):
        if count < AHEAD or _sooner(desk, left, e, places[AHEAD - 1]):
            k = min(count, AHEAD - 1)
            while k > 0 and _sooner(desk, left, e, places[k - 1]):
                places[k] = places[k - 1]
                k -= 1
            places[k] = e
            count = min(count + 1, AHEAD)
    for k in range(count):
        at, to = places[k], low + k
        for column in range(desk.edge.shape[1]):
            kept = desk.edge[to, column]
            desk.edge[to, column] = desk.edge[at, column]
            desk.edge[at, column] = kept
        for later in range(k + 1, count):
            if places[later] == to:  # it was swapped away
                places[later] = at
    return low + count


@inlined
def _sooner(desk: _Desk, left: int, one: int, other: int) -> bool:
    """Tell whether a left proposes along pair `one` before pair `other`."""
    if desk.edge[one, 1] != desk.edge[other, 1]:
        return bool(desk.edge[one, 1] > desk.edge[other, 1])
    key, keys = desk.left_key[left], desk.right_key
    return bool(ticket(key, keys[desk.edge[one, 0]]) > ticket(key, keys[desk.edge[other, 0]]))


@inlined
def _offer(desk: _Desk, left: int, e: int) -> int:
    """Let a left propose along pair e; return who is turned away, `NOBODY` if none."""
    right, rank = desk.edge[e, 0], desk.edge[e, desk.edge.shape[1] - 1]
    root, end = desk.slot[right], desk.slot[right + 1]
    if desk.held[right] < end - root:
        at = root + desk.held[right]
        desk.held[right] += 1
        desk.rank[at], desk.holder[at] = rank, left
        _rise(desk, right, root, at)
        return NOBODY
    key, worst = desk.right_key[right], desk.holder[root]
    if desk.rank[root] > rank or (
        desk.rank[root] == rank
        and ticket(desk.left_key[worst], key) > ticket(desk.left_key[left], key)
    ):
        return left
    desk.rank[root], desk.holder[root] = rank, left
    _sink(desk, right, root, end)
    return int(worst)


@inlined
def _worse(desk: _Desk, key: np.uint64, a: int, b: int) -> bool:
    if desk.rank[a] != desk.rank[b]:
        return bool(desk.rank[a] < desk.rank[b])
    one, other = desk.left_key[desk.holder[a]], desk.left_key[desk.holder[b]]
    return bool(ticket(one, key) < ticket(other, key))


@inlined
def _swap(desk: _Desk, a: int, b: int) -> None:
    desk.rank[a], desk.rank[b] = desk.rank[b], desk.rank[a]
    desk.holder[a], desk.holder[b] = desk.holder[b], desk.holder[a]


@inlined
def _rise(desk: _Desk, right: int, root: int, at: int) -> None:
    while at > root:
        above = root + (at - root - 1) // 2
        if not _worse(desk, desk.right_key[right], at, above):
            break
        _swap(desk, at, above)
        at = above


@inlined
def _sink(desk: _Desk, right: int, root: int, end: int) -> None:
    at, key = root, desk.right_key[right]
    child = root + 1
    while child < end:
        if child + 1 < end and _worse(desk, key, child + 1, child):
            child += 1
        if not _worse(desk, key, child, at):
            break
        _swap(desk, at, child)
        at = child
        child = 2 * (at - root) + 1 + root
