"""Explanations add up to the last indicator; the cheapest way reaches the grade and is no dearer than a search finds."""

import itertools

import numpy as np
import pytest

from engines.indicators.schemes import HEAD, ran, table_text
from shanhai.engines.indicators import write_run
from shanhai.engines.indicators.compare import compare, read_result
from shanhai.engines.indicators.explain import explain, find_row
from shanhai.engines.indicators.telling import lines_of, told, way_up
from shanhai.engines.indicators.upgrade import Plan, upgrade
from shanhai.kernel.errors import InvalidInputError

NODES = """
[[nodes]]
code = "index"
[[nodes]]
code = "A"
parent = "index"
weight = 0.6
[[nodes]]
code = "B"
parent = "index"
weight = 0.4
"""
DATA = table_text(
    {
        "unit": ["u1", "u2", "u3", "u4", "u5"],
        "p": [10, 40, 60, 80, 95],
        "q": [50, 20, 90, 70, 30],
        "r": [5, 4, 3, 2, None],
        "s": [1, 9, 4, 6, 7],
    }
)
GRADES = (
    '[grades]\ngrades = [{ name = "好", from = 75 }, { name = "中", from = 55 }, { name = "差" }]\n'
)


def scheme(aggregate: str = "arithmetic", improve: str = "", normalise: str = "minmax") -> str:
    leaves = "".join(
        f'[[indicators]]\ncode = "{code}"\nparent = "{parent}"\ndirection = {sign}\n{improve.format(code=code)}\n'
        for code, parent, sign in (("p", "A", 1), ("q", "A", 1), ("r", "B", -1), ("s", "B", 1))
    )
    low = "low = 1\n" if normalise == "minmax" else ""
    step = f'[[steps]]\nstep = "normalise"\nmethod = "{normalise}"\n{low}'
    return HEAD + NODES + leaves + step + f'[aggregate]\nmethod = "{aggregate}"\n' + GRADES


@pytest.mark.parametrize("how", ["arithmetic", "geometric", "harmonic", "min"])
@pytest.mark.parametrize("against", [None, 3])
def test_the_parts_sum_to_the_difference_at_every_node(how: str, against: int | None) -> None:
    found = ran(scheme(how), DATA)
    for row in range(5):
        one = explain(found, row, against)
        whole = one.before_rules - one.reference_score
        assert sum(leaf["points"] for leaf in one.leaves) == pytest.approx(whole, abs=1e-9)
        assert one.parts["A"] + one.parts["B"] == pytest.approx(whole, abs=1e-9)


def test_in_an_arithmetic_scheme_a_part_is_weight_times_difference() -> None:
    found = ran(scheme(), DATA)
    x = found.stages[-1].frame.x
    one = explain(found, 0, 1)
    for leaf in one.leaves:
        j = found.stages[-1].frame.codes.index(leaf["code"])
        assert leaf["points"] == pytest.approx(leaf["effective"] * (x[0, j] - x[1, j]))


def test_a_relational_score_is_explained_too() -> None:
    imputed = scheme("topsis").replace("low = 1\n", "").replace('"normalise"', '"impute"')
    found = ran(imputed.replace('"minmax"', '"mean"'), DATA)
    one = explain(found, 2)
    whole = one.before_rules - one.reference_score
    assert sum(leaf["points"] for leaf in one.leaves) == pytest.approx(whole, abs=1e-9)


def test_a_time_without_a_panel_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        find_row(ran(scheme(), DATA), "u1", 2024)
    assert refusal.value.code == "indicators.no_panel"


def test_an_unknown_unit_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        find_row(ran(scheme(), DATA), "U1")
    assert refusal.value.facts["nearest"] == "u1"


@pytest.mark.parametrize("how", ["arithmetic", "geometric"])
def test_the_way_up_reaches_the_grade(how: str) -> None:
    found = ran(scheme(how), DATA)
    plan = upgrade(found, 0)
    assert plan.reached >= plan.needed - 1e-6
    assert plan.changes


def test_nothing_on_a_grid_is_cheaper_than_the_plan() -> None:
    found = ran(scheme(improve="improve = {{ cost = 1.0, most = 60 }}"), DATA)
    plan = upgrade(found, 0)
    frame = found.stages[-1].frame
    raw = found.stages[0].frame.x
    slopes = np.array([99 / (np.nanmax(raw[:, j]) - np.nanmin(raw[:, j])) for j in range(4)])
    weights = np.array([found.combined.effective()[code] for code in "pqrs"])
    room = np.minimum((100 - frame.x[0]) / slopes, 60)
    shares = np.array(list(itertools.product(np.linspace(0, 1, 21), repeat=4)))
    amounts = shares * room
    reached = (frame.x[0] + amounts * slopes) @ weights
    best = amounts.sum(axis=1)[reached >= plan.needed].min()
    assert plan.exact
    assert plan.cost <= best + 1e-9


def test_the_best_grade_needs_no_way_and_limits_may_forbid_one() -> None:
    found = ran(scheme(), DATA)
    best = int(np.argmax(found.judged.scores))
    with pytest.raises(InvalidInputError, match="not_needed"):
        upgrade(found, best, "好" if found.judged.grades[best] != "好" else "")  # type: ignore[index]
    tight = ran(scheme(improve="improve = {{ most = 0.01 }}"), DATA)
    refusal = way_up(tight, 0)
    assert isinstance(refusal, InvalidInputError)
    assert refusal.code == "indicators.unreachable"


def test_the_lines_name_every_indicator_in_both_languages() -> None:
    found = ran(scheme(), DATA)
    one, plan = explain(found, 0), way_up(found, 0)
    text = "\n".join(lines_of(found, one, plan))
    assert all(code in text for code in "pqrs")
    assert "原值 raw" in text
    assert isinstance(plan, Plan)
    assert told(found, 0, one, plan)["upgrade"]["target"] == plan.target


def test_two_results_are_compared(tmp_path: "object") -> None:
    from pathlib import Path  # noqa: PLC0415

    folder = Path(str(tmp_path))
    write_run(ran(scheme(), DATA), folder / "a", {})
    write_run(ran(scheme("geometric"), DATA), folder / "b", {})
    found = compare(read_result(folder / "a"), read_result(folder / "b"))
    assert found["summary"]["both"] == 5
    assert {"what": "index.aggregate", "a": "arithmetic", "b": "geometric"} in found["scheme"]
    assert (
        compare(read_result(folder / "a"), read_result(folder / "a"))["summary"][
            "mean_abs_rank_change"
        ]
        == 0
    )
    with pytest.raises(InvalidInputError):
        read_result(folder)


def test_a_quota_is_reached_by_drawing_level_with_its_last() -> None:
    quota = '[grades]\nmethod = "quota"\ngrades = [{ name = "好", share = 0.4 }, { name = "差" }]\n'
    found = ran(scheme().replace(GRADES, quota), DATA)
    last = sorted(found.judged.scores)[-2]
    plan = upgrade(found, 0)
    assert plan.needed == last
    assert plan.reached >= last - 1e-8
