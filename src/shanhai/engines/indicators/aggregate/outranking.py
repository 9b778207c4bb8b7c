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
    """Preference function, with indifference q and preference p in the unit of the data."""

    preference: Literal["usual", "linear"] = "usual"
    q: float = 0.0
    p: float = 0.0


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
    """Net flow Φ⁺ - Φ⁻ over n - 1; linear preference rises from q to p."""
    of.without_gaps("promethee2")
    x = of.signed()
    if params.preference == "linear" and not params.p > params.q >= 0:
        raise refused(
            "bounds", place=of.place, detail=f"p = {params.p:g} must exceed q = {params.q:g} ≥ 0"
        )
    flow = np.zeros(len(x))
    for column, weight in zip(x.T, w[0], strict=True):
        gap = column[:, None] - column[None, :]
        preferred = (gap > params.q).astype(float)
        if params.preference == "linear":
            preferred = np.clip((gap - params.q) / (params.p - params.q), 0, 1)
        flow += weight * (preferred.sum(axis=1) - preferred.sum(axis=0))
    return flow / max(len(x) - 1, 1)
