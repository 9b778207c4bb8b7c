"""Weights by principal components and by rotated factors (Nicoletti et al. 2000; OECD/JRC Handbook 2008, step 6)."""

from typing import Literal

import numpy as np

from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.factor import components, varimax
from shanhai.engines.indicators.methods import Params, method
from shanhai.engines.indicators.siblings import Siblings
from shanhai.engines.indicators.weights.data import shares


class Pca(Params, frozen=True, kw_only=True):
    """Which component, and whether weights are its absolute or squared unit loadings."""

    component: int = 1
    form: Literal["absolute", "squared"] = "absolute"


class Factors(Params, frozen=True, kw_only=True):
    """How many factors (None: eigenvalue above 1), and whether varimax normalises rows."""

    factors: int | None = None
    kaiser: bool = True


def _correlation(of: Siblings, name: str) -> Floats:
    x = of.apart(name)
    if len(x) <= 2:  # noqa: PLR2004 - two points correlate whatever they are
        raise refused("few", place=of.node, child=of.codes[0], found=len(x), method=name, wanted=3)
    return np.atleast_2d(np.corrcoef(x, rowvar=False))


@method("weights", "pca", params=Pca)
def pca(of: Siblings, params: Pca) -> Floats:
    """Weigh by the loadings of one principal component; tells eigenvalues and variance explained."""
    found = components(_correlation(of, "pca"))
    if not 1 <= params.component <= len(of.codes):
        raise refused("value", place=f"{of.place}.component", detail=f"1 to {len(of.codes)}")
    vector = np.abs(found.vectors[:, params.component - 1])
    of.told["pca"] = {
        "eigenvalues": found.eigenvalues.tolist(),
        "explained": (found.eigenvalues / found.eigenvalues.sum()).tolist(),
        "loadings": found.loadings[:, params.component - 1].tolist(),
    }
    return shares(vector**2 if params.form == "squared" else vector, of, "pca")


@method("weights", "factor", params=Factors)
def factor(of: Siblings, params: Factors) -> Floats:
    """Weigh each child by its highest squared loading over its factor's variance, times that factor's share."""
    found = components(_correlation(of, "factor"))
    count = params.factors or max(int((found.eigenvalues > 1).sum()), 1)
    if not 1 <= count <= len(of.codes):
        raise refused("value", place=f"{of.place}.factors", detail=f"1 to {len(of.codes)}")
    loadings = varimax(found.loadings[:, :count], normalise=params.kaiser)
    squared = loadings**2
    variance = squared.sum(axis=0)
    own = squared.argmax(axis=1)
    weights = squared[np.arange(len(own)), own] / variance[own] * variance[own] / variance.sum()
    of.told["factor"] = {
        "eigenvalues": found.eigenvalues.tolist(),
        "variance": variance.tolist(),
        "loadings": loadings.tolist(),
        "factor_of": dict(zip(of.codes, (own + 1).tolist(), strict=True)),
    }
    return shares(weights, of, "factor")
