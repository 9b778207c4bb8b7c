"""Backwards: known parameters are found again, unreachable targets say what can be reached."""

from fractions import Fraction

import pytest

from engines.fiscal.fiscal_world import HEAD, LINEAR, by_unit, go, table
from shanhai.engines.fiscal import Ready, Table, library, parse_scheme, prepare, read_table
from shanhai.engines.fiscal.solve import Solution, parse_target, solve
from shanhai.kernel.errors import InvalidInputError

DATA = table("u,cap,pop", [("a", 100_000, 1), ("b", 300_000, 1), ("c", 200_000, 1)])


def made(text: str, data: str) -> tuple[Ready, Table]:
    scheme = parse_scheme(text)
    return prepare(scheme), read_table(data, scheme.data, scheme.head.currency)


def find(target: str, vary: str = "") -> Solution:
    ready = go(LINEAR, DATA).ready
    scheme = ready.scheme
    return solve(
        ready, read_table(DATA, scheme.data, scheme.head.currency), parse_target(target), vary
    )


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("sum(received) = 300 元", Fraction(3, 10)),
        ("lowest(after) = 1900 元", Fraction(9, 10)),
        ("gini(after, pop) = 1/9", Fraction(1, 2)),
        ("sum(received, where=pop > 0) = 50000 fen", Fraction(1, 2)),
        ("sum(t_paid) = sum(cap) / 10", Fraction(3, 5)),
        ("least abs(sum(received) - 700 元)", Fraction(7, 10)),
    ],
)
def test_the_rate_is_found(target: str, value: Fraction) -> None:
    found = find(target, "rate=0:1")
    assert abs(Fraction(found.value) - value) < Fraction(1, 10**4)
    assert sum(found.result.at("net")) == 0
    assert found.runs <= 120


def test_the_roundest_value_that_meets_the_target_is_given() -> None:
    assert find("sum(received) = 300 元", "rate=0:1").value == "0.3"
    assert find("lowest(after) = 1900 元", "rate=0:6").value == "0.9"


def test_a_known_need_per_head_of_germany_is_found_from_its_grants() -> None:
    text = library.scheme_text("de-2020").replace(
        "[parameters]",
        '[parameters]\nper_head = { value = "4000", unit = "EUR", article = "§6" }',
    )
    body = (
        text[: text.index("[[capacity]]")]
        + """
[[need]]
name = "amz"
article = "§6"
formula = "per_head * population * state_weight"
[[capacity]]
name = "fkm"
article = "§10"
formula = "amz - state_revenue / 63%"
[[transfer]]
name = "bez"
article = "§11"
payer = "Bund"
recipient = { amount = "bez_rate * max(0, bez_floor * amz - fkm - state_revenue)" }
"""
    )
    rows = [("BE", 3_600_000, 3800), ("SN", 4_000_000, 3300), ("BY", 13_000_000, -9800)]
    data = "state,name,population,state_revenue,municipal_revenue\n"
    data += "".join(f"{s},{s},{p},{z},0\n" for s, p, z in rows)
    ready, units = made(body, data)
    wanted = sum(go(body, data, {"per_head": "4321.09"}).at("bez"))
    found = solve(ready, units, parse_target(f"sum(bez) = {wanted} fen"), "per_head=1000:9000")
    assert abs(Fraction(found.value) - Fraction("4321.09")) < Fraction(1, 10**4)


def test_an_unreachable_target_says_what_can_be_reached() -> None:
    with pytest.raises(InvalidInputError) as error:
        find("sum(received) = 2000 元", "rate=0:1")
    assert error.value.code == "fiscal.solve.none"
    assert (error.value.facts["least"], error.value.facts["most"]) == ("0", "100000")


def test_where_the_scheme_cannot_run_the_search_goes_on_beside() -> None:
    cap = 'bounds = [{ method = "donor_cap", base = "cap", rate = "20%" }]'
    body = LINEAR.replace('balance = "exact"', f'balance = "donors"\n{cap}')
    ready, units = made(HEAD + body, DATA)
    with pytest.raises(InvalidInputError) as error:
        solve(ready, units, parse_target("lowest(after) = 1990 元"), "rate=0:1")
    assert error.value.code == "fiscal.solve.none"
    found = solve(ready, units, parse_target("lowest(after) = 1500 元"), "rate=0:1")
    assert abs(Fraction(found.value) - Fraction(1, 2)) < Fraction(1, 10**4)


@pytest.mark.parametrize(
    ("target", "vary", "code"),
    [
        ("sum(received)", "rate", "target"),
        ("sum(received) = 5", "rate", "formula.unit"),
        ("received = 5 fen", "rate", "one_value"),
        ("sum(recieved) = 5 fen", "rate", "formula.name"),
        ("sum(received) = 5 fen", "rat", "parameter"),
        ("sum(received) = 5 fen", "rate=5", "solve.between"),
    ],
)
def test_bad_targets_are_refused(target: str, vary: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        find(target, vary)
    assert error.value.code == f"fiscal.{code}"


def test_the_only_parameter_needs_no_name() -> None:
    assert find("sum(received) = 300 元").parameter == "rate"


def test_by_unit_helper_reads_figures() -> None:
    assert by_unit(go(LINEAR, DATA), "net") == {"a": 60_000, "b": -60_000, "c": 0}
