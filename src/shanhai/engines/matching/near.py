"""Run the auction until its own certificate is tight enough, or say how tight it became.

Eps is set from the gap that is asked for and the scores at hand, not from a fixed number of points: scores in
the millions would otherwise take millions of bids a post. A run that spends its budget of bids is in a price
war; it goes on with a larger eps, which its certificate then shows.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from shanhai.engines.matching.auction import Auction
from shanhai.engines.matching.fronts import NOBODY
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
_FINE, _PARTS = 4, 20
"""Units that eps should have at least, and parts of the best score that a rough eps should be at most."""
_ROUGH = 32
"""A first run at so many times eps, at most, finds prices in a fifth of the bids; the run at eps then has little to
raise. Measured: a coarse run wants 4 times its eps."""
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
    scale, eps = _units(market, gap)
    bids, work = 0, dict[str, int | float]()
    if opening is not None:
        found = solve_warm(
            market, _lowered(opening, eps, scale), (scale, max(1, eps // 2)), progress
        )
        if _reached(market, found, gap):
            return found
        bids, work = int(found.work["bids"]), {"warm_refused": 1}
    opening, rough = None, 0
    parts = scale * int(market.edge[:, 1].max(initial=1)) // (_PARTS * eps)
    if parts > 1:
        opening, rough = _rough(market, (scale, eps), min(_ROUGH, parts), progress)
    bids, reached, phase = bids + rough, False, 0
    while not reached and phase < _TRIES:
        phase += 1
        found = solve_warm(market, opening, (scale, eps), progress)
        bids += int(found.work["bids"])
        last = round(found.work["eps_points"] * scale)
        reached = _reached(market, found, gap) or last > eps or eps == 1
        opening = (
            None
            if found.work["released"] < 0
            else _lowered(Opening(found.price, scale), last, scale)
        )
        eps = max(1, eps // 4)
    return found._replace(work={"bids": bids, "eps_points": last / scale, "phases": phase, **work})


def solve_even(
    market: Market, eps: float, progress: Progress = silent, opening: Opening | None = None
) -> Near:
    """Match by auction at a fixed eps, so that nothing but a left's own connected component sways its bids.

    Args:
        market: Many-to-one, positive scores.
        eps: Points, at least 1/1024.
        progress: As in `solve_near`.
        opening: Prices to start from; they are not lowered.

    Returns:
        The matching: what components solved apart give, put together. Its gap is not known beforehand, and a
        price war is not cut short.
    """
    scale = 8
    while eps * scale < _FINE:
        scale *= 8
    units, rough = round(eps * scale), 0
    if opening is None:
        opening, rough = _rough(market, (scale, units), _ROUGH, progress, patient=True)
    found = solve_warm(market, opening, (scale, units), progress, patient=True)
    return found._replace(work=found.work | {"bids": found.work["bids"] + rough})


def _units(market: Market, gap: float) -> tuple[int, int]:
    """Return units a point and eps in units, by the gap wanted and the scores at hand."""
    wanted = gap * (_LOSS_FINE if gap <= _FINE_GAP else _LOSS) * _mean_best(market)
    scale = 8
    while wanted * scale < _FINE and scale * int(market.edge[:, 1].max(initial=1)) < _TOP:
        scale *= 8
    return scale, max(1, round(wanted * scale))


def _rough(
    market: Market,
    setting: tuple[int, int],
    times: int,
    progress: Progress,
    *,
    patient: bool = False,
) -> tuple[Opening, int]:
    """Return prices to start from, by a run at an eps so many times larger, and its bids."""
    scale, eps = setting[0], setting[1] * times
    auction = Auction(market, scale, most=eps if patient else None)
    last = run_all(auction, eps, progress, patient=patient)
    return _lowered(Opening(auction.prices(), scale), last, scale), auction.bids


def _lowered(opening: Opening, eps: int, scale: int) -> Opening:
    """Lower carried prices by what they may stand too high."""
    less = _LOWERED * eps * opening.scale // scale
    return opening._replace(price=np.maximum(0, opening.price - less))


def _reached(market: Market, found: Near, gap: float) -> bool:
    primal = int(scores_of(market, found.left, found.right).sum())
    over = dual_value(market, found.price, found.scale).over(primal)
    return over <= gap * found.scale * primal


def solve_warm(
    market: Market,
    opening: Opening | None,
    setting: tuple[int, int],
    progress: Progress = silent,
    *,
    patient: bool = False,
) -> Near:
    """Bid forward from an earlier run's prices, then let the prices of unfilled rights fall.

    Args:
        market: Many-to-one, positive scores. Rows are permuted.
        opening: Prices to start from, of whatever origin; none starts from 0.
        setting: Units a point, and eps in units.
        progress: As in `solve_near`.
        patient: Never raise eps, however long a price war lasts.

    Returns:
        The matching: dual − primal ≤ lefts·eps, in units, unless the release ran out of steps.
    """
    scale, eps = setting
    start = None if opening is None else _start(market, opening, scale)
    auction = Auction(market, scale, start, eps if patient else None)
    last = run_all(auction, eps, progress, patient=patient)
    freed = release(market, auction.partners(), auction.prices(), (scale, last))
    left = np.flatnonzero(freed.partner != NOBODY).astype(np.int32)
    work: dict[str, int | float] = {
        "bids": auction.bids,
        "eps_points": last / scale,
        "phases": 1,
        "warm_prices": 0 if start is None else int((start > 0).sum()),
        "released": freed.steps,
    }
    return Near(left, freed.partner[left], freed.price, scale, work)


def _start(market: Market, opening: Opening, scale: int) -> Ints:
    """Return prices in units, cut to the best score: a right at it is closed as well as at more."""
    top = int(market.edge[:, 1].max(initial=1))
    exact = np.minimum(opening.price, top * opening.scale)
    return np.asarray(
        exact // opening.scale * scale + exact % opening.scale * scale // opening.scale
    )


def run_all(
    auction: Auction, eps: int, progress: Progress = silent, *, patient: bool = False
) -> int:
    """Run an auction to its end; return the last eps, larger than given where a price war was cut short."""
    lefts = len(auction.rows.start) - 1
    budget = _BIDS_A_LEFT * lefts + SLICE
    while not auction.run(eps, SLICE):
        progress(auction.waiting, auction.bids)
        budget -= SLICE
        if budget <= 0 and not patient:
            eps, budget = eps * 4, _BIDS_A_LEFT * lefts + SLICE
    return min(eps, auction.most)


def _mean_best(market: Market) -> float:
    """Return the mean over lefts of the best score."""
    nothing = np.zeros(market.rights, np.int64)
    served = max(1, int((np.diff(market.start) > 0).sum()))
    return dual_value(market, nothing, 1).whole / served
