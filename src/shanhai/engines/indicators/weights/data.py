"""Weights from the data: entropy, CRITIC, MEREC, CILOS, IDOCRIW, standard deviation, variance, Gini, angle, LOPCOW.

Each takes the children of a node as they stand, n × k (raw where no step normalised, so that published examples on
decision matrices come out), and returns k weights that sum to 1. Sources: Shannon 1948 and Zeleny 1982 (entropy);
Diakoulaki et al. 1995 (CRITIC); Keshavarz-Ghorabaee et al. 2021 (MEREC); Mirkin 1974 and Zavadskas, Podvezko 2016
(CILOS, IDOCRIW); Ecer, Pamucar 2022 (LOPCOW); Shuai et al. 2012 (angle).
"""

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import Params, method
from shanhai.engines.indicators.siblings import Siblings


class Directed(Params, frozen=True, kw_only=True):
    """Whether raw data is turned by its direction first, as in the original paper."""

    directed: bool = False


def shares(values: Floats, of: Siblings, name: str) -> Floats:
    """Return values divided by their sum.

    Raises:
        InvalidInputError: If they are no finite numbers with a positive sum.
    """
    total = values.sum()
    if not np.isfinite(values).all() or not total > 0:
        raise refused("weights_undefined", node=of.node, method=name, detail=f"{values.tolist()}")
    return np.asarray(values / total)


def _nonnegative(of: Siblings, name: str) -> Floats:
    x = of.without_gaps(name)
    of.refuse_where(x < 0, "nonpositive", name)
    if (x.sum(axis=0) == 0).any():
        j = int(np.argmax(x.sum(axis=0) == 0))
        raise refused("constant", child=of.codes[j], place=of.node, method=name, value=0.0)
    return x


@method("weights", "equal")
def equal(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Give each child the same."""
    return np.full(len(of.codes), 1 / len(of.codes))


@method("weights", "given")
def given(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Take the weights that nodes and indicators state, over their sum; equal where none is stated."""
    return np.asarray(of.given / of.given.sum())


@method("weights", "entropy")
def entropy(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by 1 - e, e the entropy of x/Σx over ln n; 0 ln 0 = 0."""
    x = _nonnegative(of, "entropy")
    p = x / x.sum(axis=0)
    logs = np.log(np.where(p > 0, p, 1))
    return shares(np.maximum(1 + (p * logs).sum(axis=0) / np.log(len(x)), 0), of, "entropy")


@method("weights", "std")
def std(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by the sample standard deviation (n - 1)."""
    return shares(arrays.deviation(of.without_gaps("std")), of, "std")


@method("weights", "variance")
def variance(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by the sample variance of min-max scaled data."""
    return shares(arrays.deviation(_unit_range(of.apart("variance"))) ** 2, of, "variance")


@method("weights", "gini")
def gini(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by the Gini coefficient."""
    x = np.sort(_nonnegative(of, "gini"), axis=0)
    n = len(x)
    rank = 2 * np.arange(1, n + 1) - n - 1
    return shares((rank[:, None] * x).sum(axis=0) / (n * x.sum(axis=0)), of, "gini")


@method("weights", "angle")
def angle(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by the angle between x/Σx and a constant column."""
    p = _nonnegative(of, "angle")
    p = p / p.sum(axis=0)
    cosine = p.sum(axis=0) / (np.sqrt((p**2).sum(axis=0)) * np.sqrt(len(p)))
    return shares(np.arccos(np.minimum(cosine, 1)), of, "angle")


@method("weights", "critic", params=Directed)
def critic(of: Siblings, params: Directed) -> Floats:
    """Weigh by standard deviation times Σ(1 - r) over min-max scaled data."""
    x = _unit_range(of.apart("critic") * (of.directions if params.directed else 1))
    r = np.atleast_2d(np.corrcoef(x, rowvar=False))
    return (
        shares(arrays.deviation(x) * (1 - r).sum(axis=0), of, "critic")
        if len(r) > 1
        else np.ones(1)
    )


@method("weights", "merec")
def merec(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by what leaving the child out changes in a logarithmic score."""
    of.without_gaps("merec")
    x = of.positive("merec")
    scaled = np.where(of.directions > 0, x.min(axis=0) / x, x / x.max(axis=0))
    logs, k = np.abs(np.log(scaled)), x.shape[1]
    score = np.log(1 + logs.sum(axis=1) / k)
    without = np.log(1 + (logs.sum(axis=1)[:, None] - logs) / k)
    return shares(np.abs(without - score[:, None]).sum(axis=0), of, "merec")


@method("weights", "cilos")
def cilos(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by the relative loss that the best unit of one child brings in the others."""
    from scipy.linalg import null_space  # noqa: PLC0415 - half a second to import

    of.without_gaps("cilos")
    x = of.positive("cilos")
    x = np.where(of.directions > 0, x, x.min(axis=0) / x)
    x = x / x.sum(axis=0)
    best = x[np.argmax(x, axis=0)]
    loss = (np.diag(best) - best) / np.diag(best)
    space = null_space(loss - np.diag(loss.sum(axis=0)))
    if space.shape[1] != 1:
        raise refused(
            "weights_undefined",
            node=of.node,
            method="cilos",
            detail="the loss matrix has no single solution",
        )
    q = space[:, 0]
    return shares(q / q.sum(), of, "cilos")


@method("weights", "idocriw")
def idocriw(of: Siblings, params: Params) -> Floats:
    """Multiply entropy and CILOS weights."""
    return shares(entropy(of, params) * cilos(of, params), of, "idocriw")


@method("weights", "lopcow")
def lopcow(of: Siblings, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Weigh by |100 ln(root mean square / standard deviation)| of min-max scaled, directed data."""
    x = _unit_range(of.apart("lopcow") * of.directions)
    return shares(
        np.abs(100 * np.log(np.sqrt((x**2).mean(axis=0)) / arrays.deviation(x))), of, "lopcow"
    )


def _unit_range(x: Floats) -> Floats:
    return np.asarray((x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0)))
