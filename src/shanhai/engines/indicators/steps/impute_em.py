"""Imputation under a multivariate normal: expectation–maximisation, and multiple imputation with its variance.

Source: Dempster, Laird, Rubin 1977; Rubin 1987 (multiple imputation; bootstrap before each EM, so that the
uncertainty of the parameters is in it: Honaker, King 2010).
"""

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Part
from shanhai.engines.indicators.methods import Params, method

FEWEST = 5


class Em(Params, frozen=True, kw_only=True):
    """Most iterations, the change that counts as none, and the ridge on the correlation matrix."""

    iterations: int = 200
    tolerance: float = 1e-6
    ridge: float = 1e-3


class Multiple(Em, frozen=True, kw_only=True):
    """How many imputations, from which seed, and which one to use: 0 their mean."""

    imputations: int = 20
    seed: int = 1
    draw: int = 0


@method("impute", "em", params=Em)
def em(part: Part, params: Em) -> Floats:
    """Fill with the conditional mean given the row's other indicators."""
    z, mean, scale = _standard(part)
    return _back(_expect(z, *_fit(z, params))[0], mean, scale, part)


@method("impute", "multiple", params=Multiple)
def multiple(part: Part, params: Multiple) -> Floats:
    """Fill with the mean of several random imputations, or with one of them (`draw` 1 …)."""
    if not 0 <= params.draw <= params.imputations or params.imputations < 2:  # noqa: PLR2004
        raise refused(
            "value", place=f"{part.place}.draw", detail="0 to imputations, which is at least 2"
        )
    drawn = imputations(part, params)
    return np.asarray(drawn.mean(axis=0) if params.draw == 0 else drawn[params.draw - 1])


def imputations(part: Part, params: Multiple) -> Floats:
    """Return every imputation, shape (m, n, k)."""
    z, mean, scale = _standard(part)
    random = np.random.default_rng(params.seed)
    gaps = np.isnan(z)
    drawn = []
    for _ in range(params.imputations):
        sample = random.integers(0, len(z), len(z))
        filled, spread = _expect(z, *_fit(z[sample], params))
        noise = random.standard_normal(z.shape)
        for row in np.flatnonzero(gaps.any(axis=1)):
            holes = np.flatnonzero(gaps[row])
            root = np.linalg.cholesky(spread[tuple(gaps[row])])
            filled[row, holes] += root @ noise[row, holes]
        drawn.append(_back(filled, mean, scale, part))
    return np.array(drawn)


def variance(part: Part, params: Multiple) -> Floats:
    """Return the variance between imputations, shape (n, k): zero where the value was there."""
    return np.asarray(imputations(part, params).var(axis=0, ddof=1))


def _standard(part: Part) -> tuple[Floats, Floats, Floats]:
    count = (~np.isnan(part.x)).sum(axis=0)
    if count.min() < FEWEST:
        code = part.indicators[int(np.argmin(count))].code
        raise refused(
            "few", place=part.place, child=code, found=int(count.min()), method="em", wanted=FEWEST
        )
    mean, scale = arrays.mean(part.x), arrays.deviation(part.x)
    scale = np.where(scale > 0, scale, 1.0)
    return (part.x - mean) / scale, mean, scale


def _back(z: Floats, mean: Floats, scale: Floats, part: Part) -> Floats:
    x = part.x
    return np.where(np.isnan(x), z * scale + mean, x)


Spread = dict[tuple[bool, ...], Floats]


def _fit(z: Floats, params: Em) -> tuple[Floats, Floats]:
    """Return mean (k,) and covariance (k, k) at the maximum."""
    k = z.shape[1]
    mean, cov = np.zeros(k), np.eye(k)
    for _ in range(params.iterations):
        filled, spread, extra = _expect_all(z, mean, cov)
        new = filled.mean(axis=0)
        centred = filled - new
        cov_new = (centred.T @ centred + extra) / len(z) + params.ridge * np.eye(k)
        change = max(np.abs(new - mean).max(), np.abs(cov_new - cov).max())
        mean, cov = new, cov_new
        if change < params.tolerance or not spread:
            break
    return mean, cov


def _expect(z: Floats, mean: Floats, cov: Floats) -> tuple[Floats, Spread]:
    filled, spread, _ = _expect_all(z, mean, cov)
    return filled, spread


def _expect_all(z: Floats, mean: Floats, cov: Floats) -> tuple[Floats, Spread, Floats]:
    """Return rows filled with conditional means, each pattern's conditional covariance, and their sum."""
    filled, spread = z.copy(), {}
    extra = np.zeros_like(cov)
    gaps = np.isnan(z)
    patterns, which = np.unique(gaps, axis=0, return_inverse=True)
    for at, gap in enumerate(patterns):
        if not gap.any():
            continue
        rows, holes, there = (
            np.flatnonzero(which.ravel() == at),
            np.flatnonzero(gap),
            np.flatnonzero(~gap),
        )
        slope = np.linalg.solve(cov[np.ix_(there, there)], cov[np.ix_(there, holes)])
        filled[np.ix_(rows, holes)] = mean[holes] + (z[np.ix_(rows, there)] - mean[there]) @ slope
        left = cov[np.ix_(holes, holes)] - cov[np.ix_(holes, there)] @ slope
        left = (left + left.T) / 2 + 1e-12 * np.eye(len(holes))
        spread[tuple(gap)] = left
        extra[np.ix_(holes, holes)] += len(rows) * left
    return filled, spread, extra
