"""Payments: what is ordered, countersigned, paid to the final payee, reconciled, refunded; by named split.

An order alone is never “paid”: a payment counts from the bank's receipt. Every yuan names the budget, and so
the funding line, that it comes from; nothing is shared out pro rata.

Source: frozen decisions 16 and 20; funds reference §5.2, §5.8 nos. 2, 4, 9 and 11. Acts in `payment_flow`
(before the bank) and `payment_end` (after it).
"""

from typing import Annotated

from shanhai.acts.budget import Budget, BudgetId
from shanhai.acts.claim import Claim, ClaimId, PayStage
from shanhai.acts.contract import ContractId
from shanhai.acts.fiscal_year import month_key
from shanhai.acts.line import FundingLine, LineId
from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    commitment,
    digest,
    flag,
    label,
    moment,
    noun,
    ref,
    refs,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Countersigner, Year
from shanhai.acts.project import ProjectId
from shanhai.kernel.text import Text


class PaymentState(Choice):
    """Life of a payment."""

    PROPOSED = "proposed", "待会签", "Awaiting the countersignature"
    ORDERED = "ordered", "已下支付令", "Ordered"
    PAID = "paid", "已付到收款人", "Paid to the payee"
    RECONCILED = "reconciled", "已对账", "Reconciled"
    RETURNED = "returned", "东部退回", "Returned by the east"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"
    FAILED = "failed", "支付失败", "Failed at the bank"


UNDER_WAY = (PaymentState.PROPOSED, PaymentState.ORDERED)
DONE = (PaymentState.PAID, PaymentState.RECONCILED)
OFF = frozenset({PaymentState.RETURNED, PaymentState.WITHDRAWN, PaymentState.FAILED})


@noun
class Payment(Object, frozen=True, kw_only=True):
    """One payment to the party of a contract, to the account on file, from named budgets."""

    noun, prefix, text, title = "payment", "pay", Text("支付", "Payment"), "code"
    sums = (
        Sum("net_fen", by="claim", of=Claim, within="payable_fen"),
        Sum("net_fen", by="contract"),
        Sum("net_fen", by="project"),
        Sum("paid_fen", by="project"),
        Sum("paid_fen", by="claim"),
        Sum("paid_fen", by="month"),
        Sum("in_flight", by="claim"),
        Sum("in_flight", by="project"),
        Sum("in_flight", by="books"),
    )
    claim: ClaimId
    contract: ContractId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    stage: Annotated[PayStage, label("款项", "Kind of payment")]
    payee: Annotated[str, ref(Organisation, "收款人", "Payee")]
    account: Annotated[str, commitment("收款账户", "Payee account")]
    amount_fen: Annotated[int, amount("支付金额", "Amount")]
    refunded_fen: Annotated[int, amount("已退款", "Refunded")] = 0
    code: Annotated[str, word("支付校验码", "Check code", max_length=12)]
    splits: Annotated[tuple[str, ...], label("资金拆分", "Splits")] = ()
    lines: Annotated[tuple[str, ...], refs(FundingLine, "指标", "Funding lines", most=16)]
    countersigner: Annotated[Countersigner, label("东部会签方", "Eastern countersigner")] = (
        Countersigner.NONE
    )
    proposed_ms: Annotated[int, moment("提出时间", "Proposed")] = 0
    ordered_ms: Annotated[int, moment("支付令时间", "Ordered")] = 0
    receipt: Annotated[str, digest("银行回单", "Bank receipt")] = ""
    paid_ms: Annotated[int, moment("付到时间", "Paid")] = 0
    statement: Annotated[str, digest("对账单", "Bank statement")] = ""
    reconciled_ms: Annotated[int, moment("对账时间", "Reconciled")] = 0
    state: Annotated[PaymentState, label("状态", "State")] = PaymentState.PROPOSED

    @property
    def net_fen(self) -> int:
        """Return what it takes of its claim's and contract's room: nothing once off, less refunds."""
        return 0 if self.state in OFF else self.amount_fen - self.refunded_fen

    @property
    def paid_fen(self) -> int:
        """Return what the bank has shown as paid; refunds are facts of their own, beside it."""
        return self.amount_fen if self.state in DONE else 0

    @property
    def in_flight(self) -> int:
        """Return 1 while it is neither paid nor off."""
        return int(self.state in UNDER_WAY)

    @property
    def month(self) -> str:
        """Return the county and month it was paid in, "" before."""
        return month_key(self.region, self.paid_ms) if self.paid_ms else ""

    @property
    def books(self) -> str:
        """Return the county and fiscal year whose books it is in."""
        return f"{self.region[:6]}/{self.year}"

    @property
    def unique(self) -> tuple[str, ...]:
        """A bank receipt proves one movement; a check code names one payment."""
        receipt = (f"bank_receipt:{self.receipt}",) if self.receipt else ()
        return (f"payment_code:{self.code}", *receipt)

    @property
    def hold_keys(self) -> tuple[str, ...]:
        """Return what a hold may name to stop this payment."""
        payee = (self.payee, f"{self.payee}/{self.year}")
        return (self.id, self.claim, self.contract, self.project, *payee, *self.lines)


