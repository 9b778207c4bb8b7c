"""Sobol and Shapley effects on known functions; bands, grades, groups and remove-one on small schemes."""

import numpy as np
import pytest
from scipy.stats import qmc

from engines.indicators.schemes import matrix_text, read, scheme_text
from shanhai.engines.indicators import read_scheme, run
from shanhai.engines.indicators.uncertainty.analyse import analyse
from shanhai.engines.indicators.uncertainty.bands import apart
from shanhai.engines.indicators.uncertainty.effects import (
    design,
    grid_costs,
    grid_effects,
    sample_costs,
    shapley,
    sobol,
)
from shanhai.engines.indicators.uncertainty.patch import patched
from shanhai.engines.indicators.uncertainty.space import Space
from shanhai.kernel.errors import InvalidInputError

X = np.round(np.random.default_rng(3).uniform(1, 9, (12, 4)), 2)
DATA, CODES = matrix_text(X.tolist())
NORMAL = '[[steps]]\nstep = "normalise"\nmethod = "minmax"\nlow = 1\n'
GRADES = '[grades]\ngrades = [{ name = "好", from = 60 }, { name = "一般", from = 40 }, { name = "差" }]\n'


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * u - 1)
    found: np.ndarray = (
        np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    )
    return found


def test_sobol_effects_of_ishigami_come_out() -> None:
    points = qmc.Sobol(6, rng=np.random.default_rng(1)).random_base2(14)
    y = ishigami(design(points[:, :3], points[:, 3:]))
    found = sobol(y, 3, bootstrap=20)
    assert np.allclose(found.first, [0.3139, 0.4424, 0.0], atol=0.01)
    assert np.allclose(found.total, [0.5576, 0.4424, 0.2437], atol=0.01)
    assert found.first_band is not None
    assert (found.first_band[:, 0] < found.first).all()


def test_shapley_effects_of_ishigami_share_the_interaction() -> None:
    u = qmc.Sobol(3, rng=np.random.default_rng(1)).random_base2(13)
    found = shapley(sample_costs(u, ishigami(u)), 3)
    assert np.allclose(found, [0.4357, 0.4424, 0.1219], atol=0.04)
    assert found.sum() == pytest.approx(1)


def test_a_grid_gives_exact_effects() -> None:
    a, b = np.meshgrid([0.0, 1.0], [0.0, 1.0, 2.0], indexing="ij")
    costs = grid_costs((2 * a + b)[..., None])
    found = grid_effects(costs, 2)
    assert np.allclose(found.first, [1 / (1 + 2 / 3), 2 / 3 / (1 + 2 / 3)])
    assert np.allclose(found.total, found.first)
    assert np.allclose(shapley(costs, 2), found.first)


def test_all_values_are_enumerated_and_the_bands_hold_the_nominal_rank() -> None:
    rest = (
        NORMAL
        + GRADES
        + (
            '[sensitivity]\n[[sensitivity.assumptions]]\nname = "how"\npath = "aggregate.method"\n'
            'values = ["arithmetic", "geometric", "harmonic"]\n'
            '[[sensitivity.assumptions]]\nname = "scale"\npath = "steps.normalise"\n'
            'values = [{ method = "minmax", low = 1 }, { method = "zscore", mean = 50, sd = 10 }]\n'
        )
    )
    text = scheme_text(CODES, rest)
    found = analyse(read_scheme(text), read(text, DATA))
    assert (found.method, found.runs) == ("enumerate", 6)
    assert all(row["rank_low"] <= row["rank"] <= row["rank_high"] for row in found.units)
    assert all(
        sum(row[f"p_{name}"] for name in ("好", "一般", "差")) == pytest.approx(1)
        for row in found.units
    )
    assert sum(row["shapley"] for row in found.effects["score"]) == pytest.approx(1)


def test_weights_drawn_together_agree_with_each_drawn_alone() -> None:
    rest = NORMAL + (
        '[sensitivity]\nmethod = "montecarlo"\nreplications = 16\n'
        '[[sensitivity.assumptions]]\nname = "w"\nweights = 0.5\ndraws = 16\n'
    )
    text = scheme_text(CODES, rest)
    scheme, table = read_scheme(text), read(text, DATA)
    space = Space(scheme, table)
    points = space.sample(16, 1)
    answers = space.answers(points)
    for at, point in enumerate(points):
        factors = {code: float(v[0]) for code, v in space._factors(point[None]).items()}  # noqa: SLF001
        alone = run(scheme, table, factors=factors)
        assert np.allclose(answers.scores[at], alone.judged.scores, atol=1e-12)
        assert (answers.ranks[at] == alone.judged.ranks).all()


