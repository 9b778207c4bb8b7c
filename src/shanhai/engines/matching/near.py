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
from shanhai.engines.matching.values import dual_value, scores_of

SLICE = 500_000
"""Bids between two reports of progress."""
_BIDS_A_LEFT = 150
_FINE_GAP, _LOSS_FINE, _LOSS = 2e-4, 14, 9
"""Eps over the mean score, in gaps: measured, a run loses a fourteenth of a small eps and a ninth of a large one."""
_TRIES = 3
_FINE = 4
"""Units that eps should have at least."""
_TOP = 2**45

Progress = Callable[[int, int], None]


class Near(NamedTuple):
    """A matching near the optimum: pairs, prices in units, units a point, counts."""

    left: Points
    right: Points
    price: Ints
    scale: int
    work: dict[str, int | float]


def silent(_waiting: int, _bids: int) -> None:
    """Report nothing."""


def solve_near(market: Market, gap: float, progress: Progress = silent) -> Near:
    """Match by auction to a certified gap.

    Args:
        market: Many-to-one, positive scores. Rows are permuted.
        gap: Wanted (dual − primal) / primal, above 0.
        progress: Called with how many wait and how many bids were made, about once a second.

    Returns:
        The matching; its gap may be larger than wanted where a price war was cut short or three tries did
        not reach it, which the certificate states.
    """
    wanted = gap * (_LOSS_FINE if gap <= _FINE_GAP else _LOSS) * _mean_best(market)
    scale = 8
    while wanted * scale < _FINE and scale * int(market.edge[:, 1].max(initial=1)) < _TOP:
        scale *= 8
    eps, bids = max(1, round(wanted * scale)), 0
    phase, trying = 0, True
    while trying:
        phase += 1
        auction = Auction(market, scale)
        last = run_all(auction, market, eps, progress)
        bids += auction.bids
        left, right = holders(auction)
        primal = int(scores_of(market, left, right).sum())
        over = dual_value(market, auction.posts.price, scale).over(primal)
        reached = over <= gap * scale * primal or last > eps or eps == 1
        trying, eps = not reached and phase < _TRIES, max(1, eps // 4)
    work = {"bids": bids, "eps_points": last / scale, "phases": phase}
    return Near(left, right, auction.posts.price, scale, work)


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
