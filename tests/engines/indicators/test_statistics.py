"""Statistics against definitions and other libraries; difference-in-differences against dummies in statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from engines.indicators.schemes import matrix_text, ran, scheme_text, table_text
from shanhai.engines.indicators.effect import estimate, read_design, read_panel
from shanhai.engines.indicators.factor import components, varimax
from shanhai.engines.indicators.statistics import cronbach, statistics
from shanhai.engines.indicators.steps.shrink import beta_prior, wilson
from shanhai.engines.indicators.steps.treat import skew_kurtosis
from shanhai.kernel.errors import InvalidInputError

X = np.random.default_rng(5).normal(size=(30, 4)) + np.random.default_rng(6).normal(size=(30, 1))


def test_alpha_is_the_formula_of_variances() -> None:
    k = X.shape[1]
    expected = k / (k - 1) * (1 - X.var(axis=0, ddof=1).sum() / X.sum(axis=1).var(ddof=1))
    assert cronbach(X) == pytest.approx(expected, abs=1e-12)


def test_skew_and_kurtosis_are_those_of_spreadsheets() -> None:
    skew, kurt = skew_kurtosis(X)
    assert np.allclose(skew, stats.skew(X, bias=False))
    assert np.allclose(kurt, stats.kurtosis(X, bias=False))


def test_components_rebuild_the_correlations_and_varimax_keeps_communalities() -> None:
    r = np.atleast_2d(np.corrcoef(X, rowvar=False))
    found = components(r)
    assert np.allclose(found.loadings @ found.loadings.T, r)
    two = found.loadings[:, :2]
    turned = varimax(two)
    assert np.allclose((turned**2).sum(axis=1), (two**2).sum(axis=1))
    assert (turned**4).sum() >= (two**4).sum() - 1e-9


def test_the_statistics_of_a_panel_hold_growth_and_flags() -> None:
    data = table_text(
        {
            "unit": ["a", "a", "b", "b", "c", "c"],
            "year": [2020, 2022] * 3,
            "v": [1, 4, 2, 2, 5, 3],
            "w": [1, 4.1, 2, 2.1, 5, 3],
        }
    )
    rest = '[data]\ntime = "year"\n[[steps]]\nstep = "normalise"\nmethod = "minmax"\n'
    found = statistics(ran(scheme_text(["v", "w"], rest), data))
    growth = {(row["unit"], row["code"]): row for row in found["trends"]}
    assert growth["a", "v"]["cagr"] is None  # the scale begins at zero
    (pair,) = found["correlations"]
    assert pair["pearson_flag"] == "high"
    assert found["pca"]["normalised"]["eigenvalues"][0] == pytest.approx(2, abs=0.01)


def test_wilson_bounds_and_beta_prior() -> None:
    low, centre, high = wilson(np.array([1.0]), np.array([10.0]), 0.95)
    assert (low[0], high[0]) == (pytest.approx(0.0179, abs=1e-4), pytest.approx(0.4042, abs=1e-4))
    assert low[0] < centre[0] < high[0]
    a, b = beta_prior(np.array([1.0, 30.0, 2.0]), np.array([10.0, 100.0, 50.0]))
    assert a > 0
    assert b > 0
    assert a / (a + b) == pytest.approx(33 / 160)


def test_shrinkage_pulls_a_small_unit_further_than_a_large_one() -> None:
    data = table_text({"unit": ["s", "l", "m"], "back": [1, 100, 1], "all": [9, 900, 90]})
    rest = '[[steps]]\nstep = "shrink"\nmethod = "beta"\nindicator = "rate"\nevents = "back"\ntrials = "all"\n'
    text = scheme_text(["rate"], rest, own='column = "back"')
    found = dict(zip("lms", ran(text, data).combined.scores, strict=True))
    common = 102 / 999
    assert abs(found["s"] - common) < abs(1 / 9 - common)
    assert abs(found["l"] - 1 / 9) < abs(found["s"] - 1 / 9) + 1e-12


def panel(effect: float = 2.0) -> str:
    random = np.random.default_rng(11)
    rows = ["county,year,y,start,rain"]
    for i in range(24):
        start = "2018" if i % 2 else ""
        level = random.normal()
        for year in range(2014, 2022):
            treated = effect * (year >= 2018) if start else 0.0
            rain = random.normal()
            y = level + 0.3 * (year - 2014) + treated + 0.5 * rain + random.normal(scale=0.3)
            rows.append(f"c{i:02},{year},{y!r},{start},{rain!r}")
    return "\n".join(rows)


W = [1, 4.1, 2, 2.1, 5, 3]
DESIGN = 'unit = "county"\ntime = "year"\noutcome = "y"\nstart = "start"\ncovariates = ["rain"]\nplacebo = 99\n'


def test_the_effect_and_its_clustered_error_are_those_of_dummies() -> None:
    asked = read_design(DESIGN)
    rows = read_panel(panel(), asked)
    found = estimate(asked, rows)
    _, time = np.unique(rows.times, return_inverse=True)
    treated = (rows.times >= np.nan_to_num(rows.start, nan=np.inf)).astype(float)
    dummies = [np.eye(24)[rows.unit], np.eye(8)[time][:, 1:]]
    full = sm.OLS(rows.y, np.column_stack([treated, rows.x, *dummies]))
    fit = full.fit(cov_type="cluster", cov_kwds={"groups": rows.clusters, "use_correction": False})
    assert found["did"]["effect"] == pytest.approx(fit.params[0], abs=1e-9)
    scale = np.sqrt(24 / 23 * (len(rows.y) - 1) / (len(rows.y) - 10))
    assert found["did"]["se"] == pytest.approx(fit.bse[0] * scale, rel=1e-6)
    assert found["did"]["low"] < 2.0 < found["did"]["high"]
    assert found["placebo"]["p"] == pytest.approx(0.01)
    assert found["event_study"]["pre_trend"]["p"] > 0.01


def test_without_an_effect_chance_does_as_well() -> None:
    asked = read_design(DESIGN)
    found = estimate(asked, read_panel(panel(0.0), asked))
    assert found["placebo"]["p"] > 0.05


def test_wrong_names_and_nobody_treated_are_refused() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_design(DESIGN.replace("outcome", "outcom"))
    assert refusal.value.facts["nearest"] == "outcome"
    asked = read_design(DESIGN)
    with pytest.raises(InvalidInputError):
        estimate(asked, read_panel(panel().replace(",2018,", ",,"), asked))


def test_an_unbalanced_panel_is_swept_too() -> None:
    asked = read_design(DESIGN.replace('covariates = ["rain"]\n', ""))
    lines = panel().splitlines()
    rows = read_panel(
        "\n".join([lines[0], *(line for at, line in enumerate(lines[1:]) if at % 7)]), asked
    )
    assert estimate(asked, rows)["did"]["effect"] == pytest.approx(2.0, abs=0.3)


def test_matrix_text_names_units_in_order() -> None:
    assert matrix_text([[1, 2], [3, 4]])[0].splitlines()[0] == "unit,c1,c2"
