"""Exact numbers: sums, roots, shown decimals, largest remainder."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanhai.engines.fiscal.exact import (
    by_size,
    divide,
    root,
    rounded,
    share_out,
    show,
    tame,
    total,
    whole,
)

fractions = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**6)


@settings(deadline=None)
@given(st.lists(fractions, max_size=30))
def test_a_sum_is_the_plain_sum(values: list[Fraction]) -> None:
    assert total(values) == sum(values)


def test_a_sum_of_unlike_fractions_stays_short_and_near() -> None:
    values = [Fraction(1, n) for n in range(10**6, 10**6 + 900)]
    found = Fraction(total(values))
    assert found.denominator.bit_length() <= 257
    assert abs(found - sum(values)) < Fraction(1, 10**70)


def test_the_order_of_addends_never_matters() -> None:
    values = [Fraction(n, 3**n + 1) for n in range(1, 400)]
    assert total(values) == total(values[::-1])


@pytest.mark.parametrize(("value", "found"), [(Fraction(9, 4), Fraction(3, 2)), (16, 4), (0, 0)])
def test_roots_of_squares_are_exact(value: Fraction, found: Fraction) -> None:
    assert root(value) == found


def test_other_roots_hold_to_forty_places() -> None:
    found = root(2)
    assert found**2 <= 2 < (found + Fraction(1, 10**40)) ** 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(-1, 10**15), "0"),
        (7, "7"),
        (Fraction(2_000_000_000_001, 2), "1000000000000.5"),
    ],
)
def test_numbers_are_shown_as_decimals(value: Fraction, text: str) -> None:
    assert show(value) == text


def test_halves_go_to_even() -> None:
    assert [whole(Fraction(n, 2)) for n in (1, 3, 5, -1)] == [0, 2, 2, 0]
    assert rounded(Fraction(25, 1000), 2) == Fraction(2, 100)
    assert rounded(1550, -2) == 1600


@settings(deadline=None)
@given(st.lists(st.fractions(0, 10**9, max_denominator=997), min_size=1, max_size=40))
def test_largest_remainder_adds_up_and_moves_less_than_a_fen(amounts: list[Fraction]) -> None:
    wanted = whole(sum(amounts, Fraction(0)))
    found = share_out(amounts, wanted)
    assert sum(found) == wanted
    assert all(abs(f - a) < 1 for f, a in zip(found, amounts, strict=True))
    rests = [(a - f, f) for a, f in zip(amounts, found, strict=True)]
    lifted = [a % 1 for a, f in zip(amounts, found, strict=True) if f > a]
    left = [rest for rest, _ in rests if rest > 0]
    assert not lifted or not left or min(lifted) >= max(left)


def test_largest_remainder_refuses_a_total_out_of_reach() -> None:
    with pytest.raises(ValueError, match="too far"):
        share_out([Fraction(1, 2), Fraction(1, 2)], 5)


@settings(deadline=None)
@given(st.lists(fractions, max_size=30))
def test_the_fast_key_sorts_exactly(values: list[Fraction]) -> None:
    close = [v + Fraction(1, 10**40) for v in values]
    assert sorted(values + close, key=by_size) == sorted(values + close)


def test_division_and_taming_keep_whole_numbers_whole() -> None:
    assert type(divide(6, 3)) is int
    assert divide(1, 3) == Fraction(1, 3)
    assert type(tame(Fraction(4, 2))) is int
