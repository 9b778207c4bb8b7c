"""Weights optimised so that the children's correlations with their parent meet a target (Becker et al. 2017)."""

from typing import Literal

import numpy as np

from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import Params, method
from shanhai.engines.indicators.siblings import Siblings


class Optimise(Params, frozen=True, kw_only=True):
    """Relative targets in the children's order (equal where left out); balance them, or maximise their sum."""

    targets: tuple[float, ...] = ()
    kind: Literal["balance", "infomax"] = "balance"


@method("weights", "optimise", params=Optimise)
def optimise(of: Siblings, params: Optimise) -> Floats:
    """Find weights whose Pearson correlations with the weighted mean are as asked; tells what was obtained."""
    from scipy.optimize import minimize  # noqa: PLC0415 - half a second to import

    cov = np.atleast_2d(np.cov(of.apart("optimise"), rowvar=False))
    targets = np.array(params.targets or (1.0,) * len(cov))
    if len(targets) != len(cov) or targets.min() <= 0:
        raise refused("value", place=f"{of.place}.targets", detail=f"{len(cov)} positive numbers")
    targets = targets / targets.sum()
    sd = np.sqrt(np.diag(cov))

    def correlations(u: Floats) -> Floats:
        w = _softmax(u)
        return np.asarray(cov @ w / (sd * np.sqrt(w @ cov @ w)))

    def loss(u: Floats) -> float:
        r = correlations(u)
        if params.kind == "infomax":
            return -float(r.sum())
        return float(((r - targets * r.sum()) ** 2).sum() / max(float(r.sum()), 1e-3) ** 2)

    found = minimize(
        loss,
        np.log(targets),
        method="L-BFGS-B",
        bounds=[(-12, 12)] * len(cov),
        options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-10},
    )
    obtained = correlations(found.x)
    of.told["optimise"] = {
        "obtained": dict(zip(of.codes, obtained.tolist(), strict=True)),
        "relative": (obtained / obtained.sum()).tolist(),
        "targets": targets.tolist(),
        "loss": float(found.fun),
    }
    return _softmax(found.x)


def _softmax(u: Floats) -> Floats:
    powers = np.exp(u - u.max())
    return np.asarray(powers / powers.sum())
