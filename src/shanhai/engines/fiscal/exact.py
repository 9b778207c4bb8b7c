"""Exact numbers: integers and fractions, summed, rooted, shown and rounded to whole fen without a float.

A number is an `int` or a `Fraction`. A fraction whose denominator outgrows 256 bits is rounded to a multiple
of 2**-256 (about 1e-77), so that a long chain of divisions stays fast; nothing coarser is ever done before the
final rounding to fen. Largest remainder: Hamilton's method, ties by position.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm

Number = int | Fraction
Vector = list[Number]
BITS = 256
_GRID = 1 << BITS
_SUM_BITS = 4 * BITS
_ROOT = 10**40
_APART = 2 * BITS + 8
"""Bits that keep unequal fractions on the grid apart when they are cut to integers."""
PLACES = 12
"""Decimal places at most in what is shown."""


def tame(value: Number) -> Number:
    """Return the same number in its shortest form, on the grid of 2**-256 if its denominator is longer."""
    if isinstance(value, int):
        return value
    if value.denominator == 1:
        return value.numerator
    if value.denominator.bit_length() > BITS:
        return _shortest(Fraction(round(value * _GRID), _GRID))
    return value


def _shortest(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def total(values: Sequence[Number]) -> Number:
    """Add up; the order of the values never changes the result."""
    whole, parts = 0, dict[int, int]()
    for value in values:
        if isinstance(value, int):
            whole += value
        else:
            bottom = value.denominator
            parts[bottom] = parts.get(bottom, 0) + value.numerator
    if not parts:
        return whole
    common = 1
    for bottom in parts:
        common = lcm(common, bottom)
        if common.bit_length() > _SUM_BITS:
            return _on_grid(whole, parts)
    top = sum(part * (common // bottom) for bottom, part in parts.items())
    return tame(whole + Fraction(top, common))


def _on_grid(whole: int, parts: dict[int, int]) -> Number:
    top = sum(_half_even(part << BITS, bottom) for bottom, part in parts.items())
    return _shortest(whole + Fraction(top, _GRID))


def _half_even(top: int, bottom: int) -> int:
    quotient, rest = divmod(top, bottom)
    twice = 2 * rest
    return quotient + (twice > bottom or (twice == bottom and quotient % 2 == 1))


def divide(top: Number, bottom: Number) -> Number:
    """Divide exactly.

    Raises:
        ZeroDivisionError: If `bottom` is 0.
    """
    if isinstance(top, int) and isinstance(bottom, int):
        quotient, rest = divmod(top, bottom)
        return Fraction(top, bottom) if rest else quotient
    return top / bottom  # type: ignore[return-value]  # one of them is a fraction


def root(value: Number) -> Number:
    """Return the square root of a number ≥ 0: exact where rational, else cut at 40 decimal places."""
    exact = Fraction(value)
    top, bottom = isqrt(exact.numerator), isqrt(exact.denominator)
    if top * top == exact.numerator and bottom * bottom == exact.denominator:
        return _shortest(Fraction(top, bottom))
    scaled = exact.numerator * _ROOT * _ROOT // exact.denominator
    return _shortest(Fraction(isqrt(scaled), _ROOT))


def by_size(value: Number) -> tuple[float, Number]:
    """Return a key that sorts exactly and fast: the nearest float decides, the number itself where floats tie."""
    return float(value), value


def size(value: Number) -> Number:
    """Return the absolute value, typed."""
    return -value if value < 0 else value


def rounded(value: Number, places: int = 0) -> Number:
    """Round half to even at `places` decimals (negative: tens, hundreds …)."""
    if isinstance(value, int) and places >= 0:
        return value
    scale = Fraction(10) ** places
    return _shortest(Fraction(round(Fraction(value) * scale)) / scale)


def whole(value: Number) -> int:
    """Round half to even at the fen."""
    return value if isinstance(value, int) else _half_even(value.numerator, value.denominator)


def show(value: Number, places: int = PLACES) -> str:
    """Write a number as a decimal, rounded half to even at `places`, without trailing zeros."""
    if isinstance(value, int):
        return str(value)
    scaled = _half_even(value.numerator * 10**places, value.denominator)
    digits = str(abs(scaled))
    if places:
        digits = digits.rjust(places + 1, "0")
        rest = digits[-places:].rstrip("0")
        digits = f"{digits[:-places]}.{rest}" if rest else digits[:-places]
    return "-" + digits if scaled < 0 else digits


def share_out(amounts: Sequence[Number], whole_total: int) -> list[int]:
    """Round amounts ≥ 0 to whole fen that add up to `whole_total`, by largest remainder.

    Args:
        amounts: Exact amounts in fen, shape (n units,), whose sum is within n of `whole_total`.
        whole_total: What the rounded amounts add up to, fen.

    Returns:
        Whole fen, each less than one fen from its exact amount; an amount of 0 stays 0.

    Raises:
        ValueError: If the sum of `amounts` is too far from `whole_total`.
    """
    floors, rests = [], list[tuple[int, int]]()
    for at, amount in enumerate(amounts):
        floor, rest = divmod(amount.numerator, amount.denominator)
        floors.append(floor)
        if rest:
            rests.append((-(rest << _APART) // amount.denominator, at))
    missing = whole_total - sum(floors)
    if not 0 <= missing <= len(rests):
        raise ValueError(f"{whole_total} is too far from the sum of the amounts")
    for _, at in sorted(rests)[:missing]:
        floors[at] += 1
    return floors
