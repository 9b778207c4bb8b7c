"""Money by stage of the chain, as this ledger holds it.

Each stage is one sum over one state table. The nine sums are kept for the ledger's head and made anew at
most once a minute, so that a busy ledger's front page costs a look into the cache; the page says at which
entry they stood. Stages are separate facts and are never added (funds reference §6.1).
"""

from functools import reduce
from operator import add
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import F, Sum

from shanhai.acts.agreement import Agreement, AgreementState
from shanhai.acts.budget import Budget, BudgetState
from shanhai.acts.contract import Contract, ContractState
from shanhai.acts.fund import Allocation, AllocationState, Transfer, TransferState
from shanhai.acts.machine import Object
from shanhai.acts.payment import Payment, PaymentState
from shanhai.domains.book.handle import node
from shanhai.domains.rows import row_of
from shanhai.kernel.text import Choice, Text

FRESH_SECONDS = 60


class Stage(NamedTuple):
    """One stage: its noun, the states that count, the columns added and those taken off."""

    key: str
    text: Text
    means: Text
    noun: type[Object]
    states: tuple[Choice, ...]
    plus: tuple[str, ...] = ("amount_fen",)
    less: tuple[str, ...] = ()


STAGES = (
    Stage(
        "agreed",
        Text("协议", "Agreed"),
        Text("已签订的年度协议中的财政援助资金", "Fiscal aid in signed annual agreements"),
        Agreement,
        (AgreementState.SIGNED,),
        ("aid_fen",),
    ),
    Stage(
        "received",
        Text("到账", "Received"),
        Text(
            "西部财政凭银行回单确认到账的援助资金",
            "Transfers confirmed by the receiver's bank receipt",
        ),
        Transfer,
        (TransferState.RECEIVED,),
    ),
    Stage(
        "allocated",
        Text("下达", "Allocated"),
        Text(
            "按文号下达的资金（含提前下达），减去收回",
            "Allocated by document, in advance of the cash too, less what was recalled",
        ),
        Allocation,
        (AllocationState.ISSUED,),
        less=("recalled_fen",),
    ),
    Stage(
        "budgeted",
        Text("列入项目预算", "Budgeted"),
        Text(
            "从指标安排到项目的预算，减去收回",
            "Budgets that lines give to projects, less recalls",
        ),
        Budget,
        (BudgetState.ASSIGNED,),
        less=("recalled_fen",),
    ),
    Stage(
        "contracted",
        Text("已签合同", "Contracted"),
        Text(
            "已备案合同的价款，加减批准的变更",
            "Prices of registered contracts with approved changes",
        ),
        Contract,
        (ContractState.REGISTERED, ContractState.SETTLED),
        ("price_fen", "increase_fen"),
        ("decrease_fen",),
    ),
    Stage(
        "certified",
        Text("已核量", "Certified"),
        Text(
            "监理核定的累计工程量，每份合同取最新累计数",
            "Certified work, the running total of each contract",
        ),
        Contract,
        (ContractState.REGISTERED, ContractState.SETTLED),
        ("certified_fen",),
    ),
    Stage(
        "ordered",
        Text("已下支付令", "Ordered"),
        Text("会签生效的支付令，含已付的", "Payment orders in force, paid ones included"),
        Payment,
        (PaymentState.ORDERED, PaymentState.PAID, PaymentState.RECONCILED),
    ),
    Stage(
        "paid",
        Text("付到最终收款人", "Paid to the final payee"),
        Text(
            "银行回单确认付到承包人或受益人；停在单位账上的不算",
            "Bank receipt shows it with builder or beneficiary; money resting with an office does not count",
        ),
        Payment,
        (PaymentState.PAID, PaymentState.RECONCILED),
    ),
    Stage(
        "refunded",
        Text("退回", "Refunded"),
        Text("付款后退回的资金", "Refunded after payment"),
        Payment,
        (PaymentState.PAID, PaymentState.RECONCILED),
        ("refunded_fen",),
    ),
)


class Amount(NamedTuple):
    """A stage with its sum in fen."""

    stage: Stage
    fen: int
    permille: int
    """Length of its bar, in permille of the longest one."""


class Chain(NamedTuple):
    """All stages as they stood after `size` entries."""

    amounts: tuple[Amount, ...]
    size: int

    @property
    def empty(self) -> bool:
        """Whether no money is on the ledger yet."""
        return not any(amount.fen for amount in self.amounts)

    @property
    def at(self) -> Text:
        """Return the state of the ledger that the sums were taken at."""
        return Text(f"账本第 {self.size} 条", f"{self.size} entries")

    @property
    def rate(self) -> str | None:
        """Return what was paid to final payees of what was received, in percent; None before any was."""
        paid, received = self.of("paid"), self.of("received")
        if not received:
            return None
        tenths = paid * 1000 // received
        return f"{tenths // 10}.{tenths % 10}"

    def of(self, key: str) -> int:
        """Return one stage's sum in fen."""
        return next(amount.fen for amount in self.amounts if amount.stage.key == key)


def chain() -> Chain:
    """Return money by stage; a look into the cache, or at most nine sums once a minute."""
    found = node()
    key = f"portal.chain/{found.constants.ledger}"
    kept: tuple[int, tuple[int, ...]] | None = cache.get(key)
    if kept is None:
        kept = found.head().size, tuple(_sum(stage) for stage in STAGES)
        cache.set(key, kept, FRESH_SECONDS)
    size, sums = kept
    most = max(sums, default=0) or 1
    amounts = (Amount(s, fen, fen * 1000 // most) for s, fen in zip(STAGES, sums, strict=True))
    return Chain(tuple(amounts), size)


def _sum(stage: Stage) -> int:
    columns = [F(name) for name in stage.plus] + [-1 * F(name) for name in stage.less]
    rows = row_of(stage.noun).objects.filter(state__in=[state.value for state in stage.states])
    total = rows.aggregate(sum=Sum(reduce(add, columns)))["sum"]
    return int(total or 0)
