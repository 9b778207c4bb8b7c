"""Matching with side constraints, by HiGHS: quotas, families that stay together; and the plain linear programme.

Floors, ceilings across offers and families do not fit a flow. They are rows of a mixed-integer programme; where the
market is large the programme sees the contested part alone (`keep`), and the bound it proves is stated.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching.flow import Arcs, arcs_of
from shanhai.engines.matching.market import Market, Points
from shanhai.kernel.errors import InvalidInputError

TIME_LIMIT_S = 120.0
_SHORT = 1e6
"""Penalty of a place missing from a floor, in multiples of the top score, when demands cannot be met."""


class Bound(NamedTuple):
    """A quota over pairs: how many of those flagged may be made.

    Attributes:
        name: Key, for explanations.
        left: Shape (lefts,), whether a left counts.
        right: Shape (rights,), whether a right counts.
        low: Floor.
        high: Ceiling; −1 for none.
    """

    name: str
    left: NDArray[np.bool_]
    right: NDArray[np.bool_]
    low: int
    high: int


class Sides(NamedTuple):
    """Side constraints.

    Attributes:
        bounds: Quotas.
        family: Shape (lefts,), number of the family, −1 for none. Its members are all placed, or none.
        place: Shape (rights,), number of the place in which a family must agree.
    """

    bounds: Sequence[Bound]
    family: NDArray[np.int64]
    place: NDArray[np.int64]


class Bounded(NamedTuple):
    """A matching within side constraints, and the upper bound on any such matching that HiGHS proved."""

    left: Points
    right: Points
    bound: int


def solve_linear(market: Market) -> tuple[Points, Points]:
    """Return a matching of greatest score by linear programming, whose optimum is integral here.

    Raises:
        InvalidInputError: HiGHS found no optimum.
    """
    arcs = arcs_of(market)
    if not len(arcs.left):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    found = _highs(arcs.score, _Rows(arcs, market), integer=False)
    return _pairs(arcs, found.x)


def solve_bounded(market: Market, sides: Sides, keep: NDArray[np.bool_] | None = None) -> Bounded:
    """Return a matching of greatest score within side constraints.

    Args:
        market: One score a pair.
        sides: Quotas and families.
        keep: Flags the pairs to look at; default all.

    Raises:
        InvalidInputError: The demands cannot all be met, and which; or HiGHS found nothing in time.
    """
    arcs = arcs_of(market, keep)
    if not len(arcs.left):
        _refuse_short({b.name: b.low for b in sides.bounds if b.low > 0})
        return Bounded(np.zeros(0, np.int32), np.zeros(0, np.int32), 0)
    rows = _Rows(arcs, market)
    rows.add_families(sides)
    for bound in sides.bounds:
        rows.add_bound(bound)
    found = _highs(rows.worth(), rows, integer=True)
    short = np.round(found.x[rows.slack_at]).astype(int)
    named = [b.name for b in sides.bounds if b.low > 0]
    _refuse_short({name: int(n) for name, n in zip(named, short, strict=True) if n > 0})
    left, right = _pairs(arcs, found.x[: len(arcs.left)])
    return Bounded(left, right, int(np.floor(-found.mip_dual_bound + 1e-6)))


def _refuse_short(short: dict[str, int]) -> None:
    if short:
        detail = "; ".join(f"{name} 缺 short of {count}" for name, count in sorted(short.items()))
        raise InvalidInputError("match.infeasible", detail=detail)


class _Rows:
    """Rows of the programme, and columns beyond the pairs: one a family and place, one a floor."""

    def __init__(self, arcs: Arcs, market: Market) -> None:
        count = len(arcs.left)
        self.arcs, self.columns, self.row_count = arcs, count, market.lefts + market.rights
        self.row = [arcs.left, market.lefts + arcs.right]
        self.column = [np.arange(count), np.arange(count)]
        self.value = [np.ones(2 * count)]
        self.low: list[float] = [0.0] * self.row_count
        self.high: list[float] = [*map(float, market.demand), *map(float, market.capacity)]
        self.slack_at: list[int] = []

    def _add(
        self, at: NDArray[np.int64], values: NDArray[np.float64], low: float, high: float
    ) -> None:
        self.row.append(np.full(len(at), self.row_count))
        self.column.append(at)
        self.value.append(values)
        self.low.append(low)
        self.high.append(high)
        self.row_count += 1

    def add_families(self, sides: Sides) -> None:
        """A member's pairs in a place are as many as the family's own column there: 0 or 1."""
        arcs = self.arcs
        for one in range(int(sides.family.max(initial=-1)) + 1):
            members = np.flatnonzero(sides.family == one)
            mine = np.flatnonzero(sides.family[arcs.left] == one)
            for place in np.unique(sides.place[arcs.right[mine]]):
                here = mine[sides.place[arcs.right[mine]] == place]
                shared, self.columns = self.columns, self.columns + 1
                for member in members:
                    at = np.append(here[arcs.left[here] == member], shared)
                    self._add(at, np.append(np.ones(len(at) - 1), -1.0), 0.0, 0.0)

    def add_bound(self, bound: Bound) -> None:
        """Bound how many flagged pairs are made; a floor may fall short at a price that nobody pays gladly."""
        at = np.flatnonzero(bound.left[self.arcs.left] & bound.right[self.arcs.right])
        values, high = np.ones(len(at)), np.inf if bound.high < 0 else float(bound.high)
        if bound.high >= 0:
            self._add(at, values, 0.0, high)
        if bound.low > 0:
            self.slack_at.append(self.columns)
            self._add(np.append(at, self.columns), np.append(values, 1.0), float(bound.low), np.inf)
            self.columns += 1

    def worth(self) -> NDArray[np.float64]:
        """Return the worth of each column."""
        worth = np.zeros(self.columns)
        worth[: len(self.arcs.score)] = self.arcs.score
        worth[self.slack_at] = -_SHORT * max(1, int(self.arcs.score.max(initial=1)))
        return worth


def _highs(worth: NDArray[Any], rows: _Rows, *, integer: bool) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - slow to load
    from scipy.sparse import coo_array  # noqa: PLC0415

    at = (np.concatenate(rows.row), np.concatenate(rows.column))
    matrix = coo_array((np.concatenate(rows.value), at), shape=(rows.row_count, rows.columns))
    upper = np.ones(rows.columns)
    upper[rows.slack_at] = np.inf
    found = milp(
        -np.asarray(worth, float),
        integrality=np.full(rows.columns, int(integer)),
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(matrix.tocsr(), rows.low, rows.high),
        options={"time_limit": TIME_LIMIT_S, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise InvalidInputError("match.solver_failed", solver="highs", detail=str(found.message))
    return found


def _pairs(arcs: Arcs, x: NDArray[np.float64]) -> tuple[Points, Points]:
    used = x > 0.5  # noqa: PLR2004 - 0 or 1, but for rounding
    left, right = arcs.left[used], arcs.right[used]
    order = np.lexsort((right, left))
    return left[order].astype(np.int32), right[order].astype(np.int32)
