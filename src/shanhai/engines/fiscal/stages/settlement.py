"""Stage 8, settlement: provisional amounts by instalment, then final differences with interest, in cash or offset.

Source: FAG §§13–15 (provisional, quarterly, final differences) for the sequence; interest is simple interest on the days from
each instalment's due date to the settlement, by the scheme's own article.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from shanhai.engines.fiscal.allocate import close
from shanhai.engines.fiscal.exact import Number, Vector, divide, share_out, tame, total, whole
from shanhai.engines.fiscal.scheme import Settlement
from shanhai.engines.fiscal.units import parse_number
from shanhai.engines.fiscal.words import refuse


class Settled(NamedTuple):
    """Final settlement by unit, whole fen, positive to the unit: shape (n units,) each."""

    provisional: list[int]
    final: list[int]
    difference: list[int]
    interest: list[int]
    cash: list[int]
    carried: list[int]


def shares(rule: Settlement) -> list[Number]:
    """Return the instalments' shares.

    Raises:
        InvalidInputError: If they do not add up to 1, are negative, or due dates go backwards.
    """
    place = "[[settlement.instalment]]"
    found = [parse_number(str(one.share), f"{place} {one.name}") for one in rule.instalment]
    across = total(found)
    if across != 1 or min(found, default=0) < 0:
        raise refuse("weights", place=place, sum=f"{float(across):.6g}")
    dates = [one.due for one in rule.instalment]
    if dates != sorted(dates):
        raise refuse("field", place=place, detail="due 须由早到晚 due dates must not go back")
    return found


def instalments(net: Sequence[int], parts: Sequence[Number]) -> list[list[int]]:
    """Split net amounts into instalments whose sums balance like the whole.

    Args:
        net: Whole fen, positive to the unit, shape (n,).
        parts: Shares that add up to 1, shape (k,).

    Returns:
        Whole fen, shape (k, n); a unit's instalments add up to its net amount and never change sign.
    """
    sides = [_side([max(0, sign * amount) for amount in net], parts) for sign in (1, -1)]
    return [
        [got - paid for got, paid in zip(plus, minus, strict=True)]
        for plus, minus in zip(*sides, strict=True)
    ]


def _side(amounts: list[int], parts: Sequence[Number]) -> list[list[int]]:
    given, found, share = [0] * len(amounts), list[list[int]](), tame(0)
    for part in parts:
        share = tame(share + part)
        due: Vector = [
            tame(max(0, share * amount - before))
            for amount, before in zip(amounts, given, strict=True)
        ]
        wanted = whole(share * sum(amounts)) - sum(given)
        left: list[Number | None] = [
            amount - before for amount, before in zip(amounts, given, strict=True)
        ]
        closed = close(due, wanted, None, left).amounts if wanted else [0] * len(amounts)
        one = share_out(closed, wanted)
        given = [before + now for before, now in zip(given, one, strict=True)]
        found.append(one)
    return found


def interest(difference: Sequence[int], factor: Number) -> list[int]:
    """Return simple interest on differences; both signs add up to the same where the differences do.

    Args:
        difference: Whole fen, shape (n,).
        factor: Rate times time, such as 3 % · 90/365.
    """
    sides = []
    for sign in (1, -1):
        exact: Vector = [tame(max(0, sign * amount) * factor) for amount in difference]
        sides.append(share_out(exact, whole(total(exact))))
    return [plus - minus for plus, minus in zip(*sides, strict=True)]


def factor_of(rule: Settlement, settled: date) -> Number:
    """Return rate × Σ share · days ÷ day count, from each instalment's due date to the settlement.

    Raises:
        InvalidInputError: If the settlement is before the last instalment.
    """
    rate = parse_number(str(rule.interest), "[settlement] interest")
    last = rule.instalment[-1].due
    if settled < last:
        detail = f"清算日 {settled} 早于最后一期 {last} settled before the last instalment"
        raise refuse("field", place="[settlement] settled", detail=detail)
    parts = zip(shares(rule), rule.instalment, strict=True)
    days = total([share * (settled - one.due).days for share, one in parts])
    return tame(divide(rate * days, rule.day_count))


def settle(
    provisional: Sequence[int], final: Sequence[int], rule: Settlement, settled: date
) -> Settled:
    """Settle what was paid provisionally against the final amounts.

    Args:
        provisional: What each unit was given (positive) or gave, whole fen, shape (n,).
        final: What the certified data give, whole fen, shape (n,).
        rule: The scheme's `[settlement]`.
        settled: The day of the settlement.

    Returns:
        Differences, interest, and what is paid in cash or carried to the next instalments.

    Raises:
        InvalidInputError: If shares, dates or rate are wrong.
    """
    difference = [new - old for old, new in zip(provisional, final, strict=True)]
    extra = interest(difference, factor_of(rule, settled))
    due = [a + b for a, b in zip(difference, extra, strict=True)]
    nothing = [0] * len(due)
    cash, carried = (nothing, due) if rule.offset else (due, nothing)
    return Settled(list(provisional), list(final), difference, extra, cash, carried)
