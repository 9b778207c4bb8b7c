"""Normalisation by the spread of the data (COINr, `Normalise`; OECD/JRC Handbook 2008, step 5).

The direction (1 or -1) multiplies x before anything else. Every method takes a part and returns its numbers,
shape (n, k); gaps stay gaps; a column without spread gives NaN, of which the engine makes a note.
"""

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Part
from shanhai.engines.indicators.methods import Params, method

FEW_TOP = ((95.0, 100.0), (85.0, 80.0), (65.0, 60.0), (35.0, 50.0), (15.0, 40.0), (5.0, 20.0))


class MinMax(Params, frozen=True, kw_only=True):
    """Ends of the new scale."""

    low: float = 0.0
    high: float = 100.0


class Scaled(Params, frozen=True, kw_only=True):
    """(x - low)/(high - low) · factor."""

    low: float = 0.0
    high: float = 100.0
    factor: float = 100.0


class ZScore(Params, frozen=True, kw_only=True):
    """Mean and standard deviation of the new scale."""

    mean: float = 0.0
    sd: float = 1.0


class Band(Params, frozen=True, kw_only=True):
    """How far above or below the mean counts, as a share of it."""

    band: float = 0.2


class Categories(Params, frozen=True, kw_only=True):
    """Pairs of percentile rank and score, falling; what lies below all of them scores 0."""

    cuts: tuple[tuple[float, float], ...] = FEW_TOP


def signed(part: Part) -> Floats:
    """Return x times direction, shape (n, k)."""
    return np.asarray(part.x * part.directions)


def ratio(top: Floats, below: Floats) -> Floats:
    """Divide; by zero gives NaN."""
    with np.errstate(all="ignore"):
        return np.where(below == 0, np.nan, top / below)


@method("normalise", "minmax", params=MinMax)
def minmax(part: Part, params: MinMax) -> Floats:
    """Scale the range of the data to low … high."""
    if params.low >= params.high:
        detail = f"low {params.low:g} is not below high {params.high:g}"
        raise refused("bounds", place=part.place, detail=detail)
    x = signed(part)
    low, high = arrays.low(x), arrays.high(x)
    return ratio(x - low, high - low) * (params.high - params.low) + params.low


@method("normalise", "scaled", params=Scaled)
def scaled(part: Part, params: Scaled) -> Floats:
    """Scale a stated range to 0 … factor."""
    if params.low == params.high:
        raise refused("bounds", place=part.place, detail=f"low = high = {params.low:g}")
    return (signed(part) - params.low) / (params.high - params.low) * params.factor


@method("normalise", "zscore", params=ZScore)
def zscore(part: Part, params: ZScore) -> Floats:
    """Standardise with the sample standard deviation (n - 1)."""
    x = signed(part)
    spread = np.where(arrays.high(x) > arrays.low(x), arrays.deviation(x), 0.0)
    return ratio(x - arrays.mean(x), spread) * params.sd + params.mean


@method("normalise", "rank")
def rank(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Rank ascending from 1, ties to their minimum: the best has the highest rank."""
    return arrays.ranks_up(signed(part))


@method("normalise", "borda")
def borda(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give rank - 1."""
    return arrays.ranks_up(signed(part)) - 1


@method("normalise", "percentile_rank")
def percentile_rank(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give (rank - 1)/(n - 1) over what is there."""
    x = signed(part)
    count = (~np.isnan(x)).sum(axis=0).astype(float)
    return ratio(arrays.ranks_up(x) - 1, count - 1)


@method("normalise", "percentile")
def percentile(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give rank/n · 100, ties to their minimum (Handbook, table 15)."""
    x = signed(part)
    return np.asarray(arrays.ranks_up(x) / (~np.isnan(x)).sum(axis=0) * 100)


@method("normalise", "categorical", params=Categories)
def categorical(part: Part, params: Categories) -> Floats:
    """Score by cuts of the percentile (Handbook, table 15: top 5 % 100, then 80, 60, 50, 40, 20, 0)."""
    at, found = percentile(part, params), np.zeros(part.x.shape)
    for cut, score in sorted(params.cuts):
        found = np.where(at >= cut - 1e-9, score, found)
    return np.where(np.isnan(at), np.nan, found)


@method("normalise", "fracmax")
def fracmax(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Divide by the maximum."""
    x = signed(part)
    return ratio(x, arrays.high(x))


@method("normalise", "ratio_min")
def ratio_min(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Divide by the minimum (÷ worst)."""
    x = signed(part)
    return ratio(x, arrays.low(x))


@method("normalise", "ratio_mean")
def ratio_mean(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Divide by the mean."""
    x = signed(part)
    return ratio(x, arrays.mean(x))


@method("normalise", "diff_mean")
def diff_mean(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give (x - mean)/mean."""
    x = signed(part)
    return ratio(x - arrays.mean(x), arrays.mean(x))


@method("normalise", "diff_min")
def diff_min(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give (x - min)/min."""
    x = signed(part)
    return ratio(x - arrays.low(x), arrays.low(x))


@method("normalise", "above_mean", params=Band)
def above_mean(part: Part, params: Band) -> Floats:
    """Give 1 above (1 + band) times the mean, -1 below (1 - band) times it, else 0; turned for direction -1."""
    x, mean = part.x, arrays.mean(part.x)
    upper, lower = (1 + params.band) * mean, (1 - params.band) * mean
    found = (x > upper).astype(float) - (x < lower)
    return np.where(np.isnan(x), np.nan, found * part.directions)


@method("normalise", "vector")
def vector(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Divide by the root of the sum of squares."""
    x = signed(part)
    return ratio(x, np.sqrt(np.nansum(x**2, axis=0)))


@method("normalise", "sum")
def total(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Divide by the sum; for direction -1, 1/x by the sum of 1/x."""
    x = part.x
    with np.errstate(all="ignore"):
        x = np.where(part.directions < 0, 1 / x, x)
    return ratio(x, np.nansum(x, axis=0))


@method("normalise", "linear")
def linear(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give x/max; for direction -1, min/x."""
    x = part.x
    return np.where(part.directions < 0, ratio(arrays.low(x), x), ratio(x, arrays.high(x)))


@method("normalise", "none")
def none(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Only turn the direction."""
    return signed(part)
