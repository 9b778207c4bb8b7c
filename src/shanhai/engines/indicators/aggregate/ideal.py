"""Closeness to an ideal: TOPSIS (Hwang, Yoon 1981) and VIKOR (Opricovic, Tzeng 2004)."""

from typing import Literal

import numpy as np

from shanhai.engines.indicators.aggregate.means import Together
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import method
from shanhai.engines.indicators.siblings import Siblings

Scaling = Literal["vector", "minmax", "sum", "linear", "none"]


class Topsis(Together, frozen=True, kw_only=True):
    """How the children are scaled first."""

    scaling: Scaling = "vector"


class Vikor(Together, frozen=True, kw_only=True):
    """Weight of the majority against the worst regret, 0 to 1."""

    v: float = 0.5


def scale(of: Siblings, scaling: Scaling, name: str) -> Floats:
    """Return the children scaled, more being better, shape (n, k)."""
    x, less = of.without_gaps(name), of.directions < 0
    if scaling == "none":
        return of.signed()
    if scaling == "vector":
        length = np.sqrt((x**2).sum(axis=0))
        if not length.all():
            nought = of.codes[int(np.argmin(length))]
            raise refused("constant", child=nought, place=of.node, method=name, value=0.0)
        return np.asarray(of.signed() / length)
    if scaling == "minmax":
        signed = of.signed()
        of.apart(name)
        return np.asarray((signed - signed.min(axis=0)) / (signed.max(axis=0) - signed.min(axis=0)))
    of.positive(name)
    if scaling == "sum":
        turned = np.where(less, 1 / x, x)
        return np.asarray(turned / turned.sum(axis=0))
    return np.asarray(np.where(less, x.min(axis=0) / x, x / x.max(axis=0)))


@method("aggregate", "topsis", params=Topsis, traits="relational turns")
def topsis(of: Siblings, w: Floats, params: Topsis) -> Floats:
    """d⁻/(d⁺ + d⁻), distances from the worst and best of the weighted, scaled children."""
    v = scale(of, params.scaling, "topsis") * w
    far = np.sqrt(((v - v.min(axis=0)) ** 2).sum(axis=1))
    near = np.sqrt(((v - v.max(axis=0)) ** 2).sum(axis=1))
    together = far + near
    if not together.all():
        raise refused(
            "constant",
            child=", ".join(of.codes),
            place=of.node,
            method="topsis",
            value=float(of.x[0, 0]),
        )
    of.told["topsis"] = {"to_best": _by_unit(of, near), "to_worst": _by_unit(of, far)}
    return np.asarray(far / together)


@method("aggregate", "vikor", params=Vikor, traits="relational turns")
def vikor(of: Siblings, w: Floats, params: Vikor) -> Floats:
    """1 - Q; tells S, R and Q of every unit, and the compromise set with its two conditions."""
    x = of.apart("vikor") * of.directions
    best, worst = x.max(axis=0), x.min(axis=0)
    regret = w * (best - x) / (best - worst)
    s, r = regret.sum(axis=1), regret.max(axis=1)
    q = params.v * _unit(s) + (1 - params.v) * _unit(r)
    of.told["vikor"] = {
        "S": _by_unit(of, s),
        "R": _by_unit(of, r),
        "Q": _by_unit(of, q),
        "compromise": _compromise(of, s, r, q),
    }
    return np.asarray(1 - q)


def _unit(x: Floats) -> Floats:
    span = x.max() - x.min()
    return np.asarray((x - x.min()) / span) if span > 0 else np.zeros_like(x)


def _by_unit(of: Siblings, values: Floats) -> dict[str, float]:
    return {of.row_name(i): float(value) for i, value in enumerate(values)}


def _compromise(of: Siblings, s: Floats, r: Floats, q: Floats) -> list[str]:
    """Return the units that cannot be told apart from the first by advantage and stability."""
    order = np.argsort(q, kind="stable")
    first, step = order[0], 1 / max(len(q) - 1, 1)
    advantage = len(q) < 2 or q[order[1]] - q[first] >= step - 1e-12  # noqa: PLR2004
    stable = first in {int(np.argmin(s)), int(np.argmin(r))}
    if advantage:
        return [of.row_name(int(i)) for i in (order[:1] if stable else order[:2])]
    return [of.row_name(int(i)) for i in order if q[i] - q[first] < step]
