"""Payments at the bank and after: paid on its receipt, failed, reconciled by another, refunded by split.

Source: frozen decision 20; funds reference §5.8 nos. 2 and 9: an order alone is never “paid”.
"""

from typing import Annotated, Any

import msgspec

from shanhai.acts.claim import Claim, ClaimState
from shanhai.acts.derived import derived_id
from shanhai.acts.fiscal_year import month_is_frozen
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    amount,
    commitment,
    digest,
    guard,
    moment,
    rows,
)
from shanhai.acts.payment import DONE, Payment, PaymentSplit, PaymentState, Refund, SplitId
from shanhai.acts.payment_flow import PAYERS, called_off
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role
from shanhai.kernel.periods import DAY_MS, year_of

BankReceipt = Annotated[str, digest("银行回单", "Bank receipt")]


@guard(
    "month.frozen",
    "该日期所在月份已上报冻结，请用月报调整登记",
    "That date's month is reported and frozen; enter an adjustment of the month instead",
    platform("R11"),
)
def month_open(payload: Any, case: Case[Payment]) -> Facts | None:
    """A reported month takes only 调整."""
    when = payload.paid_ms if hasattr(payload, "paid_ms") else payload.refunded_ms
    return {} if month_is_frozen(case, case.subject.region, when) else None


@act(
    "payment.receipt/1",
    "登记银行回单",
    "Enter the bank's receipt",
    on=Payment,
    by=(Role.COUNTY_TREASURY,),
    grade=Grade.CERTIFY,
    when=(PaymentState.ORDERED,),
    not_by=(Never("payment.order"), Never("payment.countersign")),
    also=(month_open,),
)
class EnterReceipt(Act, frozen=True, kw_only=True):
    """The bank shows that the payee has the money; only now is it paid."""

    receipt: BankReceipt
    paid_ms: Annotated[int, moment("银行付款时间", "Paid by the bank")]

    @guard(
        "payment.paid_when",
        "付款时间须不早于支付令、不晚于现在，请按回单填写",
        "It is paid after the order and not in the future; enter what the receipt says",
    )
    def after_the_order(self, case: Case[Payment]) -> Facts | None:
        """The bank's day, counted whole."""
        return None if case.subject.ordered_ms - DAY_MS < self.paid_ms <= case.now else {}

    def effects(self, case: Case[Payment]) -> list[Object]:
        """It is paid; a claim paid in full is closed."""
        payment = case.subject
        paid = payment.but(receipt=self.receipt, paid_ms=self.paid_ms, state=PaymentState.PAID)
        splits = [case.get(PaymentSplit, one).but(paid=True) for one in payment.splits]
        claim = case.get(Claim, payment.claim)
        so_far = case.view.total(Payment, "paid_fen", claim.id) + payment.amount_fen
        if so_far < claim.payable_fen:
            return [paid, *splits]
        return [paid, *splits, claim.but(paid_ms=self.paid_ms, state=ClaimState.PAID)]


@act(
    "payment.fail/1",
    "登记支付失败",
    "Enter a failure",
    on=Payment,
    by=(Role.COUNTY_TREASURY,),
    grade=Grade.CERTIFY,
    when=(PaymentState.ORDERED,),
    not_by=(Never("payment.order"),),
)
class FailPayment(Act, frozen=True, kw_only=True):
    """The bank sent it back: wrong account, closed account."""

    document: Annotated[str, digest("退票凭证", "Bank's notice")]
    reason: Annotated[str, commitment("失败原因", "Reason")]

    def effects(self, case: Case[Payment]) -> list[Object]:
        """Call it off; the claim can be paid again."""
        return called_off(case, PaymentState.FAILED)


