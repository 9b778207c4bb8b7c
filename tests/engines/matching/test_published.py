"""Published instances whose answers are known: the optimum of Machol and Wien, the stable sets of Gale and Shapley."""

import numpy as np
import pytest

from engines.matching.oracles import Scores
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.market import Market, Sides, from_pairs

SIZE = 60
LEAST = SIZE * (SIZE + 1) * (SIZE + 2) // 6
"""The least cost where pairing i with j costs i·j: the costly with the cheap (Machol and Wien, Operations Research 1976)."""
HIGH = SIZE**2 + 1
MEN = ("abc", "bca", "cab")
WOMEN = ((1, 2, 0), (2, 0, 1), (0, 1, 2))
"""Whom each ranks, best first: example 1 of Gale and Shapley, The American Mathematical Monthly 1962."""
NAMES = "abc"


@pytest.mark.parametrize("solver", ["auto", "flow", "auction", "auction+flow", "highs"])
def test_the_hard_instance_of_machol_and_wien_has_its_known_optimum(solver: str) -> None:
    numbers = np.arange(SIZE * SIZE)
    left, right = numbers // SIZE, numbers % SIZE
    points = (HIGH - (left + 1) * (right + 1)).reshape(-1, 1).astype(np.int64)
    hard = from_pairs(left.tolist(), right.tolist(), points, Sides([1] * SIZE), SIZE)
    found = assign(hard, Ask("optimal", solver))
    assert found.certificate.primal == SIZE * HIGH - LEAST
    answer = found.answer
    assert (answer.left + answer.right == SIZE - 1).all()


def courted(lefts: Scores, rights: Scores) -> dict[int, int]:
    """Return whom each left is with when lefts propose."""
    points = np.array([[lefts[p], rights[p]] for p in lefts], np.int64)
    pairs = [p[0] for p in lefts], [p[1] for p in lefts]
    market: Market = from_pairs(*pairs, points, Sides([1] * 3), 3)
    found = assign(market, Ask("stable"))
    assert found.certificate.blocking_pairs == 0
    return dict(zip(found.answer.left.tolist(), found.answer.right.tolist(), strict=True))


def test_whoever_proposes_gets_the_first_choice_in_gale_and_shapleys_example() -> None:
    """Three stable sets exist; the proposing side gets its best of them, the other side its worst."""
    men = {(m, NAMES.index(w)): 3 - at for m, row in enumerate(MEN) for at, w in enumerate(row)}
    women = {(m, w): 3 - at for w, row in enumerate(WOMEN) for at, m in enumerate(row)}
    assert courted(men, women) == {0: 0, 1: 1, 2: 2}
    turned = ({(w, m): s for (m, w), s in one.items()} for one in (women, men))
    assert courted(*turned) == {0: 1, 1: 2, 2: 0}
