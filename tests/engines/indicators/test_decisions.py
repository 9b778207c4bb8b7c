"""Methods on decision matrices beside pymcdm, and printed examples of weights and pairwise comparison."""

import numpy as np
import pymcdm.methods as oracle
import pymcdm.weights as oracle_weights
import pytest
from numpy.random import default_rng

from engines.indicators.schemes import matrix_text, ran, scheme_text
from shanhai.engines.indicators.weights.expert import priorities

X = np.round(default_rng(7).uniform(1, 9, (9, 5)), 2)
SIGNS = "+-++-"
TYPES = np.array([1 if sign == "+" else -1 for sign in SIGNS])
Q, P = [0.1, 0.2, 0.3, 0.4, 0.5], [2, 3, 4, 5, 6]
BOUNDS = np.array([[0, 10]] * 5, dtype=float)
W = np.array([0.1, 0.25, 0.3, 0.15, 0.2])


def scores(method: str, extra: str = "", w: np.ndarray = W) -> np.ndarray:
    data, codes = matrix_text(X.tolist())
    text = scheme_text(codes, f'[aggregate]\nmethod = "{method}"\n{extra}', SIGNS)
    for code, weight in zip(codes, w, strict=True):
        text = text.replace(f'code = "{code}"', f'code = "{code}"\nweight = {weight}')
    found: np.ndarray = ran(text, data).combined.scores
    return found


def weights(method: str, extra: str = "", x: np.ndarray = X, signs: str = SIGNS) -> np.ndarray:
    data, codes = matrix_text(x.tolist())
    rest = f'[weights]\nmethod = "{method}"\n{extra}\n[aggregate]\nmethod = "topsis"\n'
    found: np.ndarray = ran(scheme_text(codes, rest, signs), data).combined.weights["index"][0]
    return found


