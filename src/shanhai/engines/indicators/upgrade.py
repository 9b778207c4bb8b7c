"""The cheapest way to the next grade: which indicators to improve by how much, as a linear programme.

Each indicator's normalised score is a broken line of its value (exact where the method has stated points or is linear,
through the units' own values otherwise); costs are `improve.cost` for each unit of value, up to `improve.most`. The
root is made linear around the unit and the programme solved again until the true score reaches the grade. The others
stand still, and scales stay as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.explain import raw_value, with_row
from shanhai.engines.indicators.frame import Frame, Part
from shanhai.engines.indicators.parts import Indicator
from shanhai.engines.indicators.run import Run

STATED: dict[str, Callable[[Any, Indicator], Any]] = {
    "goalposts": lambda params, one: one.goalposts or params.posts or (),
    "piecewise": lambda params, _: [value for value, _ in params.points],
    "scaled": lambda params, _: (params.low, params.high),
    "bands": lambda params, _: [start for start, _ in params.bands],
}
"""Methods that score a value whatever the other values are, with the points where their line breaks."""
KNOTS = 12
ROUNDS = 30
REACHED = DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Plan:
    """How a unit reaches a grade.

    Attributes:
        unit: What the row is called.
        grade: The grade it has; target: the one it reaches.
        score: Now; needed: from which score on; reached: with the plan.
        cost: Sum of costs.
        exact: Whether the programme was linear as it stood, so that nothing is cheaper.
        changes: A row for each indicator to improve, the costliest first.
    """

    unit: str
    grade: str
    target: str
    score: float
    needed: float
    reached: float
    cost: float
    exact: bool
    changes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Line:
    """An indicator's way up: values from its own on in its direction, and their normalised scores."""

    index: int
    values: Floats
    scores: Floats
    cost: float


def upgrade(run: Run, row: int, grade: str = "") -> Plan:
    """Return the cheapest way of a row to a grade, the next better one where none is named.

    Raises:
        InvalidInputError: If there are no grades, nothing better, or no way within the limits.
    """
    target, needed = _needed(run, row, grade)
    frame = run.stages[-1].frame
    lines = [line for j in range(len(frame.indicators)) if (line := _line(run, row, j))]
    goal = needed - float(run.judged.scores[row] - run.combined.scores[row])
    own = frame.x[row].copy()
    values, exact, pad = own, False, 0.0
    for attempt in range(ROUNDS):
        gradient, here = _gradient(run, row, values), with_row(run, row, values)
        moved = float(gradient @ np.nan_to_num(values - own))
        found = _solved(lines, own, gradient, goal - here + moved + pad)
        if found is None:
            return _plan(
                run,
                row,
                (target, needed),
                _bisected(run, row, lines, goal, target),
                lines,
                exact=False,
            )
        values = found
        short = goal - with_row(run, row, values)
        if short <= REACHED:
            exact = attempt == 0
            break
        pad += short
    return _plan(run, row, (target, needed), values, lines, exact=exact)


def _bisected(run: Run, row: int, lines: list[_Line], goal: float, target: str) -> Floats:
    """Return the nearest values on the straight way to every limit that reach the goal.

    Raises:
        InvalidInputError: If even the limits do not.
    """
    own = run.stages[-1].frame.x[row]
    best = own.copy()
    for line in lines:
        best[line.index] = line.scores[-1]
    gap = goal - with_row(run, row, best)
    if gap > REACHED:
        raise refused("unreachable", unit=run.table.row_name(row), grade=target, gap=gap)
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        enough = with_row(run, row, own + middle * (best - own)) >= goal
        low, high = (low, middle) if enough else (middle, high)
    return np.asarray(own + high * (best - own))


