"""Distance to a reference, further methods on decision matrices: EDAS, MARCOS, WASPAS, ARAS, COPRAS, MOORA, MABAC.

Sources: Keshavarz-Ghorabaee et al. 2015 (EDAS); Stević et al. 2020 (MARCOS); Zavadskas et al. 2012 (WASPAS);
Zavadskas, Turskis 2010 (ARAS); Zavadskas, Kaklauskas 1996 (COPRAS); Brauers, Zavadskas 2006 (MOORA);
Pamučar, Ćirović 2015 (MABAC). They take raw, positive children with their directions.
"""

import numpy as np

from shanhai.engines.indicators.aggregate.ideal import scale
from shanhai.engines.indicators.aggregate.means import Together
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import method
from shanhai.engines.indicators.siblings import Siblings


class Waspas(Together, frozen=True, kw_only=True):
    """Share of the sum against the product, 0 to 1."""

    share: float = 0.5


@method("aggregate", "edas", params=Together, traits="relational turns")
def edas(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Mean of the scaled weighted distances above and below the average solution."""
    x = of.without_gaps("edas")
    average = x.mean(axis=0)
    if (average == 0).any():
        child = of.codes[int(np.argmax(average == 0))]
        raise refused("constant", child=child, place=of.node, method="edas", value=0.0)
    over = of.directions * (x - average) / average
    above, below = (w * np.maximum(over, 0)).sum(axis=1), (w * np.maximum(-over, 0)).sum(axis=1)
    if not (above.max() > 0 and below.max() > 0):
        raise refused(
            "constant",
            child=", ".join(of.codes),
            place=of.node,
            method="edas",
            value=float(x[0, 0]),
        )
    return np.asarray((above / above.max() + 1 - below / below.max()) / 2)


@method("aggregate", "marcos", params=Together, traits="relational turns")
def marcos(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Utility between the anti-ideal and the ideal."""
    of.without_gaps("marcos")
    x, less = of.positive("marcos"), of.directions < 0
    best = np.where(less, x.min(axis=0), x.max(axis=0))
    worst = np.where(less, x.max(axis=0), x.min(axis=0))
    sums = [(w * np.where(less, best / y, y / best)).sum(axis=-1) for y in (x, worst, best)]
    to_worst, to_best = sums[0] / sums[1], sums[0] / sums[2]
    f_best, f_worst = to_worst / (to_best + to_worst), to_best / (to_best + to_worst)
    return np.asarray((to_best + to_worst) / (1 + (1 - f_best) / f_best + (1 - f_worst) / f_worst))


@method("aggregate", "waspas", params=Waspas, traits="relational turns")
def waspas(of: Siblings, w: Floats, params: Waspas) -> Floats:
    """Return share · Σ w r + (1 - share) · Π r^w, with r = x/max or min/x."""
    r = scale(of, "linear", "waspas")
    return np.asarray(params.share * (w * r).sum(axis=1) + (1 - params.share) * (r**w).prod(axis=1))


@method("aggregate", "aras", params=Together, traits="relational turns")
def aras(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Utility against the best values, all scaled by their sum."""
    of.without_gaps("aras")
    x, less = of.positive("aras"), of.directions < 0
    best = np.where(less, x.min(axis=0), x.max(axis=0))
    extended = np.vstack([best, x])
    turned = np.where(less, 1 / extended, extended)
    s = (w * turned / turned.sum(axis=0)).sum(axis=1)
    return np.asarray(s[1:] / s[0])


@method("aggregate", "copras", params=Together, traits="relational turns")
def copras(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Q/max Q with Q = S⁺ + Σ S⁻/(S⁻ Σ 1/S⁻), all scaled by their sum."""
    of.without_gaps("copras")
    x, less = of.positive("copras"), of.directions < 0
    v = w * x / x.sum(axis=0)
    q, minus = v[:, ~less].sum(axis=1), v[:, less].sum(axis=1)
    if less.any():
        q = q + minus.sum() / (minus * (1 / minus).sum())
    return np.asarray(q / q.max())


@method("aggregate", "moora", params=Together, traits="relational turns")
def moora(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Σ w x/√Σx² of what should be more, less that of what should be less."""
    return np.asarray((w * scale(of, "vector", "moora")).sum(axis=1))


@method("aggregate", "mabac", params=Together, traits="relational turns")
def mabac(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Distance from the border approximation area, min-max scaled."""
    v = (scale(of, "minmax", "mabac") + 1) * w
    return np.asarray((v - v.prod(axis=0) ** (1 / len(v))).sum(axis=1))