PaymentId = Annotated[str, ref(Payment, "支付", "Payment")]


@noun
class PaymentSplit(Object, frozen=True, kw_only=True):
    """What one payment takes of one budget and its line; a refund in the same year gives it back.

    One of before the ledger (期初) names no payment, because none was proven: its contract instead, if it had one.
    """

    noun, prefix, text = "payment_split", "spl", Text("支付资金拆分", "Split of a payment")
    sums = (
        Sum("net_fen", by="budget", of=Budget, within="net_fen"),
        Sum("net_fen", by="line", of=FundingLine, within="available_fen"),
        Sum("paid_fen", by="line"),
    )
    payment: PaymentId = ""
    contract: ContractId = ""
    budget: BudgetId
    line: LineId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    amount_fen: Annotated[int, amount("金额", "Amount")]
    refunded_fen: Annotated[int, amount("已退款", "Refunded")] = 0
    restored_fen: Annotated[int, amount("恢复指标", "Restored to the line")] = 0
    paid: Annotated[bool, flag("已付到", "Paid")] = False
    off: Annotated[bool, flag("已失效", "Off")] = False
    opening: Annotated[bool, flag("期初", "Opening balance")] = False
    document: Annotated[str, digest("期初支付凭证", "Vouchers of before")] = ""

    @property
    def net_fen(self) -> int:
        """Return what it takes of its line (frozen decision 20)."""
        return 0 if self.off else self.amount_fen - self.restored_fen

    @property
    def paid_fen(self) -> int:
        """Return what reached the payee from this line."""
        return self.amount_fen if self.paid else 0


SplitId = Annotated[str, ref(PaymentSplit, "支付资金拆分", "Split")]


@noun
class Refund(Object, frozen=True, kw_only=True):
    """Money that came back after a payment, by split, with the bank's receipt."""

    noun, prefix, text = "refund", "rfd", Text("退款", "Refund")
    sums = (Sum("amount_fen", by="payment"), Sum("amount_fen", by="month"))
    payment: PaymentId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    amount_fen: Annotated[int, amount("退款金额", "Refunded")]
    restored_fen: Annotated[int, amount("恢复指标", "Restored to lines")] = 0
    receipt: Annotated[str, digest("银行回单", "Bank receipt")]
    reason: Annotated[str, commitment("退款原因", "Reason")]
    refunded_ms: Annotated[int, moment("退款时间", "Refunded on")]

    @property
    def month(self) -> str:
        """Return the county and month it came back in."""
        return month_key(self.region, self.refunded_ms)

    @property
    def unique(self) -> tuple[str, ...]:
        """A bank receipt proves one movement."""
        return (f"bank_receipt:{self.receipt}",)
