"""Outliers: the skew–kurtosis test, winsorising, and transforms, alone or chained (COINr, `Treat`).

A column passes if |skew| < 2 or excess kurtosis < 3.5 (both of Excel's kind). The first treatment is applied to
what fails; what still fails gets the second, on the original data unless `combine` is set.
"""

from typing import Any

import msgspec
import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Part
from shanhai.engines.indicators.methods import Params, choose, method

FEWEST = 4
"""Kurtosis needs four values."""


class Treat(Params, frozen=True, kw_only=True):
    """The test, what follows the first treatment, and whether passing columns are treated too."""

    skew: float = 2.0
    kurtosis: float = 3.5
    then: Any = None
    combine: bool = False
    always: bool = False


class Winsorise(Treat, frozen=True, kw_only=True):
    """Most points to winsorise; None for no limit."""

    points: int | None = 5


class BoxCox(Treat, frozen=True, kw_only=True):
    """λ, and whether the values are shifted to start at 1."""

    power: float = msgspec.field(default=0.0, name="lambda")
    shift: bool = True


class Plain(Treat, frozen=True, kw_only=True):
    """A transform that is wanted for every column unless the scheme says otherwise."""

    always: bool = True


class Clip(Plain, frozen=True, kw_only=True):
    """Bounds of the values, or quantiles as bounds."""

    low: float | None = None
    high: float | None = None
    quantiles: tuple[float, float] | None = None


