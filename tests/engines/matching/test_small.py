"""Small markets against brute force, in every mode and by every solver."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.matching.oracles import Scores, best_score, greedy, stable_matchings
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.lottery import LEFT, RIGHT, number_keys
from shanhai.engines.matching.market import Market, Sides, from_pairs
from shanhai.engines.matching.result import Matching

LEFTS, RIGHTS = 5, 4
PAIRS = st.dictionaries(
    st.tuples(st.integers(0, LEFTS - 1), st.integers(0, RIGHTS - 1)), st.integers(1, 9), max_size=12
)
CAPACITY = st.lists(st.integers(0, 3), min_size=RIGHTS, max_size=RIGHTS)
DEMAND = st.lists(st.integers(0, 2), min_size=LEFTS, max_size=LEFTS)


def market(
    scores: Scores,
    capacity: list[int],
    demand: list[int] | None = None,
    theirs: Scores | None = None,
) -> Market:
    left, right = [p[0] for p in scores], [p[1] for p in scores]
    points = np.array([[s] if theirs is None else [s, theirs[p]] for p, s in scores.items()])
    points = points.reshape(len(scores), 1 if theirs is None else 2).astype(np.int64)
    return from_pairs(left, right, points, Sides(capacity, demand), LEFTS)


def pairs(matching: Matching) -> frozenset[tuple[int, int]]:
    answer = matching.answer
    return frozenset(zip(answer.left.tolist(), answer.right.tolist(), strict=True))


@pytest.mark.parametrize("solver", ["auto", "flow", "auction+flow", "groups+flow", "highs"])
@given(scores=PAIRS, capacity=CAPACITY)
@settings(max_examples=30, deadline=None)
def test_an_exact_solver_finds_and_proves_the_optimum(
    solver: str, scores: Scores, capacity: list[int]
) -> None:
    found = assign(market(scores, capacity), Ask("optimal", solver)).certificate
    assert found.primal == best_score(scores, [1] * LEFTS, capacity)
    assert found.dual == found.primal
    assert found.gap == 0


@given(scores=PAIRS, capacity=CAPACITY)
@settings(max_examples=40, deadline=None)
def test_an_auction_is_as_near_as_its_prices_prove(scores: Scores, capacity: list[int]) -> None:
    found = assign(market(scores, capacity), Ask("optimal", "auction")).certificate
    best = best_score(scores, [1] * LEFTS, capacity)
    assert found.dual is not None
    assert found.primal <= best <= found.dual
    assert found.dual - found.primal < 1  # so the primal is the optimum
    assert found.primal == best


@given(scores=PAIRS, capacity=CAPACITY, demand=DEMAND)
@settings(max_examples=30, deadline=None)
def test_lefts_that_take_several_rights_get_the_proven_optimum(
    scores: Scores, capacity: list[int], demand: list[int]
) -> None:
    found = assign(market(scores, capacity, demand), Ask("optimal")).certificate
    assert found.primal == found.dual == best_score(scores, demand, capacity)


@given(scores=PAIRS, capacity=CAPACITY, data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_stable_matching_is_one_and_the_best_for_the_left(
    scores: Scores, capacity: list[int], data: st.DataObject
) -> None:
    one = dict(zip(scores, data.draw(st.permutations(range(len(scores)))), strict=True))
    two = dict(zip(scores, data.draw(st.permutations(range(len(scores)))), strict=True))
    takes = ([1] * LEFTS, capacity)
    made = assign(market(one, capacity, theirs=two), Ask("stable"))
    stable = stable_matchings((one, two), takes)
    assert made.certificate.blocking_pairs == 0
    assert pairs(made) in stable
    mine = dict(pairs(made))
    for other in stable:  # strict preferences: no left is better off in any stable matching
        assert all(one[p] <= one[p[0], mine[p[0]]] for p in other)


@given(scores=PAIRS, theirs=st.lists(st.integers(-3, 3), min_size=12, max_size=12), demand=DEMAND)
@settings(max_examples=30, deadline=None)
def test_a_stable_matching_with_ties_has_no_blocking_pair(
    scores: Scores, theirs: list[int], demand: list[int]
) -> None:
    ranks = dict(zip(scores, theirs, strict=False))
    made = assign(market(scores, [2, 1, 0, 3], theirs=ranks), Ask("stable"))
    assert pairs(made) in stable_matchings((scores, ranks), ([1] * LEFTS, [2, 1, 0, 3]))


@given(order=st.permutations(range(1, 13)), capacity=CAPACITY)
@settings(max_examples=30, deadline=None)
def test_greedy_takes_the_best_pair_first(order: list[int], capacity: list[int]) -> None:
    scores = {(k % LEFTS, k % RIGHTS): score for k, score in enumerate(order)}
    assert assign(market(scores, capacity), Ask("greedy")).certificate.primal == greedy(
        scores, capacity
    )


@pytest.mark.parametrize("mode", ["greedy", "optimal", "stable"])
@given(scores=PAIRS, data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_never_matters(mode: str, scores: Scores, data: st.DataObject) -> None:
    again = dict(data.draw(st.permutations(list(scores.items()))))
    one, two = (assign(market(some, [1, 2, 1, 1]), Ask(mode)) for some in (scores, again))
    assert pairs(one) == pairs(two)


@given(scores=PAIRS, capacity=CAPACITY, rise=st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_a_higher_score_never_costs_its_holder_the_place(
    scores: Scores, capacity: list[int], rise: int
) -> None:
    for pair in pairs(assign(market(scores, capacity), Ask("optimal"))):
        higher = scores | {pair: scores[pair] + rise}
        assert pair in pairs(assign(market(higher, capacity), Ask("optimal")))


def test_the_seed_decides_among_equals() -> None:
    winners = set()
    for seed in range(20):
        keyed = Sides([1], None, number_keys(4, seed, LEFT), number_keys(1, seed, RIGHT))
        made = assign(from_pairs(range(4), [0] * 4, [5] * 4, keyed), Ask("optimal", seed=seed))
        winners |= {pair[0] for pair in pairs(made)}
    assert winners == {0, 1, 2, 3}
