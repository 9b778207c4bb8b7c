"""Along the trade-off: equality (Gini after), burden (heaviest share of own revenue), incentive (least marginal retention).

A grid over one or two parameters; a point is on the frontier if no other is at least as good in all three and better in one.
"""

import csv
import io
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from shanhai.engines.fiscal.exact import Number, show, tame
from shanhai.engines.fiscal.margin import retention
from shanhai.engines.fiscal.prepare import Ready
from shanhai.engines.fiscal.report import equality
from shanhai.engines.fiscal.run import run
from shanhai.engines.fiscal.solve import DIGITS, overridden
from shanhai.engines.fiscal.table import Table
from shanhai.engines.fiscal.units import parse_number
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.spelling import nearest

MOST_POINTS = 400
UNITS = 12


class Axis(NamedTuple):
    """A parameter and the values it takes, in its own unit."""

    name: str
    values: list[str]


class Choice(NamedTuple):
    """A point: the parameters' values, its three measures, and whether it is on the frontier."""

    values: tuple[str, ...]
    gini: Number
    burden: Number
    incentive: Number
    moved_fen: int
    frontier: bool = False


def parse_axis(text: str, ready: Ready) -> Axis:
    """Read `rate=40%:80%:9`.

    Raises:
        InvalidInputError: If it is not of that form or names no parameter.
    """
    name, equals, span = text.partition("=")
    pieces = span.split(":")
    if not equals or len(pieces) != 3 or not pieces[2].strip().isdigit():  # noqa: PLR2004 - low, high, points
        raise refuse("design", text=text)
    if name not in ready.scheme.parameters:
        raise refuse("parameter", name=name, nearest=nearest(name, ready.scheme.parameters))
    low, high = (parse_number(piece, "--vary") for piece in pieces[:2])
    count = int(pieces[2])
    if not 2 <= count <= MOST_POINTS:  # noqa: PLR2004 - both ends at least
        raise refuse("range", place="--vary", value=str(count), least="2", most=str(MOST_POINTS))
    values = [tame(low + (high - low) * Fraction(at, count - 1)) for at in range(count)]
    return Axis(name, [show(value, DIGITS) for value in values])


def design(ready: Ready, table: Table, axes: list[Axis]) -> list[Choice]:
    """Run the grid and mark its frontier; points where the scheme cannot run are left out.

    Args:
        ready: The scheme; its `[report]` names capacity, need and margin.
        table: The units' data.
        axes: One or two parameters.

    Raises:
        InvalidInputError: If no point can run, or `[report]` is not enough.
    """
    found, last = list[Choice](), None
    for values in product(*(axis.values for axis in axes)):
        names = [axis.name for axis in axes]
        try:
            found.append(_point(ready, table, names, values))
        except InvalidInputError as error:
            if error.code == "fiscal.report":
                raise
            last = error
    if not found and last is not None:
        raise last
    return [one._replace(frontier=not any(_better(other, one) for other in found)) for one in found]


def _point(ready: Ready, table: Table, names: list[str], values: tuple[str, ...]) -> Choice:
    own = overridden(ready, dict(zip(names, values, strict=True)))
    result = run(own, table, trace=False)
    points = retention(result, table, UNITS)
    measures = equality(result)
    return Choice(
        values,
        parse_number(measures.get("gini_after", "1"), ""),
        parse_number(measures["highest_burden"], ""),
        min(point.retention for point in points),
        sum(result.at("paid")),
    )


def _better(one: Choice, other: Choice) -> bool:
    """Return whether one is at least as good in all three measures and better in one."""
    first = (one.gini, one.burden, -one.incentive)
    second = (other.gini, other.burden, -other.incentive)
    return first != second and all(a <= b for a, b in zip(first, second, strict=True))


def design_csv(axes: list[Axis], choices: list[Choice]) -> str:
    """Return the parameters, gini_after, highest_burden, least_retention, paid_fen, frontier (1 or 0)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heading = [axis.name for axis in axes]
    writer.writerow(
        [*heading, "gini_after", "highest_burden", "least_retention", "paid_fen", "frontier"]
    )
    for one in choices:
        measures = (show(one.gini), show(one.burden), show(one.incentive))
        writer.writerow([*one.values, *measures, one.moved_fen, int(one.frontier)])
    return out.getvalue()
