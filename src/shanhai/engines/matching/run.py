"""Run a profile over needs and offers: candidates, matching, reasons, rejections, report."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching import candidates, tables
from shanhai.engines.matching.assign import Ask, assign
from shanhai.engines.matching.candidates import ALL, Seats, Wishes, market_of, read_wishes, seats
from shanhai.engines.matching.contested import solve_contested
from shanhai.engines.matching.loaded import Inputs, Loaded, load
from shanhai.engines.matching.market import Market
from shanhai.engines.matching.near import Progress, silent
from shanhai.engines.matching.papers import read_prices
from shanhai.engines.matching.program import OFFER, Program
from shanhai.engines.matching.report import Made, Report, report_of, report_path, write_pairs
from shanhai.engines.matching.result import Certificate, both
from shanhai.engines.matching.rows import Rows
from shanhai.engines.matching.scan import Best, best_offers, parts_of
from shanhai.engines.matching.side import Bound, Sides
from shanhai.engines.matching.values import scores_of
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import Text


def run(
    inputs: Inputs, out: Path, mode: str = "", seed: int | None = None, progress: Progress = silent
) -> Report:
    """Run a profile and write its pairs and, beside them, `<out>.report.json`.

    Args:
        inputs: Files.
        out: Written: need,offer,score,rank, a column of points for each part, and reasons in both languages.
        mode: Instead of the profile's.
        seed: Instead of the profile's.
        progress: See `near.solve_near`.

    Returns:
        The report.

    Raises:
        InvalidInputError: As `load`; or the demands cannot all be met.
    """
    loaded = load(inputs, mode, seed)
    wishes = read_wishes(inputs.wishes, loaded.needs, loaded.offers)
    made, k = _made(loaded, inputs, wishes, progress)
    report = report_of(loaded, inputs, made, k)
    write_pairs(loaded, made, out)
    tables.write_bytes(
        report_path(out), msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"
    )
    return report


def _made(loaded: Loaded, inputs: Inputs, wishes: Wishes, progress: Progress) -> tuple[Made, int]:
    profile, program = loaded.profile, loaded.program
    if profile.mode in {"top-k", "online"}:
        prices = _posted(loaded, inputs) if profile.mode == "online" else {}
        return _listed(
            loaded, _less_prices(program, loaded.offers, prices), wishes, prices
        ), profile.k
    everything = len(loaded.needs.ids) * len(loaded.offers.ids) <= ALL
    k = len(loaded.offers.ids) if everything else profile.k
    best = best_offers(program, k)
    posts = seats(profile, loaded.offers)
    market = market_of(profile, (loaded.needs, loaded.offers), best, posts, wishes)
    return _matched(loaded, market, (posts, wishes), progress), 0 if everything else k


def _posted(loaded: Loaded, inputs: Inputs) -> dict[str, float]:
    if inputs.prices is None:
        raise InvalidInputError("match.prices_wanted")
    known = set(loaded.offers.ids)
    return {one: price for one, price in read_prices(inputs.prices).items() if one in known}


def _less_prices(program: Program, offers: Rows, prices: dict[str, float]) -> Program:
    """Return the program with posted prices taken off every offer's points."""
    if not prices:
        return program
    column = np.array([-int(np.ceil(prices.get(one, 0.0))) for one in offers.ids], np.int64)
    part = np.array([[OFFER, 0, len(program.offer), 0, 0, 0, 1]], np.int64)
    return program._replace(
        offer=np.vstack([program.offer, column]),
        need=np.vstack([program.need, np.zeros((1, program.need.shape[1]), np.int64)]),
        parts=np.vstack([program.parts, part]),
    )


def _listed(loaded: Loaded, program: Program, wishes: Wishes, prices: dict[str, float]) -> Made:
    """Return each need's best offers, those worth no more than their price left out."""
    best: Best = best_offers(program, loaded.profile.k + len(wishes.exclusions))
    rows: list[tuple[int, int, int]] = []
    for need in range(len(loaded.needs.ids)):
        locked = sorted(offer for one, offer in wishes.locks if one == need)
        ranked = [
            int(offer)
            for offer, points in zip(best.offer[need], best.points[need], strict=True)
            if offer >= 0
            and (need, int(offer)) not in wishes.exclusions
            and (points > 0 or not prices)
        ]
        chosen = list(dict.fromkeys([*locked, *ranked]))[: loaded.profile.k]
        rows += [(need, one, int(parts_of(loaded.program, need, one).sum())) for one in chosen]
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Made(table[:, 0], table[:, 1], table[:, 2], None, prices)


