"""Principal components of the correlation matrix and their varimax rotation.

Source: Kaiser 1958 (varimax, with his normalisation of rows); OECD/JRC Handbook 2008, step 4.
"""

from typing import NamedTuple

import numpy as np

from shanhai.engines.indicators.arrays import Floats


class Components(NamedTuple):
    """Eigenvalues (k,), falling; unit vectors (k, k) in columns; loadings (k, k): vector times root of eigenvalue."""

    eigenvalues: Floats
    vectors: Floats
    loadings: Floats


def components(correlation: Floats) -> Components:
    """Return the principal components of a correlation matrix (k, k); each points to where its sum is positive."""
    values, vectors = np.linalg.eigh(correlation)
    order = np.argsort(values)[::-1]
    values, vectors = np.maximum(values[order], 0), vectors[:, order]
    signs = np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    vectors = vectors * signs
    return Components(values, vectors, vectors * np.sqrt(values))


def varimax(
    loadings: Floats, *, normalise: bool = True, iterations: int = 1000, tolerance: float = 1e-10
) -> Floats:
    """Rotate loadings (k, m) so that each factor has few large ones.

    Args:
        loadings: Unrotated, shape (k indicators, m factors).
        normalise: Scale each row to length 1 first and back after (Kaiser).
        iterations: At most so many.
        tolerance: Growth of the criterion that counts as none.
    """
    k, m = loadings.shape
    if m < 2:  # noqa: PLR2004 - one factor has nothing to rotate with
        return loadings
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True)) if normalise else np.ones((k, 1))
    a = loadings / np.where(length > 0, length, 1)
    rotation, before = np.eye(m), 0.0
    for _ in range(iterations):
        turned = a @ rotation
        u, s, vt = np.linalg.svd(a.T @ (turned**3 - turned * (turned**2).mean(axis=0)))
        rotation, now = u @ vt, float(s.sum())
        if now <= before * (1 + tolerance):
            break
        before = now
    turned = a @ rotation * length
    return np.asarray(turned[:, np.argsort(-(turned**2).sum(axis=0), kind="stable")])
