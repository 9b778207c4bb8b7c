"""Conservation: whatever happens to a payment, running totals equal slow sums and no line is overdrawn."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from acts.county import DOC, WAN
from acts.money_world import MoneyWorld
from acts.test_totals import running_sums, slow_sums
from shanhai.acts.budget import Budget, RecallBudget
from shanhai.acts.line import FundingLine
from shanhai.acts.line_flow import RecallLine
from shanhai.acts.payment import Payment, PaymentSplit, PaymentState
from shanhai.acts.payment_end import (
    EnterReceipt,
    FailPayment,
    ReconcilePayment,
    RefundPart,
    RefundPayment,
)
from shanhai.acts.payment_flow import CountersignPayment, ReturnPayment, WithdrawPayment

STEPS = st.sampled_from(
    ["order", "sign", "return", "withdraw", "receipt", "fail", "reconcile", "refund", "recall"]
)
MOVES = st.lists(st.tuples(STEPS, st.integers(1, 60 * WAN)), min_size=4, max_size=14)


def step(world: MoneyWorld, name: str, fen: int, claim: str, budget: str) -> None:
    """Try one step on whatever payment it fits; refusals are as good as acceptances here."""
    payments = [one for one in world.store.objects.values() if isinstance(one, Payment)]
    if name == "order":
        world.order(claim, (budget, fen))
    elif name == "recall":
        line = world.get(Budget, budget).line
        terms: dict[str, Any] = {"amount_fen": fen, "number": "模拟", "document": DOC}
        world.when(RecallBudget(**terms), by="finance", on=budget)
        world.when(RecallLine(**terms), by="finance", on=line)
    for payment in payments:
        act, by = act_of(world, name, fen, payment)
        if act is not None:
            world.when(act, by=by, on=payment.id)


def act_of(world: MoneyWorld, name: str, fen: int, payment: Payment) -> tuple[Any, str]:
    """Return the act and its officer."""
    part = RefundPart(split=payment.splits[0], amount_fen=fen)
    found: dict[str, tuple[Any, str]] = {
        "sign": (CountersignPayment(), "cadre"),
        "return": (ReturnPayment(reason=DOC), "cadre"),
        "withdraw": (WithdrawPayment(reason=DOC), "finance"),
        "receipt": (EnterReceipt(receipt=world.paper(), paid_ms=world.now), "treasury"),
        "fail": (FailPayment(document=DOC, reason=DOC), "treasury"),
        "reconcile": (
            ReconcilePayment(statement=DOC, found_fen=payment.amount_fen),
            "reconciler",
        ),
        "refund": (
            RefundPayment(parts=(part,), receipt=world.paper(), refunded_ms=world.now, reason=DOC),
            "finance",
        ),
    }
    return found.get(name, (None, ""))


@given(moves=MOVES)
@settings(max_examples=25, deadline=None)
def test_no_fen_is_lost_or_found(moves: list[tuple[str, int]]) -> None:
    world = MoneyWorld()
    budget, contract = world.building()
    world.later(days=16)
    claim = world.claim(contract, payable_fen=80 * WAN)
    for name, fen in moves:
        step(world, name, fen, claim, budget)
        assert running_sums(world) == slow_sums(world)
    line = world.get(FundingLine, world.get(Budget, budget).line)
    assert world.total(PaymentSplit, "net_fen", line.id) <= line.available_fen
    payments = [one for one in world.store.objects.values() if isinstance(one, Payment)]
    for payment in payments:
        splits = [world.get(PaymentSplit, one) for one in payment.splits]
        assert sum(one.amount_fen for one in splits) == payment.amount_fen
        assert sum(one.refunded_fen for one in splits) == payment.refunded_fen
        assert all(
            one.paid is (payment.state in (PaymentState.PAID, PaymentState.RECONCILED))
            for one in splits
        )
