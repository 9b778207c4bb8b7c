"""Slow, obvious answers straight from the definitions, for small markets."""

from collections.abc import Iterator
from itertools import combinations

Pair = tuple[int, int]
Scores = dict[Pair, int]


def best_score(scores: Scores, demand: list[int], capacity: list[int]) -> int:
    """Return the greatest total score by trying every matching."""
    return max(sum(scores[pair] for pair in pairs) for pairs in matchings(scores, demand, capacity))


def matchings(scores: Scores, demand: list[int], capacity: list[int]) -> Iterator[frozenset[Pair]]:
    """Yield every matching within demands and capacities."""

    def onward(
        left: int, free: tuple[int, ...], made: frozenset[Pair]
    ) -> Iterator[frozenset[Pair]]:
        if left == len(demand):
            yield made
            return
        open_to = [r for (who, r) in scores if who == left and free[r] > 0]
        for count in range(min(demand[left], len(open_to)) + 1):
            for some in combinations(sorted(open_to), count):
                less = tuple(c - (r in some) for r, c in enumerate(free))
                yield from onward(left + 1, less, made | {(left, r) for r in some})

    yield from onward(0, tuple(capacity), frozenset())


def blocks(
    pair: Pair,
    made: frozenset[Pair],
    ranks: tuple[Scores, Scores],
    takes: tuple[list[int], list[int]],
) -> bool:
    """Tell whether a pair blocks, by strict preference."""
    (mine, theirs), (demand, capacity), (left, right) = ranks, takes, pair
    if pair in made or not capacity[right]:
        return False
    holds = [mine[one] for one in made if one[0] == left]
    held = [theirs[one] for one in made if one[1] == right]
    wants = len(holds) < demand[left] or mine[pair] > min(holds)
    wanted = len(held) < capacity[right] or theirs[pair] > min(held)
    return wants and wanted


def stable_matchings(
    ranks: tuple[Scores, Scores], takes: tuple[list[int], list[int]]
) -> list[frozenset[Pair]]:
    """Return every stable matching."""
    every = matchings(ranks[0], *takes)
    return [made for made in every if not any(blocks(p, made, ranks, takes) for p in ranks[0])]


def greedy(scores: Scores, capacity: list[int]) -> int:
    """Return the greedy total where all scores differ: best pair first, one right a left."""
    free, total, placed = list(capacity), 0, set()
    for (left, right), score in sorted(scores.items(), key=lambda item: -item[1]):
        if left not in placed and free[right] > 0:
            placed.add(left)
            free[right] -= 1
            total += score
    return total
