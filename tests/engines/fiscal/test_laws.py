"""The shipped schemes against published figures and identities of their laws."""

from fractions import Fraction

import msgspec
import pytest

from engines.fiscal.fiscal_world import by_unit, go, table
from shanhai.engines.fiscal import library, parse_scheme, prepare
from shanhai.engines.fiscal.report import outputs
from shanhai.kernel.errors import InvalidInputError

POOLS = {
    "br-fundeb": {"vaaf_pool": "20000000", "vaat_pool": "10000000"},
    "cn-equalisation-2022": {"pool": "40000"},
}
GERMANY = """
[scheme]
id = "b4"
title_zh = "合成"
valid_from = 2020-01-01
source = "FAG"
currency = "EUR"
[data]
unit = "state"
[data.columns]
amz = { kind = "money", unit = "million EUR" }
z = { kind = "money", unit = "million EUR" }
[[capacity]]
name = "fkm"
article = "§10"
formula = "amz - z / 63%"
[[transfer]]
name = "ausgleich"
article = "§10"
balance = "exact"
donor = { method = "linear", capacity = "fkm", target = "amz", rate = "63%" }
recipient = { method = "gap", capacity = "fkm", target = "amz", rate = "63%" }
"""


@pytest.mark.parametrize("name", library.names())
def test_every_shipped_scheme_runs_on_its_example_and_balances(name: str) -> None:
    result = go(library.scheme_text(name), library.example(name), POOLS.get(name))
    summary = msgspec.json.decode(outputs(result)["result.json"])
    assert summary["zero_sum"]
    for transfer in result.scheme.transfers:
        outcome = result.transfers[transfer.name]
        if not transfer.payer:
            assert sum(outcome.paid) == sum(outcome.received) > 0
    assert all(line.article for line in result.lines)


def test_generated_examples_say_so() -> None:
    for name in library.names():
        if name not in ("cn-chishui-2018", "cn-east-west-capacity", "cn-east-west-pairs"):
            assert all("模拟" in row for row in library.example(name).splitlines()[1:])


def test_what_no_source_confirms_is_marked() -> None:
    for name in library.names():
        scheme = parse_scheme(library.scheme_text(name))
        assert scheme.head.status in ("confirmed", "待核", "示例")
    zones = parse_scheme(library.scheme_text("cn-equalisation-2022")).parameters
    assert {zones[n].status for n in ("growth_least", "growth_most", "pool_weight")} == {"示例"}


def test_b4_the_63_percent_rule_recovers_the_amounts_it_was_made_from() -> None:
    rows = [("A", 1000, 12.34), ("B", 2000, -20.5), ("C", 500, 8.16)]
    found = by_unit(go(GERMANY, table("state,amz,z", rows)), "net")
    assert found == {"A": 12_34_0000_00, "B": -20_50_0000_00, "C": 8_16_0000_00}


def germany(name: str) -> dict[str, dict[str, object]]:
    result = go(library.scheme_text(name), library.example(name))
    names = ("ausgleich", "bez", "fkm", "amz", "ausgleich_paid", "ausgleich_received")
    return {key: by_unit(result, key) for key in names}


def test_b5_both_sides_fall_by_400_million_and_the_fill_below_the_knee_stays() -> None:
    old, new = germany("de-2020"), germany("de-2026")
    for side in ("ausgleich_paid", "ausgleich_received"):
        fall = sum(map(int, map(str, old[side].values()))) - sum(
            map(int, map(str, new[side].values()))
        )
        assert abs(fall - 400_000_000_00) <= 2
    for state, amz in old["amz"].items():
        amz_, fkm = Fraction(str(amz)), Fraction(str(old["fkm"][state]))
        if fkm <= amz_ * Fraction(147, 148):
            both = [int(str(y["ausgleich"][state])) + int(str(y["bez"][state])) for y in (old, new)]
            assert abs(both[0] - both[1]) <= 2


def test_b5_marginal_fill_with_grants_is_926_per_mille() -> None:
    k, rate, bez = Fraction(3, 100), Fraction(63, 100), Fraction(4, 5)
    z = (1 - bez) * k / (1 - rate + k)
    assert rate - k + (bez + z) * (1 - rate + k) == Fraction(926, 1000)


CHISHUI = {"云南": 4_000_000_000, "贵州": -2_000_000_000, "四川": -2_000_000_000}


@pytest.mark.parametrize(
    ("sets", "change"),
    [
        ({}, {}),
        (
            {"qingshuipu_failed": "1"},
            {"云南": -6_000_000_000, "贵州": 3_000_000_000, "四川": 3_000_000_000},
        ),
        (
            {"qingshuipu_failed": "50%"},
            {"云南": -3_000_000_000, "贵州": 1_500_000_000, "四川": 1_500_000_000},
        ),
        ({"lianyuxi_failed": "1"}, {"贵州": -8_000_000_000, "四川": 8_000_000_000}),
        (
            {"maotai_failed": "1", "maotai_amount": "0.4"},
            {"云南": 4_000_000_000, "贵州": -2_000_000_000, "四川": -2_000_000_000},
        ),
    ],
)
def test_b9_chishui_in_full_and_each_branch_of_failure(
    sets: dict[str, str], change: dict[str, int]
) -> None:
    name = "cn-chishui-2018"
    found = by_unit(go(library.scheme_text(name), library.example(name), sets), "net")
    assert found == {unit: CHISHUI[unit] + change.get(unit, 0) for unit in CHISHUI}


def test_b10_chile_coefficients_add_up_to_one() -> None:
    result = go(library.scheme_text("cl-fcm"), library.example("cl-fcm"))
    assert abs(sum(result.values["coefficient"]) - 1) < Fraction(1, 10**60)


def test_b11_the_pool_is_used_up_within_growth_bounds() -> None:
    name = "cn-equalisation-2022"
    result = go(library.scheme_text(name), library.example(name), POOLS[name])
    assert sum(result.at("equalisation")) == 40000 * 10**10
    for got, before in zip(result.at("equalisation"), result.values["previous"], strict=True):
        assert not before or before <= got <= before * Fraction(12, 10)


def test_fundeb_raises_all_below_to_one_floor_and_nobody_above() -> None:
    name = "br-fundeb"
    result = go(library.scheme_text(name), library.example(name), POOLS[name])
    level = Fraction(result.transfers["vaat"].figures["level"])
    rows = zip(
        result.units,
        result.values["vaat_before"],
        result.values["vaat_after"],
        result.values["eligible"],
        result.values["pupils_vaat"],
        strict=True,
    )
    for _, before, after, eligible, pupils in rows:
        expected = max(before, level) if eligible else before
        assert abs(after - expected) <= Fraction(1) / pupils
    for state in set(result.values["state"]):
        own = [at for at, name_ in enumerate(result.values["state"]) if name_ == state]
        assert not sum(result.at("state_pool")[at] for at in own)


def test_a_day_outside_the_law_is_refused() -> None:
    scheme = parse_scheme(library.scheme_text("de-2020"))
    with pytest.raises(InvalidInputError, match="2020-01-01"):
        prepare(scheme, scheme.head.valid_to.replace(year=2026))


def test_real_provinces_keep_the_printed_total_of_what_was_paid() -> None:
    name = "cn-east-west-capacity"
    result = go(library.scheme_text(name), library.example(name))
    paid = [amount for amount in result.values["actual"] if amount is not None]
    assert sum(paid) == 47129 * 10**8  # 471.29 亿元, the sum of the printed provinces
    assert sum(result.at("paid")) == 229 * 10**10
    assert max(result.values["share_of_revenue"]) <= Fraction(15, 1000)
