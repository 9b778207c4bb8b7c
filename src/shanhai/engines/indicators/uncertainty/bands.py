"""What is sure of a rank: bands, the probability of each grade, and units that cannot be told apart."""

from typing import Any

import numpy as np

from shanhai.engines.indicators.arrays import Floats, Ints, groups, quietly
from shanhai.engines.indicators.output import rank_cell
from shanhai.engines.indicators.uncertainty.space import Answers, Space


def bands(space: Space, answers: Answers, confidence: float) -> list[dict[str, Any]]:
    """Return each unit's row: nominal score and rank, their bands, grade probabilities, group.

    Args:
        space: For the nominal run.
        answers: Of every point.
        confidence: How sure it must be that one unit stands above another to be told apart.
    """
    run, settings = space.nominal, space.settings
    table, judged = run.table, run.judged
    low, high = settings.band
    cuts = [low, 0.5, high]
    ranks, scores = _quantiles(answers.ranks, cuts), _quantiles(answers.scores, cuts)
    mean = quietly(lambda x: np.asarray(np.nanmean(x, axis=0)), answers.ranks)
    group = np.zeros(len(table.units), dtype=np.int64)
    for rows in groups(table.keys.get("time"), len(group)):
        group[rows] = apart(answers.scores[:, rows], judged.scores[rows], confidence)
    names = [grade.name for grade in run.scheme.grades.grades] if run.scheme.grades else []
    found = []
    for i in range(len(table.units)):
        one: dict[str, Any] = {"unit": table.units[i]}
        if table.times is not None:
            one["time"] = f"{table.times[i]:g}"
        one |= {
            "score": float(judged.scores[i]),
            "rank": rank_cell(judged.ranks[i]),
            "rank_low": float(ranks[0, i]),
            "rank_median": float(ranks[1, i]),
            "rank_high": float(ranks[2, i]),
            "rank_mean": float(mean[i]),
            "score_low": float(scores[0, i]),
            "score_median": float(scores[1, i]),
            "score_high": float(scores[2, i]),
            "group": int(group[i]) or None,
        }
        if names:
            one |= _grade_shares(
                answers.grades[:, i], names, judged.grades[i] if judged.grades else ""
            )
        found.append(one)
    return found


def _quantiles(values: Floats, cuts: list[float]) -> Floats:
    """Return quantiles of each column over what is there, shape (cuts, n)."""
    if np.isfinite(values.sum()):
        return np.asarray(np.quantile(values, cuts, axis=0))
    return quietly(lambda x: np.asarray(np.nanquantile(x, cuts, axis=0)), values)


def _grade_shares(index: Ints, names: list[str], nominal: str) -> dict[str, Any]:
    there = index[index >= 0]
    share = {
        name: float((there == at).mean()) if len(there) else None for at, name in enumerate(names)
    }
    told: dict[str, Any] = {"grade": nominal or None}
    told |= {f"p_{name}": value for name, value in share.items()}
    return told | {"grade_stability": share.get(nominal)}


def apart(scores: Floats, nominal: Floats, confidence: float) -> Ints:
    """Return group numbers (n,): 1 is the leading group, 0 without a score.

    Going down the nominal order, a unit opens a new group once the leader of the last one stands above it in at least
    `confidence` of the points.

    Args:
        scores: Of every point, shape (points, n).
        nominal: Shape (n,).
        confidence: Such as 0.95.
    """
    found = np.zeros(len(nominal), dtype=np.int64)
    order = [int(i) for i in np.argsort(-nominal, kind="stable") if not np.isnan(nominal[i])]
    leader, number = -1, 0
    for i in order:
        if leader >= 0:
            both = ~np.isnan(scores[:, leader]) & ~np.isnan(scores[:, i])
            above = scores[both, leader] > scores[both, i] + 1e-12
        if leader < 0 or (len(above) and above.mean() >= confidence):
            leader, number = i, number + 1
        found[i] = number
    return found
