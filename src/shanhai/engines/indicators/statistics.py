"""What the data is like: a table of statistics, correlations with flags, Cronbach's α, PCA and varimax, trends.

Source: COINr (`get_stats`, `get_corr`, `get_cronbach`, `get_PCA`, `get_trends`); OECD/JRC Handbook 2008, step 4.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.factor import components, varimax
from shanhai.engines.indicators.frame import Frame
from shanhai.engines.indicators.run import Run
from shanhai.engines.indicators.steps.treat import skew_kurtosis
from shanhai.engines.indicators.tree import Tree
from shanhai.engines.indicators.uncertainty.remove import remove_one

SIZE = 0.6
"""|r| with a denominator above this flags an indicator that should perhaps be divided by it."""
HIGH, LOW, WEAK, SURE = 0.9, -0.4, 0.3, 0.05
KINDS = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}


def describe(frame: Frame) -> list[dict[str, Any]]:
    """Return a row for each indicator: extremes, mean, median, deviation, skew, kurtosis, gaps, zeros, outliers."""
    x = frame.x
    skew, kurt = skew_kurtosis(x)
    quartiles = arrays.quietly(lambda v: np.asarray(np.nanquantile(v, [0.25, 0.75], axis=0)), x)
    columns = {
        "min": arrays.low(x),
        "max": arrays.high(x),
        "mean": arrays.mean(x),
        "median": arrays.median(x),
        "sd": arrays.deviation(x),
        "q25": quartiles[0],
        "q75": quartiles[1],
        "skew": skew,
        "kurtosis": kurt,
    }
    found = []
    for j, one in enumerate(frame.indicators):
        there = x[~np.isnan(x[:, j]), j]
        row: dict[str, Any] = {"code": one.code, "n": len(there)}
        row |= {name: float(values[j]) for name, values in columns.items()}
        row |= {
            "missing": len(x) - len(there),
            "availability": len(there) / len(x),
            "zeros": int((there == 0).sum()),
            "unique": len(np.unique(there)),
            "outlier": bool(abs(skew[j]) >= 2 and kurt[j] >= 3.5),  # noqa: PLR2004 - COINr's test
        }
        found.append(row)
    return found


def correlations(
    values: dict[str, Floats], pairs: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return a row for each pair: three correlations over complete pairs, each with its p and flag.

    Flags: `high` from 0.9, `negative` to -0.4, `weak` within ±0.3, `not_significant` from p = 0.05; "" otherwise.
    """
    found = []
    for a, b in pairs:
        there = ~np.isnan(values[a]) & ~np.isnan(values[b])
        x, y = values[a][there], values[b][there]
        row: dict[str, Any] = {"a": a, "b": b, "n": len(x)}
        for name, function in KINDS.items():
            r, p = float("nan"), float("nan")
            if len(x) > 2 and np.ptp(x) > 0 and np.ptp(y) > 0:  # noqa: PLR2004 - two points correlate always
                result = function(x, y)
                r, p = float(result[0]), float(result[1])
            row |= {name: r, f"{name}_p": p, f"{name}_flag": _flag(r, p)}
        found.append(row)
    return found


def _flag(r: float, p: float) -> str:
    if np.isnan(r):
        return "undefined"
    if p >= SURE:
        return "not_significant"
    return "high" if r >= HIGH else "negative" if r <= LOW else "weak" if abs(r) < WEAK else ""


