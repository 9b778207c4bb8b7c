"""Stage 6, transition: from last year's amounts to the rule's, step by step.

Source: 财预〔2022〕58号 (增幅控制) for growth control; phase-in and hardship are common transitional law, their figures here 示例.
"""

from shanhai.engines.fiscal.exact import Number, Vector, divide, tame, total
from shanhai.engines.fiscal.stages.registry import AMOUNT, PLAIN, Limits, Net, choice, method


@method(
    "transition",
    "growth",
    gives="limits",
    previous=AMOUNT,
    least=PLAIN.or_else("0"),
    most=PLAIN.or_else("1000000"),
    side=choice("received", "paid"),
)
def growth(previous: Vector, least: Vector, most: Vector, side: str) -> Limits:
    """Hold an amount between multiples of the previous one; who had none before is not bound.

    Args:
        previous: What was received (or paid) before, fen ≥ 0.
        least: Least multiple, such as 95%.
        most: Most multiple, such as 110%.
        side: Whether received or paid amounts are held.
    """
    lows: list[Number | None] = [
        -(-p * low // 1) if p > 0 else None for p, low in zip(previous, least, strict=True)
    ]
    highs: list[Number | None] = [
        p * high // 1 if p > 0 else None for p, high in zip(previous, most, strict=True)
    ]
    return Limits(side, lows, highs)


@method("transition", "phase_in", gives="net", previous=AMOUNT, share=PLAIN)
def phase_in(state: Net, previous: Vector, share: Vector) -> Net:
    """Mix the rule's net amounts with the previous ones: share · new + (1 − share) · previous.

    Args:
        state: What the rule makes each pay and receive.
        previous: Previous net amounts (received − paid), fen; they add up to 0 where units pay one another.
        share: Weight of the new rule, 0 to 1, the same for all.

    Raises:
        ValueError: If the previous amounts do not balance in a transfer among units.
    """
    if total(state.paid) and total(previous):
        raise ValueError("上期净额合计不为 0 previous net amounts do not add up to 0")
    weight = share[0]
    found = [
        tame(weight * (r - p) + (1 - weight) * old)
        for r, p, old in zip(state.received, state.paid, previous, strict=True)
    ]
    return _as_net(found)


@method("transition", "hardship", gives="net", previous=AMOUNT, base=AMOUNT, most_loss=PLAIN)
def hardship(state: Net, previous: Vector, base: Vector, most_loss: Vector) -> Net:
    """Limit a unit's loss against the previous net amount to a share of a base, at the gainers' cost.

    Args:
        state: What the rule makes each pay and receive.
        previous: Previous net amounts (received − paid), fen.
        base: What the loss is measured against (own revenue), fen.
        most_loss: Most loss as a share of the base.

    Raises:
        ValueError: If the gains do not suffice to cover the losses beyond.
    """
    rows = zip(state.received, state.paid, previous, strict=True)
    changes = [r - p - old for r, p, old in rows]
    beyond: Vector = [
        tame(max(0, -change - b * most))
        for change, b, most in zip(changes, base, most_loss, strict=True)
    ]
    gains: Vector = [max(0, change) for change in changes]
    due, there = total(beyond), total(gains)
    if due > there:
        raise ValueError("受益单位的增加额不足以弥补 the gains do not cover the losses")
    rate: Number = tame(divide(due, there)) if there else 0
    found = [
        tame(old + change + extra - gain * rate)
        for old, change, extra, gain in zip(previous, changes, beyond, gains, strict=True)
    ]
    return _as_net(found)


def _as_net(amounts: Vector) -> Net:
    return Net([max(0, -a) for a in amounts], [max(0, a) for a in amounts])
