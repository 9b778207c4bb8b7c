"""Rates with small denominators: Wilson bounds and shrinkage towards the common rate by a beta prior.

Source: Wilson 1927; Efron, Morris 1975 (empirical Bayes), prior by moments. One household in nine that fell back
is no worse proof than eleven in a hundred.
"""

import numpy as np

from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Frame
from shanhai.engines.indicators.methods import Params, method


class Rate(Params, frozen=True, kw_only=True):
    """The indicator to set, from which columns of events and trials, and the factor (100 for per cent)."""

    indicator: str
    events: str
    trials: str
    factor: float = 1.0


class Wilson(Rate, frozen=True, kw_only=True):
    """Confidence of the two-sided interval."""

    confidence: float = 0.95


class Beta(Rate, frozen=True, kw_only=True):
    """The prior's parameters; by moments from the data where both are left out."""

    a: float | None = None
    b: float | None = None


def wilson(events: Floats, trials: Floats, confidence: float) -> tuple[Floats, Floats, Floats]:
    """Return lower bound, centre and upper bound of a rate, shape (n,) each; NaN without trials."""
    from scipy import stats  # noqa: PLC0415 - half a second to import

    z = float(stats.norm.ppf(0.5 + confidence / 2))
    with np.errstate(all="ignore"):
        p = events / trials
        centre = (p + z**2 / (2 * trials)) / (1 + z**2 / trials)
        half = z / (1 + z**2 / trials) * np.sqrt(p * (1 - p) / trials + z**2 / (4 * trials**2))
    return centre - half, centre, centre + half


def beta_prior(events: Floats, trials: Floats) -> tuple[float, float]:
    """Return a and b of the beta prior by the method of moments.

    Without more spread than chance makes, the prior weighs as much as all the data.
    """
    there = trials > 0
    e, t = events[there], trials[there]
    p, m = e / t, float(e.sum() / t.sum())
    spread = float((t * (p - m) ** 2).sum() / t.sum())
    chance = m * (1 - m) * len(t) / float(t.sum())
    size = (m * (1 - m) - spread) / (spread - chance) if spread > chance else float(t.sum())
    size = min(max(size, 1e-9), float(t.sum()))
    return m * size, (1 - m) * size


def _columns(frame: Frame, params: Rate) -> tuple[Floats, Floats]:
    events, trials = frame.table.numbers[params.events], frame.table.numbers[params.trials]
    wrong = (events < 0) | (trials < events)
    if wrong.any():
        row = int(np.argmax(wrong))
        detail = f"{frame.table.row_name(row)}: {params.events} = {events[row]:g}, {params.trials} = {trials[row]:g}"
        raise refused("value", place="shrink.events", detail=detail)
    return events, np.where(trials > 0, trials, np.nan)


def _set(frame: Frame, params: Rate, rate: Floats) -> Frame:
    x = frame.x.copy()
    x[:, frame.codes.index(params.indicator)] = rate * params.factor
    return frame.with_x(x)


@method("shrink", "beta", params=Beta)
def beta(frame: Frame, params: Beta, only: tuple[str, ...]) -> Frame:  # noqa: ARG001 - one signature
    """Set (events + a)/(trials + a + b)."""
    events, trials = _columns(frame, params)
    a, b = beta_prior(events, np.nan_to_num(trials))
    if params.a is not None and params.b is not None:
        a, b = params.a, params.b
    told = frame.telling(f"shrink {params.indicator}", {"a": a, "b": b})
    return _set(told, params, (events + a) / (trials + a + b))


@method("shrink", "wilson_low", params=Wilson)
def wilson_low(frame: Frame, params: Wilson, only: tuple[str, ...]) -> Frame:  # noqa: ARG001
    """Set the lower Wilson bound."""
    return _set(frame, params, wilson(*_columns(frame, params), params.confidence)[0])


@method("shrink", "wilson_centre", params=Wilson)
def wilson_centre(frame: Frame, params: Wilson, only: tuple[str, ...]) -> Frame:  # noqa: ARG001
    """Set the centre of the Wilson interval."""
    return _set(frame, params, wilson(*_columns(frame, params), params.confidence)[1])


@method("shrink", "wilson_high", params=Wilson)
def wilson_high(frame: Frame, params: Wilson, only: tuple[str, ...]) -> Frame:  # noqa: ARG001
    """Set the upper Wilson bound."""
    return _set(frame, params, wilson(*_columns(frame, params), params.confidence)[2])
