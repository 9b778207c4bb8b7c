"""Normalisation by stated points: distances, goalposts, piecewise scores with cap, bonus and penalty, bands.

Points come from the indicator's metadata (`goalposts`, `target`, `reference`) or the method's parameters, so a
rule set scores one unit the same whatever the others do.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Part
from shanhai.engines.indicators.methods import Params, method
from shanhai.engines.indicators.parts import Indicator
from shanhai.engines.indicators.steps.normalise import ratio, signed
from shanhai.kernel.spelling import nearest


class Reference(Params, frozen=True, kw_only=True):
    """The reference: a unit's value, one value for all, or each indicator's `reference`; a cap at 1."""

    unit: str = ""
    value: float | None = None
    cap: bool = False


class Target(Params, frozen=True, kw_only=True):
    """One target for all, or each indicator's `target`; a cap at 1."""

    value: float | None = None
    cap: bool = False


class Goalposts(Params, frozen=True, kw_only=True):
    """Posts for all, or each indicator's `goalposts`; the factor; whether results are held to 0 … factor."""

    posts: tuple[float, float] | None = None
    factor: float = 1.0
    clip: bool = True


class Bonus(Params, frozen=True, kw_only=True):
    """Beyond the last point: at most `max` more, approached as max · (1 - exp(-over/scale))."""

    max: float
    scale: float


class Penalty(Params, frozen=True, kw_only=True):
    """Before the first point: `per` less for each unit short, at most `max`."""

    per: float
    max: float


class Piecewise(Params, frozen=True, kw_only=True):
    """Points (value, score), rising in value; lines between; flat beyond them but for bonus and penalty."""

    points: tuple[tuple[float, float], ...]
    bonus: Bonus | None = None
    penalty: Penalty | None = None
    of_target: bool = False


class Bands(Params, frozen=True, kw_only=True):
    """Pairs (from, score), rising; `below` is the score below the first."""

    bands: tuple[tuple[float, float], ...]
    below: float = 0.0


@method("normalise", "dist2max")
def dist2max(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give 1 - (max - x)/(max - min)."""
    x = signed(part)
    low, high = arrays.low(x), arrays.high(x)
    return 1 - ratio(high - x, high - low)


@method("normalise", "dist2ref", params=Reference)
def dist2ref(part: Part, params: Reference) -> Floats:
    """Give 1 - (x_ref - x)/(x_ref - min)."""
    x = signed(part)
    if params.unit:
        names = [part.frame.table.units[row] for row in part.rows]
        if params.unit not in names:
            close = nearest(params.unit, names)
            raise refused("unknown", place=f"{part.place}.unit", name=params.unit, nearest=close)
        reference = x[names.index(params.unit)]
    else:
        reference = part.directions * _stated(
            part, params.value, "reference", lambda one: one.reference
        )
    low = arrays.low(x)
    found = 1 - ratio(reference - x, np.broadcast_to(reference - low, x.shape))
    return np.minimum(found, 1) if params.cap else found


@method("normalise", "dist2targ", params=Target)
def dist2targ(part: Part, params: Target) -> Floats:
    """Give (x - min)/(target - min); for direction -1, (max - x)/(max - target)."""
    x = signed(part)
    target = part.directions * _stated(part, params.value, "target", lambda one: one.target)
    low = arrays.low(x)
    found = ratio(x - low, np.broadcast_to(target - low, x.shape))
    return np.minimum(found, 1) if params.cap else found


@method("normalise", "goalposts", params=Goalposts)
def goalposts(part: Part, params: Goalposts) -> Floats:
    """Give (x - g1)/(g2 - g1), held to 0 … 1, times factor; direction -1 swaps the posts."""
    posts = np.array([_posts(one, part, params) for one in part.indicators])
    turned = part.directions < 0
    first = np.where(turned, posts[:, 1], posts[:, 0])
    second = np.where(turned, posts[:, 0], posts[:, 1])
    found = (part.x - first) / (second - first)
    return np.asarray((np.clip(found, 0, 1) if params.clip else found) * params.factor)


@method("normalise", "piecewise", params=Piecewise)
def piecewise(part: Part, params: Piecewise) -> Floats:
    """Score along lines between stated points (达标分); beyond them a bonus (超额加分) or penalty (扣分).

    The points carry the direction: for less-is-better their scores fall. With `of_target` values are first
    divided by the indicator's target, so that 1 is 完成率 100 %.
    """
    values = [value for value, _ in params.points]
    if len(values) < 2 or any(a >= b for a, b in pairwise(values)):  # noqa: PLR2004 - a line has two ends
        raise refused(
            "value", place=f"{part.place}.points", detail="at least two points, rising in value"
        )
    x = part.x
    if params.of_target:
        x = x / _stated(part, None, "target", lambda one: one.target)
    found = np.interp(x, values, [score for _, score in params.points])
    if params.bonus is not None:
        found = found + params.bonus.max * -np.expm1(
            -np.maximum(x - values[-1], 0) / params.bonus.scale
        )
    if params.penalty is not None:
        found = found - np.minimum(
            params.penalty.per * np.maximum(values[0] - x, 0), params.penalty.max
        )
    return np.where(np.isnan(x), np.nan, found)


@method("normalise", "bands", params=Bands)
def bands(part: Part, params: Bands) -> Floats:
    """Score by the band a value falls into, each from its bound on."""
    found = np.full(part.x.shape, params.below)
    for start, score in sorted(params.bands):
        found = np.where(part.x >= start, score, found)
    return np.where(np.isnan(part.x), np.nan, found)


def _posts(one: Indicator, part: Part, params: Goalposts) -> tuple[float, float]:
    posts = one.goalposts or params.posts
    if posts is None:
        raise refused("required", place=f"{part.place} ({one.code})", name="goalposts")
    if not posts[0] < posts[1]:
        raise refused(
            "bounds",
            place=f"{one.code}.goalposts",
            detail=f"{posts[0]:g} is not below {posts[1]:g}",
        )
    return posts


def _stated(
    part: Part, value: float | None, name: str, own: Callable[[Indicator], float | None]
) -> Floats:
    """Return each column's stated value, shape (k,), the indicator's own before the method's."""
    found = []
    for one in part.indicators:
        stated = own(one) if own(one) is not None else value
        if stated is None:
            raise refused("required", place=f"{part.place} ({one.code})", name=name)
        found.append(stated)
    return np.array(found)
