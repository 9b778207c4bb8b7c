"""Imputation of missing values from their column, group, panel or row (COINr, `Impute`).

Each method takes a part (n, k) and returns it with gaps filled where it can; what it cannot fill stays missing.
"""

from typing import Literal

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Part
from shanhai.engines.indicators.methods import Params, method
from shanhai.kernel.spelling import nearest


class Group(Params, frozen=True, kw_only=True):
    """The group: `class`, `time` or one of `data.groups`."""

    group: str


class Constant(Params, frozen=True, kw_only=True):
    """The value to set."""

    value: float


class Panel(Params, frozen=True, kw_only=True):
    """How far back or forth a value may be taken from, in units of time."""

    max_time: float | None = None
    kind: Literal["latest", "interpolate"] = "latest"


class Row(Params, frozen=True, kw_only=True):
    """Among which indicators the row's mean is taken: `parent`, those of the same parent, or `all`."""

    within: Literal["all", "parent"] = "all"


def fill(x: Floats, values: Floats) -> Floats:
    """Return x with its gaps set from values (broadcast)."""
    return np.where(np.isnan(x), values, x)


@method("impute", "mean")
def mean(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Fill with the column's mean."""
    return fill(part.x, arrays.mean(part.x))


@method("impute", "median")
def median(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Fill with the column's median."""
    return fill(part.x, arrays.median(part.x))


@method("impute", "constant", params=Constant)
def constant(part: Part, params: Constant) -> Floats:
    """Fill with one value that the scheme states."""
    return fill(part.x, np.array(params.value))


@method("impute", "none")
def none(part: Part, params: Params) -> Floats:  # noqa: ARG001 - one signature
    """Leave the gaps."""
    return part.x


def _by_group(part: Part, group: str, average: object) -> Floats:
    keys = part.frame.table.keys
    if group not in keys:
        raise refused(
            "unknown", place=f"{part.place}.group", name=group, nearest=nearest(group, keys)
        )
    x, texts = part.x, [keys[group][row] for row in part.rows]
    for rows in arrays.groups(texts, len(x)):
        if texts[rows[0]]:  # rows without a group stay as they are
            x[rows] = fill(x[rows], average(x[rows]))  # type: ignore[operator]
    return x


@method("impute", "group_mean", params=Group)
def group_mean(part: Part, params: Group) -> Floats:
    """Fill with the mean of the unit's group; without a group, or a value in it, the gap stays."""
    return _by_group(part, params.group, arrays.mean)


@method("impute", "group_median", params=Group)
def group_median(part: Part, params: Group) -> Floats:
    """Fill with the median of the unit's group."""
    return _by_group(part, params.group, arrays.median)


@method("impute", "panel", params=Panel)
def panel(part: Part, params: Panel) -> Floats:
    """Fill from the unit's other times: the latest earlier value, or a line between neighbours."""
    table = part.frame.table
    if table.times is None:
        raise refused("required", place="data", name="time")
    x, times = part.x, np.array([table.times[row] for row in part.rows])
    for rows in arrays.groups([table.units[row] for row in part.rows], len(x)):
        own = rows[np.argsort(times[rows])]
        for j in range(x.shape[1]):
            x[own, j] = _along(times[own], x[own, j], params)
    return x


def _along(times: Floats, values: Floats, params: Panel) -> Floats:
    there = np.flatnonzero(~np.isnan(values))
    found = values.copy()
    most = np.inf if params.max_time is None else params.max_time
    for at in np.flatnonzero(np.isnan(values)):
        earlier, later = there[there < at], there[there > at]
        near = len(earlier) > 0 and times[at] - times[earlier[-1]] <= most
        if params.kind == "latest":
            if near:
                found[at] = values[earlier[-1]]
        elif near and len(later) and times[later[0]] - times[at] <= most:
            ends = [earlier[-1], later[0]]
            found[at] = np.interp(times[at], times[ends], values[ends])
    return found


def _by_row(part: Part, within: str, average: object) -> Floats:
    """Scale each column to 0–1 in its direction, average the row, and scale back (COINr, by row)."""
    signed = part.x * part.directions
    low, span = arrays.low(signed), arrays.high(signed) - arrays.low(signed)
    with np.errstate(all="ignore"):
        scaled = np.where(span > 0, (signed - low) / span, np.nan)
    parents = [one.parent if within == "parent" else "" for one in part.indicators]
    for columns in arrays.groups(parents, len(parents)):
        block = scaled[:, columns]
        scaled[:, columns] = fill(block, average(block.T)[:, None])  # type: ignore[operator]
    return fill(part.x, (scaled * span + low) * part.directions)


@method("impute", "row_mean", params=Row)
def row_mean(part: Part, params: Row) -> Floats:
    """Fill with the mean of the unit's other indicators, scaled to 0–1 first and back after."""
    return _by_row(part, params.within, arrays.mean)


@method("impute", "row_median", params=Row)
def row_median(part: Part, params: Row) -> Floats:
    """Fill with the median of the unit's other indicators, scaled to 0–1 first and back after."""
    return _by_row(part, params.within, arrays.median)
