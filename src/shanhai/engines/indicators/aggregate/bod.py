"""Benefit of the doubt: each unit is judged by the weights that suit it best (Melyn, Moesen 1991; Cherchye 2007).

For unit c maximise Σ w_k I_ck so that Σ w_k I_jk ≤ 1 for every unit j and w ≥ 0, with limits on each weight's share
lo·Σw ≤ w_k ≤ hi·Σw, or on each child's share of the unit's score (pie shares).
"""

from typing import Literal

import numpy as np

from shanhai.engines.indicators.aggregate.means import Together
from shanhai.engines.indicators.arrays import Bools, Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import Params, method
from shanhai.engines.indicators.siblings import Siblings


class Bod(Together, frozen=True, kw_only=True):
    """Limits of every share, and of what they are shares."""

    low: float = 0.0
    high: float = 1.0
    limits: Literal["weight", "pie"] = "weight"


class BodWeights(Params, frozen=True, kw_only=True):
    """Limits of every share, and of what they are shares."""

    low: float = 0.0
    high: float = 1.0
    limits: Literal["weight", "pie"] = "weight"


@method("aggregate", "bod", params=Bod, traits="relational")
def bod(of: Siblings, w: Floats, params: Bod) -> Floats:  # noqa: ARG001 - the point of it: no weights from outside
    """The best weighted sum that gives nobody more than 1; tells each unit's weights."""
    weights = solve(of, params)
    scores = (weights * of.x).sum(axis=1)
    of.told["bod"] = {
        "weights": {
            of.row_name(i): dict(zip(of.codes, row.tolist(), strict=True))
            for i, row in enumerate(weights)
        }
    }
    return np.asarray(scores)


@method("weights", "bod", params=BodWeights)
def bod_weights(of: Siblings, params: BodWeights) -> Floats:
    """Give each unit the shares of its own best weights, shape (n, k), for a mean to use."""
    weights = solve(of, params)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def solve(of: Siblings, params: Bod | BodWeights) -> Floats:
    """Return each unit's best weights, shape (n, k).

    Raises:
        InvalidInputError: If a value is negative, or the limits leave nothing.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - half a second to import

    k, low, high = len(of.codes), params.low, params.high
    if not (0 <= low <= high and k * low <= 1 + 1e-12 and k * high >= 1 - 1e-12):
        raise refused(
            "bounds", place=of.place, detail=f"{k} shares of {low:g} to {high:g} cannot sum to 1"
        )
    x = of.without_gaps("bod")
    of.refuse_where(x < 0, "nonpositive", "bod")
    if not x.max(axis=1).any():
        raise refused("constant", child=", ".join(of.codes), place=of.node, method="bod", value=0.0)
    rows = np.unique(x[_undominated(x)], axis=0)
    ones = np.ones(len(rows))
    share = np.vstack([low * np.ones((k, k)) - np.eye(k), np.eye(k) - high * np.ones((k, k))])
    weights = np.empty_like(x)
    for i, own in enumerate(x):
        limits = share * own if params.limits == "pie" else share
        if params.limits == "pie":
            limits = np.vstack(
                [
                    low * np.ones((k, 1)) * own - np.diag(own),
                    np.diag(own) - high * np.ones((k, 1)) * own,
                ]
            )
        found = linprog(
            -own,
            A_ub=np.vstack([rows, limits]),
            b_ub=np.concatenate([ones, np.zeros(len(limits))]),
            bounds=(0, None),
            method="highs",
        )
        if found.status != 0:
            raise refused("bounds", place=of.place, detail=f"{of.row_name(i)}: {found.message}")
        weights[i] = found.x
    return weights


def _undominated(x: Floats) -> Bools:
    """Return which rows no other row beats everywhere: the others' limits never bind as weights are not negative."""
    kept = np.ones(len(x), dtype=bool)
    order = np.argsort(-x.sum(axis=1), kind="stable")
    for at, i in enumerate(order):
        better = x[order[:at]][kept[order[:at]]]
        if len(better) and (better >= x[i]).all(axis=1).any():
            kept[i] = False
    return kept