def _matched(
    loaded: Loaded, market: Market, given: tuple[Seats, Wishes], progress: Progress
) -> Made:
    (posts, wishes), profile = given, loaded.profile
    if profile.mode == "stable":
        market = candidates.two_sided(loaded.program, profile, market, posts)
    ask = Ask(_MODE[profile.mode], seed=profile.seed, progress=progress)
    price: dict[str, float] = {}
    if profile.mode == "optimal" and (profile.quotas or profile.family):
        left, right, certificate = _bounded(loaded, market, posts)
    else:
        matching = assign(market, ask)
        answer, certificate = matching.answer, matching.certificate
        left, right = answer.left, answer.right
        if answer.price is not None:
            price = _prices(loaded.offers, posts, answer.price / answer.scale)
    if profile.mode == "lottery":
        certificate = msgspec.structs.replace(certificate, mode="lottery")
    locked = np.array(sorted(wishes.locks), np.int64).reshape(-1, 2)
    lefts = np.concatenate([left.astype(np.int64), locked[:, 0]])
    rights = np.concatenate([posts.offer[right], locked[:, 1]])
    score = np.array(
        [
            parts_of(loaded.program, i, j).sum()
            for i, j in zip(lefts.tolist(), rights.tolist(), strict=True)
        ],
        np.int64,
    )
    return Made(lefts, rights, score, certificate, price)


_MODE = {"greedy": "greedy", "optimal": "optimal", "stable": "stable", "lottery": "stable"}


def _prices(offers: Rows, posts: Seats, price: NDArray[np.float64]) -> dict[str, float]:
    """Return the lowest positive threshold price by offer, over its open and reserved posts."""
    found: dict[str, float] = {}
    for right in np.flatnonzero((price > 0) & (posts.reserved < 0)):
        found[offers.ids[int(posts.offer[right])]] = float(price[right])
    return dict(sorted(found.items()))


def _bounded(loaded: Loaded, market: Market, posts: Seats) -> tuple[Any, Any, Certificate]:
    """Match within quotas and families; the certificate's dual is the bound that HiGHS proved."""
    free = assign(market, Ask("optimal", seed=loaded.profile.seed))
    sides = _sides(loaded, posts)
    found = solve_contested(market, sides, free.answer)
    primal = int(scores_of(market, found.left, found.right).sum())
    certificate = msgspec.structs.replace(
        free.certificate,
        solver="highs",
        reason=both(_WHY_BOUNDED),
        primal=primal,
        dual=found.bound,
        gap=(found.bound - primal) / primal if primal else (0.0 if found.bound == 0 else None),
        matched=len(found.left),
        work={"cost_of_constraints": free.certificate.primal - primal},
    )
    return found.left, found.right, certificate


_WHY_BOUNDED = Text(
    "有配额或同行家庭，用混合整数规划求解；上界由 HiGHS 证明",
    "Quotas or families: a mixed-integer programme; HiGHS proved the bound",
)


def _sides(loaded: Loaded, posts: Seats) -> Sides:
    profile, needs, offers = loaded.profile, loaded.needs, loaded.offers
    bounds = [
        Bound(
            quota.name,
            _holds(needs, quota.need, quota.value),
            _holds(offers, quota.offer, quota.offer_value)[posts.offer],
            quota.low,
            quota.high,
        )
        for quota in profile.quotas
    ]
    names = needs.text(profile.family) if profile.family else [""] * len(needs.ids)
    number = {name: k for k, name in enumerate(sorted(set(names) - {""}))}
    family = np.array([number.get(name, -1) for name in names], np.int64)
    where = offers.text(profile.together) if profile.together else offers.ids
    place = {name: k for k, name in enumerate(sorted(set(where)))}
    return Sides(bounds, family, np.array([place[where[o]] for o in posts.offer], np.int64))


def _holds(rows: Rows, column: str, value: str) -> NDArray[np.bool_]:
    if not column:
        return np.ones(len(rows.ids), np.bool_)
    return np.array([value in cells for cells in rows.lists(column)], np.bool_)
