"""Each stage's methods on a few units whose answer is known."""

from fractions import Fraction

import pytest

from engines.fiscal.fiscal_world import LINEAR, by_unit, go, table
from shanhai.engines.fiscal.stages import (
    METHODS,
    Net,
    bounds,
    capacity,
    donor,
    need,
    recipient,
    transition,
)

DATA = table("u,cap,pop", [("a", 100, 1), ("b", 300, 1), ("c", 200, 1)])


def changed(old: str, new: str) -> str:
    assert old in LINEAR
    return LINEAR.replace(old, new, 1)


def bounded(line: str, balance: str = "recipients") -> str:
    return changed('balance = "exact"', f'balance = "{balance}"\n{line}')


def test_representative_revenue_puts_every_base_at_the_average_rate() -> None:
    one = {"base": [1, 3], "revenue": [30, 50], "share": [1, 1]}
    two = {"base": [10, 10], "revenue": [0, 40], "share": [Fraction(1, 2)] * 2}
    assert capacity.representative([one, two]) == [30, 70]


def test_mean_of_years() -> None:
    assert capacity.mean([[10, 20], [20, 40]]) == [15, 30]


def test_low_effort_counts_capacity_up() -> None:
    assert capacity.effort([100, 100], [50, 150], [Fraction(4, 5)] * 2, [1, 1]) == [130, 100]


def test_unit_costs_add_up() -> None:
    items = [{"units": [2, 3], "standard": [10, 10], "factor": [1, Fraction(3, 2)]}]
    assert need.unit_costs(items) == [20, 45]


def test_cost_factors_follow_their_formula() -> None:
    items = [{"share": [Fraction(1, 2)], "factor": [2]}, {"share": [Fraction(1, 2)], "factor": [1]}]
    found = need.cost_factors([100], [10], [1], [3], [Fraction(85, 100)], items, [[2]])
    assert found == [100 * 10 * Fraction(13, 10) * Fraction(3, 2) * 2]


def test_brackets_by_class_charge_marginal_rates() -> None:
    rows = [
        {"unit_class": ["main"] * 2, "start": [0] * 2, "rate": [Fraction(9, 100)] * 2},
        {"unit_class": ["main"] * 2, "start": [400] * 2, "rate": [Fraction(54, 1000)] * 2},
        {"unit_class": ["other"] * 2, "start": [0] * 2, "rate": [Fraction(17, 100)] * 2},
    ]
    assert donor.by_class([500, 500], [10, 10], ["main", "other"], rows).amounts == [414, 850]
    with pytest.raises(ValueError, match="third"):
        donor.by_class([500, 500], [10, 10], ["main", "third"], rows)


def test_criteria_share_the_pool_by_their_parts() -> None:
    rows = [
        {"weight": [Fraction(1, 4)] * 2, "by": [1, 1]},
        {"weight": [Fraction(3, 4)] * 2, "by": [1, 2]},
    ]
    assert recipient.criteria(800, rows, [1, 1]).amounts == [300, 500]
    assert recipient.criteria(800, rows, [0, 1]).amounts == [0, 800]


def test_water_filling_reports_floor_and_how_many_it_raised() -> None:
    found = recipient.water_fill(300, [100, 200, 900], [1, 1, 1], [1, 1, 1])
    assert found.amounts == [200, 100, 0]
    assert found.figures == {"level": 300, "raised": 2}


def test_difficulty_leaves_out_units_without_a_gap() -> None:
    found = recipient.difficulty(
        300,
        expenditure=[200, 200, 100],
        revenue=[100, 100, 150],
        must_pay=[90, 90, 60],
        pool_weight=[1] * 3,
        difficulty_weight=[1] * 3,
        must_pay_weight=[1] * 3,
        gap_weight=[1] * 3,
        deviation="sample",
    )
    assert found.amounts == [150, 150, 0]


def test_a_donor_cap_moves_the_rest_to_other_donors_or_drops_it() -> None:
    data = table("u,cap,pop", [("a", 100, 4), ("b", 800, 1), ("c", 600, 1)])
    line = 'bounds = [{ method = "donor_cap", base = "cap", rate = "0.4"%s }]'
    shared = by_unit(go(bounded(line % ""), data), "t_paid")
    dropped = by_unit(go(bounded(line % ', excess = "drop"'), data), "t_paid")
    assert dropped == {"a": 0, "b": 320, "c": 210}
    assert shared == {"a": 0, "b": 320, "c": 220}


@pytest.mark.parametrize(
    ("line", "name", "least"),
    [
        ('{ method = "keep_target", capacity = "cap", target = "standard" }', "b", 200),
        ('{ method = "retention", capacity = "cap", least = "90%" }', "b", 270),
    ],
)
def test_donors_keep_what_they_must(line: str, name: str, least: int) -> None:
    line = line.replace(" }", ', excess = "drop" }')
    body = bounded(f"bounds = [{line}]").replace('value = "60%"', 'value = "150%"')
    found = by_unit(go(body, DATA), "net")
    assert 300 + int(str(found[name])) == least


def test_order_is_kept_by_meeting_at_a_common_level() -> None:
    state = Net([0, 0, 90], [60, 30, 0])
    found = bounds.no_rank_reversal(state, [100, 110, 200], [1, 1, 1])
    held = [c + r - p for c, r, p in zip([100, 110, 200], found.received, found.paid, strict=True)]
    assert sum(held) == 410
    assert held == sorted(held)
    kept = bounds.no_rank_reversal(Net([0, 10], [10, 0]), [100, 200], [1, 1])
    assert kept == Net([0, 10], [10, 0])


def test_a_group_gets_its_share() -> None:
    found = bounds.group_share(Net([0, 0], [30, 70]), [1, 0], [Fraction(1, 2)] * 2)
    assert found.received == [50, 50]


def test_growth_binds_only_who_had_something_before() -> None:
    found = transition.growth([100, 0], [Fraction(9, 10)] * 2, [Fraction(11, 10)] * 2, "received")
    assert (found.least, found.most) == ([90, None], [110, None])


def test_phase_in_mixes_old_and_new() -> None:
    found = transition.phase_in(Net([30, 0], [0, 30]), [-90, 90], [Fraction(1, 3)] * 2)
    assert found == Net([70, 0], [0, 70])
    with pytest.raises(ValueError, match="add up"):
        transition.phase_in(Net([30, 0], [0, 30]), [-90, 80], [Fraction(1, 3)] * 2)


def test_hardship_is_paid_by_the_gainers() -> None:
    found = transition.hardship(Net([0, 0], [0, 100]), [100, 0], [100, 100], [Fraction(1, 10)] * 2)
    assert found.received == [90, 10]


def test_transition_runs_inside_a_scheme() -> None:
    data = table("u,cap,pop,prev", [("a", 100, 1, 10), ("b", 300, 1, -10), ("c", 200, 1, 0)])
    line = 'transition = [{ method = "phase_in", previous = "given(prev, 0)", share = "50%" }]'
    assert by_unit(go(bounded(line), data), "net") == {"a": 35, "b": -35, "c": 0}


def test_earmarks_split_what_is_received_to_the_fen() -> None:
    body = LINEAR + '[[earmark]]\npurpose = "产业"\nshare = "1/3"\narticle = "e1"\n'
    result = go(body, DATA)
    parts = result.purposes.rows
    assert parts["产业"][0] == 20
    assert [sum(p) for p in zip(*parts.values(), strict=True)] == result.at("received")


def test_every_method_says_what_it_is() -> None:
    for stage, methods in METHODS.items():
        for name, one in methods.items():
            assert one.function.__doc__, (stage, name)
