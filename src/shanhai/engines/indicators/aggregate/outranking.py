"""Outranking: the matrix of pairwise support, Copeland, Borda and PROMETHEE II.

o_ij = Σ w[x_i > x_j] + ½ Σ w[x_i = x_j], diagonal 0, so that o_ji = 1 - o_ij. Source: OECD/JRC Handbook 2008,
step 6; Munda, Nardo 2009; Brans, Vincke 1985.
"""

from typing import Literal

import numpy as np

from shanhai.engines.indicators.aggregate.means import Together
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import method
from shanhai.engines.indicators.siblings import Siblings


class Votes(Together, frozen=True, kw_only=True):
    """Whether weights count as numbers of voters: results are then multiplied by their stated sum."""

    votes: bool = False


class Promethee(Together, frozen=True, kw_only=True):
    """Preference function, with indifference q and preference p in the unit of the data: one for all, or one a child."""

    preference: Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"] = "usual"
    q: float | tuple[float, ...] = 0.0
    p: float | tuple[float, ...] = 0.0


def outranking(x: Floats, w: Floats) -> Floats:
    """Return the outranking matrix (n, n) of data (n, k), more being better, and weights (k,) that sum to 1."""
    n = len(x)
    support = np.zeros((n, n))
    for column, weight in zip(x.T, w, strict=True):
        above = column[:, None] > column[None, :]
        support += weight * (above + 0.5 * (column[:, None] == column[None, :]))
    np.fill_diagonal(support, 0)
    return support


def supported(of: Siblings, w: Floats, name: str) -> Floats:
    """Return the outranking matrix of siblings without gaps, rounded where the arithmetic leaves dust."""
    of.without_gaps(name)
    if w.shape[0] != 1:
        raise refused(
            "value", place=of.place, detail=f"{name} takes one weight a child, not one a unit"
        )
    return np.round(outranking(of.signed(), w[0]), 12)


def tell(of: Siblings, support: Floats, times: float = 1.0) -> None:
    """Tell the matrix for a few units, and the share of pairs that one dominates in everything."""
    n = len(support)
    pairs = n * (n - 1) / 2
    of.told["outranking"] = {
        "dominance": float((support >= 1 - 1e-12).sum() / pairs) if pairs else 0.0,
        "units": [of.row_name(i) for i in range(n)] if n <= 60 else [],  # noqa: PLR2004 - a page of them
        "matrix": np.round(support * times, 9).tolist() if n <= 60 else [],  # noqa: PLR2004
    }


@method("aggregate", "copeland", params=Together, traits="relational turns")
def copeland(of: Siblings, w: Floats, params: Together) -> Floats:  # noqa: ARG001 - one signature
    """Σ_j sign(o_ij - ½)."""
    support = supported(of, w, "copeland")
    tell(of, support)
    signs = np.sign(support - 0.5)
    np.fill_diagonal(signs, 0)
    return np.asarray(signs.sum(axis=1))


@method("aggregate", "borda", params=Votes, traits="relational turns")
def borda(of: Siblings, w: Floats, params: Votes) -> Floats:
    """Σ w · (units below + ½ units level), which is the row sum of the outranking matrix."""
    support = supported(of, w, "borda")
    times = float(of.given.sum()) if params.votes else 1.0
    tell(of, support, times)
    return np.asarray(np.round(support.sum(axis=1) * times, 9))


@method("aggregate", "promethee2", params=Promethee, traits="relational turns")
def promethee2(of: Siblings, w: Floats, params: Promethee) -> Floats:
    """Net flow Φ⁺ - Φ⁻ over n - 1; tells both flows."""
    of.without_gaps("promethee2")
    x, k = of.signed(), len(of.codes)
    for name, value in (("q", params.q), ("p", params.p)):
        if not isinstance(value, float | int) and len(value) != k:
            raise refused("value", place=f"{of.place}.{name}", detail=f"{k} numbers, one a child")
    q, p = (np.broadcast_to(np.asarray(v, dtype=float), (k,)) for v in (params.q, params.p))
    wanting = {"v_shape": p <= 0, "linear": p <= q, "level": p < q, "gaussian": p <= 0}
    wrong = wanting.get(params.preference, np.zeros(k, dtype=bool)) | (q < 0)
    if wrong.any():
        j = int(np.argmax(wrong))
        detail = f"{of.codes[j]}: p = {p[j]:g}, q = {q[j]:g} do not suit {params.preference}"
        raise refused("bounds", place=of.place, detail=detail)
    plus, minus = np.zeros(len(x)), np.zeros(len(x))
    for j in range(k):
        preferred = w[0, j] * _preferred(
            x[:, j, None] - x[None, :, j], params.preference, q[j], p[j]
        )
        plus += preferred.sum(axis=1)
        minus += preferred.sum(axis=0)
    others = max(len(x) - 1, 1)
    of.told["promethee2"] = {
        of.row_name(i): {"plus": float(plus[i] / others), "minus": float(minus[i] / others)}
        for i in range(len(x))
    }
    return np.asarray((plus - minus) / others)


def _preferred(gap: Floats, how: str, q: float, p: float) -> Floats:
    """Return the preference 0 … 1 of differences (n, n); p is the inflection point of `gaussian`."""
    if how == "v_shape":
        return np.clip(gap / p, 0, 1)
    if how == "linear":
        return np.clip((gap - q) / (p - q), 0, 1)
    if how == "level":
        return np.asarray(0.5 * (gap > q) + 0.5 * (gap > p))
    if how == "gaussian":
        return np.where(gap > 0, -np.expm1(-(gap**2) / (2 * p**2)), 0.0)
    return np.asarray((gap > (q if how == "u_shape" else 0)).astype(float))