def test_the_same_seed_gives_the_same_analysis_and_dependence_gives_shapley_shares() -> None:
    rest = NORMAL + (
        "[sensitivity]\nreplications = 64\nbootstrap = 10\n"
        '[[sensitivity.assumptions]]\nname = "low"\npath = "steps.normalise.low"\nrange = [1, 40]\n'
        '[[sensitivity.assumptions]]\nname = "w"\nweights = 0.5\n'
        '[[sensitivity.dependence]]\nof = ["low", "w"]\ncorrelation = 0.5\n'
    )
    text = scheme_text(CODES, rest + '[aggregate]\nmethod = "geometric"\n')
    scheme, table = read_scheme(text), read(text, DATA)
    first, second = analyse(scheme, table), analyse(scheme, table)
    assert first == second
    assert first.method == "montecarlo"
    assert sum(row["shapley"] for row in first.effects["rank_shift"]) == pytest.approx(1)


def test_units_are_told_apart_only_where_the_leader_stands_above() -> None:
    scores = np.array([[5.0, 4.9, 1.0], [5.0, 5.1, 1.0], [5.0, 4.8, 1.0]])
    assert apart(scores, np.array([5.0, 4.9, 1.0]), 0.95).tolist() == [1, 1, 2]


def test_remove_one_is_the_scheme_without_it() -> None:
    text = scheme_text(
        CODES,
        NORMAL
        + '[sensitivity]\n[[sensitivity.assumptions]]\nname = "w"\nweights = 0.1\ndraws = 2\n',
    )
    scheme, table = read_scheme(text), read(text, DATA)
    removed = {row["code"]: row["mean_abs_rank_change"] for row in analyse(scheme, table).removed}
    without = scheme_text(CODES[1:], NORMAL)
    before = run(scheme, table).judged.ranks
    after = run(read_scheme(without), read(without, DATA)).judged.ranks
    assert removed["c1"] == pytest.approx(np.abs(after - before).mean())


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("stepz.normalise.low", "steps"),
        ("steps.normalize.low", "normalise"),
        ("aggregate.x.y", "method"),
    ],
)
def test_a_wrong_path_is_refused_with_the_nearest_part(path: str, nearest: str) -> None:
    raw = {
        "steps": [{"step": "normalise", "method": "minmax"}],
        "aggregate": {"method": "arithmetic"},
    }
    with pytest.raises(InvalidInputError) as refusal:
        patched(raw, path, 1, "here")
    assert refusal.value.facts["nearest"] == nearest


def test_goalposts_may_be_varied_and_columns_may_not() -> None:
    rest = (
        '[[steps]]\nstep = "normalise"\nmethod = "goalposts"\nposts = [0, 10]\n[sensitivity]\n'
        '[[sensitivity.assumptions]]\nname = "g"\npath = "indicators.c1.goalposts"\n'
        "values = [[0, 10], [0, 40]]\n"
    )
    text = scheme_text(CODES, rest)
    space = Space(read_scheme(text), read(text, DATA))
    scores = space.answers(np.array([[0.0], [0.9]])).scores
    assert np.allclose(scores[0], space.nominal.judged.scores)
    assert np.allclose(scores[0] - scores[1], X[:, 0] * (1 / 10 - 1 / 40) / 4)
    wrong = text.replace("c1.goalposts", "c1.column")
    with pytest.raises(InvalidInputError):
        Space(read_scheme(wrong), read(wrong, DATA))


def test_a_wrong_setting_is_refused_before_anything_is_computed() -> None:
    rest = (
        NORMAL
        + '[sensitivity]\n[[sensitivity.assumptions]]\nname = "m"\npath = "aggregate.method"\nvalues = ["geometrik"]\n'
    )
    text = scheme_text(CODES, rest)
    with pytest.raises(InvalidInputError) as refusal:
        analyse(read_scheme(text), read(text, DATA))
    assert refusal.value.facts["nearest"] == "geometric"


def test_false_takes_a_step_out() -> None:
    raw = {"steps": [{"step": "impute", "method": "mean"}, {"step": "normalise", "method": "rank"}]}
    assert patched(raw, "steps.impute", value=False, place="")["steps"] == [raw["steps"][1]]
