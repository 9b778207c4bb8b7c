"""Means of the children: weights are renormalised over those that are there; sums, extremes and free formulas.

Weights come as `w`, broadcastable to x (..., n, k): (1, k) for all units, (n, k) for weights of their own,
(draws, 1, k) in an uncertainty analysis.
"""

import numpy as np

from shanhai.engines.indicators.arrays import Floats, quietly
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.formula import Formula
from shanhai.engines.indicators.methods import Params, method
from shanhai.engines.indicators.siblings import Siblings


class Together(Params, frozen=True, kw_only=True):
    """Least share of the children that must be there; below it the parent is missing."""

    threshold: float = 0.0


class Power(Together, frozen=True, kw_only=True):
    """Exponent of the generalised mean, not 0."""

    power: float


class Free(Together, frozen=True, kw_only=True):
    """A formula over the codes of the children."""

    formula: str


def dot(x: Floats, w: Floats) -> Floats:
    """Return Σ w x over the last axis, shape (..., n)."""
    if w.ndim == x.ndim + 1 and w.shape[-2] == 1:  # draws of weights on one table
        return np.asarray(w[..., 0, :] @ x.T)
    if x.ndim == 2 and w.shape[-2] == 1:  # noqa: PLR2004 - one table, one set of weights
        return np.asarray(x @ w[..., 0, :])
    found = x[..., 0] * w[..., 0]
    for j in range(1, x.shape[-1]):
        found += x[..., j] * w[..., j]
    return np.asarray(found)


def mean(x: Floats, w: Floats) -> Floats:
    """Return the weighted mean over what is there; NaN where nothing is, or what is weighs nothing."""
    if np.isfinite(x.sum()):
        return np.asarray(dot(x, w) / w.sum(axis=-1))
    there = ~np.isnan(x)
    with np.errstate(all="ignore"):
        return dot(np.where(there, x, 0), w) / dot(there.astype(float), w)


@method("aggregate", "arithmetic", params=Together, traits="batched")
def arithmetic(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Σ w x / Σ w over the children that are there."""
    return mean(of.x, w)


@method("aggregate", "geometric", params=Together, traits="batched")
def geometric(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """exp(Σ w ln x / Σ w) over the children that are there; refuses x ≤ 0."""
    return np.exp(mean(np.log(of.positive("geometric")), w))


@method("aggregate", "harmonic", params=Together, traits="batched")
def harmonic(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Σ w / Σ (w/x) over the children that are there; refuses x ≤ 0."""
    return 1 / mean(1 / of.positive("harmonic"), w)


@method("aggregate", "generalised", params=Power, traits="batched")
def generalised(of: Siblings, w: Floats, params: Power) -> Floats:
    """(Σ w x^p / Σ w)^(1/p); a missing child makes the parent missing; refuses x ≤ 0 for p < 0, x < 0 for others."""
    p = params.power
    if p == 0:
        raise refused("value", place=f"{of.place}.power", detail="0 is the geometric mean: name it")
    if p < 0:
        of.positive("generalised")
    elif p != 1:
        of.refuse_where(of.x < 0, "nonpositive", "generalised")
    powers = np.where(np.isnan(of.x).any(axis=-1, keepdims=True), np.nan, of.x) ** p
    return mean(powers, w) ** (1 / p)


@method("aggregate", "sum", params=Together, traits="batched")
def total(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Σ w x with the weights as the scheme states them (not over their sum): points that add up. No gaps."""
    return dot(of.without_gaps("sum"), w) * float(of.given.sum())


@method("aggregate", "product", params=Together, traits="batched")
def product(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Π x^w with weights that sum to 1; no gaps; refuses x ≤ 0."""
    of.without_gaps("product")
    return np.exp(dot(np.log(of.positive("product")), w))


@method("aggregate", "min", params=Together, traits="batched")
def worst(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """The worst child counts."""
    return quietly(lambda x: np.asarray(np.nanmin(x, axis=-1)), of.x)


@method("aggregate", "max", params=Together, traits="batched")
def best(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """The best child counts."""
    return quietly(lambda x: np.asarray(np.nanmax(x, axis=-1)), of.x)


@method("aggregate", "median", params=Together, traits="batched")
def middle(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """The median of the children that are there, without weights."""
    return quietly(lambda x: np.asarray(np.nanmedian(x, axis=-1)), of.x)


@method("aggregate", "formula", params=Free, traits="turns")
def free(of: Siblings, w: Floats, params: Free) -> Floats:  # noqa: ARG001 - one signature
    """Whatever the formula says of the children, named by their codes; a missing one makes it missing."""
    formula = Formula(params.formula, f"{of.place}.formula")
    columns = {code: of.x[:, j] for j, code in enumerate(of.codes)}
    return formula.values(columns, tuple(of.row_name(row) for row in range(len(of.x))))
