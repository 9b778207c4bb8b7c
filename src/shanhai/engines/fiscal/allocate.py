"""Close a side of a transfer: scale amounts to a total within bounds, exactly.

The factor λ of Σ clip(λ · amount, least, most) = total is found on the breakpoints of that rising, piecewise linear
function, not by approximation.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from shanhai.engines.fiscal.exact import Number, Vector, divide, tame, total


class Closed(NamedTuple):
    """Amounts that add up to the total, and the factor they were scaled by before bounds cut them."""

    amounts: Vector
    factor: Number


class InfeasibleError(ValueError):
    """No factor meets the total; carries what the bounds allow at least and at most (None: without end)."""

    def __init__(self, low: Number, high: Number | None) -> None:
        super().__init__(low, high)
        self.low, self.high = low, high


def clip(value: Number, least: Number | None, most: Number | None) -> Number:
    """Return the value within its bounds; a bound that is None does not bind."""
    if least is not None and value < least:
        return least
    if most is not None and value > most:
        return most
    return value


def close(
    amounts: Vector,
    whole: Number,
    least: Sequence[Number | None] | None = None,
    most: Sequence[Number | None] | None = None,
) -> Closed:
    """Scale amounts by one factor so that, cut to their bounds, they add up to `whole`.

    Args:
        amounts: Amounts ≥ 0, shape (n,).
        whole: What they have to add up to, ≥ 0.
        least: Least of each, or None.
        most: Most of each, or None.

    Returns:
        The closed amounts and the factor.

    Raises:
        InfeasibleError: If no factor does it.
    """
    across = total(amounts)
    lows: list[Number | None] = list(least) if least is not None else [None] * len(amounts)
    highs: list[Number | None] = list(most) if most is not None else [None] * len(amounts)
    if across:
        factor = tame(divide(whole, across))
        scaled = amounts if factor == 1 else [tame(factor * a) for a in amounts]
        if all(clip(a, lo, hi) is a for a, lo, hi in zip(scaled, lows, highs, strict=True)):
            return Closed(list(scaled), factor)
    return _within(amounts, whole, lows, highs)


def _within(
    amounts: Vector, whole: Number, lows: list[Number | None], highs: list[Number | None]
) -> Closed:
    lowest = total([lo if lo is not None else 0 for lo in lows])
    highest = _highest(amounts, lows, highs)
    if whole < lowest or (highest is not None and whole > highest):
        raise InfeasibleError(lowest, highest)
    points = sorted(
        {
            tame(divide(bound, amount))
            for amount, *bounds in zip(amounts, lows, highs, strict=True)
            if amount
            for bound in bounds
            if bound is not None
        }
    )
    low, high = 0, len(points)
    while low < high:  # the first point whose sum reaches the whole
        middle = (low + high) // 2
        if _sum(amounts, points[middle], lows, highs) >= whole:
            high = middle
        else:
            low = middle + 1
    start = points[low - 1] if low else 0
    inside = (start + points[low]) / Fraction(2) if low < len(points) else start + 1
    factor = _on_piece(amounts, whole, lows, highs, inside)
    return Closed(
        [clip(tame(factor * a), lo, hi) for a, lo, hi in zip(amounts, lows, highs, strict=True)],
        factor,
    )


def _highest(
    amounts: Vector, lows: list[Number | None], highs: list[Number | None]
) -> Number | None:
    parts: Vector = []
    for amount, lo, hi in zip(amounts, lows, highs, strict=True):
        if not amount:
            parts.append(clip(0, lo, hi))
        elif hi is None:
            return None
        else:
            parts.append(hi)
    return total(parts)


def _sum(
    amounts: Vector, factor: Number, lows: list[Number | None], highs: list[Number | None]
) -> Number:
    return total([clip(factor * a, lo, hi) for a, lo, hi in zip(amounts, lows, highs, strict=True)])


def _on_piece(
    amounts: Vector,
    whole: Number,
    lows: list[Number | None],
    highs: list[Number | None],
    inside: Number,
) -> Number:
    """Return the factor on the linear piece that a factor lies inside of."""
    fixed: Vector = []
    moving: Vector = []
    for amount, lo, hi in zip(amounts, lows, highs, strict=True):
        here = inside * amount
        cut = clip(here, lo, hi)
        if not amount or cut is not here:
            fixed.append(cut)
        else:
            moving.append(amount)
    slope = total(moving)
    return tame(divide(whole - total(fixed), slope)) if slope else inside
