"""Which assumption matters: Sobol first and total effects with bootstrap, exact effects on a grid, Shapley effects.

Sources: Saltelli et al. 2010; Jansen 1999 (total effects); Owen 2014 and Song et al. 2016 (Shapley effects, which
stay meaningful where assumptions depend on one another); Broto et al. 2020 (their estimate from nearest neighbours).
"""

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from shanhai.engines.indicators.arrays import Floats, Ints

NEIGHBOURS = 4
"""For each coefficient of a local line."""
RIDGE = 1e-6
"""Keeps slopes at zero where neighbours do not differ, as among equal settings."""


class Effects(NamedTuple):
    """First and total effect of each assumption (d,), with bands (d, 2) where they were bootstrapped."""

    first: Floats
    total: Floats
    first_band: Floats | None = None
    total_band: Floats | None = None


def design(a: Floats, b: Floats) -> Floats:
    """Return A, B and every A with one column of B, shape (N (d + 2), d)."""
    mixed = []
    for i in range(a.shape[1]):
        one = a.copy()
        one[:, i] = b[:, i]
        mixed.append(one)
    return np.vstack([a, b, *mixed])


def sobol(y: Floats, d: int, bootstrap: int = 0, seed: int = 1) -> Effects:
    """Return Sobol effects from the answers to `design`.

    S_i = mean(y_B (y_ABi - y_A))/Var and ST_i = Σ(y_A - y_ABi)²/(2 N Var), with Var that of {y_A, y_B}; y is centred
    first, which changes no expectation and steadies the first.

    Args:
        y: Answers, shape (N (d + 2),), or (N (d + 2), m) for the effects on m outputs together.
        d: Number of assumptions.
        bootstrap: How often to resample for 5–95 % bands.
        seed: Of the resampling.
    """
    y = y.reshape(len(y), -1)
    n = len(y) // (d + 2)
    y = y - y[: 2 * n].mean(axis=0)
    ya, yb = y[:n], y[n : 2 * n]
    yab = y[2 * n :].reshape(d, n, -1)
    firsts = (yb * (yab - ya)).sum(axis=2)
    totals = ((ya - yab) ** 2).sum(axis=2) / 2
    squares = ((ya**2) + (yb**2)).sum(axis=1) / 2

    def effects(rows: Ints | slice) -> tuple[Floats, Floats]:
        var = squares[rows].mean(axis=-1)
        with np.errstate(all="ignore"):
            first = np.where(var > 0, firsts[:, rows].mean(axis=-1) / var, 0.0)
            total = np.where(var > 0, totals[:, rows].mean(axis=-1) / var, 0.0)
        return first, total

    first, total = effects(slice(None))
    if not bootstrap:
        return Effects(first, total)
    random = np.random.default_rng(seed)
    resampled = [effects(random.integers(0, n, n)) for _ in range(bootstrap)]
    bands = [
        np.quantile(np.array([one[at] for one in resampled]), [0.05, 0.95], axis=0).T
        for at in (0, 1)
    ]
    return Effects(first, total, bands[0], bands[1])


def grid_costs(y: Floats) -> dict[frozenset[int], float]:
    """Return Var(E[y | S]) for every subset S of assumptions, exactly, from a full grid.

    Args:
        y: Answers on the grid, one axis for each assumption, then one of outputs.
    """
    d = y.ndim - 1
    costs = {}
    for size in range(d + 1):
        for some in combinations(range(d), size):
            others = tuple(i for i in range(d) if i not in some)
            means = y.mean(axis=others) if others else y
            costs[frozenset(some)] = float(means.reshape(-1, y.shape[-1]).var(axis=0).sum())
    return costs


def grid_effects(costs: dict[frozenset[int], float], d: int) -> Effects:
    """Return exact first and total effects from `grid_costs`."""
    whole = frozenset(range(d))
    var = costs[whole]
    if var <= 0:
        return Effects(np.zeros(d), np.zeros(d))
    first = np.array([costs[frozenset({i})] / var for i in range(d)])
    total = np.array([1 - costs[whole - {i}] / var for i in range(d)])
    return Effects(first, total)


def sample_costs(x: Floats, y: Floats) -> dict[frozenset[int], float]:
    """Estimate Var(E[y | X_S]) for every subset from a sample, by the nearest neighbours in X_S.

    Args:
        x: Settings, shape (N, d), each scaled to [0, 1].
        y: Answers, shape (N,).
    """
    d = x.shape[1]
    y = y - y.mean()
    random = np.random.default_rng(0)
    jitter = x + random.uniform(-1e-9, 1e-9, x.shape)  # equal settings: any of them is a neighbour
    costs = {frozenset[int](): 0.0}
    for size in range(1, d + 1):
        for some in combinations(range(d), size):
            if size == d:
                costs[frozenset(some)] = float((y**2).mean())
                continue
            costs[frozenset(some)] = max(float((y * _smoothed(jitter[:, some], y)).mean()), 0.0)
    return costs


def _smoothed(x: Floats, y: Floats) -> Floats:
    """Return E[y | x] at each point from a line through its nearest neighbours, itself left out, shape (N,)."""
    n, d = x.shape
    k = min(NEIGHBOURS * (d + 1), n - 1)
    _, near = cKDTree(x).query(x, k=k + 1)
    near = near[:, 1:]
    away = np.concatenate([np.ones((n, k, 1)), x[near] - x[:, None, :]], axis=2)
    square = np.einsum("nki,nkj->nij", away, away) + RIDGE * k * np.diag([0.0] + [1.0] * d)
    right = np.einsum("nki,nk->ni", away, y[near])
    return np.asarray(np.linalg.solve(square, right[..., None])[:, 0, 0])


def shapley(costs: dict[frozenset[int], float], d: int) -> Floats:
    """Return Shapley effects (d,), shares of the variance that sum to 1, from the cost of every subset."""
    whole = costs[frozenset(range(d))]
    effects = np.zeros(d)
    for i in range(d):
        rest = [j for j in range(d) if j != i]
        for size in range(d):
            for some in combinations(rest, size):
                gain = costs[frozenset({*some, i})] - costs[frozenset(some)]
                effects[i] += gain / comb(d - 1, size) / d
    return effects / whole if whole > 0 else effects
