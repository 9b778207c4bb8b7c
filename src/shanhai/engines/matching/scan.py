"""The scan over needs and offers: predicates inside it, so that one eligible offer among many is always found.

The search for the best k is exact. Offers are grouped by the value that one component looks up; a group whose most
possible score is below the k-th best found so far is skipped, with all its offers.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching._jit import borrower, inlined, kernel, parallel_kernel
from shanhai.engines.matching.lottery import ticket
from shanhai.engines.matching.market import Ints, Points
from shanhai.engines.matching.program import (
    AT_LEAST,
    AT_MOST,
    LESS,
    MORE,
    NEED,
    OFFER,
    TABLE,
    Program,
)
from shanhai.engines.matching.rows import UNKNOWN

_BLOCK_CELLS = 8_000_000
_EMPTY = -(2**31)
_SELECTIVE = 0.5
"""Share of pairs passing a test, below which it is worth grouping by."""


class Blocks(NamedTuple):
    """Offers in groups: group g is `begin[g]:begin[g + 1]`; for each value of the need the groups, best first."""

    begin: Ints
    order: Points
    bound: Points
    column: int


class Best(NamedTuple):
    """The best offers of each need, shape (needs, k), best first; −1 where there are no more."""

    offer: Points
    points: Points


class Scanner:
    """Offers laid out for searching; made once, asked for any need of the program."""

    def __init__(self, program: Program) -> None:
        """Group the offers by the lookup component of most weight, if one fits, and sort them by group."""
        code, self.blocks = _blocks(program)
        self._member = np.lexsort((program.offer_key, code))
        self._program = program._replace(
            offer=np.ascontiguousarray(program.offer[:, self._member]),
            offer_key=program.offer_key[self._member],
        )

    def best(self, k: int, needs: Ints | None = None) -> Best:
        """Return the k best eligible offers of each need.

        Args:
            k: How many, at least 1.
            needs: Which needs, by number; default all.

        Returns:
            Offers and their scores; equal scores by the pair's lottery number.
        """
        program = self._program
        some = np.arange(program.need.shape[1]) if needs is None else needs
        offers = program.offer.shape[1]
        k = max(1, min(k, offers))
        offer = np.full((len(some), k), -1, np.int32)
        points = np.full((len(some), k), _EMPTY, np.int32)
        if len(some) and offers:
            _search(program, self.blocks, some, offer, points)
            offer = np.where(offer >= 0, self._member[offer], -1).astype(np.int32)
        return Best(offer, points)


def best_offers(program: Program, k: int, needs: Ints | None = None) -> Best:
    """Return the k best eligible offers of each need; see `Scanner.best`."""
    return Scanner(program).best(k, needs)


def _blocks(program: Program) -> tuple[Ints, Blocks]:
    """Return each offer's group, and the groups.

    Offers are grouped by what the most selective lookup test reads, so that whole groups are shut; where no test
    shuts out most pairs, by what the lookup component of most weight reads, so that groups are bounded.
    """
    total, offers = int(program.parts[:, 5].sum()), program.offer.shape[1]
    test, share = None, _SELECTIVE
    for one in _tables(program, program.tests):
        passing = _share(program, one)
        if passing < share:
            test, share = one, passing
    if test is not None:
        grid = _grid(program, test)
        return _grouped(program, test, np.where(grid > 0, total, -1))
    parts = _tables(program, program.parts)
    if parts:
        part = max(parts, key=lambda one: int(one[5]))
        return _grouped(program, part, _grid(program, part) + (total - int(part[5])))
    one_group = np.zeros((1, 1), np.int32)
    whole = np.array([0, offers], np.int64)
    return np.zeros(offers, np.int64), Blocks(whole, one_group, one_group + np.int32(total), -1)


def _tables(program: Program, rows: Ints) -> list[Ints]:
    """Return the instructions that look up a table small enough to sort by row."""
    return [
        row for row in rows if row[0] == TABLE and _height(program, row) * row[4] <= _BLOCK_CELLS
    ]


def _grid(program: Program, row: Ints) -> Points:
    width = int(row[4])
    return program.table[row[3] : row[3] + _height(program, row) * width].reshape(-1, width)


def _share(program: Program, test: Ints) -> float:
    """Return the share of pairs that pass a lookup test."""
    grid = _grid(program, test) != 0
    mine = np.bincount(program.need[test[1]], minlength=grid.shape[0])
    theirs = np.bincount(program.offer[test[2]], minlength=grid.shape[1])
    pairs = max(1, int(mine.sum()) * int(theirs.sum()))
    return float(mine @ grid @ theirs / pairs)


def _grouped(program: Program, row: Ints, bound: Points) -> tuple[Ints, Blocks]:
    """Group offers by the column that an instruction reads; best groups first for each value of the need."""
    order = np.argsort(-bound, axis=1, kind="stable").astype(np.int32)
    sorted_bound = np.take_along_axis(bound, order, axis=1).astype(np.int32)
    code, width = program.offer[row[2]], int(row[4])
    begin = np.zeros(width + 1, np.int64)
    np.cumsum(np.bincount(code, minlength=width), out=begin[1:])
    return code, Blocks(begin, order, sorted_bound, int(row[1]))


def _height(program: Program, part: Ints) -> int:
    return int(program.need[part[1]].max(initial=0)) + 1


@inlined
def _passes(program: Program, t: int, need: int, offer: int) -> bool:
    """Tell whether a pair passes test t."""
    test = program.tests[t]
    mine, theirs = program.need[test[1], need], program.offer[test[2], offer]
    if test[0] == TABLE:
        answer = program.table[test[3] + mine * test[4] + theirs] != 0
    elif mine == UNKNOWN or theirs == UNKNOWN:  # noqa: PLR1714 - a set would be slow here
        answer = test[5] == 1
    elif test[0] == AT_LEAST:
        answer = theirs >= mine
    else:
        answer = theirs <= mine
    return bool(answer)


@borrower
def _filter(program: Program, need: int, span: tuple[int, int], chosen: Points) -> int:
    """Keep the offers of a span that pass every test, one test after another; return how many."""
    count = span[1] - span[0]
    for at in range(count):
        chosen[at] = span[0] + at
    for t in range(len(program.tests)):
        test = program.tests[t]
        mine, row = program.need[test[1], need], program.offer[test[2]]
        kept = 0
        if test[0] == TABLE:
            table = program.table[test[3] + mine * test[4] : test[3] + (mine + 1) * test[4]]
            for at in range(count):
                one = chosen[at]
                chosen[kept] = one
                kept += table[row[one]] != 0
        elif mine == UNKNOWN:
            kept = count if test[5] == 1 else 0
        else:
            sign = 1 if test[0] == AT_LEAST else -1
            for at in range(count):
                one = chosen[at]
                chosen[kept] = one
                fits = (row[one] - mine) * sign >= 0
                kept += test[5] == 1 if row[one] == UNKNOWN else fits
        count = kept
    return count


@inlined
def part_points(program: Program, c: int, need: int, offer: int) -> int:
    """Return the points of part c of a pair's score."""
    part = program.parts[c]
    mine, theirs = program.need[part[1], need], program.offer[part[2], offer]
    points = np.int64(0)
    if part[0] == TABLE:
        points = np.int64(program.table[part[3] + mine * part[4] + theirs])
    elif part[0] == OFFER:
        points = theirs
    elif part[0] == NEED:
        points = mine
    elif mine != UNKNOWN and theirs != UNKNOWN:  # noqa: PLR1714 - a set would be slow here
        ahead = theirs - mine if part[0] == MORE else mine - theirs
        points = min(part[5], max(0, ahead) * part[5] // part[6])
    return int(points)


@inlined
def _score(program: Program, need: int, offer: int) -> int:
    total = np.int64(0)
    for c in range(len(program.parts)):
        total += part_points(program, c, need, offer)
    return int(total)


@parallel_kernel
def _search(program: Program, blocks: Blocks, some: Ints, offer: Points, points: Points) -> None:
    longest = (blocks.begin[1:] - blocks.begin[:-1]).max()
    for row in numba.prange(len(some)):
        heap, chosen = (offer[row], points[row]), np.empty(longest, np.int32)
        _search_one(program, blocks, some[row], heap, chosen)


@borrower
def _search_one(
    program: Program, blocks: Blocks, need: int, heap: tuple[Points, Points], chosen: Points
) -> None:
    """Fill one need's list: a heap with the worst first, then sorted; `chosen` holds a group while it is tested."""
    offer, points = heap
    k, count = len(offer), 0
    value = program.need[blocks.column, need] if blocks.column >= 0 else 0
    for g in range(blocks.order.shape[1]):
        group = blocks.order[value, g]
        bound = blocks.bound[value, g]
        if bound < 0 or (count == k and bound < points[0]):
            break
        found = _filter(program, need, (blocks.begin[group], blocks.begin[group + 1]), chosen)
        for other in chosen[:found]:
            score = _score(program, need, other)
            if count < k or score >= points[0]:
                count = _push(program, need, heap, count, (other, score))
    for last in range(count - 1, 0, -1):
        offer[0], offer[last] = offer[last], offer[0]
        points[0], points[last] = points[last], points[0]
        _sink(program, need, heap, last)


@borrower
def _below(program: Program, need: int, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Tell whether one offer ranks below another: fewer points, or as many and a smaller ticket."""
    if one[1] != other[1]:
        return bool(one[1] < other[1])
    key = program.need_key[need]
    return bool(ticket(key, program.offer_key[one[0]]) < ticket(key, program.offer_key[other[0]]))


@borrower
def _push(
    program: Program, need: int, heap: tuple[Points, Points], count: int, new: tuple[int, int]
) -> int:
    """Put an offer into the heap of the best; return how many it holds."""
    offer, points = heap
    if count == len(offer):
        if _below(program, need, (offer[0], points[0]), new):
            offer[0], points[0] = new
            _sink(program, need, heap, count)
        return count
    offer[count], points[count] = new
    at = count
    while at > 0:
        above = (at - 1) // 2
        if not _below(program, need, (offer[at], points[at]), (offer[above], points[above])):
            break
        offer[at], offer[above] = offer[above], offer[at]
        points[at], points[above] = points[above], points[at]
        at = above
    return count + 1


@borrower
def _sink(program: Program, need: int, heap: tuple[Points, Points], count: int) -> None:
    offer, points = heap
    at, child = 0, 1
    while child < count:
        more = child + 1
        if more < count and _below(
            program, need, (offer[more], points[more]), (offer[child], points[child])
        ):
            child = more
        if not _below(program, need, (offer[child], points[child]), (offer[at], points[at])):
            break
        offer[at], offer[child] = offer[child], offer[at]
        points[at], points[child] = points[child], points[at]
        at, child = child, 2 * child + 1


def count_rejections(program: Program) -> tuple[Ints, Ints, Ints]:
    """Count, over all pairs, what fails which test.

    Returns:
        By need, shape (needs, tests); by offer, shape (offers, tests); eligible offers by need, shape (needs,).
    """
    needs, offers, tests = program.need.shape[1], program.offer.shape[1], len(program.tests)
    by_need, by_offer = np.zeros((needs, tests), np.int64), np.zeros((offers, tests), np.int64)
    eligible = np.zeros(needs, np.int64)
    if tests == 0:
        eligible[:] = offers
    else:
        _count(program, by_need, by_offer, eligible)
    return by_need, by_offer, eligible


@kernel
def _count(program: Program, by_need: Ints, by_offer: Ints, eligible: Ints) -> None:
    for need in range(len(by_need)):
        for offer in range(len(by_offer)):
            fails = 0
            for t in range(len(program.tests)):
                if not _passes(program, t, need, offer):
                    by_need[need, t] += 1
                    by_offer[offer, t] += 1
                    fails += 1
            eligible[need] += fails == 0


@kernel
def failures(program: Program, need: int) -> NDArray[np.int64]:
    """Return for each offer the tests that it fails for a need, as bits."""
    found = np.zeros(program.offer.shape[1], np.int64)
    for offer in range(len(found)):
        for t in range(len(program.tests)):
            if not _passes(program, t, need, offer):
                found[offer] |= np.int64(1) << t
    return found


@kernel
def parts_of(program: Program, need: int, offer: int) -> NDArray[np.int64]:
    """Return the points of each part of a pair's score; they sum to the score."""
    found = np.zeros(len(program.parts), np.int64)
    for c in range(len(found)):
        found[c] = part_points(program, c, need, offer)
    return found


__all__ = ["AT_MOST", "LESS", "Best", "best_offers", "count_rejections", "failures", "parts_of"]
