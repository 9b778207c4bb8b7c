"""Marginal retention: of one more unit of own revenue, how much a unit keeps after all transfers.

Found by running the scheme again with one unit's revenue raised; `[report] margin` names the column that is raised.
"""

from typing import NamedTuple

from shanhai.engines.fiscal.exact import Number, by_size, divide, tame
from shanhai.engines.fiscal.formula import Env
from shanhai.engines.fiscal.prepare import Ratios
from shanhai.engines.fiscal.run import Result, run
from shanhai.engines.fiscal.table import Table
from shanhai.engines.fiscal.words import refuse

STEP = 1000
"""A unit's column is raised by one part in so many."""
MOST = 60
"""Units looked at where there are more: evenly spread by their ratio before."""


class Point(NamedTuple):
    """A unit's marginal retention."""

    unit: str
    before: Number
    retention: Number


def ratios_of(result: Result) -> Ratios:
    """Return the compiled `[report]`.

    Raises:
        InvalidInputError: If the scheme has none.
    """
    for op in result.ready.ops:
        if isinstance(op, Ratios):
            return op
    raise refuse("report", wanted="capacity, need")


def chosen(result: Result, most: int = MOST) -> list[int]:
    """Return the rows looked at, poorest first."""
    before = result.values["before"]
    order = sorted(range(len(before)), key=lambda at: (*by_size(before[at]), at))
    if len(order) <= most:
        return order
    return [order[n * (len(order) - 1) // (most - 1)] for n in range(most)]


def retention(result: Result, table: Table, most: int = MOST) -> list[Point]:
    """Return marginal retention by unit, poorest first.

    Args:
        result: The run.
        table: Its data.
        most: Units looked at, at most.

    Returns:
        Change of (capacity + transfers) ÷ change of the raised column, each.

    Raises:
        InvalidInputError: If `[report]` names no column in `margin`.
    """
    report = ratios_of(result).report
    if not report.margin:
        raise refuse("report", wanted="margin")
    held = _held(result.env, result)
    points = []
    for at in chosen(result, most):
        column = list(table.columns[report.margin])
        step = max(1, int(column[at] or 0) // STEP)
        column[at] = (column[at] or 0) + step
        raised = table._replace(columns=table.columns | {report.margin: column})
        found = run(result.ready, raised, trace=False)
        change = _held(found.env, found)[at] - held[at]
        points.append(
            Point(result.units[at], result.values["before"][at], tame(divide(change, step)))
        )
    return points


def _held(env: Env, result: Result) -> list[Number]:
    capacity = ratios_of(result).given.values(env)["capacity"]
    return [c + t for c, t in zip(capacity, result.at("total"), strict=True)]
