"""Honest evaluation: forward in time and by household, calibrated on the year before the one that is tested."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.screening.figures import wilson
from shanhai.engines.screening.risk import measures, model
from shanhai.engines.screening.risk.panel import Floats, Panel
from shanhai.engines.screening.risk.spec import Spec
from shanhai.kernel.errors import InvalidInputError

LEAST = 20
LEAST_YEARS = 3
FITS = {"ebm": model.ebm, "lightgbm": model.lightgbm}
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Rows of the panel that were tested, their outcome, and each model's probability for them."""

    rows: NDArray[np.int64]
    y: Floats
    p: dict[str, Floats]
    years: tuple[int, ...]


def learnable(panel: Panel, spec: Spec) -> Mask:
    """Tell the rows of the task whose outcome is known.

    Raises:
        InvalidInputError: There are too few of either outcome, or too few years.
    """
    mask = model.usable(panel.x, panel.y)
    if spec.task == "entry":
        mask &= ~panel.below
    total, ones = int(mask.sum()), int(panel.y[mask].sum())
    if min(ones, total - ones) < LEAST:
        raise InvalidInputError("screen.risk_few", rows=total, positives=ones, least=LEAST)
    years = len(np.unique(panel.years[mask]))
    if years < LEAST_YEARS:
        raise InvalidInputError("screen.risk_years", found=years)
    return mask


def fold_of(units: tuple[str, ...], spec: Spec) -> NDArray[np.int64]:
    """Return each row's fold; all years of a household share one, whatever else is in the panel."""
    digests = (hashlib.sha256(f"{spec.seed}:{one}".encode()).digest() for one in units)
    return np.array([int.from_bytes(one[:8], "big") % spec.folds for one in digests], np.int64)


def crossfit(panel: Panel, spec: Spec) -> Predictions:
    """Predict the last years, each from earlier years and other households only.

    The score learns from all households, those below the line too; calibration, persistence and the test
    keep to those of the task.
    """
    mask, folds = learnable(panel, spec), fold_of(panel.units, spec)
    years = np.unique(panel.years[mask])
    tested = years[2:][-spec.test_years :]
    parts: list[_Part] = []
    for year in tested:
        for fold in range(spec.folds):
            here = mask & (panel.years == year) & (folds == fold)
            if here.any():
                past = (panel.years < year) & (folds != fold)
                parts.append((np.nonzero(here)[0], _predict(panel, spec, mask, past, here)))
    return _joined(panel, parts, tested)


def grouped(panel: Panel, spec: Spec) -> Predictions:
    """Predict every year from other households' rows of all years: laxer than `crossfit`, for later years are seen.

    Published figures for short panels are made so; a county cannot be, for it does not know the years to come.
    """
    mask, folds = learnable(panel, spec), fold_of(panel.units, spec)
    parts: list[_Part] = []
    for fold in range(spec.folds):
        here, others = mask & (folds == fold), folds != fold
        if here.any():
            parts.append((np.nonzero(here)[0], _predict(panel, spec, mask, others, here)))
    return _joined(panel, parts, np.unique(panel.years[mask]))


_Part = tuple[NDArray[np.int64], dict[str, Floats]]


def _joined(panel: Panel, parts: list[_Part], tested: NDArray[np.int64]) -> Predictions:
    rows = np.concatenate([one for one, _ in parts])
    order = np.argsort(rows)
    p = {name: np.concatenate([one[name] for _, one in parts])[order] for name in parts[0][1]}
    rows = rows[order]
    _both(panel.y[rows])
    return Predictions(rows, panel.y[rows], p, tuple(int(year) + 1 for year in tested))


def _predict(panel: Panel, spec: Spec, task: Mask, past: Mask, here: Mask) -> dict[str, Floats]:
    known = past & model.usable(panel.x, panel.y)
    held = past & task & (panel.years == panel.years[past & task].max())
    seen = known & (panel.years < panel.years[held].min())
    _both(panel.y[seen])
    found = {}
    for name, fit in FITS.items():
        first = fit(panel.x[seen], panel.y[seen], spec)
        line = model.calibration(first(panel.x[held]), panel.y[held])
        whole = fit(panel.x[known], panel.y[known], spec)
        found[name] = line.probability(whole(panel.x[here]))
    base = model.persistence(panel.x[past & task, 0], panel.y[past & task])
    found["persistence"] = base.probability(np.log1p(panel.x[here, 0]))
    return found


def _both(y: Floats) -> None:
    if not 0 < y.sum() < len(y):
        ones = int(y.sum())
        raise InvalidInputError("screen.risk_few", rows=len(y), positives=ones, least=1)


def figures(panel: Panel, found: Predictions, spec: Spec) -> dict[str, dict[str, float]]:
    """Return each model's measures.

    `ece_low`, `ece_high`: interval; `ece_chance`, `ece_chance_high`: mean and 95 % quantile of what perfect calibration
    would show on these rows; `ece_p`: how often it would show as much; `ece_goal_chance`: how often at most 0.02.
    """
    units = [panel.units[row] for row in found.rows]
    measured = {}
    for name, p in found.p.items():
        error = measures.error_interval(found.y, p, units, spec.draws, spec.seed)
        chance = measures.error_by_chance(found.y, p, spec.draws, spec.seed)
        measured[name] = {
            "average_precision": measures.average_precision(found.y, p),
            "auc": measures.auc(found.y, p),
            "brier": float(np.mean((p - found.y) ** 2)),
            "ece": error.value,
            "ece_low": error.low,
            "ece_high": error.high,
            "ece_chance": chance.mean,
            "ece_chance_high": chance.high,
            "ece_p": chance.p,
            "ece_goal_chance": chance.goal,
            "recall_at_capacity": measures.recall_at(found.y, p, spec.capacity),
        }
    return measured


def gaps(panel: Panel, found: Predictions, spec: Spec) -> dict[str, measures.Interval]:
    """Return each model's average precision minus that of persistence."""
    units = [panel.units[row] for row in found.rows]
    base = found.p["persistence"]
    return {
        name: measures.ap_gap(found.y, p, base, units, spec.draws, spec.seed)
        for name, p in found.p.items()
        if name != "persistence"
    }


def subgroups(panel: Panel, found: Predictions, spec: Spec) -> list[dict[str, object]]:
    """Return, for each group of each named column, how the score serves it; blanks are a group of their own.

    `recall` is the share of its true cases that a visit list of the stated capacity finds, with Wilson's
    interval; `bias` is mean probability minus the observed share.
    """
    p = found.p["ebm"]
    visited = np.zeros(len(p), bool)
    visited[np.argsort(-p, kind="stable")[: int(np.ceil(len(p) * spec.capacity))]] = True
    rows = []
    for place, column in enumerate(spec.groups):
        values = np.array([panel.groups[row][place] for row in found.rows])
        for value in np.unique(values):
            here = values == value
            ones, hits = int(found.y[here].sum()), int(found.y[here & visited].sum())
            low, high = wilson(hits, ones)
            rows.append(
                {
                    "column": column,
                    "group": str(value),
                    "rows": int(here.sum()),
                    "positives": ones,
                    "visited": int((here & visited).sum()),
                    "recall": hits / ones if ones else None,
                    "recall_low": low,
                    "recall_high": high,
                    "bias": float(p[here].mean() - found.y[here].mean()),
                }
            )
    return rows
