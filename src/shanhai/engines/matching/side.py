"""The linear programme of matching (HiGHS), for a second opinion and for side constraints."""

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching.flow import Arcs, arcs_of
from shanhai.engines.matching.market import Market, Points
from shanhai.kernel.errors import InvalidInputError


def solve_linear(market: Market) -> tuple[Points, Points]:
    """Return a matching of greatest score by linear programming, whose optimum is integral here.

    Raises:
        InvalidInputError: HiGHS found no optimum.
    """
    arcs = arcs_of(market)
    used = _solve(arcs, market)
    left, right = arcs.left[used], arcs.right[used]
    order = np.lexsort((right, left))
    return left[order].astype(np.int32), right[order].astype(np.int32)


def _solve(arcs: Arcs, market: Market) -> NDArray[np.bool_]:
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to load, not always needed
    from scipy.sparse import coo_array  # noqa: PLC0415

    count = len(arcs.left)
    if count == 0:
        return np.zeros(0, np.bool_)
    rows = np.concatenate([arcs.left, market.lefts + arcs.right])
    columns = np.tile(np.arange(count), 2)
    shape = (market.lefts + market.rights, count)
    matrix = coo_array((np.ones(2 * count), (rows, columns)), shape=shape).tocsr()
    limit = np.concatenate([market.demand, market.capacity]).astype(float)
    found = linprog(
        -arcs.score.astype(float), A_ub=matrix, b_ub=limit, bounds=(0, 1), method="highs-ds"
    )
    if found.status != 0:
        raise InvalidInputError("match.solver_failed", solver="highs", detail=str(found.message))
    return np.asarray(found.x > 0.5)  # noqa: PLR2004 - 0 or 1, but for rounding
