"""The two spending rates side by side, and the payments that make their difference.

Treasury's measure: paid out of the treasury ÷ funding lines. Final payee's measure: paid to builders and
beneficiaries, refunds off and money resting on agent accounts left out, ÷ received from the east.

Source: funds reference §5.8 no. 3 and §6.1; Chongqing's monthly circular of 2019-07-12 (only what reached
the builder or beneficiary counts); agent accounts (村财乡管) are hops, §5.8 no. 9.
"""

from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Sum

from shanhai.domains.funds import models
from shanhai.domains.funds.stages import (
    PAID_STATES,
    STANDING_BUDGETS,
    Cut,
    issued_fen,
    received_fen,
)
from shanhai.kernel.text import Text

TENTHS = 1000


class Rate(NamedTuple):
    """A rate with what makes it: amounts in fen; permille None where the denominator is nothing."""

    key: str
    text: Text
    formula: Text
    source: Text
    numerator: int
    denominator: int

    @property
    def permille(self) -> int | None:
        """Return the rate in ‰, rounded down, None without a denominator."""
        return self.numerator * TENTHS // self.denominator if self.denominator else None

    @property
    def percent(self) -> str:
        """Return the rate with one decimal, — without a denominator."""
        share = self.permille
        return "—" if share is None else f"{share // 10}.{share % 10}"


class Rates(NamedTuple):
    """Both rates, and how their numerators differ."""

    treasury: Rate
    payee: Rate
    on_agent_accounts: int
    refunded: int


def _paid(cut: Cut) -> "QuerySet[Any]":
    return models.Payment.objects.filter(cut.where(), state__in=PAID_STATES)


def on_agent_accounts() -> Q:
    """Return the condition on payments whose contract's account is an agent account."""
    agents = models.Contract.objects.filter(account_kind="agent").values("id")
    return Q(contract__in=agents)


def differing(cut: Cut) -> "QuerySet[Any]":
    """Return the payments that one measure counts otherwise than the other, newest first."""
    return (
        _paid(cut).filter(on_agent_accounts() | Q(refunded_fen__gt=0)).order_by("-paid_ms", "-id")
    )


def paid_parts(cut: Cut) -> tuple[int, int, int]:
    """Return, in fen: paid in all, of it resting on agent accounts, and refunded of the rest."""
    whole = _paid(cut).aggregate(sum=Sum("amount_fen"))["sum"] or 0
    agent = _paid(cut).filter(on_agent_accounts()).aggregate(sum=Sum("amount_fen"))["sum"] or 0
    rest = _paid(cut).exclude(on_agent_accounts()).aggregate(sum=Sum("refunded_fen"))["sum"] or 0
    return int(whole), int(agent), int(rest)


TREASURY = (
    "treasury",
    Text("国库口径支出进度", "Spending rate, treasury"),
    Text("国库已支付 ÷ 指标金额", "Paid out of the treasury ÷ funding lines"),
    Text(
        "支付凭证与指标；含停在代理账户的资金",
        "Payment vouchers and lines; money resting on agent accounts counts",
    ),
)
PAYEE = (
    "payee",
    Text("收款人口径支出进度", "Spending rate, final payee"),
    Text(
        "（已付到收款人 − 停在代理账户 − 退款）÷ 西部到账",
        "(paid − resting on agent accounts − refunded) ÷ received",
    ),
    Text(
        "银行回单；参照重庆市 2019-07-12 月通报口径：质保金和停在单位账上的不算支出",
        "Bank receipts; after Chongqing's circular of 2019-07-12: retention and money resting with units is unspent",
    ),
)


def rates(cut: Cut) -> Rates:
    """Return both rates; six queries."""
    whole, agent, refunded = paid_parts(cut)
    return Rates(
        Rate(*TREASURY, whole, issued_fen(cut)),
        Rate(*PAYEE, whole - agent - refunded, received_fen(cut)),
        agent,
        refunded,
    )


class ProjectRate(NamedTuple):
    """A project's money: budget, paid out, of it at the final payee, all in fen."""

    project: str
    budgeted: int
    paid: int
    at_payee: int

    @property
    def treasury(self) -> str:
        """Return paid ÷ budget in percent."""
        return _percent(self.paid, self.budgeted)

    @property
    def payee(self) -> str:
        """Return what the payee has ÷ budget in percent."""
        return _percent(self.at_payee, self.budgeted)


def _percent(part: int, whole: int) -> str:
    share = part * TENTHS // whole if whole else None
    return "—" if share is None else f"{share // 10}.{share % 10}"


def by_project(cut: Cut, most: int) -> list[ProjectRate]:
    """Return the projects with the largest budgets, three grouped queries however many there are."""
    budgets = (
        models.Budget.objects.filter(cut.where(), state__in=STANDING_BUDGETS)
        .order_by()
        .values_list("project")
        .annotate(sum=Sum(F("amount_fen") - F("recalled_fen")))
        .order_by("-sum", "project")[:most]
    )
    found = {project: int(total or 0) for project, total in budgets}
    mine = _paid(cut).filter(project__in=found).order_by()
    paid = dict(mine.values_list("project").annotate(sum=Sum("amount_fen")))
    reached = dict(
        mine.exclude(on_agent_accounts())
        .values_list("project")
        .annotate(sum=Sum(F("amount_fen") - F("refunded_fen")))
    )
    return [
        ProjectRate(project, total, int(paid.get(project, 0)), int(reached.get(project, 0)))
        for project, total in found.items()
    ]
