"""Generated markets for the matching benchmark (模拟): popularity-skewed vacancies, scores 1–1000.

Each left has 50 different rights drawn by popularity; score = 0.4 · quality of the right + 0.6 · fit of the
pair. Made by a seeded kernel, so that every peer gets the same market.
"""

import numpy as np

from shanhai.engines.matching._jit import kernel
from shanhai.engines.matching.lottery import mix
from shanhai.engines.matching.market import Ints, Market, Points, Sides, from_rows

DEGREE, POSTS = 50, 10


def market(lefts: int, rights: int, seed: int = 1, two_scores: bool = False) -> Market:
    """Return a market of `lefts` × `rights` with 50 pairs a left and 10 posts a right."""
    start = np.arange(lefts + 1, dtype=np.int64) * DEGREE
    edge = np.empty((lefts * DEGREE, 3 if two_scores else 2), np.int32)
    _fill(start, edge, rights, seed)
    return from_rows(start, edge, Sides(np.full(rights, POSTS)))


@kernel
def _unit(word: int) -> float:
    return float(mix(np.uint64(word)) >> np.uint64(11)) / 2.0**53


@kernel
def _fill(start: Ints, edge: Points, rights: int, seed: int) -> None:
    seen = np.full(rights, -1, np.int64)
    word = seed << 40
    for i in range(len(start) - 1):
        e = start[i]
        while e < start[i + 1]:
            word += 3
            right = int(rights * _unit(word) ** 1.5)
            if seen[right] == i:
                continue
            seen[right] = i
            quality = _unit((seed << 50) + 7 * right)
            edge[e, 0] = right
            edge[e, 1] = 1 + int(999 * (0.4 * quality + 0.6 * _unit(word + 1)))
            if edge.shape[1] > 2:  # noqa: PLR2004 - the right's own score
                edge[e, 2] = 1 + int(999 * _unit(word + 2))
            e += 1
