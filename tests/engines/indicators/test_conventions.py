"""The reference's conventions, step by step: denominators, screening, imputation, treatment, normalisation, means."""

import numpy as np
import pytest

from engines.indicators.schemes import HEAD, matrix_text, ran, read, scheme_text, table_text
from shanhai.engines.indicators import Run, read_scheme
from shanhai.engines.indicators.steps.take import take
from shanhai.engines.indicators.steps.treat import skew_kurtosis

Value = float | None


def column(values: list[Value], step: str, extra: str = "", own: str = "") -> list[Value]:
    """Return a column after one step."""
    found = ran(scheme_text(["x"], f"[[steps]]\n{step}\n{extra}", own=own), one(values))
    out = found.stages[-1].frame.x[:, 0]
    return [None if np.isnan(v) else float(v) for v in out]


def one(values: list[Value]) -> str:
    return table_text({"unit": [f"u{i:02}" for i in range(len(values))], "x": values})


NORMAL = 'step = "normalise"\nmethod = "{}"\n'


@pytest.mark.parametrize(
    ("method", "extra", "expected"),
    [
        ("minmax", "low = 0\nhigh = 10", [0, 2.5, 2.5, None, 10]),
        ("scaled", "low = 1\nhigh = 11", [0, 10, 10, None, 40]),
        ("rank", "", [1, 2, 2, None, 4]),
        ("borda", "", [0, 1, 1, None, 3]),
        ("percentile_rank", "", [0, 1 / 3, 1 / 3, None, 1]),
        ("fracmax", "", [0.2, 0.4, 0.4, None, 1]),
        ("dist2max", "", [0, 0.25, 0.25, None, 1]),
        ("dist2ref", "value = 3", [0, 0.5, 0.5, None, 2]),
        ("dist2ref", "value = 3\ncap = true", [0, 0.5, 0.5, None, 1]),
        ("dist2ref", 'unit = "u04"', [0, 0.25, 0.25, None, 1]),
        ("dist2targ", "value = 3\ncap = true", [0, 0.5, 0.5, None, 1]),
        ("goalposts", "posts = [2, 4]\nfactor = 10", [0, 0, 0, None, 10]),
        ("goalposts", "posts = [2, 4]\nclip = false", [-0.5, 0, 0, None, 1.5]),
        ("piecewise", "points = [[0, 0], [2, 60], [4, 100]]", [30, 60, 60, None, 100]),
        ("piecewise", "points = [[2, 60], [4, 100]]\nbonus = { max = 10, scale = 1 }", [60, 60, 60, None, 100 + 10 * (1 - np.exp(-1))]),
        ("piecewise", "points = [[2, 60], [4, 100]]\npenalty = { per = 5, max = 3 }", [57, 60, 60, None, 100]),
        ("bands", "bands = [[2, 60], [4, 100]]\nbelow = 1", [1, 60, 60, None, 100]),
    ],
)  # fmt: skip
def test_normalisation(method: str, extra: str, expected: list[Value]) -> None:
    found = column([1, 2, 2, None, 5], NORMAL.format(method), extra)
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("method", "extra", "expected"),
    [
        ("minmax", "", [100, 75, 0]),
        ("dist2targ", "value = 2", [4 / 3, 1, 0]),
        ("goalposts", "posts = [1, 5]", [1, 0.75, 0]),
        ("rank", "", [3, 2, 1]),
        ("fracmax", "", [1, 2, 5]),
    ],
)
def test_normalisation_of_less_is_better(method: str, extra: str, expected: list[Value]) -> None:
    text = scheme_text(["x"], f"[[steps]]\n{NORMAL.format(method)}{extra}", "-")
    assert ran(text, one([1, 2, 5])).combined.scores.tolist() == pytest.approx(expected)


def test_a_target_outside_the_data_is_noted() -> None:
    text = scheme_text(["x"], f"[[steps]]\n{NORMAL.format('dist2targ')}", own="target = 9\n")
    assert [note.code for note in ran(text, one([1, 2, 5])).notes] == ["outside_data"]


def test_zscore_takes_the_sample_deviation() -> None:
    found = column([1, 2, 3], NORMAL.format("zscore"), "mean = 10\nsd = 2")
    assert found == pytest.approx([8, 10, 12])


SKEWED: list[Value] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 100]


def details(extra: str, values: list[Value] = SKEWED) -> tuple[list[float], dict[str, object]]:
    text = scheme_text(["x"], f'[[steps]]\nstep = "treat"\n{extra}')
    found = ran(text, one(values))
    return found.combined.scores.tolist(), found.stages[-1].frame.details["treat"]["x"]


def test_winsorising_stops_as_soon_as_the_column_passes() -> None:
    found, told = details('method = "winsorise"\npoints = 5\n')
    assert found[-2:] == [30, 30]
    skew, kurt = skew_kurtosis(np.array(found)[:, None])
    assert abs(skew[0]) < 2 or kurt[0] < 3.5
    assert told["points"] == 1


