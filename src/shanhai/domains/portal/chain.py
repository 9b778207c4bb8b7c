"""Money by stage of the chain, as this ledger holds it.

Each stage is one sum over one state table. The nine sums are kept for the ledger's head and made anew at
most once a minute, so that a busy ledger's front page costs a look into the cache; the page says at which
entry they stood. Stages are separate facts and are never added (funds reference §6.1).
"""

from typing import NamedTuple

from django.core.cache import cache
from django.db.models import F, Max, Q, Sum

from shanhai.acts.machine import NOUNS
from shanhai.domains.book.handle import node
from shanhai.domains.rows import MODELS
from shanhai.kernel.text import Text

FRESH_SECONDS = 60


class Stage(NamedTuple):
    """One stage: its noun, the columns added and taken off, and the states that count ("" = all)."""

    key: str
    text: Text
    means: Text
    noun: str
    column: str
    states: tuple[str, ...] = ()
    less: str = ""
    newest_by: str = ""


STAGES = (
    Stage(
        "agreed",
        Text("协议", "Agreed"),
        Text("已签订的年度协议中的财政援助资金", "Fiscal aid in signed annual agreements"),
        "agreement",
        "aid_fen",
        ("signed",),
    ),
    Stage(
        "received",
        Text("到账", "Received"),
        Text(
            "西部财政凭银行回单确认到账的援助资金",
            "Transfers confirmed by the receiver's bank receipt",
        ),
        "transfer",
        "amount_fen",
        ("received",),
    ),
    Stage(
        "allocated",
        Text("下达", "Allocated"),
        Text("按文号下达的资金，减去收回", "Allocated by document, less what was recalled"),
        "allocation",
        "amount_fen",
        ("issued",),
        "recalled_fen",
    ),
    Stage(
        "budgeted",
        Text("列入项目预算", "Budgeted"),
        Text("分配到项目的指标", "Budget lines assigned to projects"),
        "budget",
        "amount_fen",
        ("assigned", "recalled"),
        "recalled_fen",
    ),
    Stage(
        "contracted",
        Text("已签合同", "Contracted"),
        Text(
            "登记合同的价款，含批准的变更", "Prices of registered contracts with approved changes"
        ),
        "contract",
        "price_fen",
    ),
    Stage(
        "certified",
        Text("已核量", "Certified"),
        Text(
            "监理核定的累计工程量，每份合同取最大值", "Certified work, the latest of each contract"
        ),
        "claim",
        "certified_fen",
        ("certified", "reviewed", "endorsed", "checked", "paid"),
        newest_by="contract",
    ),
    Stage(
        "ordered",
        Text("已下支付令", "Ordered"),
        Text("会签生效的支付令", "Payment orders in force"),
        "payment",
        "amount_fen",
        ("ordered", "paid", "reconciled"),
    ),
    Stage(
        "paid",
        Text("付到最终收款人", "Paid to the final payee"),
        Text(
            "银行回单确认付到承包人或受益人；停在单位账上的不算",
            "Bank receipt shows it with builder or beneficiary; money resting with an office does not count",
        ),
        "payment",
        "amount_fen",
        ("paid", "reconciled"),
    ),
    Stage(
        "refunded",
        Text("退回", "Refunded"),
        Text("付款后退回的资金", "Refunded after payment"),
        "payment_split",
        "refunded_fen",
    ),
)


class Amount(NamedTuple):
    """A stage with its sum in fen; None where this release has no such records."""

    stage: Stage
    fen: int | None
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
        if paid is None or not received:
            return None
        tenths = paid * 1000 // received
        return f"{tenths // 10}.{tenths % 10}"

    def of(self, key: str) -> int | None:
        """Return one stage's sum in fen."""
        return next(amount.fen for amount in self.amounts if amount.stage.key == key)


def chain() -> Chain:
    """Return money by stage; a look into the cache, or at most nine sums once a minute."""
    found = node()
    key = f"portal.chain/{found.constants.ledger}"
    kept: tuple[int, tuple[int | None, ...]] | None = cache.get(key)
    if kept is None:
        kept = found.head().size, tuple(_sum(stage) for stage in STAGES)
        cache.set(key, kept, FRESH_SECONDS)
    size, sums = kept
    most = max((fen or 0 for fen in sums), default=0) or 1
    amounts = (
        Amount(s, fen, (fen or 0) * 1000 // most) for s, fen in zip(STAGES, sums, strict=True)
    )
    return Chain(tuple(amounts), size)


def _sum(stage: Stage) -> int | None:
    kind = NOUNS.get(stage.noun)
    if kind is None or kind not in MODELS:
        return None
    rows = MODELS[kind].objects.filter(Q(state__in=stage.states) if stage.states else Q())
    if stage.newest_by:
        rows = rows.values(stage.newest_by).annotate(newest=Max(stage.column))
        return int(rows.aggregate(sum=Sum("newest"))["sum"] or 0)
    amount = F(stage.column) - F(stage.less) if stage.less else F(stage.column)
    return int(rows.aggregate(sum=Sum(amount))["sum"] or 0)
