"""What a run returns: the matching, and a certificate that anybody can recompute."""

from typing import NamedTuple

import msgspec

from shanhai.engines.matching.market import Ints, Points
from shanhai.engines.matching.values import Dual
from shanhai.kernel.text import Text


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of a run; `check` recomputes primal, dual and blocking pairs from the pairs themselves.

    Attributes:
        mode: greedy, optimal or stable.
        solver: Which solver answered.
        reason: Why it was chosen, in Chinese and English.
        seed: Of the lottery that orders equals.
        primal: Total score of the matching, points. In stable mode of the left scores.
        dual: Least upper bound that the prices prove on any matching's score, points; null without prices.
        gap: (dual − primal) / primal; 0 when both are 0, null when not defined.
        blocking_pairs: Pairs that would both rather have one another, in stable mode; else null.
        prices: Name of the file of prices beside the certificate; null without prices.
        lefts: Ids on the left side.
        rights: Ids on the right side.
        pairs: Pairs that could be used.
        matched: Pairs of the matching.
        dropped: Pairs left out, by reason.
        work: Counts that tell how hard it was: bids, eps in points, phases.
        notes: What a reader should know, in Chinese and English.
    """

    mode: str
    solver: str
    reason: dict[str, str]
    seed: int
    primal: int
    dual: int | float | None
    gap: float | None
    blocking_pairs: int | None
    prices: str | None
    lefts: int
    rights: int
    pairs: int
    matched: int
    dropped: dict[str, int]
    work: dict[str, int | float]
    notes: list[dict[str, str]]


class Answer(NamedTuple):
    """A matching as a solver gives it.

    Attributes:
        left: Shape (matched,), ascending left indices.
        right: Shape (matched,), their right indices.
        solver: Which solver answered.
        reason: Why this solver.
        price: Shape (rights,), units of 1/`scale` point; None without prices.
        scale: Units a point.
        work: Counts of the run.
    """

    left: Points
    right: Points
    solver: str
    reason: Text
    price: Ints | None = None
    scale: int = 1
    work: dict[str, int | float] | None = None


class Matching(NamedTuple):
    """A matching with its scores, prices and certificate."""

    answer: Answer
    score: Ints
    certificate: Certificate


def both(text: Text, **facts: int | str) -> dict[str, str]:
    """Return a sentence in both languages."""
    return {"zh": text.say("zh", dict(facts)), "en": text.say("en", dict(facts))}


def points(dual: Dual) -> int | float:
    """Return a dual value as a JSON number, whole where it is whole."""
    return dual.whole if dual.part == 0 else dual.whole + dual.part / dual.scale


def gap_of(dual: Dual, primal: int) -> float | None:
    """Return (dual − primal) / primal; 0 when both are 0, None when primal alone is 0."""
    over = dual.over(primal)
    if primal == 0:
        return 0.0 if over == 0 else None
    return over / dual.scale / primal
