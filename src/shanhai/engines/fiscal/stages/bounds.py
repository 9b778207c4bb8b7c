"""Stage 5, bounds: what no unit may pay beyond or get below, and the order that a transfer keeps.

Source: the invariants of equalisation law (FAG §10(2) cap; Art. 107 GG on order by BVerfGE 72, 330); keeping the order by
pooling adjacent violators (Ayer et al. 1955), which leaves every sum as it is.
"""

from itertools import pairwise

from shanhai.engines.fiscal.exact import Number, Vector, by_size, divide, tame, total
from shanhai.engines.fiscal.stages.registry import AMOUNT, FLAG, PLAIN, Limits, Net, method


@method("bounds", "donor_cap", gives="limits", base=AMOUNT, rate=PLAIN)
def donor_cap(base: Vector, rate: Vector) -> Limits:
    """Let nobody pay more than `rate` of `base`."""
    most: list[Number | None] = [max(0, b * r // 1) for b, r in zip(base, rate, strict=True)]
    return Limits("paid", None, most)


@method("bounds", "keep_target", gives="limits", capacity=AMOUNT, target=AMOUNT)
def keep_target(capacity: Vector, target: Vector) -> Limits:
    """Let a payer fall to its target, never below."""
    most: list[Number | None] = [
        max(0, (c - t) // 1) for c, t in zip(capacity, target, strict=True)
    ]
    return Limits("paid", None, most)


@method("bounds", "retention", gives="limits", capacity=AMOUNT, least=PLAIN)
def retention(capacity: Vector, least: Vector) -> Limits:
    """Leave a payer at least a share of its capacity."""
    most: list[Number | None] = [
        max(0, c * (1 - r) // 1) for c, r in zip(capacity, least, strict=True)
    ]
    return Limits("paid", None, most)


@method("bounds", "floor", gives="limits", capacity=AMOUNT, floor=AMOUNT)
def floor(capacity: Vector, floor: Vector) -> Limits:
    """Bring everyone at least to a floor."""
    least: list[Number | None] = [
        max(0, -((c - f) // 1)) for c, f in zip(capacity, floor, strict=True)
    ]
    return Limits("received", least, None)


@method("bounds", "ceiling", gives="limits", capacity=AMOUNT, ceiling=AMOUNT)
def ceiling(capacity: Vector, ceiling: Vector) -> Limits:
    """Lift nobody above a ceiling."""
    most: list[Number | None] = [
        max(0, (t - c) // 1) for c, t in zip(capacity, ceiling, strict=True)
    ]
    return Limits("received", None, most)


@method("bounds", "received_between", gives="limits", least=AMOUNT, most=AMOUNT)
def received_between(least: Vector, most: Vector) -> Limits:
    """Give everyone at least and at most an amount."""
    lows: list[Number | None] = [max(0, -(-low // 1)) for low in least]
    highs: list[Number | None] = [max(0, high // 1) for high in most]
    return Limits("received", lows, highs)


@method("bounds", "group_share", gives="net", member=FLAG, least=PLAIN)
def group_share(state: Net, member: list[int], least: Vector) -> Net:
    """Give a group (key counties) at least a share of all that is received, at the others' cost.

    Raises:
        ValueError: If a share is due and no member receives anything.
    """
    across = total(state.received)
    inside = total([r for r, yes in zip(state.received, member, strict=True) if yes])
    due = least[0] * across
    if inside >= due:
        return state
    if not inside:
        raise ValueError("组内没有单位获得补助 no member receives anything")
    up, down = tame(divide(due, inside)), tame(divide(across - due, across - inside))
    received = [
        tame(r * (up if yes else down)) for r, yes in zip(state.received, member, strict=True)
    ]
    return Net(state.paid, received)


@method("bounds", "no_rank_reversal", gives="net", capacity=AMOUNT, need=PLAIN)
@method("bounds", "no_rank_reversal_by_need", gives="net", capacity=AMOUNT, need=AMOUNT)
def no_rank_reversal(state: Net, capacity: Vector, need: Vector) -> Net:
    """Keep the order of capacity per need: units that would change places meet at their common level.

    Args:
        state: What is paid and received.
        capacity: Capacity before, fen.
        need: Weights > 0.

    Raises:
        ValueError: If a need is not above 0.
    """
    if min(need) <= 0:
        raise ValueError("need 须大于 0 must be above 0")
    before = [tame(divide(c, n)) for c, n in zip(capacity, need, strict=True)]
    held = [c + r - p for c, r, p in zip(capacity, state.received, state.paid, strict=True)]
    after = [tame(divide(h, n)) for h, n in zip(held, need, strict=True)]
    order = sorted(range(len(need)), key=lambda at: (*by_size(before[at]), *by_size(after[at])))
    if all(after[low] <= after[high] for low, high in pairwise(order)):
        return state
    blocks: list[tuple[Number, Number, list[int]]] = []
    for at in order:
        top, bottom, members = held[at], need[at], [at]
        while blocks and blocks[-1][0] * bottom >= top * blocks[-1][1]:
            first, width, own = blocks.pop()
            top, bottom, members = tame(top + first), tame(bottom + width), own + members
        blocks.append((top, bottom, members))
    paid, received = list(state.paid), list(state.received)
    for top, bottom, members in blocks:
        if len(members) > 1:
            level = tame(divide(top, bottom))
            for at in members:
                net = level * need[at] - capacity[at]
                paid[at], received[at] = tame(max(0, -net)), tame(max(0, net))
    return Net(paid, received)
