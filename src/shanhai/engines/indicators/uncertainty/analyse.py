"""The whole analysis: sample or enumerate the space, answer every point, and say what is sure and what matters."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.scheme import Scheme
from shanhai.engines.indicators.table import Table
from shanhai.engines.indicators.uncertainty.bands import bands
from shanhai.engines.indicators.uncertainty.effects import (
    Effects,
    design,
    grid_costs,
    grid_effects,
    sample_costs,
    shapley,
    sobol,
)
from shanhai.engines.indicators.uncertainty.remove import remove_one
from shanhai.engines.indicators.uncertainty.space import MOST, Answers, Space

MOST_SHAPLEY = 10
"""Shapley effects ask for every subset of the assumptions."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analysis found.

    Attributes:
        method: `enumerate`, `sobol` or `montecarlo`.
        runs: How many points were answered.
        units: A row for each unit, see `bands`.
        effects: By output (`rank_shift`, `score`), a row for each assumption.
        removed: See `remove_one`.
        rank_shift: Mean absolute change of rank from the nominal, over all points.
    """

    method: str
    runs: int
    units: list[dict[str, Any]]
    effects: dict[str, list[dict[str, Any]]]
    removed: list[dict[str, Any]]
    rank_shift: float


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is refused
def analyse(scheme: Scheme, table: Table) -> Analysis:
    """Analyse a scheme on a table as its `[sensitivity]` says.

    Raises:
        InvalidInputError: If an assumption or its path is wrong, or one of its settings does not suit the data.
    """
    space = Space(scheme, table)
    method = _method(space)
    points, sizes = _points(space, method)
    answers = space.answers(points)
    kept = answers
    if method == "sobol":  # what is sure is told from A and B only
        n = 2 * space.settings.replications
        kept = Answers(answers.scores[:n], answers.ranks[:n], answers.grades[:n])
    shift = _shift(space, answers)
    return Analysis(
        method=method,
        runs=len(points),
        units=bands(space, kept, space.settings.confidence),
        effects=_effects(space, method, points, sizes, answers, shift),
        removed=remove_one(space.nominal),
        rank_shift=float(np.nanmean(shift[: len(kept.scores)])),
    )


def _method(space: Space) -> str:
    method = space.settings.method
    combos = float(np.prod([float(size) for size in space.sizes])) if _discrete(space) else np.inf
    if method == "auto":
        if combos <= MOST and not space.settings.dependence:
            return "enumerate"
        return "montecarlo" if space.settings.dependence or len(space.assumptions) == 1 else "sobol"
    if method == "enumerate" and combos > MOST:
        detail = f"enumeration takes at most {MOST} combinations of values; use sobol or montecarlo"
        raise refused("too_large", place="sensitivity.method", detail=detail)
    if space.settings.dependence and method != "montecarlo":
        raise refused(
            "value", place="sensitivity.method", detail="with dependence use montecarlo or auto"
        )
    return method


def _discrete(space: Space) -> bool:
    return all(one.values or (one.range and one.integer) for one in space.assumptions)


def _points(space: Space, method: str) -> tuple[Floats, list[int]]:
    """Return the points to answer, and the grid's sizes where it is one."""
    d, n = len(space.assumptions), space.settings.replications
    if n < 2:  # noqa: PLR2004 - a variance needs two
        raise refused("value", place="sensitivity.replications", detail="at least 2")
    if method == "enumerate":
        axes = [(np.arange(size) + 0.5) / size for size in space.sizes]
        mesh = np.meshgrid(*axes, indexing="ij")
        return np.column_stack([axis.ravel() for axis in mesh]), space.sizes
    if method == "sobol":
        both = space.sample(n, 2 * d)
        return design(both[:, :d], both[:, d:]), []
    return space.dependent(space.sample(n, d)), []


def _shift(space: Space, answers: Answers) -> Floats:
    """Return the mean absolute change of rank of each point, shape (N,)."""
    change = np.abs(answers.ranks - space.nominal.judged.ranks)
    return np.asarray(
        np.nanmean(np.where(np.isnan(change).all(axis=1, keepdims=True), 0, change), axis=1)
    )


def _effects(
    space: Space, method: str, points: Floats, sizes: list[int], answers: Answers, shift: Floats
) -> dict[str, list[dict[str, Any]]]:
    d = len(space.assumptions)
    there = ~np.isnan(answers.scores).any(axis=0)
    outputs = {"rank_shift": shift[:, None], "score": answers.scores[:, there]}
    found = {}
    for name, y in outputs.items():
        share: Floats | None = None
        effects: Effects | None = None
        if method == "enumerate":
            costs = grid_costs(y.reshape(*sizes, -1))
            effects, share = grid_effects(costs, d), shapley(costs, d)
        elif method == "sobol":
            bootstrap = space.settings.bootstrap if name == "rank_shift" else 0
            effects = sobol(y, d, bootstrap, space.settings.seed)
        if share is None and space.settings.shapley and name == "rank_shift" and d <= MOST_SHAPLEY:
            n = 2 * space.settings.replications if method == "sobol" else len(points)
            share = shapley(sample_costs(_settled(space, points[:n]), shift[:n]), d)
        found[name] = [_row(space.names[i], i, effects, share) for i in range(d)]
    return found


def _settled(space: Space, points: Floats) -> Floats:
    """Return points moved to the middle of their setting, so that equal settings are equal."""
    settled = points.copy()
    for at, size in enumerate(space.sizes):
        if size:
            settled[:, at] = (np.minimum(np.floor(points[:, at] * size), size - 1) + 0.5) / size
    return settled


def _row(name: str, i: int, effects: Effects | None, share: Floats | None) -> dict[str, Any]:
    row: dict[str, Any] = {"assumption": name}
    if effects is not None:
        row |= {"first": float(effects.first[i]), "total": float(effects.total[i])}
        if effects.first_band is not None and effects.total_band is not None:
            row["first_low"], row["first_high"] = (float(v) for v in effects.first_band[i])
            row["total_low"], row["total_high"] = (float(v) for v in effects.total_band[i])
    return row | {"shapley": None if share is None else float(share[i])}
