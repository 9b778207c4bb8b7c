"""Side constraints on the contested part alone, exactly.

Take prices p ≥ 0 with dual value D. A matching is worth D less the slack of each of its pairs (and less unsold
posts), so one that is worth at least L holds no pair whose slack exceeds D − L. Hence: solve the programme with the
pairs of slack at most t; its answer, worth L, is the best of all where D − L ≤ t; where not, t was too small and
becomes D − L. Source: reduced-cost fixing, e.g. Wolsey, "Integer Programming" (1998), §7.
"""

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching.market import Market
from shanhai.engines.matching.result import Answer
from shanhai.engines.matching.side import Bounded, Sides, solve_bounded
from shanhai.engines.matching.values import dual_value, scores_of, within
from shanhai.kernel.errors import InvalidInputError

WHOLE = 20_000
"""Pairs up to which the programme sees the whole market at once."""
_FIRST = 20
"""The first t is the best score over this."""


def solve_contested(market: Market, sides: Sides, free: Answer, whole: int = WHOLE) -> Bounded:
    """Return a matching of greatest score within side constraints; see `side.solve_bounded`.

    Args:
        market: One score a pair.
        sides: Quotas and families.
        free: A matching without them, whose prices tell what is contested; without prices all pairs are.
        whole: Pairs up to which all are looked at.

    Raises:
        InvalidInputError: As `side.solve_bounded`.
    """
    if free.price is None or market.pairs <= whole or not market.one_each:
        return solve_bounded(market, sides)
    dual, scale = dual_value(market, free.price, free.scale), free.scale
    slack = int(market.edge[:, 1].max()) * scale // _FIRST
    while True:
        keep = within(market.start, market.edge, free.price, scale, slack)
        if keep.all():
            return solve_bounded(market, sides)
        found = _tried(market, sides, keep)
        if found is None:  # a floor needs pairs that lie further off, or nothing meets it
            slack = dual.over(0)
            continue
        over = dual.over(int(scores_of(market, found.left, found.right).sum()))
        if over <= slack:
            return found._replace(bound=max(found.bound, (dual.over(0) - slack) // scale))
        slack = over


def _tried(market: Market, sides: Sides, keep: NDArray[np.bool_]) -> Bounded | None:
    """Solve the programme of the kept pairs; None where they do not meet the demands."""
    try:
        return solve_bounded(market, sides, keep)
    except InvalidInputError as error:
        if error.code != "match.infeasible":
            raise
        return None
