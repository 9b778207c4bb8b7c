"""Match one market: choose the solver, solve, and certify.

The choice is automatic, stated in the result, and can be forced by name:

- `deferred-acceptance` serves the modes stable and greedy;
- `flow` is exact (OR-Tools); `auction+flow` is exact too: the auction's prices first rule out the pairs that no
  optimum holds; `groups+flow` is exact and takes lefts of identical rows together;
- `auction` is near-optimal at scale, to a certified gap;
- `highs` solves the linear programme (see `side`), a peer and a second opinion.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching import near, twins
from shanhai.engines.matching.flow import lottery_scale, solve_flow
from shanhai.engines.matching.market import LIMIT, Market, Points
from shanhai.engines.matching.proposals import propose
from shanhai.engines.matching.result import Answer, Certificate, Matching, both, gap_of, points
from shanhai.engines.matching.side import solve_linear
from shanhai.engines.matching.stability import blocking_pairs
from shanhai.engines.matching.values import dual_value, least_prices, scores_of, within
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import Text

SMALL, EXACT, FLOW = 20_000, 1_000_000, 6_000_000
"""Pairs: plainly exact below the first, exact with pruning below the second, flow possible below the third."""
GAP, EPS = 1e-4, 2**-10
"""Gap asked for by default; the least eps, points."""
MODES = ("greedy", "optimal", "stable")
SOLVERS: dict[str, tuple[str, ...]] = {
    "greedy": ("deferred-acceptance",),
    "optimal": ("flow", "auction+flow", "groups+flow", "auction", "highs"),
    "stable": ("deferred-acceptance",),
}
_ONE_EACH = frozenset({"auction+flow", "groups+flow", "auction"})
_DRAWN = frozenset({"flow", "auction+flow"})
_OPENED = frozenset({"auction", "auction+flow"})
AUTO = "auto"


class Ask(NamedTuple):
    """How to match.

    Attributes:
        mode: greedy, optimal or stable.
        solver: A name of `SOLVERS`, or auto.
        gap: Largest certified gap wanted, a share; 0 asks for the proven optimum.
        seed: Of the lottery; must be the one that the market's keys were made with.
        progress: See `near.solve_near`.
        opening: Prices of an earlier run for the auction to start from; solvers without one do not use them.
        eps: Points by which the auction's bids go beyond indifference, instead of what `gap` asks for; parts
            that share no id then give apart what they give together.
    """

    mode: str
    solver: str = AUTO
    gap: float = GAP
    seed: int = 0
    progress: near.Progress = near.silent
    opening: near.Opening | None = None
    eps: float | None = None


def assign(market: Market, ask: Ask) -> Matching:
    """Match a market.

    Args:
        market: With two scores a pair in stable mode, with one otherwise. Rows may be permuted.
        ask: Mode, solver, gap, seed.

    Returns:
        The matching with its certificate.

    Raises:
        InvalidInputError: Mode or solver unknown or unfit, gap outside [0, 1], scores too large for the exact
            solver, or the solver failed.
    """
    check_ask(ask)
    if ask.mode == "optimal":
        answer = _optimal(market, ask)
    else:
        left, right = propose(market)
        answer = Answer(left, right, "deferred-acceptance", _REASONS[ask.mode])
    return _certified(market, ask, answer)


def check_ask(ask: Ask) -> None:
    """Refuse an unknown mode, an unfit solver or an impossible gap."""
    if ask.mode not in MODES:
        raise InvalidInputError("match.mode_unknown", mode=ask.mode, known=", ".join(MODES))
    if ask.opening is not None and ask.mode != "optimal":
        raise InvalidInputError("match.prices_unfit", mode=ask.mode)
    known = SOLVERS[ask.mode]
    if ask.solver not in (AUTO, *known):
        raise InvalidInputError(
            "match.solver_unfit", solver=ask.solver, mode=ask.mode, known=", ".join(known)
        )
    if not 0 <= ask.gap <= 1:
        raise InvalidInputError("match.gap_bad", value=str(ask.gap))
    if ask.eps is not None and (ask.solver != "auction" or not EPS <= ask.eps <= LIMIT):
        raise InvalidInputError("match.eps_bad", value=str(ask.eps), least=str(EPS), most=LIMIT)
    if not 0 <= ask.seed < 2**63:
        raise InvalidInputError("match.seed_bad", value=str(ask.seed))


def _optimal(market: Market, ask: Ask) -> Answer:
    name, why, groups = ask.solver, _REASONS["forced"], None
    if name == AUTO:
        name, why, groups = _choice(market, ask.gap)
    elif name in _ONE_EACH and not market.one_each:
        raise InvalidInputError(
            "match.solver_unfit", solver=name, mode="b-matching", known="flow, highs"
        )
    if name == "auction":
        got = _auction(market, ask)
        return Answer(got.left, got.right, name, why, got.price, got.scale, got.work)
    if name == "groups+flow":
        left, right = twins.solve_groups(market, groups or twins.group_twins(market))
    elif name == "highs":
        left, right = solve_linear(market)
    else:
        left, right = solve_flow(market, _prune(market, ask) if name == "auction+flow" else None)
    price = least_prices(market, left, right)
    if price is None:
        raise InvalidInputError("match.solver_failed", solver=name, detail="no supporting prices")
    return Answer(left, right, name, why, price, 1, None)


def _auction(market: Market, ask: Ask) -> near.Near:
    if ask.eps is not None:
        return near.solve_even(market, ask.eps, ask.progress, ask.opening)
    return near.solve_near(market, ask.gap or GAP, ask.progress, ask.opening)


def _choice(market: Market, gap: float) -> tuple[str, Text, twins.Groups | None]:
    """Return the solver that fits, why, and the groups of like lefts where they were made."""
    if not market.one_each:
        return "flow", _REASONS["several"], None
    if market.pairs <= SMALL:
        return "flow", _REASONS["small"], None
    if market.pairs <= EXACT:
        return "auction+flow", _REASONS["middling"], None
    groups = twins.group_twins(market)
    compact = twins.pairs_of_groups(market, groups)
    if compact <= min(FLOW, market.pairs // 2):
        return "groups+flow", _REASONS["alike"], groups
    if gap == 0:
        return "flow", _REASONS["exact"], None
    return "auction", _REASONS["large"], None


def _prune(market: Market, ask: Ask) -> NDArray[np.bool_]:
    """Flag the pairs that an optimum may hold, by the prices of a fine auction."""
    got = near.solve_near(market, GAP / 8, ask.progress, ask.opening)
    primal = int(scores_of(market, got.left, got.right).sum())
    slack = dual_value(market, got.price, got.scale).over(primal)
    return within(market.start, market.edge, got.price, got.scale, slack)


def _certified(market: Market, ask: Ask, answer: Answer) -> Matching:
    score = scores_of(market, answer.left, answer.right)
    primal, dual, gap = int(score.sum()), None, None
    if answer.price is not None:
        bound = dual_value(market, answer.price, answer.scale)
        dual, gap = points(bound), gap_of(bound, primal)
    certificate = Certificate(
        mode=ask.mode,
        solver=answer.solver,
        reason=both(answer.reason),
        seed=ask.seed,
        primal=primal,
        dual=dual,
        gap=gap,
        blocking_pairs=_blocking(market, ask, answer.left, answer.right),
        prices=None,
        lefts=market.lefts,
        rights=market.rights,
        pairs=market.pairs,
        matched=len(answer.left),
        dropped=market.dropped._asdict(),
        work=dict(answer.work or {}),
        notes=_notes(market, ask, answer),
    )
    return Matching(answer, score, certificate)


def _blocking(market: Market, ask: Ask, left: Points, right: Points) -> int | None:
    return blocking_pairs(market, left, right) if ask.mode == "stable" else None


def _notes(market: Market, ask: Ask, answer: Answer) -> list[dict[str, str]]:
    notes = []
    if market.lefts == 0 or market.rights == 0:
        notes.append(both(_NOTES["side"]))
    elif market.pairs == 0:
        facts = {key: str(value) for key, value in market.dropped._asdict().items()}
        notes.append(both(_NOTES["pairs"], **facts))
    elif not len(answer.left):
        notes.append(both(_NOTES["none"]))
    if answer.solver in _DRAWN and not lottery_scale(market)[1].all():
        notes.append(both(_NOTES["lottery"]))
    if ask.opening is not None and answer.solver not in _OPENED:
        notes.append(both(_NOTES["prices"]))
    return notes


_REASONS = {
    "greedy": Text(
        "贪心：按分数从高到低依次成对", "Greedy: pairs are made from the highest score down"
    ),
    "stable": Text(
        "稳定：左侧逐一申请，右侧择优暂留（延迟接受算法）",
        "Stable: lefts propose, rights hold the best (deferred acceptance)",
    ),
    "forced": Text("按要求指定的求解器", "The solver that was asked for"),
    "several": Text(
        "有的左侧对象可配多个，用最小费用流求精确解",
        "Some lefts take several rights: exact by flow",
    ),
    "small": Text("规模小，最小费用流求精确解", "Small: exact by minimum cost flow"),
    "middling": Text(
        "规模适中：先拍卖得价格，排除不可能入选的配对，再用最小费用流求精确解",
        "Middling: auction prices rule out pairs that no optimum holds, then exact by flow",
    ),
    "alike": Text(
        "多数左侧对象条件相同，合并后求精确解", "Most lefts are alike: grouped, then exact by flow"
    ),
    "exact": Text(
        "要求差距为零，用最小费用流求精确解", "A gap of zero was asked for: exact by flow"
    ),
    "large": Text("规模大：拍卖算法，给出经证明的差距", "Large: the auction, with a certified gap"),
}
_NOTES = {
    "side": Text("一侧没有对象，结果为空", "One side is empty, and so is the result"),
    "pairs": Text(
        "没有可用的配对（无容量 {no_capacity}，分数不为正 {not_positive}，重复 {duplicate}），结果为空",
        "No usable pair (no capacity {no_capacity}, score not positive {not_positive}, duplicate {duplicate}): empty",
    ),
    "prices": Text(
        "求解器没有用到给出的价格：它从头精确求解（要用，请加 --solver auction）",
        "The solver did not use the given prices: it solves exactly from nothing (--solver auction uses them)",
    ),
    "none": Text("没有成对", "Nobody was matched"),
    "lottery": Text(
        "分数过大，同分时不抽签，取求解器的一个最优解",
        "Scores are too large for a lottery among equal optima",
    ),
}
