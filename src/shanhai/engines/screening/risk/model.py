"""The score: an explainable boosting machine kept as a table of points, calibrated; persistence; a challenger.

The machine is trained by `interpret` (Nori, Jenkins, Koch, Caruana 2019, arXiv 1909.09223) and stored as plain
numbers, so a model file holds no code and scoring needs numpy only. Calibration: Platt 1999, with a pull towards
leaving the score as it is, for a year of a county is small.
"""

import warnings
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from shanhai.engines.screening.risk.panel import Floats
from shanhai.engines.screening.risk.spec import Spec

PULL = 4.0  # weight of leaving the score as it is, in units of the log-likelihood
CLIP = 30.0


class Term(msgspec.Struct, frozen=True):
    """Points of one feature or of two together; `cuts` by feature, `points` in row-major order of `shape`.

    Index 0 is "missing", then the bins between the cuts; the last (never met) is dropped on the way in.
    """

    features: tuple[int, ...]
    cuts: tuple[tuple[float, ...], ...]
    shape: tuple[int, ...]
    points: tuple[float, ...]

    def add(self, x: Floats) -> Floats:
        """Return the points of each row of `x` (n × p): log-odds."""
        table = np.array(self.points).reshape(self.shape)
        places = tuple(
            np.where(np.isnan(x[:, f]), 0, np.digitize(x[:, f], np.array(cuts)) + 1)
            for f, cuts in zip(self.features, self.cuts, strict=True)
        )
        return np.asarray(table[places], np.float64)


class Line(msgspec.Struct, frozen=True):
    """A straight line of log-odds: `start + slope × value`."""

    start: float
    slope: float

    def at(self, value: Floats) -> Floats:
        """Return the log-odds at each value, within ±30."""
        return np.asarray(np.clip(self.start + self.slope * value, -CLIP, CLIP))

    def probability(self, value: Floats) -> Floats:
        """Return the probability at each value."""
        return np.asarray(1 / (1 + np.exp(-self.at(value))))


class Additive(msgspec.Struct, frozen=True):
    """The baseline's line on log(1 + income ÷ line), and the terms boosted on top of it, in log-odds."""

    base: Line
    intercept: float
    terms: tuple[Term, ...]

    def contributions(self, x: Floats) -> Floats:
        """Return what each term adds (n × terms), the baseline apart."""
        return np.stack([term.add(x) for term in self.terms], axis=1)

    def margin(self, x: Floats) -> Floats:
        """Return log-odds of each row."""
        base = self.base.at(np.log1p(x[:, 0])) + self.intercept
        return np.asarray(base + self.contributions(x).sum(axis=1))


def fit_ebm(x: Floats, y: Floats, spec: Spec) -> Additive:
    """Train the machine on what the baseline leaves unexplained; one thread, the seed of the specification."""
    from interpret.glassbox import ExplainableBoostingClassifier  # noqa: PLC0415 - slow to import

    machine = ExplainableBoostingClassifier(
        feature_types=["continuous"] * x.shape[1],
        outer_bags=spec.bags,
        interactions=0,
        max_rounds=spec.rounds,
        n_jobs=1,
        random_state=spec.seed,
    )
    base = persistence(x[:, 0], y)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a library's remarks on missing values and constant columns
        machine.fit(x, y.astype(np.int64), init_score=base.at(np.log1p(x[:, 0])))
    return Additive(base, float(machine.intercept_[0]), tuple(_terms(machine)))


def _terms(machine: Any) -> list[Term]:
    found = []
    for features, scores in zip(machine.term_features_, machine.term_scores_, strict=True):
        levels = [machine.bins_[f] for f in features]
        cuts = [cut[min(len(features), len(cut)) - 1] for cut in levels]
        table = np.asarray(scores)[tuple(slice(0, -1) for _ in features)]
        found.append(
            Term(
                tuple(int(f) for f in features),
                tuple(tuple(map(float, cut)) for cut in cuts),
                tuple(table.shape),
                tuple(map(float, table.ravel())),
            )
        )
    return found


def fit_line(value: Floats, y: Floats, prior: Line, pull: float) -> Line:
    """Fit a logistic line by Newton's method, pulled towards `prior` with the weight `pull`."""
    design = np.column_stack([np.ones_like(value), value])
    start = np.array([prior.start, prior.slope])
    beta = start.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -CLIP, CLIP)))
        slope = design.T @ (y - p) - pull * (beta - start)
        curve = (design * (p * (1 - p))[:, None]).T @ design + pull * np.eye(2)
        step = np.linalg.solve(curve, slope)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:  # noqa: PLR2004 - converged
            break
    return Line(float(beta[0]), float(beta[1]))


def calibration(margin: Floats, y: Floats) -> Line:
    """Fit the calibration of margins on a year that the model has not seen."""
    return fit_line(margin, y, Line(0.0, 1.0), PULL)


def persistence(rel: Floats, y: Floats) -> Line:
    """Fit the baseline: who is near the line now will be next year, a line on log(1 + income ÷ line)."""
    return fit_line(np.log1p(rel), y, Line(0.0, 0.0), 1e-3)


Margin = Callable[[Floats], Floats]


def ebm(x: Floats, y: Floats, spec: Spec) -> Margin:
    """Return the margin of a machine trained on these rows."""
    return fit_ebm(x, y, spec).margin


def lightgbm(x: Floats, y: Floats, spec: Spec) -> Margin:
    """Return the margin of the challenger: 120 trees of 8 leaves, rate 0.05, at least 20 rows a leaf."""
    import lightgbm as library  # noqa: PLC0415 - slow to import

    settings = {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": 8,
        "min_data_in_leaf": 20,
        "seed": spec.seed,
        "deterministic": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    trees = library.train(settings, library.Dataset(x, y), 120)
    return lambda rows: np.asarray(trees.predict(rows, raw_score=True, num_threads=1))


def usable(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Tell the rows that can be learned from: income ÷ line now and next year's outcome are known."""
    return np.asarray(~np.isnan(x[:, 0]) & ~np.isnan(y))