def _needed(run: Run, row: int, grade: str) -> tuple[str, float]:
    scheme, judged = run.scheme, run.judged
    if scheme.grades is None or judged.grades is None:
        raise refused("required", place="scheme", name="[grades]")
    names = [one.name for one in scheme.grades.grades]
    now = judged.grades[row]
    if not now:
        raise refused("unit_unknown", unit=f"{run.table.row_name(row)} (no score)", nearest="—")
    at = names.index(now)
    if at == 0:
        raise refused("not_needed", unit=run.table.row_name(row), grade=now)
    if grade and grade not in names[:at]:
        raise refused("unknown", place="--grade", name=grade, nearest=", ".join(names[:at]))
    to = names.index(grade) if grade else at - 1
    if scheme.grades.method == "threshold":
        bound = scheme.grades.grades[to].from_
        assert bound is not None  # noqa: S101 - only the last may lack it
        return names[to], bound
    keys = _alike(run, row)
    better = [
        float(s)
        for s, g, alike in zip(judged.scores, judged.grades, keys, strict=True)
        if alike and g and names.index(g) <= to
    ]
    if not better:
        raise refused("unreachable", unit=run.table.row_name(row), grade=names[to], gap="—")
    return names[to], min(better)  # who draws level shares the rank


def _alike(run: Run, row: int) -> list[bool]:
    """Return which rows compete with a row for a quota."""
    table, grades = run.table, run.scheme.grades
    keys = [
        table.keys[name] for name in ("time", grades.by if grades else "") if name in table.keys
    ]
    return [all(key[i] == key[row] for key in keys) for i in range(len(table.units))]


def _line(run: Run, row: int, j: int) -> _Line | None:
    """Return an indicator's way up, None where it cannot or may not be improved."""
    at = next((i for i, s in enumerate(run.scheme.steps) if s.kind in {"treat", "normalise"}), None)
    before, after = run.stages[at if at is not None else -1].frame, run.stages[-1].frame
    one = after.indicators[j]
    k = before.codes.index(one.code)
    same = before.table.row_name(row) == after.table.row_name(row) and len(before.x) == len(after.x)
    if np.isnan(after.x[row, j]) or not same or np.isnan(raw_value(run, row, one.code)):
        return None
    x = before.x[:, k]
    knots = _knots(run, j, x)
    improve = one.improve
    if improve is None and any(other.improve for other in after.indicators):
        return None
    away = (knots - x[row]) * one.direction
    most = improve.most if improve is not None and improve.most is not None else np.inf
    kept = knots[(away > 0) & (away <= most)]
    if np.isfinite(most) and away.max(initial=0) > most:
        kept = np.append(kept, x[row] + one.direction * most)
    values = np.concatenate([[x[row]], np.unique(kept)[:: int(one.direction)]])
    scores = _scored(run, before, j, values, x)
    scores[0] = after.x[row, j]
    scores = np.maximum.accumulate(scores)
    cost = (
        improve.cost if improve is not None else 1 / max(float(np.nanmax(x) - np.nanmin(x)), 1e-12)
    )
    return _Line(j, values, scores, cost) if scores[-1] > scores[0] + 1e-12 else None


def _chosen(run: Run, j: int) -> Any:
    steps = [step for step in run.scheme.steps if step.kind in {"treat", "normalise"}]
    code = run.stages[-1].frame.codes[j]
    return (
        steps[0].own.get(code, steps[0].chosen)
        if len(steps) == 1 and steps[0].kind == "normalise"
        else None
    )


def _knots(run: Run, j: int, x: Floats) -> Floats:
    chosen = _chosen(run, j)
    one = run.stages[-1].frame.indicators[j]
    if chosen is not None and chosen.method.name in STATED:
        points = np.array(STATED[chosen.method.name](chosen.params, one), dtype=float)
        scale = one.target if getattr(chosen.params, "of_target", False) and one.target else 1.0
        return np.asarray(points * scale)
    there = np.unique(x[~np.isnan(x)])
    return np.unique(np.quantile(there, np.linspace(0, 1, KNOTS), method="nearest"))


