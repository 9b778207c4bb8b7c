"""Side constraints on the contested part alone: the same optimum as over the whole market, or the same refusal."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.matching.oracles import Scores
from engines.matching.test_small import CAPACITY, LEFTS, PAIRS, RIGHTS, market
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.contested import solve_contested
from shanhai.engines.matching.market import Market
from shanhai.engines.matching.side import Bound, Bounded, Sides, solve_bounded
from shanhai.engines.matching.values import scores_of
from shanhai.kernel.errors import InvalidInputError


def _worth(market: Market, found: Bounded) -> tuple[int, int]:
    return int(scores_of(market, found.left, found.right).sum()), found.bound


@given(scores=PAIRS, capacity=CAPACITY, low=st.integers(0, 3), factor=st.sampled_from([1, 100]))
@settings(max_examples=40, deadline=None)
def test_the_contested_part_gives_the_optimum_of_the_whole(
    scores: Scores, capacity: list[int], low: int, factor: int
) -> None:
    one = market({pair: score * factor for pair, score in scores.items()}, capacity)
    some = Bound("q", np.arange(LEFTS) < 2, np.arange(RIGHTS) > 0, low, 3)
    family = np.array([-1, 0, 0, -1, -1])
    sides = Sides([some], family, np.arange(RIGHTS) // 2)
    free = assign(one, Ask("optimal")).answer
    try:
        whole = _worth(one, solve_bounded(one, sides))
    except InvalidInputError as error:
        whole = error.code, error.facts  # type: ignore[assignment]
    try:
        part = _worth(one, solve_contested(one, sides, free, 0))
    except InvalidInputError as error:
        part = error.code, error.facts  # type: ignore[assignment]
    assert part == whole
