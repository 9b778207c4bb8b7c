"""The chain of money facts as sums, cut to a place, a pair, a year or a project.

Each stage is one sum over one state table; stages are separate facts and are never added to one another
(funds reference §6.1). A project's contracts count in the project's year, its payments in their lines' year.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import F, Max, Q, QuerySet, Sum

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.funds import models
from shanhai.domains.pairing.models import Agreement
from shanhai.kernel.regions import stem
from shanhai.kernel.text import Text

PAID_STATES = ("paid", "reconciled")
ORDERED_STATES = ("ordered", *PAID_STATES)
STANDING_LINES = ("open", "closed")
STANDING_BUDGETS = ("assigned", "recalled")


class Cut(NamedTuple):
    """What the sums are cut to; empty parts do not cut."""

    region: str = ""
    east_region: str = ""
    year: int = 0
    project: str = ""

    def where(self, *, project: str = "project") -> Q:
        """Return the condition on a table of the chain; `project` names its column of projects."""
        found = Q()
        if self.region:
            found &= Q(region__startswith=stem(self.region))
        if self.east_region:
            found &= Q(east_region__startswith=stem(self.east_region))
        if self.year:
            found &= Q(year=self.year)
        if self.project and project:
            found &= Q(**{project: self.project})
        return found


def cut_of(actor: Actor, *, region: str = "", east_region: str = "", year: int = 0) -> Cut:
    """Return what an actor asked for, cut to the actor's side; the public sees sums of any place."""
    if not actor.public and stem(actor.region):
        mine = actor.region
        if actor.east:
            east_region = east_region if east_region.startswith(stem(mine)) else mine
        else:
            region = region if region.startswith(stem(mine)) else mine
    return Cut(region, east_region, year)


class Stage(NamedTuple):
    """One stage: its words, what it counts, where its rows are listed, and its sum."""

    key: str
    text: Text
    means: Text
    noun: str
    sum: Callable[[Cut], int]


def _total(rows: "QuerySet[Any]", amount: Any) -> int:
    return int(rows.aggregate(sum=Sum(amount))["sum"] or 0)


def agreed_fen(cut: Cut) -> int:
    """Return the aid of signed agreements."""
    rows = Agreement.objects.filter(cut.where(project=""), state="signed")
    return _total(rows, "aid_fen")


def sent_fen(cut: Cut) -> int:
    """Return what eastern finance has sent, withdrawn transfers off."""
    rows = models.Transfer.objects.filter(cut.where(project=""), state__in=("sent", "received"))
    return _total(rows, "amount_fen")


def received_fen(cut: Cut) -> int:
    """Return what the receiver's bank has shown."""
    rows = models.Transfer.objects.filter(cut.where(project=""), state="received")
    return _total(rows, "amount_fen")


def allocated_fen(cut: Cut) -> int:
    """Return what was passed down by document, recalls off."""
    rows = models.Allocation.objects.filter(cut.where(project=""))
    return _total(rows, F("amount_fen") - F("recalled_fen"))


def issued_fen(cut: Cut) -> int:
    """Return what East–West lines cap: issued less carried over and returned."""
    rows = models.FundingLine.objects.filter(
        cut.where(project=""), state__in=STANDING_LINES, kind="east_west"
    )
    return _total(rows, F("issued_fen") - F("carried_fen") - F("returned_fen"))


def budgeted_fen(cut: Cut) -> int:
    """Return what projects were given, recalls off."""
    rows = models.Budget.objects.filter(cut.where(), state__in=STANDING_BUDGETS)
    return _total(rows, F("amount_fen") - F("recalled_fen"))


def contracted_fen(cut: Cut) -> int:
    """Return registered contracts with approved changes; what they were settled at is another fact."""
    rows = models.Contract.objects.filter(cut.where(), state__in=("registered", "settled"))
    return _total(rows, F("price_fen") + F("increase_fen") - F("decrease_fen"))


def certified_fen(cut: Cut) -> int:
    """Return certified work, the latest of each contract, because certificates are cumulative."""
    states = ("certified", "reviewed", "endorsed", "checked", "paid")
    rows = models.Claim.objects.filter(cut.where(), state__in=states).order_by()
    return _total(rows.values("contract").annotate(newest=Max("certified_fen")), "newest")


