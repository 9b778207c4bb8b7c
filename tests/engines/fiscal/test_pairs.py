"""Placing money by pair: sums, minimums, evenness against a slow oracle."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.fiscal.fiscal_world import by_unit, go, table
from shanhai.engines.fiscal.pairs import PairError, Pairing, by_flow, by_ras
from shanhai.kernel.errors import InvalidInputError


@st.composite
def problems(draw: st.DrawFn) -> Pairing:
    donors, recipients = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pairs = list(product(range(donors), range(10, 10 + recipients)))
    chosen = draw(st.sets(st.sampled_from(pairs), min_size=1))
    edges = {edge: draw(st.integers(0, 20)) for edge in sorted(chosen)}
    pays = {
        d: sum(m for (e, _), m in edges.items() if e == d) + draw(st.integers(0, 1000))
        for d in {d for d, _ in edges}
    }
    wants = {r: draw(st.integers(1, 100)) for r in {r for _, r in edges}}
    return Pairing(pays, wants, edges)


@settings(deadline=None)
@given(problems())
def test_both_ways_place_all_and_keep_minimums(problem: Pairing) -> None:
    for solve in (by_flow, by_ras):
        flows = solve(problem)
        assert flows.keys() == problem.edges.keys()
        assert all(flows[edge] >= least for edge, least in problem.edges.items())
        for donor, paid in problem.pays.items():
            assert sum(a for (d, _), a in flows.items() if d == donor) == paid


@settings(deadline=None)
@given(problems())
def test_no_recipient_can_be_helped_without_hurting_a_poorer_one(problem: Pairing) -> None:
    flows = by_flow(problem)
    got = {r: sum(a for (_, e), a in flows.items() if e == r) for r in problem.wants}
    met = {r: Fraction(got[r], 1) / problem.wants[r] for r in got}
    for donor, rich in problem.edges:
        movable = flows[donor, rich] - problem.edges[donor, rich]
        poorer = [r for d, r in problem.edges if d == donor and movable > 1]
        for poor in poorer:
            slack = Fraction(2) / min(problem.wants[rich], problem.wants[poor])
            assert met[poor] >= met[rich] - slack


def test_a_lone_pair_takes_everything_whatever_the_need() -> None:
    problem = Pairing({0: 100, 1: 10}, {5: 1, 6: 1}, {(0, 5): 0, (1, 5): 0, (1, 6): 0})
    assert by_flow(problem) == {(0, 5): 100, (1, 5): 0, (1, 6): 10}


def test_ras_meets_both_margins_where_it_can() -> None:
    problem = Pairing({0: 60, 1: 40}, {5: 1, 6: 1}, dict.fromkeys(product((0, 1), (5, 6)), 0))
    flows = by_ras(problem)
    assert flows == {(0, 5): 30, (0, 6): 30, (1, 5): 20, (1, 6): 20}


@pytest.mark.parametrize(("pays", "edges"), [({0: 5}, {(0, 5): 9}), ({0: 5, 1: 3}, {(0, 5): 0})])
def test_what_cannot_be_paid_is_refused(
    pays: dict[int, int], edges: dict[tuple[int, int], int]
) -> None:
    with pytest.raises(PairError):
        by_flow(Pairing(pays, {5: 1}, edges))


def test_ras_fits_a_matrix_of_weights_as_float_fitting_does() -> None:
    seed = [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]]
    rows, columns = [150, 300, 400, 150], [200, 300, 400, 100]
    x = [[float(cell) for cell in row] for row in seed]
    for _ in range(200):
        x = [[cell * total / sum(row) for cell in row] for row, total in zip(x, rows, strict=True)]
        sums = [sum(column) for column in zip(*x, strict=True)]
        x = [[c * t / s for c, t, s in zip(row, columns, sums, strict=True)] for row in x]
    pairs = list(product(range(4), range(10, 14)))
    flows = by_ras(
        Pairing(
            {d: 10_000 * total for d, total in enumerate(rows)},
            {10 + r: total for r, total in enumerate(columns)},
            dict.fromkeys(pairs, 0),
            {(d, r): seed[d][r - 10] for d, r in pairs},
        )
    )
    assert all(abs(flows[d, r] / 10_000 - x[d][r - 10]) < 0.001 for d, r in pairs)


def test_weights_are_for_ras_alone() -> None:
    body = """
[data.columns]
gives = { kind = "money", unit = "fen" }
[[transfer]]
name = "t"
article = "1"
fit = "FIT"
donor = { amount = "gives" }
recipient = { amount = "300 fen - gives" }
pair = [{ donor = "a", recipient = "b", weight = 3 }, { donor = "a", recipient = "c" }]
"""
    data = table("u,gives", [("a", 300), ("b", 0), ("c", 0)])
    assert by_unit(go(body.replace("FIT", "ras"), data), "received") == {"a": 0, "b": 150, "c": 150}
    for bad in (body.replace("FIT", "flow"), body.replace("FIT", "ras").replace("= 3", "= 0")):
        with pytest.raises(InvalidInputError) as error:
            go(bad, data)
        assert error.value.code == "fiscal.pair"
