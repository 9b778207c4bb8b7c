"""Measures of a score: average precision, calibration error, recall at capacity, paired bootstrap by household."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.screening.risk.panel import Floats

BINS = 10
GOAL = 0.02
"""A calibration error that is called good (issue 4)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chance:
    """Calibration error of a perfectly calibrated score: its mean (the floor) and its 95 % quantile.

    `p` is the share of draws at least as high as the error found, `goal` the share at or below `GOAL`.
    """

    mean: float
    high: float
    p: float
    goal: float


def average_precision(y: Floats, p: Floats, weight: Floats | None = None) -> float:
    """Return Σ (recall step) × precision; rows of equal score count together."""
    order = np.argsort(-p, kind="stable")
    w = np.ones_like(y) if weight is None else weight[order]
    ends = np.append(np.nonzero(np.diff(p[order]))[0], len(p) - 1)
    hits, seen = np.cumsum(w * y[order])[ends], np.cumsum(w)[ends]
    if hits[-1] == 0:
        return 0.0
    steps = np.diff(hits, prepend=0.0)
    return float((steps / hits[-1] * (hits / np.maximum(seen, 1e-300))).sum())


def auc(y: Floats, p: Floats) -> float:
    """Return the chance that a row of y = 1 is scored above one of y = 0; ties count half."""
    _, inverse, counts = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    ones = y.sum()
    zeros = len(y) - ones
    return float((ranks[y == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def calibration_error(y: Floats, p: Floats) -> float:
    """Return the expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    place = np.minimum((p * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(place, weights=y - p, minlength=BINS)
    return float(np.abs(gap).sum() / len(y))


def error_by_chance(y: Floats, p: Floats, draws: int, seed: int) -> Chance:
    """Return what calibration error a perfectly calibrated score of these values would show by chance.

    Outcomes are drawn with the probabilities `p`, `draws` times. With few rows the error is far from 0: one that is
    no higher than the drawn ones is no evidence of miscalibration, and a goal below nearly all of them is luck.
    """
    random = np.random.default_rng(seed)
    found = np.array(
        [calibration_error((random.random(len(p)) < p).astype(np.float64), p) for _ in range(draws)]
    )
    as_high = int((found >= calibration_error(y, p)).sum())
    return Chance(
        float(found.mean()),
        float(np.quantile(found, 0.95)),
        (as_high + 1) / (draws + 1),
        float((found <= GOAL).mean()),
    )


def error_interval(y: Floats, p: Floats, units: Sequence[str], draws: int, seed: int) -> Interval:
    """Return the calibration error with its basic bootstrap interval, drawing whole households.

    The error of a drawn sample is biased upwards; the basic interval (2 × estimate − quantiles, cut at 0; Davison
    and Hinkley 1997, §5.2) takes that back where percentiles would double it.
    """
    value = calibration_error(y, p)
    found = [
        calibration_error(np.repeat(y, weight), np.repeat(p, weight))
        for weight in _resampled(units, draws, seed)
    ]
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(value, max(0.0, 2 * value - float(high)), max(0.0, 2 * value - float(low)))


def _resampled(units: Sequence[str], draws: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield how often each row counts when whole households are drawn with replacement."""
    _, place = np.unique(np.array(units), return_inverse=True)
    count = int(place.max()) + 1
    random = np.random.default_rng(seed)
    for _ in range(draws):
        yield np.bincount(random.integers(0, count, count), minlength=count)[place]


def recall_at(y: Floats, p: Floats, capacity: float) -> float:
    """Return the share of y = 1 among the `capacity` share of rows with the highest scores."""
    visited = np.argsort(-p, kind="stable")[: int(np.ceil(len(p) * capacity))]
    return float(y[visited].sum() / y.sum())


def ap_gap(
    y: Floats, p: Floats, base: Floats, units: Sequence[str], draws: int, seed: int
) -> Interval:
    """Return average precision of `p` minus that of `base`, drawing whole households with replacement."""
    found = []
    for drawn in _resampled(units, draws, seed):
        weight = drawn.astype(np.float64)
        found.append(average_precision(y, p, weight) - average_precision(y, base, weight))
    low, high = np.quantile(found, [0.025, 0.975])
    value = average_precision(y, p) - average_precision(y, base)
    return Interval(value, float(low), float(high))
