"""The bidding side of an auction: rows of pairs, and a copy of each row's best few in one cache line.

Prices only rise, so a copy of a row's best few pairs, kept with the value of the best of the others, answers
for the row while it still beats that value. The answer is exact: when a copy was made sways no bid. So copies
may be made anew for many rows beforehand, while others bid (`refresh`): memory is asked for in time, and a
second core does half of the work.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching._jit import borrower, inlined, prefetch
from shanhai.engines.matching.lottery import ticket
from shanhai.engines.matching.market import Ints, Keys, Points

FRONT = 7
"""Pairs in a row's copy: with the value of the rest they are the 64 bytes of a cache line."""
_REST, WORDS = 2 * FRONT, 2 * FRONT + 2
UNREAD = -1
NOBODY = -1
_AHEAD, _ROWS_AHEAD = 16, 6
_LINE = 8
"""Pairs of 64 bits in a cache line."""


Scratch = tuple[Ints, Ints]


class Rows(NamedTuple):
    """The bidding side: its pairs, its lottery keys, and a copy of each row's best pairs.

    `front` has shape (lefts, 16): right and score of `FRONT` pairs, `NOBODY` after the last; then the best value
    of the pairs left out, at least 0, when the copy was made, or `UNREAD`.
    """

    start: Ints
    edge: Points
    left_key: Keys
    right_key: Keys
    front: NDArray[Any]


def new_scratch() -> Scratch:
    """Return room for the values and places of the best pairs of a row."""
    return np.empty(FRONT + 1, np.int64), np.empty(FRONT + 1, np.int64)


@borrower
def refresh(
    rows: Rows,
    price: Ints,
    line: Points,
    span: tuple[int, int],
    setting: tuple[int, Points, Scratch],
) -> None:
    """Copy anew the best pairs of those in `line[span]` whose copy no longer answers for its row.

    Args:
        rows: The bidding side; `front` is written for the rows named.
        price: Units; another thread may raise prices meanwhile.
        line: Lefts; those beyond its end are those at its beginning.
        span: First place and count.
        setting: Units a point; room for as many as the span counts; room for `_read`.
    """
    (head, count), (scale, stale, scratch), found = span, setting, 0
    for k in range(count):
        prefetch(rows.front, np.int64(line[wrap(head + min(k + _AHEAD, count - 1), len(line))]))
        left = line[wrap(head + k, len(line))]
        if not _answers(rows, price, left, scale):
            stale[found] = left
            found += 1
    for k in range(found):
        later = stale[min(k + _ROWS_AHEAD, found - 1)]
        for e in range(rows.start[later], rows.start[later + 1], _LINE):
            prefetch(rows.edge, e)
        _read(rows, price, stale[k], scale, scratch)


@inlined
def wrap(at: int, size: int) -> int:
    """Return a place in a line whose end is followed by its beginning."""
    while at >= size:
        at -= size
    return at


@inlined
def _answers(rows: Rows, price: Ints, left: int, scale: int) -> bool:
    rest = np.int64(rows.front[left, _REST])
    if rest <= 0:
        return bool(rest == 0)
    right, best, second = _look(rows, price, left, scale)
    if best <= rest or second < rest:
        return False
    _put_first(rows, left, right)
    return True


@inlined
def _put_first(rows: Rows, left: int, right: int) -> None:
    """Put the best right first in a row's copy, where its posts are asked for beforehand."""
    for k in range(1, FRONT):
        if rows.front[left, 2 * k] == right:
            for at in range(2):
                kept = rows.front[left, at]
                rows.front[left, at] = rows.front[left, 2 * k + at]
                rows.front[left, 2 * k + at] = kept


@inlined
def choose(
    rows: Rows, price: Ints, left: int, scale: int, scratch: Scratch
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
def _read(rows: Rows, price: Ints, left: int, scale: int, scratch: Scratch) -> tuple[int, int, int]:
    """Copy the best pairs of a row anew; return best right, best and second best gain."""
    (values, places), count = scratch, 0
    values[0], values[1] = 0, 0
    for e in range(np.uint64(rows.start[left]), np.uint64(rows.start[left + 1])):
        value = rows.edge[e, 1] * np.int64(scale) - price[np.uint32(rows.edge[e, 0])]
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
