"""Stage 4, the recipient's rule: what a unit gets of a pool, before bounds and rounding.

Source: FAG §10(1) (gap), Lei 14.113/2020 (filling from below), DL 3.063 Art. 38 (criteria), 财预〔2022〕58号 (difficulty).
"""

from shanhai.engines.fiscal.exact import Number, Vector, divide, root, tame, total
from shanhai.engines.fiscal.level import mean_and_deviation, water_level
from shanhai.engines.fiscal.stages.registry import (
    AMOUNT,
    ANY,
    FLAG,
    PLAIN,
    Answer,
    choice,
    method,
    rows,
)


@method("recipient", "formula", amount=AMOUNT)
def formula(pool: Number | None, amount: Vector) -> Answer:  # noqa: ARG001 - one signature for all
    """Take the formula's amount; the transfer's balance says whether it is scaled to the pool."""
    return Answer(amount)


@method("recipient", "gap", capacity=AMOUNT, target=AMOUNT, rate=PLAIN)
def gap(pool: Number | None, capacity: Vector, target: Vector, rate: Vector) -> Answer:  # noqa: ARG001
    """Grant `rate` of what capacity falls short of the target by."""
    found = zip(capacity, target, rate, strict=True)
    return Answer([tame(r * max(0, t - c)) for c, t, r in found])


@method("recipient", "gap_share", same=("capacity", "target"), capacity=ANY, target=ANY)
def gap_share(pool: Number | None, capacity: Vector, target: Vector) -> Answer:
    """Share the pool in proportion to the shortfalls."""
    gaps = [max(0, t - c) for c, t in zip(capacity, target, strict=True)]
    return Answer(_spread(needed(pool), gaps))


@method(
    "recipient",
    "water_fill",
    figures={"level": 1, "raised": 0},
    value=AMOUNT,
    weight=PLAIN,
    eligible=FLAG.or_else("true"),
)
def water_fill(pool: Number | None, value: Vector, weight: Vector, eligible: list[int]) -> Answer:
    """Raise the poorest to one floor per weight; the floor is `<name>_level`, the raised `<name>_raised`.

    Args:
        pool: What there is to give, fen.
        value: What each unit has per weight, fen, shape (n,).
        weight: Weights (weighted pupils, heads), shape (n,); units of weight 0 get nothing.
        eligible: Who takes part, 0 or 1.

    Raises:
        ValueError: If nobody takes part.
    """
    own = [at for at, yes in enumerate(eligible) if yes and weight[at] > 0]
    if not own:
        raise ValueError("没有可参与的单位 no unit is eligible")
    level = water_level([value[at] for at in own], [weight[at] for at in own], needed(pool))
    amounts: Vector = [0] * len(value)
    for at in own:
        amounts[at] = tame(max(0, level - value[at]) * weight[at])
    return Answer(amounts, {"level": level, "raised": sum(1 for amount in amounts if amount)})


@method("recipient", "criteria", criteria=rows(weight=PLAIN, by=ANY), eligible=FLAG.or_else("true"))
def criteria(pool: Number | None, criteria: list[dict[str, Vector]], eligible: list[int]) -> Answer:
    """Share the pool by several criteria, each by its part of the pool.

    Args:
        pool: What there is to give, fen.
        criteria: For each the part of the pool (the parts add up to 1) and the quantity it is shared by, ≥ 0.
        eligible: Who takes part, 0 or 1.

    Raises:
        ValueError: If the parts do not add up to 1, or a quantity is negative or nowhere above 0.
    """
    parts = total([one["weight"][0] for one in criteria])
    if parts != 1:
        raise ValueError(f"各项权重合计 {float(parts):.6g}，应为 1 weights must add up to 1")
    shares: Vector = [0] * len(eligible)
    for number, one in enumerate(criteria, 1):
        by = [v if yes else 0 for v, yes in zip(one["by"], eligible, strict=True)]
        across = total(by)
        if min(by) < 0 or across <= 0:
            raise ValueError(
                f"第 {number} 项的数量为负或合计为 0 criterion {number} is negative or 0"
            )
        part = divide(one["weight"][0], across)
        shares = [tame(s + part * v) for s, v in zip(shares, by, strict=True)]
    return Answer([tame(needed(pool) * s) for s in shares])


@method(
    "recipient",
    "difficulty",
    figures={"base": 0},
    expenditure=AMOUNT,
    revenue=AMOUNT,
    must_pay=AMOUNT,
    pool_weight=PLAIN,
    difficulty_weight=PLAIN,
    must_pay_weight=PLAIN.or_else("55%"),
    gap_weight=PLAIN.or_else("45%"),
    deviation=choice("sample", "population"),
)
def difficulty(  # noqa: PLR0913 - the coefficient of 财预〔2022〕58号
    pool: Number | None,
    *,
    expenditure: Vector,
    revenue: Vector,
    must_pay: Vector,
    pool_weight: Vector,
    difficulty_weight: Vector,
    must_pay_weight: Vector,
    gap_weight: Vector,
    deviation: str,
) -> Answer:
    """Grant gap · coefficient to units whose standard expenditure exceeds standard revenue.

    coefficient = pool ÷ Σ gap · pool_weight + difficulty · difficulty_weight, never below 0;
    difficulty = must_pay_weight · z(must_pay ÷ revenue) + gap_weight · z(gap ÷ expenditure), z over units with a gap.

    Raises:
        ValueError: If no unit, or too few, have a gap, or a divisor is 0.
    """
    gaps = [max(0, e - r) for e, r in zip(expenditure, revenue, strict=True)]
    own = [at for at, g in enumerate(gaps) if g > 0]
    if not own:
        raise ValueError("没有收支缺口 no unit has a gap")
    if any(revenue[at] <= 0 for at in own):
        raise ValueError("标准收入须大于 0 standard revenue must be above 0")
    sample = deviation == "sample"
    first = _z([divide(must_pay[at], revenue[at]) for at in own], sample=sample)
    second = _z([divide(gaps[at], expenditure[at]) for at in own], sample=sample)
    base = divide(needed(pool), total(gaps))
    amounts: Vector = [0] * len(gaps)
    for at, must, lack in zip(own, first, second, strict=True):
        hard = must_pay_weight[at] * must + gap_weight[at] * lack
        factor = base * pool_weight[at] + hard * difficulty_weight[at]
        amounts[at] = tame(gaps[at] * max(0, factor))
    return Answer(amounts, {"base": base})


def _z(values: Vector, *, sample: bool) -> Vector:
    mean, variance = mean_and_deviation([tame(v) for v in values], sample=sample)
    deviation = root(variance)
    if not deviation:
        return [0] * len(values)
    return [tame(divide(value - mean, deviation)) for value in values]


def needed(pool: Number | None) -> Number:
    """Return the pool of a rule that shares one.

    Raises:
        ValueError: If there is none.
    """
    if pool is None:
        raise ValueError("这一方法要有 pool this method needs a pool")
    return pool


def _spread(pool: Number, by: Vector) -> Vector:
    across = total(by)
    if not across:
        return [0] * len(by)
    rate = tame(divide(pool, across))
    return [tame(rate * one) for one in by]
