"""Levels and inequality: the floor that a pool buys, and the Gini coefficient.

Source: Lei 14.113/2020 (FUNDEB) for the filling from below; Gini as twice the area between the Lorenz curve and
the diagonal, over weighted units.
"""

from collections.abc import Sequence
from itertools import pairwise

from shanhai.engines.fiscal.exact import Number, by_size, divide, tame, total

_GRID = 1 << 128


def water_level(values: Sequence[Number], weights: Sequence[Number], pool: Number) -> Number:
    """Return the floor f that solves Σ max(0, f − value)·weight = pool.

    Args:
        values: What each unit has per weight, shape (n,).
        weights: Weights > 0, shape (n,).
        pool: What is poured in, in value × weight, ≥ 0.

    Returns:
        The level; the lowest value where the pool is 0.

    Raises:
        ValueError: If there is no unit.
    """
    if not values:
        raise ValueError("no unit to fill")
    order = sorted(range(len(values)), key=lambda at: by_size(values[at]))
    width: Number = 0
    left = pool
    level = values[order[0]]
    for here, after in pairwise([*order, None]):
        width = tame(width + weights[here])  # type: ignore[index]  # only the last `after` is None
        if after is None:
            break
        step = tame((values[after] - level) * width)
        if step > left:
            break
        left, level = tame(left - step), values[after]
    return tame(level + divide(left, width))


def lorenz(values: Sequence[Number], weights: Sequence[Number]) -> list[tuple[Number, Number]]:
    """Return the Lorenz curve's points (share of weight, share of value), poorest first, from (0, 0).

    Args:
        values: Value per weight, ≥ 0, shape (n,).
        weights: Weights ≥ 0, shape (n,).
    """
    order = sorted(range(len(values)), key=lambda at: (*by_size(values[at]), weights[at]))
    points: list[tuple[int, int]] = [(0, 0)]
    for at in order:
        width, height = points[-1]
        points.append(
            (width + round(weights[at] * _GRID), height + round(values[at] * weights[at] * _GRID))
        )
    across, up = points[-1]
    return [(divide(x, across) if across else 0, divide(y, up) if up else 0) for x, y in points]


def gini(values: Sequence[Number], weights: Sequence[Number]) -> Number:
    """Return the weighted Gini coefficient, 0 (all equal) to 1; 0 where nothing is there to share.

    Args:
        values: Value per weight, ≥ 0, shape (n,).
        weights: Weights ≥ 0, shape (n,).
    """
    rows = sorted(
        (*by_size(value), round(weight * _GRID), round(value * weight * _GRID))
        for value, weight in zip(values, weights, strict=True)
    )
    area = below = across = 0
    for *_, width, height in rows:
        area += width * (2 * below + height)
        below += height
        across += width
    if not across or not below:
        return 0
    return tame(1 - divide(area, across * below))


def mean_and_deviation(values: Sequence[Number], *, sample: bool) -> tuple[Number, Number]:
    """Return the mean and the variance (n − 1 where `sample`, else n).

    Raises:
        ValueError: If there are too few values.
    """
    count = len(values)
    if count <= sample:
        raise ValueError("too few units")
    mean = divide(total(values), count)
    squares = total([tame((value - mean) ** 2) for value in values])
    return tame(mean), tame(divide(squares, count - sample))