def skew_kurtosis(x: Floats) -> tuple[Floats, Floats]:
    """Return skew and excess kurtosis of each column, shape (k,); NaN for fewer than four values or none apart."""
    n = (~np.isnan(x)).sum(axis=0).astype(float)
    d = x - arrays.mean(x)
    with np.errstate(all="ignore"):
        s2, s3, s4 = (np.nansum(d**p, axis=0) for p in (2, 3, 4))
        skew = np.sqrt(n) * s3 / s2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        r = n * s4 / s2**2
        kurt = ((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    bad = (n < FEWEST) | (s2 == 0)
    return np.where(bad, np.nan, skew), np.where(bad, np.nan, kurt)


def passes(x: Floats, params: Treat) -> tuple[bool, float, float]:
    """Return whether a column (n,) passes, with its skew and kurtosis; what has neither passes."""
    skew, kurt = (float(one[0]) for one in skew_kurtosis(x[:, None]))
    return bool(np.isnan(skew) or abs(skew) < params.skew or kurt < params.kurtosis), skew, kurt


def treat(part: Part, chosen: Any) -> tuple[Floats, dict[str, Any]]:
    """Treat each column of a part and tell what was done to it."""
    x, found = part.x, {}
    for j, one in enumerate(part.indicators):
        x[:, j], found[one.code] = _treat_one(x[:, j], chosen, part, one.code)
    return x, found


def _treat_one(x: Floats, chosen: Any, part: Part, code: str) -> tuple[Floats, dict[str, Any]]:
    params, name = chosen.params, chosen.method.name
    passed, skew, kurt = passes(x, params)
    told: dict[str, Any] = {"skew_before": skew, "kurtosis_before": kurt, "treatment": "none"}
    if name == "none" or (passed and not params.always):
        return x, told | {"passes": passed}
    first, told["points"] = chosen.method.function(x, params, part, code)
    told["treatment"] = name
    passed, skew, kurt = passes(first, params)
    if not passed and params.then is not None:
        second = choose("treat", params.then, f"{chosen.place}.then")
        first, _ = second.method.function(first if params.combine else x, second.params, part, code)
        told["treatment"] = f"{name}+{second.method.name}" if params.combine else second.method.name
        told["points"] = told["points"] if params.combine else 0
        passed, skew, kurt = passes(first, params)
    return first, told | {"skew_after": skew, "kurtosis_after": kurt, "passes": passed}


@method("treat", "none", params=Treat)
def none(x: Floats, params: Treat, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Leave a column as it is."""
    return x, 0


@method("treat", "winsorise", params=Winsorise)
def winsorise(x: Floats, params: Winsorise, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Set the furthest points to the next value, one after another, until the column passes or `points` is reached."""
    x = x.copy()
    ends: dict[bool, int] = {}
    most = np.inf if params.points is None else params.points
    passed, skew, _ = passes(x, params)
    while not passed and sum(ends.values()) < most:
        upper = skew >= 0
        extreme = np.nanmax(x) if upper else np.nanmin(x)
        at = x == extreme
        rest = x[~at & ~np.isnan(x)]
        if not len(rest):
            break
        x[at] = rest.max() if upper else rest.min()
        ends[upper] = int(at.sum())
        passed, skew, _ = passes(x, params)
    return x, sum(ends.values())


def _span(x: Floats) -> tuple[float, float]:
    return float(np.nanmin(x)), float(np.nanmax(x))


@method("treat", "log_CT", params=Treat)
def log_ct(x: Floats, params: Treat, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Take log(x - min + 0.01 (max - min))."""
    low, high = _span(x)
    return np.log(x - low + 0.01 * (high - low)), 0


@method("treat", "log_CT_orig", params=Treat)
def log_ct_orig(x: Floats, params: Treat, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Take log(x - min + 1)."""
    return np.log(x - _span(x)[0] + 1), 0


@method("treat", "log_GII", params=Treat)
def log_gii(x: Floats, params: Treat, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Take log((max - 1)(x - min)/(max - min) + 1), as it is meant.

    Raises:
        InvalidInputError: If the maximum is 1 or less: the transform would turn the order.
    """
    low, high = _span(x)
    if high <= 1 or high == low:
        raise refused(
            "value",
            place=f"{part.place} ({code})",
            detail=f"log_GII needs a maximum above 1, found {high:g}",
        )
    return np.log((high - 1) * (x - low) / (high - low) + 1), 0


@method("treat", "log_GII_COINr", params=Treat)
def log_gii_coinr(x: Floats, params: Treat, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Return the column unchanged, which is what COINr 1.1.14 does under the name log_GII."""
    return x.copy(), 0


@method("treat", "boxcox", params=BoxCox)
def boxcox(x: Floats, params: BoxCox, part: Part, code: str) -> tuple[Floats, int]:
    """Take (x^λ - 1)/λ, or log x for λ = 0, after the shift x - min + 1 unless `shift` is false."""
    x = x - _span(x)[0] + 1 if params.shift else x
    _positive(x, "boxcox", part, code)
    return (np.log(x) if params.power == 0 else (x**params.power - 1) / params.power), 0


@method("treat", "log", params=Plain)
def log(x: Floats, params: Plain, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Take the natural logarithm."""
    _positive(x, "log", part, code)
    return np.log(x), 0


@method("treat", "log10", params=Plain)
def log10(x: Floats, params: Plain, part: Part, code: str) -> tuple[Floats, int]:  # noqa: ARG001
    """Take the decimal logarithm."""
    _positive(x, "log10", part, code)
    return np.log10(x), 0


@method("treat", "clip", params=Clip)
def clip(x: Floats, params: Clip, part: Part, code: str) -> tuple[Floats, int]:
    """Hold the values to bounds; the points that were moved are counted."""
    low, high = params.low, params.high
    if params.quantiles is not None:
        low, high = np.nanquantile(x, params.quantiles)
    if low is None and high is None:
        raise refused("required", place=f"{part.place} ({code})", name="low, high or quantiles")
    if low is not None and high is not None and low > high:
        raise refused(
            "bounds", place=f"{part.place} ({code})", detail=f"low {low:g} > high {high:g}"
        )
    held = np.clip(x, low, high)
    return held, int((held != x)[~np.isnan(x)].sum())


def _positive(x: Floats, name: str, part: Part, code: str) -> None:
    wrong = x <= 0
    if wrong.any():
        row = int(np.argmax(wrong))
        unit = part.row_name(row)
        raise refused(
            "nonpositive", unit=unit, place=part.place, method=name, child=code, value=float(x[row])
        )