def _scored(run: Run, before: Frame, j: int, values: Floats, x: Floats) -> Floats:
    chosen, after = _chosen(run, j), run.stages[-1].frame
    if chosen is not None and chosen.method.name in STATED:
        one = after.indicators[j]
        alone = Frame(before.table.take([0] * len(values)), (one,), values[:, None])
        part = Part(alone, np.arange(len(values)), np.array([0]), chosen.place)
        return np.asarray(chosen.method.function(part, chosen.params)[:, 0])
    there = ~np.isnan(x)
    order = np.argsort(x[there], kind="stable")
    return np.asarray(np.interp(values, x[there][order], after.x[there, j][order]))


def _gradient(run: Run, row: int, values: Floats) -> Floats:
    """Return the root's slope in each normalised indicator, shape (k,)."""
    here, slopes = with_row(run, row, values), np.zeros(len(values))
    spans = np.nan_to_num(arrays.high(run.stages[-1].frame.x) - arrays.low(run.stages[-1].frame.x))
    for j in range(len(values)):
        if np.isnan(values[j]):
            continue
        step = max(float(spans[j]), 1e-6) * 1e-4
        moved = values.copy()
        moved[j] += step
        slopes[j] = (with_row(run, row, moved) - here) / step
    return slopes


def _solved(lines: list[_Line], own: Floats, gradient: Floats, gain: float) -> Floats | None:
    """Return the cheapest normalised values whose linear gain reaches `gain`, None where none does."""
    cost, slope, width, of = [], [], [], []
    for line in lines:
        cost += (np.abs(np.diff(line.values)) * line.cost).tolist()
        rise = np.diff(line.scores)
        slope += (rise * gradient[line.index]).tolist()
        width += rise.tolist()
        of += [line.index] * len(rise)
    if not cost:
        return None
    n = len(cost)
    rows, low, high = [np.concatenate([slope, np.zeros(n)])], [gain], [np.inf]
    for i in range(n):  # a segment may be begun only when the one before it is full
        full = np.zeros(2 * n)
        full[i], full[n + i] = 1, -1
        rows, low, high = [*rows, full], [*low, -np.inf], [*high, 0]
        if i and of[i] == of[i - 1]:
            begun = np.zeros(2 * n)
            begun[n + i], begun[i - 1] = 1, -1
            rows, low, high = [*rows, begun], [*low, -np.inf], [*high, 0]
    found = milp(
        np.concatenate([cost, np.full(n, 1e-9)]),
        constraints=LinearConstraint(np.array(rows), low, high),
        integrality=np.repeat([0, 1], n),
        bounds=Bounds(0, 1),
    )
    if found.x is None:
        return None
    values = own.copy()
    for index, rise, share in zip(of, width, found.x[:n], strict=True):
        values[index] += rise * share
    return values


def _plan(
    run: Run, row: int, goal: tuple[str, float], values: Floats, lines: list[_Line], *, exact: bool
) -> Plan:
    frame, judged = run.stages[-1].frame, run.judged
    changes: list[dict[str, Any]] = []
    for line in lines:
        if values[line.index] <= frame.x[row, line.index] + DUST:
            continue
        one = frame.indicators[line.index]
        to = float(np.interp(values[line.index], line.scores, line.values))
        alone = frame.x[row].copy()
        alone[line.index] = values[line.index]
        changes.append(
            {
                "code": one.code,
                "name": one.label,
                "unit": one.unit,
                "owner": one.owner,
                "from": float(line.values[0]),
                "to": to,
                "cost": abs(to - float(line.values[0])) * line.cost,
                "points": with_row(run, row, alone) - float(run.combined.scores[row]),
            }
        )
    changes.sort(key=lambda change: (-float(change["cost"]), str(change["code"])))
    now, offset = float(judged.scores[row]), float(judged.scores[row] - run.combined.scores[row])
    return Plan(
        unit=run.table.row_name(row),
        grade=judged.grades[row] if judged.grades else "",
        target=goal[0],
        score=now,
        needed=goal[1],
        reached=with_row(run, row, values) + offset,
        cost=sum(float(change["cost"]) for change in changes),
        exact=exact,
        changes=changes,
    )