def ordered_fen(cut: Cut) -> int:
    """Return payment orders in force, paid ones with them."""
    rows = models.Payment.objects.filter(cut.where(), state__in=ORDERED_STATES)
    return _total(rows, "amount_fen")


def paid_fen(cut: Cut) -> int:
    """Return what the bank has shown as paid out."""
    rows = models.Payment.objects.filter(cut.where(), state__in=PAID_STATES)
    return _total(rows, "amount_fen")


def refunded_fen(cut: Cut) -> int:
    """Return what came back after payment."""
    return _total(models.Refund.objects.filter(cut.where()), "amount_fen")


def _stage(
    key: str, zh: str, en: str, means: tuple[str, str], noun: str, amount: Callable[[Cut], int]
) -> Stage:
    return Stage(key, Text(zh, en), Text(*means), noun, amount)


STAGES = (
    _stage(
        "agreed",
        "协议",
        "Agreed",
        ("已签订年度协议的财政援助资金", "Fiscal aid in signed annual agreements"),
        "agreement",
        agreed_fen,
    ),
    _stage(
        "sent",
        "东部拨出",
        "Sent by the east",
        ("东部财政登记拨出，未撤销的", "Entered as sent by eastern finance, not withdrawn"),
        "transfer",
        sent_fen,
    ),
    _stage(
        "received",
        "西部到账",
        "Received",
        ("西部财政凭银行回单确认到账的", "Confirmed by the receiver's bank receipt"),
        "transfer",
        received_fen,
    ),
    _stage(
        "allocated",
        "资金下达",
        "Allocated",
        (
            "按文号下达，含提前下达，减去收回",
            "Passed down by document, advances with it, recalls off",
        ),
        "allocation",
        allocated_fen,
    ),
    _stage(
        "issued",
        "指标",
        "Funding lines",
        (
            "东西部协作资金指标，减去结转与结余收回；指标不是现金",
            "East–West funding lines less carry-over and surplus returned; a line is not cash",
        ),
        "funding_line",
        issued_fen,
    ),
    _stage(
        "budgeted",
        "安排到项目",
        "Budgeted",
        ("从指标安排到项目的预算，减去收回", "Given to projects from lines, recalls off"),
        "budget",
        budgeted_fen,
    ),
    _stage(
        "contracted",
        "已签合同",
        "Contracted",
        (
            "已备案合同的价款，加减批准的变更",
            "Prices of registered contracts with approved changes",
        ),
        "contract",
        contracted_fen,
    ),
    _stage(
        "certified",
        "已核工程量",
        "Certified",
        (
            "监理认证的累计工程量，每份合同取最近一次",
            "Work certified by supervisors, the latest of each contract",
        ),
        "claim",
        certified_fen,
    ),
    _stage(
        "ordered",
        "已下支付令",
        "Ordered",
        ("会签生效的支付令，含已付", "Orders in force after countersigning, paid ones with them"),
        "payment",
        ordered_fen,
    ),
    _stage(
        "paid",
        "已付到收款人",
        "Paid",
        ("银行回单证明已付出的", "Shown as paid out by the bank's receipt"),
        "payment",
        paid_fen,
    ),
    _stage(
        "refunded",
        "退款",
        "Refunded",
        ("付款后退回的", "Came back after payment"),
        "refund",
        refunded_fen,
    ),
)
STAGE = {stage.key: stage for stage in STAGES}


class Amount(NamedTuple):
    """A stage with its sum in fen."""

    stage: Stage
    fen: int


def chain(cut: Cut) -> list[Amount]:
    """Return every stage's sum; one query a stage."""
    return [Amount(stage, stage.sum(cut)) for stage in STAGES]


def years(cut: Cut) -> list[int]:
    """Return the years that have an agreement or a line, newest first."""
    where = cut._replace(year=0).where(project="")
    found = {
        *Agreement.objects.filter(where).order_by().values_list("year", flat=True).distinct(),
        *models.FundingLine.objects.filter(where)
        .order_by()
        .values_list("year", flat=True)
        .distinct(),
    }
    return sorted(found, reverse=True)
