"""Settlement: instalments and interest that balance, final differences, offset."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.fiscal.fiscal_world import LINEAR, go, table
from shanhai.engines.fiscal import settling
from shanhai.engines.fiscal.report import outputs
from shanhai.engines.fiscal.scheme import Settlement
from shanhai.engines.fiscal.stages.settlement import instalments, interest, settle
from shanhai.kernel.errors import InvalidInputError

RULE = """
[settlement]
article = "s1"
interest = "3.65%"
settled = 2025-04-01
instalment = [
  { name = "Q1", due = 2024-03-15, share = "1/4" },
  { name = "Q2", due = 2024-06-15, share = "1/4" },
  { name = "Q3", due = 2024-09-15, share = "1/4" },
  { name = "Q4", due = 2024-12-15, share = "1/4" },
]
"""
QUARTERS = [Fraction(1, 4)] * 4
ROWS = [("a", 100, 1), ("b", 300, 1), ("c", 200, 1)]


@settings(deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8))
def test_instalments_add_up_keep_their_sign_and_balance(amounts: list[int]) -> None:
    net = [*amounts, -sum(amounts)]
    parts = instalments(net, QUARTERS)
    assert [sum(unit) for unit in zip(*parts, strict=True)] == net
    assert all(sum(one) == 0 for one in parts)
    for unit, whole in zip(zip(*parts, strict=True), net, strict=True):
        assert all(part * whole >= 0 for part in unit)
        assert all(abs(part - Fraction(whole, 4)) <= 3 for part in unit)


def test_interest_balances_where_the_differences_do() -> None:
    assert interest([100_000, -60_001, -39_999], Fraction(1, 100)) == [1000, -600, -400]


def test_a_run_with_a_settlement_writes_its_instalments() -> None:
    files = outputs(go(LINEAR + RULE, table("u,cap,pop", ROWS)))
    lines = files["instalments.csv"].decode().splitlines()
    assert lines[0] == "unit,instalment,due,amount_fen"
    assert lines[1] == "a,Q1,2024-03-15,15"
    assert len(lines) == 1 + 3 * 4


def test_final_differences_carry_interest_and_balance() -> None:
    scale = 10**6
    rows = [(u, cap * scale, pop) for u, cap, pop in ROWS]
    first = go(LINEAR + RULE, table("u,cap,pop", rows))
    rows[0] = ("a", 160 * scale, 1)
    second = go(LINEAR + RULE, table("u,cap,pop", rows))
    found = settling.settled(first, second)
    assert found.difference == [-24 * scale, 12 * scale, 12 * scale]
    days = Fraction(382 + 290 + 198 + 107, 4)
    assert found.interest[0] == -round(24 * scale * Fraction(365, 10000) * days / 365)
    assert sum(found.cash) == 0
    text = settling.settlement_csv(second, found)
    assert text.splitlines()[0].startswith("unit,label,provisional_fen,final_fen,difference_fen")


def test_offset_carries_instead_of_paying() -> None:
    rule = go(
        LINEAR + RULE.replace("[settlement]", "[settlement]\noffset = true"),
        table("u,cap,pop", ROWS),
    )
    own = settling.rule_of(rule.scheme)
    found = settle([0, 0], [5, -5], own, date(2025, 1, 1))
    assert (found.cash, found.carried) == ([0, 0], [5, -5])


def settle_alone(rule: str) -> None:
    result = go(LINEAR + rule, table("u,cap,pop", ROWS))
    settling.settled(result, result)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('share = "1/4" },\n]', 'share = "1/5" },\n]', "weights"),
        ("2024-06-15", "2024-01-15", "field"),
        ("settled = 2025-04-01", "settled = 2024-04-01", "field"),
        ("settled = 2025-04-01\n", "", "lacking"),
        ("interest", "interets", "unknown"),
        ("due = 2024-03-15", "du = 2024-03-15", "unknown"),
    ],
)
def test_bad_settlements_are_refused(old: str, new: str, code: str) -> None:
    assert old in RULE
    with pytest.raises(InvalidInputError) as error:
        settle_alone(RULE.replace(old, new, 1))
    assert error.value.code == f"fiscal.{code}"


def test_units_must_be_the_same_and_a_settlement_there() -> None:
    one = go(LINEAR + RULE, table("u,cap,pop", ROWS))
    other = go(LINEAR + RULE, table("u,cap,pop", [("z", 1, 1), *ROWS]))
    with pytest.raises(InvalidInputError, match="z"):
        settling.settled(one, other)
    with pytest.raises(InvalidInputError, match="settlement"):
        settling.rule_of(go(LINEAR, table("u,cap,pop", ROWS)).scheme)


def test_a_rule_is_data() -> None:
    assert isinstance(
        settling.rule_of(go(LINEAR + RULE, table("u,cap,pop", ROWS)).scheme), Settlement
    )