@act(
    "payment.reconcile/1",
    "对账",
    "Reconcile a payment",
    on=Payment,
    by=(Role.COUNTY_RECONCILER,),
    grade=Grade.CERTIFY,
    when=(PaymentState.PAID,),
    not_by=(Never("payment.order"), Never("payment.receipt"), Never("payment.countersign")),
)
class ReconcilePayment(Act, frozen=True, kw_only=True):
    """Somebody else has found it in the bank's statement."""

    statement: Annotated[str, digest("对账单", "Bank statement")]
    found_fen: Annotated[int, amount("对账单金额", "Amount in the statement")]

    @guard(
        "payment.statement_differs",
        "对账单金额与支付金额 {amount_fen} 元不符，请查明后再对账",
        "The statement does not show {amount_fen}; find out why before reconciling",
        "D47",
    )
    def statement_agrees(self, case: Case[Payment]) -> Facts | None:
        """To the fen."""
        paid = case.subject.amount_fen
        return None if self.found_fen == paid else {"amount_fen": paid}

    def effects(self, case: Case[Payment]) -> list[Object]:
        """It is done."""
        done = {"reconciled_ms": case.now, "state": PaymentState.RECONCILED}
        return [case.subject.but(statement=self.statement, **done)]


class RefundPart(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What came back to one split."""

    split: SplitId
    amount_fen: Annotated[int, amount("退款金额", "Amount")]


@act(
    "payment.refund/1",
    "登记退款",
    "Enter a refund",
    on=Payment,
    by=PAYERS,
    grade=Grade.PAY,
    when=DONE,
    also=(month_open,),
)
class RefundPayment(Act, frozen=True, kw_only=True):
    """Money came back: in the same year it restores its lines, later it does not (frozen decision 20)."""

    parts: Annotated[tuple[RefundPart, ...], rows("退款拆分", "Splits", least=1, most=16)]
    receipt: BankReceipt
    refunded_ms: Annotated[int, moment("退款到账时间", "Came back on")]
    reason: Annotated[str, commitment("退款原因", "Reason")]

    @guard(
        "refund.split",
        "退款拆分第 {row} 行：须为本笔支付的拆分，金额大于零且不超过未退的 {left_fen} 元",
        "Split {row}: name a split of this payment once, above nothing and within the {left_fen} left",
    )
    def parts_fit(self, case: Case[Payment]) -> Facts | None:
        """No more comes back than went out."""
        seen: set[str] = set()
        for place, part in enumerate(self.parts, 1):
            split = case.get(PaymentSplit, part.split)
            left = split.amount_fen - split.refunded_fen
            ours = split.payment == case.id and part.split not in seen
            if not ours or not 0 < part.amount_fen <= left:
                return {"row": place, "left_fen": left}
            seen.add(part.split)
        return None

    @guard(
        "refund.when",
        "退款时间须不早于付款、不晚于现在，请按回单填写",
        "It comes back after it was paid and not in the future; enter what the receipt says",
    )
    def after_payment(self, case: Case[Payment]) -> Facts | None:
        """The bank's day."""
        return None if case.subject.paid_ms <= self.refunded_ms <= case.now else {}

    def effects(self, case: Case[Payment]) -> list[Object]:
        """Lower the splits and write the refund down."""
        payment, back = case.subject, sum(part.amount_fen for part in self.parts)
        same_year = year_of(self.refunded_ms) == payment.year
        lowered = []
        for part in self.parts:
            split = case.get(PaymentSplit, part.split)
            restored = part.amount_fen if same_year else 0
            lowered.append(
                split.but(
                    refunded_fen=split.refunded_fen + part.amount_fen,
                    restored_fen=split.restored_fen + restored,
                )
            )
        refund = Refund(
            id=derived_id(case, Refund.prefix),
            payment=payment.id,
            project=payment.project,
            region=payment.region,
            east_region=payment.east_region,
            year=payment.year,
            amount_fen=back,
            restored_fen=back if same_year else 0,
            receipt=self.receipt,
            reason=self.reason,
            refunded_ms=self.refunded_ms,
        )
        return [payment.but(refunded_fen=payment.refunded_fen + back), *lowered, refund]
