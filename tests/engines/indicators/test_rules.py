"""Rules, grades and ranks; penalised means; invariants on random systems."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.indicators.schemes import HEAD, matrix_text, ran, scheme_text, table_text
from shanhai.engines.indicators import digest, write_run
from shanhai.engines.indicators.aggregate.kemeny import best_orders
from shanhai.engines.indicators.arrays import ranks_down, ranks_up

GRADES = (
    '[grades]\ngrades = [{ name = "好", from = 80 }, { name = "中", from = 60 }, { name = "差" }]\n'
)
DATA = table_text(
    {
        "unit": list("abcde"),
        "class": list("xxyyy"),
        "s": [90, 80, 70, 60, 50],
        "bad": [0, 1, 3, None, 0],
    }
)


def judged(
    rules: str, grades: str = GRADES
) -> "tuple[list[float], list[str], list[list[dict[str, object]]], list[str]]":
    found = ran(scheme_text(["s"], '[data]\nclass = "class"\n' + rules + grades), DATA)
    one = found.judged
    return one.scores.tolist(), one.grades or [], one.applied, [note.code for note in found.notes]


def test_grades_by_threshold_and_ranks_by_class() -> None:
    found = ran(scheme_text(["s"], '[data]\nclass = "class"\n' + GRADES), DATA)
    assert found.judged.grades == ["好", "好", "中", "中", "差"]
    assert found.judged.class_ranks is not None
    assert found.judged.class_ranks.tolist() == [1, 2, 1, 2, 3]


def test_grades_by_quota_within_classes() -> None:
    quota = '[grades]\nmethod = "quota"\nby = "class"\ngrades = [{ name = "好", share = 0.5 }, { name = "差" }]\n'
    assert judged("", quota)[1] == ["好", "差", "好", "差", "差"]


def test_deductions_have_a_cap_an_article_and_do_not_guess() -> None:
    rules = '[[rules]]\nkind = "deduction"\nname = "造假"\narticle = "第五条"\npoints = "10 * bad"\nmax = 15\n'
    scores, grades, applied, notes = judged(rules)
    assert scores == [90, 70, 55, 60, 50]
    assert grades == ["好", "中", "差", "中", "差"]
    assert applied[2] == [
        {"rule": "造假", "kind": "deduction", "article": "第五条", "points": -15.0}
    ]
    assert notes == ["rule_unknown"]


def test_a_veto_caps_the_grade_and_a_minimum_the_score() -> None:
    veto = '[[rules]]\nkind = "veto"\nwhen = "bad > 0"\ngrade = "差"\n'
    assert judged(veto)[1] == ["好", "差", "差", "中", "差"]
    minimum = '[[rules]]\nkind = "minimum"\nof = "index"\nleast = 65\nscore = 10\n'
    assert judged(minimum)[0] == [90, 80, 70, 10, 10]
    bonus = '[[rules]]\nkind = "bonus"\nwhen = "s >= 90"\npoints = "5"\n'
    assert judged(bonus)[0] == [95, 80, 70, 60, 50]


def test_mpi_punishes_imbalance_and_ampi_puts_the_reference_at_100() -> None:
    x = [[1.0, 9.0], [5.0, 5.0], [9.0, 1.0], [4.0, 6.0]]
    data, codes = matrix_text(x)
    scores = ran(scheme_text(codes, '[aggregate]\nmethod = "mpi"\n'), data).combined.scores
    z = 100 + 10 * (np.array(x) - np.mean(x, axis=0)) / np.std(x, axis=0)
    m, s = z.mean(axis=1), z.std(axis=1)
    assert np.allclose(scores, m - s * s / m)
    assert scores[1] > scores[0]
    centred = ran(scheme_text(codes, '[aggregate]\nmethod = "ampi"\nreference = [5, 5]\n'), data)
    assert centred.combined.scores[1] == pytest.approx(100)


def test_coupling_coordination_is_its_formula() -> None:
    data, codes = matrix_text([[0.25, 0.64], [0.5, 0.5]])
    found = ran(scheme_text(codes, '[aggregate]\nmethod = "coupling"\n'), data).combined.scores
    c = 2 * np.sqrt(0.25 * 0.64) / 0.89
    assert found.tolist() == pytest.approx([np.sqrt(c * 0.445), np.sqrt(0.5)])


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_kemeny_is_the_best_of_all_orders(seed: int) -> None:
    from itertools import permutations  # noqa: PLC0415 - the oracle

    random = np.random.default_rng(seed)
    n = int(random.integers(2, 6))
    upper = random.integers(0, 5, (n, n)) / 4
    support = np.triu(upper, 1) + np.tril(1 - upper.T, -1)
    sums = {
        order: sum(support[a, b] for at, a in enumerate(order) for b in order[at + 1 :])
        for order in permutations(range(n))
    }
    most = max(sums.values())
    assert sorted(best_orders(support)[0]) == sorted(o for o, s in sums.items() if s >= most - 1e-9)


def test_ranks_agree_with_the_slow_definition() -> None:
    random = np.random.default_rng(4)
    x = random.integers(0, 5, (30, 6)).astype(float)
    x[random.random(x.shape) < 0.2] = np.nan
    for column, ranks in zip(x.T, ranks_up(x).T, strict=True):
        slow = [np.nan if np.isnan(v) else 1 + (column < v).sum() for v in column]
        assert ranks.tolist() == pytest.approx(slow, nan_ok=True)
    assert ranks_down(np.array([0.1 + 0.2, 0.3, 1.0])).tolist() == [2, 2, 1]


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[list[float]], list[float]]:
    n, k = draw(st.integers(3, 8)), draw(st.integers(2, 5))
    cell = st.integers(1, 999).map(float)
    rows = draw(st.lists(st.lists(cell, min_size=k, max_size=k), min_size=n, max_size=n))
    return rows, draw(st.lists(st.integers(1, 9).map(float), min_size=k, max_size=k))


def weighted(codes: list[str], weights: list[float], rest: str) -> str:
    leaves = "".join(
        f'[[indicators]]\ncode = "{c}"\nweight = {w}\n' for c, w in zip(codes, weights, strict=True)
    )
    return HEAD + leaves + '[weights]\nsum = "relative"\n' + rest


GOAL = '[[steps]]\nstep = "normalise"\nmethod = "goalposts"\nposts = [0, 1000]\nfactor = 100\n'


@given(systems(), st.sampled_from(["arithmetic", "geometric", "harmonic", "topsis", "copeland"]))
@settings(max_examples=40, deadline=None)
def test_rows_and_labels_and_scales_of_weights_do_not_matter(
    system: tuple[list[list[float]], list[float]], how: str
) -> None:
    rows, weights = system
    data, codes = matrix_text(rows)
    rest = f'{GOAL}[aggregate]\nmethod = "{how}"\n'
    if how == "topsis":
        rest = rest.replace('method = "topsis"', 'method = "topsis"\nscaling = "none"')
    if len({tuple(row) for row in rows}) == 1:
        return
    scores = ran(weighted(codes, weights, rest), data).combined.scores
    head, *lines = data.splitlines()
    turned = ran(weighted(codes, [7 * w for w in weights], rest), "\n".join([head, *lines[::-1]]))
    assert turned.combined.scores.tolist() == pytest.approx(scores.tolist(), abs=1e-9)
    relabelled = ran(weighted(codes, weights, rest), data.replace("a0", "z0")).combined.scores
    assert relabelled.tolist() == scores.tolist()


@given(systems(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_better_value_never_hurts_and_leaves_the_others_alone(
    system: tuple[list[list[float]], list[float]], data: st.DataObject
) -> None:
    rows, weights = system
    i, j = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(weights) - 1))
    text, codes = matrix_text(rows)
    before = ran(weighted(codes, weights, GOAL), text).combined.scores
    rows[i][j] = min(rows[i][j] + 50, 1000)
    after = ran(weighted(codes, weights, GOAL), matrix_text(rows)[0]).combined.scores
    assert after[i] >= before[i]
    assert np.delete(after, i).tolist() == np.delete(before, i).tolist()


def test_the_same_input_gives_the_same_bytes_whatever_the_order_of_rows(tmp_path: "object") -> None:
    from pathlib import Path  # noqa: PLC0415

    folder = Path(str(tmp_path))
    head, *lines = DATA.splitlines()
    text = scheme_text(["s"], '[data]\nclass = "class"\n' + GRADES)
    for name, rows in (("one", lines), ("two", lines[::-1])):
        write_run(ran(text, "\n".join([head, *rows])), folder / name, {"scheme": digest(text)})
    for path in sorted((folder / "one").rglob("*.csv")):
        assert path.read_bytes() == (folder / "two" / path.relative_to(folder / "one")).read_bytes()
    assert (folder / "one/result.json").read_bytes() == (folder / "two/result.json").read_bytes()
