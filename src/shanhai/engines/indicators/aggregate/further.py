"""Four more methods on decision matrices: CODAS, CoCoSo, MAIRCA, SPOTIS.

Sources: Keshavarz-Ghorabaee et al. 2016 (CODAS); Yazdani et al. 2019 (CoCoSo); Gigović et al. 2016 (MAIRCA); Dezert et
al. 2020 (SPOTIS, whose result does not depend on which other units there are).
"""

import numpy as np

from shanhai.engines.indicators.aggregate.ideal import scale
from shanhai.engines.indicators.aggregate.means import Together
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import method
from shanhai.engines.indicators.siblings import Siblings


class Codas(Together, frozen=True, kw_only=True):
    """From which difference of Euclidean distances on the taxicab distance counts too."""

    tau: float = 0.02


class Cocoso(Together, frozen=True, kw_only=True):
    """Share of the sum in the third strategy, 0 to 1."""

    share: float = 0.5


class Spotis(Together, frozen=True, kw_only=True):
    """Bounds [low, high] of each child, in the children's order."""

    bounds: tuple[tuple[float, float], ...]


@method("aggregate", "codas", params=Codas, traits="relational turns")
def codas(of: Siblings, w: Floats, params: Codas) -> Floats:
    """Σ of pairwise differences of distances from the worst, on x/max or min/x."""
    v = scale(of, "linear", "codas") * w
    away = v - v.min(axis=0)
    euclid, taxicab = np.sqrt((away**2).sum(axis=1)), np.abs(away).sum(axis=1)
    e, t = (one[:, None] - one[None, :] for one in (euclid, taxicab))
    return np.asarray((e + (np.abs(e) >= params.tau) * t).sum(axis=1))


@method("aggregate", "cocoso", params=Cocoso, traits="relational turns")
def cocoso(of: Siblings, w: Floats, params: Cocoso) -> Floats:
    """Combined compromise of weighted sum and product of powers, on min-max scaled children."""
    r = scale(of, "minmax", "cocoso")
    s, p = (r * w).sum(axis=1), (r**w).sum(axis=1)
    if not (s.min() > 0 and p.min() > 0):
        row = int(np.argmin(s))
        facts = {"unit": of.row_name(row), "place": of.node, "method": "cocoso"}
        raise refused("nonpositive", **facts, child="Σ w r", value=float(s[row]))
    a = (p + s) / (p + s).sum()
    b = s / s.min() + p / p.min()
    c = (params.share * s + (1 - params.share) * p) / (
        params.share * s.max() + (1 - params.share) * p.max()
    )
    return np.asarray(np.cbrt(a * b * c) + (a + b + c) / 3)


@method("aggregate", "mairca", params=Together, traits="relational turns")
def mairca(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Less the gap between theoretical and real ratings (tells the gap), on min-max scaled children."""
    r = scale(of, "minmax", "mairca")
    gap = (w / len(r) * (1 - r)).sum(axis=1)
    of.told["mairca"] = {of.row_name(i): float(value) for i, value in enumerate(gap)}
    return np.asarray(-gap)


@method("aggregate", "spotis", params=Spotis, traits="turns")
def spotis(of: Siblings, w: Floats, params: Spotis) -> Floats:
    """1 - distance from the best of stated bounds (tells the distance)."""
    x, bounds = of.without_gaps("spotis"), np.array(params.bounds)
    if bounds.shape != (len(of.codes), 2) or (bounds[:, 0] >= bounds[:, 1]).any():
        detail = f"{len(of.codes)} pairs, low below high, one a child"
        raise refused("bounds", place=f"{of.place}.bounds", detail=detail)
    of.refuse_where(
        (x < bounds[:, 0]) | (x > bounds[:, 1]), "nonpositive", "spotis (within bounds)"
    )
    best = np.where(of.directions > 0, bounds[:, 1], bounds[:, 0])
    away = (w * np.abs(x - best) / (bounds[:, 1] - bounds[:, 0])).sum(axis=1)
    of.told["spotis"] = {of.row_name(i): float(value) for i, value in enumerate(away)}
    return np.asarray(1 - away)