@pytest.mark.parametrize(
    ("name", "extra", "made"),
    [
        ("topsis", 'scaling = "minmax"', oracle.TOPSIS()),
        ("edas", "", oracle.EDAS()),
        ("marcos", "", oracle.MARCOS()),
        ("waspas", "", oracle.WASPAS()),
        ("aras", "", oracle.ARAS()),
        ("moora", "", oracle.MOORA()),
        ("mabac", "", oracle.MABAC()),
        ("promethee2", "", oracle.PROMETHEE_II("usual")),
        ("promethee2", 'preference = "u_shape"\nq = 1', oracle.PROMETHEE_II("ushape", q=[1] * 5)),
        ("promethee2", 'preference = "v_shape"\np = 3', oracle.PROMETHEE_II("vshape", p=[3] * 5)),
        (
            "promethee2",
            'preference = "level"\nq = 1\np = 3',
            oracle.PROMETHEE_II("level", [3] * 5, [1] * 5),
        ),
        (
            "promethee2",
            f'preference = "linear"\nq = {Q}\np = {P}',
            oracle.PROMETHEE_II("vshape_2", P, Q),
        ),
        ("codas", "", oracle.CODAS()),
        ("cocoso", "", oracle.COCOSO()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_scores_agree_with_another_implementation(name: str, extra: str, made: object) -> None:
    expected = made(X, W, TYPES)  # type: ignore[operator]
    assert np.allclose(scores(name, extra), expected, atol=1e-12)


def test_mairca_and_spotis_are_turned_so_that_more_is_better() -> None:
    assert np.allclose(-scores("mairca"), oracle.MAIRCA()(X, W, TYPES), atol=1e-12)
    expected = oracle.SPOTIS(BOUNDS)(X, W, TYPES)
    assert np.allclose(1 - scores("spotis", f"bounds = {BOUNDS.tolist()}"), expected, atol=1e-12)


def test_copras_is_its_formula() -> None:
    v = W * X / X.sum(axis=0)
    plus, minus = v[:, TYPES > 0].sum(axis=1), v[:, TYPES < 0].sum(axis=1)
    q = plus + minus.sum() / (minus * (1 / minus).sum())
    assert np.allclose(scores("copras"), q / q.max())


def test_vikor_is_one_less_the_other_implementation() -> None:
    assert np.allclose(1 - scores("vikor"), oracle.VIKOR()(X, W, TYPES), atol=1e-12)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("entropy", oracle_weights.entropy_weights),
        ("std", oracle_weights.standard_deviation_weights),
        ("variance", oracle_weights.variance_weights),
        ("gini", oracle_weights.gini_weights),
        ("angle", oracle_weights.angle_weights),
        ("critic", oracle_weights.critic_weights),
        ("merec", oracle_weights.merec_weights),
        ("cilos", oracle_weights.cilos_weights),
        ("idocriw", oracle_weights.idocriw_weights),
        ("lopcow", oracle_weights.lopcow_weights),
    ],
)
def test_weights_agree_with_another_implementation(name: str, made: object) -> None:
    expected = made(X, TYPES)  # type: ignore[operator]
    assert np.allclose(weights(name), expected, atol=1e-12)


def test_the_critic_weights_of_the_time_clock_software_come_out() -> None:
    # Tuş, Aytaç Adalı 2019: five programs by six criteria
    rows = [[5000, 3, 3, 4, 3, 2], [680, 5, 3, 2, 2, 1], [2000, 3, 2, 3, 4, 3]]
    rows += [[600, 4, 3, 1, 2, 2], [800, 2, 4, 3, 3, 4]]
    found = weights("critic", x=np.array(rows, dtype=float), signs="-+++++")
    assert found.round(3).tolist() == [0.157, 0.249, 0.168, 0.121, 0.154, 0.151]


def test_a_consistent_matrix_gives_back_its_weights() -> None:
    w = np.array([0.5, 0.3, 0.2])
    found, principal, ratio = priorities(w[:, None] / w)
    assert np.allclose(found, w)
    assert principal == pytest.approx(3)
    assert ratio == pytest.approx(0, abs=1e-9)


def test_saatys_ratio_uses_the_random_index_of_eight() -> None:
    a = np.ones((8, 8))
    a[0, 1], a[1, 0] = 9, 1 / 9
    found, principal, ratio = priorities(a)
    assert found.sum() == pytest.approx(1)
    assert ratio == pytest.approx((principal - 8) / 7 / 1.41)
    assert np.allclose(a @ found, principal * found)


def test_a_matrix_with_fractions_in_texts_is_read_and_its_consistency_told() -> None:
    data, codes = matrix_text(X[:, :3].tolist())
    rest = '[weights]\nmethod = "ahp"\nmatrix = [[1, 3, 5], ["1/3", 1, 3], ["1/5", 0.333, 1]]\n'
    found = ran(scheme_text(codes, rest), data)
    assert found.combined.weights["index"][0].round(3).tolist() == [0.637, 0.258, 0.105]
    told = found.combined.told["index"]["ahp"]
    assert told["lambda_max"] == pytest.approx(3.0385, abs=1e-3)
    assert told["cr"] == pytest.approx(0.0332, abs=1e-3)


def test_budget_allocation_averages_the_experts() -> None:
    data, codes = matrix_text(X[:, :2].tolist())
    rest = '[weights]\nmethod = "budget"\nexperts = [[30, 70], [50, 50]]\n'
    assert ran(scheme_text(codes, rest), data).combined.weights["index"][0].tolist() == [0.4, 0.6]


def test_benefit_of_the_doubt_holds_its_limits_and_nobody_passes_one() -> None:
    data, codes = matrix_text(X.tolist())
    rest = '[aggregate]\nmethod = "bod"\nlow = 0.1\nhigh = 0.3\n'
    found = ran(scheme_text(codes, rest), data)
    assert found.combined.scores.max() == pytest.approx(1)
    for unit, own in found.combined.told["index"]["bod"]["weights"].items():
        w = np.array(list(own.values()))
        share = w / w.sum()
        assert share.min() >= 0.1 - 1e-9, unit
        assert share.max() <= 0.3 + 1e-9, unit
        assert (X @ w).max() <= 1 + 1e-9


def test_benefit_of_the_doubt_without_limits_is_the_slow_enumeration() -> None:
    x = np.array([[1.0, 0.2], [0.2, 1.0], [0.5, 0.5], [0.7, 0.6]])
    data, codes = matrix_text(x.tolist())
    found = ran(scheme_text(codes, '[aggregate]\nmethod = "bod"\n'), data).combined.scores
    grid = np.linspace(0, 1, 20001)
    ways = np.column_stack([grid, 1 - grid])
    sums = x @ ways.T
    slow = (sums / sums.max(axis=0)).max(axis=1)
    assert np.allclose(found, slow, atol=1e-4)


def test_optimised_weights_balance_the_correlations() -> None:
    data, codes = matrix_text(X.tolist())
    rest = '[weights]\nmethod = "optimise"\n[[steps]]\nstep = "normalise"\nmethod = "zscore"\n'
    told = ran(scheme_text(codes, rest), data).combined.told["index"]["optimise"]
    assert np.ptp(list(told["obtained"].values())) < 0.02
