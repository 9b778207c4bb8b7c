"""The score: an explainable boosting machine kept as a table of points, calibrated; persistence; a challenger.

Three layers, each on what the one before leaves unexplained: persistence; a household's own history, pulled
towards no effect; the machine. It is trained by `interpret` (Nori, Jenkins, Koch, Caruana 2019, arXiv
1909.09223) and stored as plain numbers, so a model file holds no code and scoring needs numpy only. Calibration:
Platt 1999, with a pull towards leaving the score as it is, for a year of a county is small.
"""

import warnings
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from shanhai.engines.screening.risk.history import PAST, History, fit_history
from shanhai.engines.screening.risk.lines import Line, calibration, persistence
from shanhai.engines.screening.risk.panel import HISTORY, Floats
from shanhai.engines.screening.risk.spec import Spec

__all__ = [
    "Additive",
    "Line",
    "Term",
    "calibration",
    "ebm",
    "fit_ebm",
    "lightgbm",
    "persistence",
    "usable",
]
CLIP = 30.0

STEADY: dict[str, float] = {
    "learning_rate": 0.02,
    "min_samples_leaf": 20,
    "min_hessian": 1.0,
    "reg_lambda": 5.0,
    "max_delta_step": 1.0,
}
"""Bounds on a boosting step: where all are certain already, an unbounded Newton step has no end."""


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


class Additive(msgspec.Struct, frozen=True):
    """Persistence and history, and the terms boosted on top of them, in log-odds."""

    base: History
    intercept: float
    terms: tuple[Term, ...]

    def contributions(self, x: Floats) -> Floats:
        """Return what each feature adds beside persistence (n × p); a pair counts for its first."""
        found = np.zeros_like(x)
        for name, part in zip(PAST, self.base.parts(x).T, strict=True):
            found[:, HISTORY.index(name)] += part
        for term in self.terms:
            found[:, term.features[0]] += term.add(x)
        return found

    def margin(self, x: Floats) -> Floats:
        """Return log-odds of each row."""
        points = [term.add(x) for term in self.terms]
        return np.asarray(self.base.margin(x) + self.intercept + np.sum(points, axis=0))


def fit_ebm(x: Floats, y: Floats, spec: Spec) -> Additive:
    """Train the machine on what the past leaves unexplained; one thread, the seed of the specification."""
    from interpret.glassbox import ExplainableBoostingClassifier  # noqa: PLC0415 - slow to import

    machine = ExplainableBoostingClassifier(
        feature_types=["continuous"] * x.shape[1],
        outer_bags=spec.bags,
        interactions=0,
        max_rounds=spec.rounds,
        **STEADY,
        n_jobs=1,
        random_state=spec.seed,
    )
    base = fit_history(x, y)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a library's remarks on missing values and constant columns
        machine.fit(x, y.astype(np.int64), init_score=base.margin(x))
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