def test_ties_at_the_top_are_winsorised_together_and_counted() -> None:
    values: list[Value] = [*range(1, 31), 500, 500]
    found, told = details('method = "winsorise"\npoints = 1\n', values)
    assert found[-2:] == [30, 30]
    assert told["points"] == 2


def test_what_still_fails_gets_the_second_treatment_on_the_original() -> None:
    values: list[Value] = [float(v) for v in np.exp(np.linspace(0, 12, 40))]
    found, told = details('method = "winsorise"\npoints = 1\nthen = "log_CT"\n', values)
    x = np.array(values, dtype=float)
    assert found == pytest.approx(np.log(x - x.min() + 0.01 * (x.max() - x.min())).tolist())
    assert told["treatment"] == "log_CT"
    both, told = details(
        'method = "winsorise"\npoints = 1\nthen = "log_CT"\ncombine = true\n', values
    )
    assert told["treatment"] == "winsorise+log_CT"
    assert both[-1] == both[-2]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("log_CT_orig", np.log([1, 2, 5])),
        ("log_GII", np.log(4 * np.array([0, 0.25, 1]) + 1)),
        ("log_GII_COINr", np.array([1, 2, 5])),
        ("boxcox", np.log([1, 2, 5])),
    ],
)
def test_transforms(method: str, expected: np.ndarray) -> None:
    step = f'step = "treat"\nmethod = "{method}"\nalways = true\n'
    assert column([1, 2, 5], step) == pytest.approx(expected.tolist())


def test_boxcox_takes_lambda() -> None:
    step = 'step = "treat"\nmethod = "boxcox"\nalways = true\nlambda = 2\nshift = false\n'
    assert column([1, 2, 5], step) == pytest.approx([0, 1.5, 12])


GROUPED = table_text(
    {"unit": list("abcdef"), "g": ["1", "1", "1", "2", "2", ""], "x": [1, 3, None, 10, None, None], "y": [1, 2, 3, 4, 5, 6]}
)  # fmt: skip


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ('method = "mean"', [1, 3, 14 / 3, 10, 14 / 3, 14 / 3]),
        ('method = "median"', [1, 3, 3, 10, 3, 3]),
        ('method = "group_mean"\ngroup = "g"', [1, 3, 2, 10, 10, None]),
        ('method = "group_median"\ngroup = "g"', [1, 3, 2, 10, 10, None]),
        ('method = "constant"\nvalue = 0.5', [1, 3, 0.5, 10, 0.5, 0.5]),
        ('method = "row_mean"', [1, 3, 4.6, 10, 8.2, 10]),
    ],
)
def test_imputation(step: str, expected: list[Value]) -> None:
    rest = f'[data]\ngroups = ["g"]\n[[steps]]\nstep = "impute"\n{step}\n'
    found = ran(scheme_text(["x", "y"], rest), GROUPED).stages[-1].frame.x[:, 0]
    assert [None if np.isnan(v) else float(v) for v in found] == pytest.approx(expected)


def gappy(n: int = 60) -> tuple[str, list[str], np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    x = random.normal(size=(n, 1)) + 0.3 * random.normal(size=(n, 4))
    holes = random.random(x.shape) < 0.1
    data, codes = matrix_text(np.where(holes, np.nan, x).tolist())
    return data.replace("nan", ""), codes, x, holes


def imputed(method: str, extra: str = "") -> Run:
    data, codes, _, _ = gappy()
    rest = f'[[steps]]\nstep = "impute"\nmethod = "{method}"\n{extra}'
    return ran(scheme_text(codes, rest), data)


def test_em_comes_nearer_than_the_mean_and_multiple_tells_its_variance() -> None:
    _, _, x, holes = gappy()
    errors = {
        name: np.abs(imputed(name).stages[-1].frame.x - x)[holes].mean()
        for name in ("mean", "em", "multiple")
    }
    assert errors["em"] < errors["mean"] / 2
    assert errors["multiple"] < errors["mean"]
    variances = [
        cell["value"] for cell in imputed("multiple").stages[-1].frame.details["impute"]["variance"]
    ]
    assert len(variances) == holes.sum()
    assert min(variances) > 0
    one_draw = imputed("multiple", "draw = 1\n").stages[-1].frame.x
    assert not np.allclose(one_draw[holes], imputed("multiple").stages[-1].frame.x[holes])


PANEL = table_text(
    {
        "unit": ["a"] * 4 + ["b"] * 4,
        "t": [1, 2, 3, 5] * 2,
        "x": [1, None, None, 5, None, 2, None, None],
    }
)


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ('kind = "latest"', {"a": [1, 1, 1, 5], "b": [None, 2, 2, 2]}),
        ('kind = "latest"\nmax_time = 1', {"a": [1, 1, None, 5], "b": [None, 2, 2, None]}),
        ('kind = "interpolate"', {"a": [1, 2, 3, 5], "b": [None, 2, None, None]}),
    ],
)
def test_panels_are_imputed_along_time(extra: str, expected: dict[str, list[Value]]) -> None:
    rest = f'[data]\ntime = "t"\n[[steps]]\nstep = "impute"\nmethod = "panel"\n{extra}\n'
    found = ran(scheme_text(["x"], rest), PANEL)
    for unit, values in expected.items():
        rows = [i for i, name in enumerate(found.table.units) if name == unit]
        out = found.stages[-1].frame.x[rows, 0]
        assert [None if np.isnan(v) else float(v) for v in out] == values