def all_pairs(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return every pair once."""
    return list(combinations(codes, 2))


def cronbach(x: Floats) -> float:
    """Return Cronbach's α of columns (n, k) on the covariance matrix of complete pairs; NaN below two columns.

    α = k² · mean covariance / sum of all, which is k/(k - 1) (1 - Σ variances / variance of the sum).
    """
    k = x.shape[1]
    if k < 2:  # noqa: PLR2004 - consistency takes two
        return float("nan")
    cov = pairwise_covariance(x)
    off = (cov.sum() - np.trace(cov)) / (k * (k - 1))
    return float(k**2 * off / cov.sum())


def pairwise_covariance(x: Floats) -> Floats:
    """Return the covariance of each pair of columns over the rows where both are there, shape (k, k)."""
    k = x.shape[1]
    cov = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(i, k):
            there = ~np.isnan(x[:, i]) & ~np.isnan(x[:, j])
            if there.sum() > 1:
                cov[i, j] = cov[j, i] = np.cov(x[there, i], x[there, j])[0, 1]
    return cov


def consistency(frame: Frame, tree: Tree) -> list[dict[str, Any]]:
    """Return α of the indicators under each node, and α without each of them."""
    found = []
    for node in tree.down():
        columns = [frame.codes.index(code) for code in tree.leaves(node)]
        x = frame.x[:, columns]
        without = {}
        if len(columns) > 2:  # noqa: PLR2004 - two must be left
            without = {
                frame.codes[j]: cronbach(np.delete(x, at, axis=1)) for at, j in enumerate(columns)
            }
        found.append(
            {"node": node, "k": len(columns), "alpha": cronbach(x), "alpha_without": without}
        )
    return found


def principal(values: dict[str, Floats], codes: Sequence[str]) -> dict[str, Any] | None:
    """Return the PCA of the correlations of some codes over complete rows; None below three rows or two codes.

    Holds `sdev` (roots of eigenvalues), `explained`, `loadings` (unit vectors, signs free), `correlations` with the
    components, and the `varimax` rotation of those whose eigenvalue is above 1.
    """
    x = np.column_stack([values[code] for code in codes])
    x = x[~np.isnan(x).any(axis=1)]
    apart = [j for j in range(len(codes)) if len(x) and np.ptp(x[:, j]) > 0]
    if len(x) < 3 or len(apart) < 2:  # noqa: PLR2004
        return None
    found = components(np.atleast_2d(np.corrcoef(x[:, apart], rowvar=False)))
    count = max(int((found.eigenvalues > 1).sum()), 1)
    return {
        "codes": [codes[j] for j in apart],
        "n": len(x),
        "eigenvalues": found.eigenvalues.tolist(),
        "sdev": np.sqrt(found.eigenvalues).tolist(),
        "explained": (found.eigenvalues / found.eigenvalues.sum()).tolist(),
        "loadings": found.vectors.tolist(),
        "correlations": found.loadings.tolist(),
        "factors": count,
        "varimax": varimax(found.loadings[:, :count]).tolist(),
    }


def sizes(
    frame: Frame, denominators: Sequence[str], threshold: float = SIZE
) -> list[dict[str, Any]]:
    """Return indicators whose |r| with a denominator column is above the threshold: candidates for dividing."""
    found: list[dict[str, Any]] = []
    for column in denominators:
        below = frame.table.numbers[column]
        found += _sized(frame, column, below, threshold)
    return found


def _sized(frame: Frame, column: str, below: Floats, threshold: float) -> list[dict[str, Any]]:
    found = []
    for j, code in enumerate(frame.codes):
        there = ~np.isnan(frame.x[:, j]) & ~np.isnan(below)
        x, y = frame.x[there, j], below[there]
        if len(x) > 2 and np.ptp(x) > 0 and np.ptp(y) > 0:  # noqa: PLR2004
            r = float(np.corrcoef(x, y)[0, 1])
            if abs(r) > threshold:
                found.append({"code": code, "denominator": column, "r": r})
    return found


def trends(frame: Frame, values: dict[str, Floats]) -> list[dict[str, Any]]:
    """Return each unit's growth in a panel: first and last value, change, CAGR over what is there.

    CAGR = (last/first)^(1/(t_last - t_first)) - 1, missing where the two differ in sign or one is zero.
    """
    table = frame.table
    if table.times is None:
        return []
    found, times = [], np.array(table.times)
    for rows in arrays.groups(table.units, len(times)):
        own = rows[np.argsort(times[rows])]
        for code, column in values.items():
            there = own[~np.isnan(column[own])]
            if len(there) < 2:  # noqa: PLR2004 - growth has two ends
                continue
            first, last = (float(column[there[at]]) for at in (0, -1))
            span = float(times[there[-1]] - times[there[0]])
            slope = float(np.polyfit(times[there], column[there], 1)[0])
            growth = (last / first) ** (1 / span) - 1 if first * last > 0 else None
            found.append(
                {
                    "unit": table.units[own[0]],
                    "code": code,
                    "first": first,
                    "last": last,
                    "change": last - first,
                    "cagr": growth,
                    "slope": slope,
                }
            )
    return found


def statistics(run: Run) -> dict[str, Any]:
    """Return every statistic of a run: of raw and normalised data, between siblings, with parents and root."""
    first, last, tree = run.stages[0].frame, run.stages[-1].frame, run.combined.tree
    raw = {code: first.x[:, j] for j, code in enumerate(first.codes)}
    values = run.combined.values
    denominators = [one.denominator for one in first.indicators if one.denominator]
    denominators += run.scheme.data.denominators
    up = [(code, tree.parent[code]) for code in tree.parent]
    up += [(code, tree.root) for code in last.codes if tree.parent[code] != tree.root]
    groups = {node: tree.children[node] for node in tree.down() if len(tree.children[node]) > 1}
    nodes = {node: values[node] for node in tree.order}
    return {
        "indicators": describe(first),
        "normalised": describe(last),
        "correlations": correlations(raw, all_pairs(list(raw))),
        "with_parents": correlations(values, up),
        "cronbach": consistency(last, tree),
        "cronbach_raw": consistency(first, tree.keep(first.codes))
        if set(last.codes) == set(first.codes)
        else [],
        "pca": {"raw": principal(raw, list(raw)), "normalised": principal(values, last.codes)}
        | {node: principal(values, children) for node, children in groups.items()},
        "pca_raw": {
            node: principal(raw, leaves)
            for node in tree.down()
            if len(leaves := [code for code in tree.leaves(node) if code in raw]) > 1
        },
        "remove_one": remove_one(run),
        "size_effects": sizes(first, list(dict.fromkeys(denominators))),
        "trends": trends(last, {**nodes, **{code: values[code] for code in last.codes}}),
    }
