"""Means with a penalty for imbalance: MPI and AMPI (Mazziotta, Pareto 2013, 2016), and coupling coordination.

MPI = M ∓ S · S/M, with M and S the mean and (population) standard deviation of a unit's children.
"""

from typing import Literal

import numpy as np

from shanhai.engines.indicators.aggregate.means import Together
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import method
from shanhai.engines.indicators.siblings import Siblings


class Mpi(Together, frozen=True, kw_only=True):
    """Whether children are first scaled to mean 100 and deviation 10; the sign of the penalty."""

    scale: bool = True
    penalty: Literal["negative", "positive"] = "negative"


class Ampi(Together, frozen=True, kw_only=True):
    """Whether children are first scaled to 70–130 over their range; references that become 100; the sign."""

    scale: bool = True
    reference: tuple[float, ...] = ()
    penalty: Literal["negative", "positive"] = "negative"


class Coupling(Together, frozen=True, kw_only=True):
    """What zeros become before the product."""

    shift: float = 0.01


def penalised(z: Floats, w: Floats, penalty: str) -> Floats:
    """Return M - S²/M, or M + S²/M, shape (n,)."""
    w = w / w.sum(axis=-1, keepdims=True)
    m = (w * z).sum(axis=1)
    s2 = (w * (z - m[:, None]) ** 2).sum(axis=1)
    return np.asarray(m - s2 / m if penalty == "negative" else m + s2 / m)


@method("aggregate", "mpi", params=Mpi, traits="relational turns")
def mpi(of: Siblings, w: Floats, params: Mpi) -> Floats:
    """Mazziotta–Pareto index on 100 ± 10 scaled children (population deviation)."""
    if params.scale:
        x = of.apart("mpi") * of.directions
        z = 100 + 10 * (x - x.mean(axis=0)) / x.std(axis=0)
    else:
        of.without_gaps("mpi")
        z = of.positive("mpi")
    return penalised(z, w, params.penalty)


@method("aggregate", "ampi", params=Ampi, traits="turns")
def ampi(of: Siblings, w: Floats, params: Ampi) -> Floats:
    """Adjusted MPI: children scaled over all rows and times to 70–130, or so that a reference becomes 100."""
    if not params.scale:
        of.without_gaps("ampi")
        return penalised(of.positive("ampi"), w, params.penalty)
    x = of.apart("ampi")
    low, high = x.min(axis=0), x.max(axis=0)
    if params.reference:
        if len(params.reference) != len(of.codes):
            raise refused(
                "value",
                place=f"{of.place}.reference",
                detail=f"{len(of.codes)} numbers, one a child",
            )
        half = (high - low) / 2
        low, high = np.array(params.reference) - half, np.array(params.reference) + half
    z = np.where(of.directions > 0, (x - low) / (high - low), (high - x) / (high - low)) * 60 + 70
    return penalised(z, w, params.penalty)


@method("aggregate", "coupling", params=Coupling)
def coupling(of: Siblings, w: Floats, params: Coupling) -> Floats:
    """Coupling coordination D = √(C·T) of subsystems U ≥ 0: C = k(ΠU)^(1/k)/ΣU, T = Σ w U; tells C and T."""
    u = of.without_gaps("coupling")
    of.refuse_where(u < 0, "nonpositive", "coupling")
    u = np.where(u == 0, params.shift, u)
    k = u.shape[1]
    c = k * np.exp(np.log(u).mean(axis=1)) / u.sum(axis=1)
    t = (w * u).sum(axis=1)
    told = {of.row_name(i): {"C": float(c[i]), "T": float(t[i])} for i in range(len(u))}
    of.told["coupling"] = told
    return np.asarray(np.sqrt(c * t))
