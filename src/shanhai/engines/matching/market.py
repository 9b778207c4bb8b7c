"""A market: who may go where, at what score, and how many each side takes.

Pairs are kept in compressed rows, one row a left id. Rows have no order: solvers may permute the pairs
*within* a row, and no result depends on it. Scores are whole points.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shanhai.engines.matching import words  # noqa: F401 - the sentences of the refusals below
from shanhai.engines.matching._jit import kernel
from shanhai.engines.matching.lottery import LEFT, RIGHT, number_keys
from shanhai.kernel.errors import InvalidInputError

LIMIT = 2**31 - 1
"""Largest absolute score and largest capacity."""
Ints = NDArray[np.int64]
Points = NDArray[np.int32]
Keys = NDArray[np.uint64]


class Dropped(NamedTuple):
    """Pairs left out before solving, counted by reason."""

    no_capacity: int = 0
    not_positive: int = 0
    duplicate: int = 0


class Market(NamedTuple):
    """Pairs in compressed rows; build one with `from_pairs` or `from_rows`.

    Attributes:
        start: Shape (lefts + 1,); row i is `edge[start[i]:start[i + 1]]`.
        edge: Shape (pairs, 2) or (pairs, 3): right index, score, and the right side's own score.
        capacity: Shape (rights,), how many lefts each right takes.
        demand: Shape (lefts,), how many different rights each left takes; 1 in many-to-one.
        left_key: Shape (lefts,), lottery keys (see `lottery`).
        right_key: Shape (rights,).
        dropped: What was left out.
    """

    start: Ints
    edge: Points
    capacity: Ints
    demand: Ints
    left_key: Keys
    right_key: Keys
    dropped: Dropped = Dropped()

    @property
    def lefts(self) -> int:
        """Return the size of the left side."""
        return len(self.start) - 1

    @property
    def rights(self) -> int:
        """Return the size of the right side."""
        return len(self.capacity)

    @property
    def pairs(self) -> int:
        """Return how many pairs are left."""
        return int(self.start[-1])

    @property
    def one_each(self) -> bool:
        """Tell whether every left takes at most one right."""
        return not bool((self.demand > 1).any())


class Sides(NamedTuple):
    """What is known of the two sides beyond their pairs; None means the default.

    Attributes:
        capacity: Shape (rights,), whole numbers from 0.
        demand: Shape (lefts,); default 1 each.
        left_key: Lottery keys; default from the index and seed 0.
        right_key: As `left_key`.
    """

    capacity: ArrayLike
    demand: ArrayLike | None = None
    left_key: Keys | None = None
    right_key: Keys | None = None


def from_pairs(
    left: ArrayLike, right: ArrayLike, scores: ArrayLike, sides: Sides, lefts: int | None = None
) -> Market:
    """Build a market from pairs in any order.

    Args:
        left: Shape (pairs,), zero-based left index.
        right: Shape (pairs,), zero-based right index.
        scores: Shape (pairs,), or (pairs, 2) for left score and right score; whole points.
        sides: Capacities, demands and lottery keys.
        lefts: Size of the left side; default one more than the largest index.

    Returns:
        The market. Duplicates keep their best score; pairs of one score ≤ 0 and pairs to a right without
        capacity are left out and counted. With two scores any score is acceptable: only order counts.

    Raises:
        InvalidInputError: An index is outside its side, a score beyond ±`LIMIT`, a capacity or demand no
            whole number from 0 to `LIMIT`.
    """
    rows, columns = _whole(left, "left"), _whole(right, "right")
    points = np.asarray(scores)
    points = points.reshape(len(rows), 1 if points.ndim == 1 else points.shape[1])
    count = lefts if lefts is not None else int(rows.max(initial=-1)) + 1
    check_scores(points)
    _check_index(rows, count, "left")
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=count), out=start[1:])
    edge = np.empty((len(rows), 1 + points.shape[1]), np.int32)
    _scatter(start, rows, columns, points.astype(np.int64, copy=False), edge)
    return from_rows(start, edge, sides)


def from_rows(start: ArrayLike, edge: Points, sides: Sides) -> Market:
    """Build a market from compressed rows, which are cleaned in place.

    Args:
        start: Shape (lefts + 1,), ascending from 0 to the number of pairs.
        edge: Shape (pairs, 2 or 3), 32-bit: right index, score, right score. Taken over, not copied.
        sides: Capacities, demands and lottery keys.

    Returns:
        The market, as `from_pairs`.

    Raises:
        InvalidInputError: As `from_pairs`.
    """
    offsets = np.asarray(start, np.int64)
    capacity = _amounts(sides.capacity)
    lefts, rights = len(offsets) - 1, len(capacity)
    demand = np.ones(lefts, np.int64) if sides.demand is None else _amounts(sides.demand)
    _check_index(edge[:, 0], rights, "right")
    floor = 1 if edge.shape[1] == 2 else -(2**31)  # noqa: PLR2004 - one score, or one of each side
    found, counts = np.zeros(lefts + 1, np.int64), np.zeros(3, np.int64)
    _clean(offsets, edge, (capacity, demand), floor, (found, counts))
    left_key = number_keys(lefts, 0, LEFT) if sides.left_key is None else sides.left_key
    right_key = number_keys(rights, 0, RIGHT) if sides.right_key is None else sides.right_key
    kept = edge[: found[-1]]
    return Market(found, kept, capacity, demand, left_key, right_key, Dropped(*map(int, counts)))


def check_scores(points: NDArray[np.generic]) -> None:
    """Refuse scores that are no whole numbers or beyond ±`LIMIT`."""
    if points.dtype.kind not in "iu":
        whole = np.isfinite(points) & (points == np.trunc(points))
        if not whole.all():
            at = np.argwhere(~whole)[0]
            _refuse_score(int(at[0]) + 1, str(points[tuple(at)]))
    for bad in (points.max(initial=0), points.min(initial=0)):
        if abs(int(bad)) > LIMIT:
            raise InvalidInputError("match.score_huge", column="score", value=str(bad), limit=LIMIT)


def _refuse_score(row: int, value: str) -> None:
    raise InvalidInputError("match.not_integer", file="pairs", row=row, column="score", value=value)


def _whole(index: ArrayLike, side: str) -> NDArray[np.int64]:
    array = np.asarray(index)
    if not array.size:
        return np.zeros(0, np.int64)
    if array.dtype.kind not in "iu":
        raise InvalidInputError("match.index", side=side, value=str(array.dtype), limit="integer")
    return array


def _check_index(index: NDArray[np.generic], count: int, side: str) -> None:
    if not len(index):
        return
    for value in (int(index.min()), int(index.max())):
        if not 0 <= value < count:
            raise InvalidInputError("match.index", side=side, value=value, limit=count - 1)


def _amounts(given: ArrayLike) -> Ints:
    array = np.asarray(given)
    with np.errstate(invalid="ignore"):
        whole = array.astype(np.int64)
    bad = (whole != array) | (whole < 0) | (whole > LIMIT)
    if bad.any():
        at = int(np.argmax(bad))
        raise InvalidInputError(
            "match.capacity_bad", right=f"#{at}", value=str(array[at]), limit=LIMIT
        )
    return whole


@kernel
def degrees(edge: Points, rights: int) -> Ints:
    """Return how many pairs each right has, shape (rights,)."""
    found = np.zeros(rights, np.int64)
    for e in range(len(edge)):
        found[edge[e, 0]] += 1
    return found


@kernel
def _scatter(start: Ints, left: Ints, right: Ints, points: Ints, edge: Points) -> None:
    """Put pairs into their rows, in the order in which they come."""
    at = start[:-1].copy()
    for e in range(len(left)):
        to = at[left[e]]
        at[left[e]] += 1
        edge[to, 0] = right[e]
        for k in range(points.shape[1]):
            edge[to, 1 + k] = points[e, k]


@kernel
def _better(edge: Points, a: int, b: int) -> bool:
    """Tell whether pair a has the better scores, the left one first."""
    for k in range(1, edge.shape[1]):
        if edge[a, k] != edge[b, k]:
            return bool(edge[a, k] > edge[b, k])
    return False


@kernel
def _copy(edge: Points, a: int, b: int) -> None:
    """Write pair a over pair b, number by number: a row of an array costs seconds to compile."""
    for k in range(edge.shape[1]):
        edge[b, k] = edge[a, k]


@kernel
def _clean(
    start: Ints, edge: Points, takes: tuple[Ints, Ints], floor: int, out: tuple[Ints, Ints]
) -> None:
    """Compact rows in place: no closed rights, no scores below `floor`, no duplicates."""
    (capacity, demand), (found, counts) = takes, out
    last = np.full(len(capacity), -1, np.int64)
    write = 0
    for i in range(len(start) - 1):
        found[i] = write
        for e in range(start[i], start[i + 1]):
            right = edge[e, 0]
            if capacity[right] == 0 or demand[i] == 0:
                counts[0] += 1
            elif edge[e, 1] < floor:
                counts[1] += 1
            elif last[right] >= found[i]:
                counts[2] += 1
                if _better(edge, e, last[right]):
                    _copy(edge, e, last[right])
            else:
                _copy(edge, e, write)
                last[right] = write
                write += 1
    found[len(start) - 1] = write
