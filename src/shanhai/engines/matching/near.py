"""Run the auction until its own certificate is tight enough, or say how tight it became.

Eps is set from the gap that is asked for and the scores at hand, not from a fixed number of points: scores in
the millions would otherwise take millions of bids a post. A run that spends its budget of bids is in a price
war; it goes on with a larger eps, which its certificate then shows.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from shanhai.engines.matching.auction import NOBODY, Auction
from shanhai.engines.matching.market import Ints, Market, Points
from shanhai.engines.matching.release import release
from shanhai.engines.matching.values import dual_value, scores_of

SLICE = 500_000
"""Bids between two reports of progress."""
_BIDS_A_LEFT = 150
_FINE_GAP, _LOSS_FINE, _LOSS = 2e-4, 14, 9
"""Eps over the mean score, in gaps: measured, a run loses a fourteenth of a small eps and a ninth of a large one."""
_TRIES = 3
_LOWERED = 2
"""Eps that carried prices are lowered by: they stand too high by up to as much, and forward bids only raise."""
_FINE = 4
"""Units that eps should have at least."""
_TOP = 2**45

Progress = Callable[[int, int], None]


class Opening(NamedTuple):
    """Prices of an earlier run: shape (rights,), units of 1/`scale` point, at least 0."""

    price: Ints
    scale: int


class Near(NamedTuple):
    """A matching near the optimum: pairs, prices in units, units a point, counts."""

    left: Points
    right: Points
    price: Ints
    scale: int
    work: dict[str, int | float]


def silent(_waiting: int, _bids: int) -> None:
    """Report nothing."""


def solve_near(
    market: Market, gap: float, progress: Progress = silent, opening: Opening | None = None
) -> Near:
    """Match by auction to a certified gap.

    Args:
        market: Many-to-one, positive scores. Rows are permuted.
        gap: Wanted (dual − primal) / primal, above 0.
        progress: Called with how many wait and how many bids were made, about once a second.
        opening: Prices to start from. Where they lead to no gap as wanted, the run begins again from nothing.

    Returns:
        The matching; its gap may be larger than wanted where a price war was cut short or three tries did
        not reach it, which the certificate states.
    """
    wanted = gap * (_LOSS_FINE if gap <= _FINE_GAP else _LOSS) * _mean_best(market)
    scale = 8
    while wanted * scale < _FINE and scale * int(market.edge[:, 1].max(initial=1)) < _TOP:
        scale *= 8
    eps, bids = max(1, round(wanted * scale)), 0
    warm = 0
    if opening is not None:
        less = _LOWERED * eps * opening.scale // scale
        lowered = opening._replace(price=np.maximum(0, opening.price - less))
        tried = solve_warm(market, lowered, (scale, max(1, eps // 2)), progress)
        if _over(market, tried) <= gap * scale * _primal(market, tried):
            return tried
        bids, warm = int(tried.work["bids"]), 1
    phase, trying = 0, True
    while trying:
        phase += 1
        auction = Auction(market, scale)
        last = run_all(auction, market, eps, progress)
        bids += auction.bids
        found = Near(*holders(auction), auction.posts.price, scale, {})
        reached = _over(market, found) <= gap * scale * _primal(market, found)
        trying = not (reached or last > eps or eps == 1) and phase < _TRIES
        eps = max(1, eps // 4)
    work: dict[str, int | float] = {"bids": bids, "eps_points": last / scale, "phases": phase}
    return found._replace(work=work | ({"warm_refused": 1} if warm else {}))


def solve_warm(
    market: Market, opening: Opening, setting: tuple[int, int], progress: Progress = silent
) -> Near:
    """Bid forward from an earlier run's prices, then let the prices of unfilled rights fall.

    Args:
        market: Many-to-one, positive scores. Rows are permuted.
        opening: Prices to start from, of whatever origin.
        setting: Units a point, and eps in units.
        progress: As in `solve_near`.

    Returns:
        The matching: dual − primal ≤ lefts·eps, in units, unless the release ran out of steps.
    """
    scale, eps = setting
    top = scale * int(market.edge[:, 1].max(initial=1))
    exact = np.minimum(
        opening.price, top // scale * opening.scale
    )  # more than the best score: closed
    start = exact // opening.scale * scale + exact % opening.scale * scale // opening.scale
    auction = Auction(market, scale, start)
    last = run_all(auction, market, eps, progress)
    freed = release(market, auction.posts.partner, auction.posts.price, (scale, last))
    left = np.flatnonzero(freed.partner != NOBODY).astype(np.int32)
    work: dict[str, int | float] = {
        "bids": auction.bids,
        "eps_points": last / scale,
        "phases": 1,
        "warm_prices": int((start > 0).sum()),
        "released": freed.steps,
    }
    return Near(left, freed.partner[left], freed.price, scale, work)


def _primal(market: Market, found: Near) -> int:
    return int(scores_of(market, found.left, found.right).sum())


def _over(market: Market, found: Near) -> int:
    """Return the gap in units."""
    return dual_value(market, found.price, found.scale).over(_primal(market, found))


def run_all(auction: Auction, market: Market, eps: int, progress: Progress = silent) -> int:
    """Run an auction to its end; return the last eps, larger than given where a price war was cut short."""
    budget = _BIDS_A_LEFT * market.lefts + SLICE
    while not auction.run(eps, SLICE):
        progress(auction.waiting, auction.bids)
        budget -= SLICE
        if budget <= 0:
            eps, budget = eps * 4, _BIDS_A_LEFT * market.lefts + SLICE
    return eps


def holders(auction: Auction) -> tuple[Points, Points]:
    """Return an auction's pairs: lefts, ascending, and their rights."""
    left = np.flatnonzero(auction.posts.partner != NOBODY).astype(np.int32)
    return left, auction.posts.partner[left]


def _mean_best(market: Market) -> float:
    """Return the mean over lefts of the best score."""
    nothing = np.zeros(market.rights, np.int64)
    served = max(1, int((np.diff(market.start) > 0).sum()))
    return dual_value(market, nothing, 1).whole / served
