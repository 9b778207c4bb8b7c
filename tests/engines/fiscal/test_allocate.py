"""Closing a side within bounds, filling from below, Gini: exact against slow oracles."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanhai.engines.fiscal.allocate import InfeasibleError, clip, close
from shanhai.engines.fiscal.level import gini, lorenz, water_level

amounts = st.lists(st.integers(0, 1000), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.data(), amounts)
def test_closing_meets_the_total_by_one_factor_within_bounds(
    data: st.DataObject, own: list[int]
) -> None:
    size = len(own)
    lows = data.draw(st.lists(st.integers(0, 50), min_size=size, max_size=size))
    highs = [low + data.draw(st.integers(0, 900)) for low in lows]
    most = sum(high if a else low for a, low, high in zip(own, lows, highs, strict=True))
    wanted = data.draw(st.integers(sum(lows), most))
    found = close(list(own), wanted, list(lows), list(highs))
    assert sum(found.amounts) == wanted
    assert found.amounts == [
        clip(found.factor * a, low, high) for a, low, high in zip(own, lows, highs, strict=True)
    ]


def test_closing_is_exact_with_long_fractions_at_the_bounds() -> None:
    own = [Fraction(7**n, 3**60 + n) * 10**20 for n in range(30, 60)]
    lows = [a * Fraction(9, 10) for a in own[:15]] + [None] * 15
    highs = [None] * 15 + [a * Fraction(11, 10) for a in own[15:]]
    wanted = sum(own) * Fraction(105, 100)
    found = close(list(own), wanted, lows, highs)
    assert abs(sum(found.amounts) - wanted) < Fraction(1, 10**30)


def test_bounds_that_cannot_hold_are_refused_with_what_they_allow() -> None:
    with pytest.raises(InfeasibleError) as error:
        close([1, 1], 100, None, [10, 20])
    assert (error.value.low, error.value.high) == (0, 30)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50)), min_size=1, max_size=9),
    st.integers(0, 5000),
)
def test_the_floor_uses_the_pool_up(rows: list[tuple[int, int]], pool: int) -> None:
    values, weights = [v for v, _ in rows], [w for _, w in rows]
    level = water_level(values, weights, pool)
    assert sum(max(Fraction(0), level - v) * w for v, w in rows) == pool
    assert level >= min(values)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50)), min_size=1, max_size=7))
def test_gini_equals_its_definition(rows: list[tuple[int, int]]) -> None:
    weight = sum(w for _, w in rows)
    held = sum(v * w for v, w in rows)
    apart = sum(w * u * abs(v - x) for v, w in rows for x, u in rows)
    slow = Fraction(apart, 2 * weight * held) if held else Fraction(0)
    assert gini([v for v, _ in rows], [w for _, w in rows]) == slow


def test_lorenz_runs_from_nothing_to_all() -> None:
    points = lorenz([3, 1], [1, 1])
    assert points == [(0, 0), (Fraction(1, 2), Fraction(1, 4)), (1, 1)]