def test_a_panel_is_scaled_together_and_ranked_by_time() -> None:
    data = table_text({"unit": ["a", "b"] * 2, "t": [1, 1, 2, 2], "x": [0, 5, 10, 5]})
    text = scheme_text(["x"], f'[data]\ntime = "t"\n[[steps]]\n{NORMAL.format("minmax")}')
    found = ran(text, data)
    assert found.judged.scores.tolist() == [0, 50, 100, 50]
    assert found.judged.ranks.tolist() == [2, 1, 1, 2]
    apart = ran(text + 'by = "time"\n', data)
    assert apart.judged.scores.tolist() == [0, 100, 100, 0]


def test_screening_keeps_at_the_threshold_and_obeys_force() -> None:
    data = table_text(
        {"unit": list("abcd"), "x": [1, None, 1, None], "y": [1, 2, 0, None], "z": [1, 3, 0, 4]}
    )
    rest = '[[steps]]\nstep = "screen"\n'
    assert ran(scheme_text(list("xyz"), rest), data).table.units == ("a", "b", "c")
    assert ran(
        scheme_text(list("xyz"), rest + 'mode = "byNAandzeros"\nnonzero = 0.5\n'), data
    ).table.units == ("a", "b")
    assert ran(
        scheme_text(list("xyz"), rest + 'keep = ["d"]\ndrop = ["a"]\n'), data
    ).table.units == ("b", "c", "d")
    columns = ran(scheme_text(list("xyz"), rest + 'method = "indicators"\n'), data)
    assert columns.stages[-1].frame.codes == ["y", "z"]
    assert columns.combined.tree.children["index"] == ("y", "z")


def test_denominators_divide_by_their_scale() -> None:
    data = table_text({"unit": ["a", "b"], "x": [10, 20], "pop": [2000, 1000]})
    own = 'denominator = "pop"\nscale = 1000\n'
    found = ran(scheme_text(["x"], '[[steps]]\nstep = "denominate"\n', own=own), data)
    assert found.combined.scores.tolist() == [5, 20]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ('method = "arithmetic"', [3.5, 4]),
        ('method = "geometric"', [np.exp((np.log(2) + 3 * np.log(4)) / 4), 4]),
        ('method = "harmonic"', [4 / (1 / 2 + 3 / 4), 4]),
        ('method = "generalised"\npower = 2', [np.sqrt((4 + 3 * 16) / 4), np.nan]),
        ('method = "arithmetic"\nthreshold = 0.6', [3.5, np.nan]),
        ('method = "min"', [2, 4]),
        ('method = "max"', [4, 4]),
        ('method = "median"', [3, 4]),
        ('method = "formula"\nformula = "x + 10 * y"', [42, np.nan]),
    ],
)
def test_means_renormalise_over_the_children_that_are_there(
    how: str, expected: list[float]
) -> None:
    text = (
        HEAD
        + '[[indicators]]\ncode = "x"\nweight = 0.25\n[[indicators]]\ncode = "y"\nweight = 0.75\n'
    )
    found = ran(text + f"[aggregate]\n{how}\n", "unit,x,y\na,2,4\nb,,4\n").combined.scores
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def test_a_step_takes_only_its_indicators_and_leaves_its_input_alone() -> None:
    text = scheme_text(["x", "y"], '[[steps]]\nstep = "impute"\nmethod = "mean"\nonly = ["y"]\n')
    found = ran(text, "unit,x,y\na,,\nb,1,4\nc,2,6\n")
    assert np.isnan(found.stages[-1].frame.x[0, 0])
    assert found.stages[-1].frame.x[0, 1] == 5
    assert np.isnan(found.stages[0].frame.x[0]).all()
    assert take(found.stages[0].frame, found.scheme.steps[0]).x[0, 1] == 5


def test_thousands_brackets_and_byte_marks_are_read() -> None:
    table = read(scheme_text(["x"]), '\ufeffunit,x（万元）\na,"1,234.5"\n')
    assert table.numbers["x"].tolist() == [1234.5]


def test_weights_may_be_relative_or_sum_to_a_number() -> None:
    two = '[[indicators]]\ncode = "x"\nweight = 3\n[[indicators]]\ncode = "y"\nweight = 5\n'
    for rest in ('[weights]\nsum = "relative"\n', "[weights]\nsum = 8\n"):
        assert read_scheme(HEAD + two + rest).weighings["index"].given == (3, 5)
