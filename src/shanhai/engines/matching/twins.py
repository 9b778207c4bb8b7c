"""Lefts with identical rows, grouped: singly they would fight a price war among themselves.

Bands in coded data make many lefts alike. A group of d like lefts is one node of supply d in the flow, which is
exact; its members are dealt to the posts by their lottery keys, a fair draw inside the group.
"""

from typing import NamedTuple

import numpy as np

from shanhai.engines.matching._jit import kernel
from shanhai.engines.matching.flow import Arcs, flow
from shanhai.engines.matching.lottery import mix
from shanhai.engines.matching.market import Ints, Keys, Market, Points


class Groups(NamedTuple):
    """Groups of lefts: `members` sorted by group and lottery key, group g at `offset[g]:offset[g + 1]`."""

    members: Ints
    offset: Ints

    @property
    def size(self) -> Ints:
        """Return how many lefts each group has."""
        return np.diff(self.offset)


def group_twins(market: Market) -> Groups:
    """Group the lefts whose rows hold the same pairs at the same scores (by a 128-bit digest of the row)."""
    one, two = _digests(market.start, market.edge, market.right_key)
    order = np.lexsort((market.left_key, two, one))
    fresh = np.ones(len(order), np.bool_)
    if len(order):
        same = (one[order][1:] == one[order][:-1]) & (two[order][1:] == two[order][:-1])
        fresh[1:] = ~same
    return Groups(order, np.append(np.flatnonzero(fresh), len(order)).astype(np.int64))


@kernel
def _digests(start: Ints, edge: Points, right_key: Keys) -> tuple[Keys, Keys]:
    """Digest each row twice, whatever its order: sums of scrambled pairs."""
    one, two = np.zeros(len(start) - 1, np.uint64), np.zeros(len(start) - 1, np.uint64)
    for i in range(len(start) - 1):
        for e in range(start[i], start[i + 1]):
            word = mix(right_key[edge[e, 0]] + np.uint64(edge[e, 1]))
            one[i] += word
            two[i] += mix(word + np.uint64(edge[e, 1]) * np.uint64(0x9E3779B97F4A7C15))
    return one, two


def pairs_of_groups(market: Market, groups: Groups) -> int:
    """Return how many pairs are left when every group counts once."""
    first = groups.members[groups.offset[:-1]]
    return int((market.start[first + 1] - market.start[first]).sum())


def solve_groups(market: Market, groups: Groups) -> tuple[Points, Points]:
    """Return an exact matching of a many-to-one market by groups.

    Raises:
        InvalidInputError: As `flow.flow`.
    """
    first = groups.members[groups.offset[:-1]]
    length = market.start[first + 1] - market.start[first]
    group = np.repeat(np.arange(len(first)), length)
    at = np.repeat(market.start[first] - np.cumsum(length) + length, length) + np.arange(len(group))
    right, score = market.edge[at, 0].astype(np.int64), market.edge[at, 1].astype(np.int64)
    order = np.lexsort((market.right_key[right], group))
    group, right, score = group[order], right[order], score[order]
    width = np.minimum(groups.size[group], market.capacity[right])
    flows = flow(Arcs(group, right, score, width), groups.size, market.capacity)
    used = np.repeat(group, flows)
    number = np.arange(len(used)) - np.searchsorted(used, used)
    left = groups.members[groups.offset[used] + number]
    taken = np.repeat(right, flows)
    by_left = np.argsort(left, kind="stable")
    return left[by_left].astype(np.int32), taken[by_left].astype(np.int32)
