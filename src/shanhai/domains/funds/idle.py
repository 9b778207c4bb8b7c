"""Where money rests on its way, how much and since when: facts for questions, never verdicts.

Source: funds reference D04 (parked), D38 (滞留), D39 (闲置), P8; §8.3 no. 4: a flag is a 疑点, not a violation.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BigIntegerField, Count, F, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from shanhai.domains.funds import models
from shanhai.domains.funds.rates import on_agent_accounts
from shanhai.domains.funds.stages import PAID_STATES, STANDING_BUDGETS, STANDING_LINES, Cut
from shanhai.kernel.periods import day_number
from shanhai.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_DAYS = 30
Amount = F | CombinedExpression


class Rest(NamedTuple):
    """Money resting before a stage: amount in fen, cases, the oldest one's days, and when to ask."""

    key: str
    before: str
    text: Text
    noun: str
    query: str
    fen: int
    cases: int
    days: int
    limit: int

    @property
    def asks(self) -> bool:
        """Whether the oldest has rested longer than the limit: a question to be answered."""
        return self.cases > 0 and self.days > self.limit


def _drawn(rows: "QuerySet[Any]", by: str, amount: Amount) -> Coalesce:
    """Return a subquery: what the children of a row take of it, 0 where there are none."""
    sums = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(sum=Sum(amount))
    return Coalesce(Subquery(sums.values("sum")), 0, output_field=BigIntegerField())


def _of_children(rows: "QuerySet[Any]", whole: Amount, drawn: Coalesce) -> "QuerySet[Any]":
    kept: QuerySet[Any] = rows.annotate(left=whole - drawn).filter(left__gt=0)
    return kept


def _allocations(cut: Cut) -> "QuerySet[Any]":
    rows = models.Allocation.objects.filter(cut.where(project=""))
    lines = models.FundingLine.objects.filter(state__in=STANDING_LINES)
    takes = F("issued_fen") - F("carried_fen") - F("returned_fen")
    return _of_children(
        rows, F("amount_fen") - F("recalled_fen"), _drawn(lines, "allocation", takes)
    )


def _transfers(cut: Cut) -> "QuerySet[Any]":
    rows = models.Transfer.objects.filter(cut.where(project=""), state="received")
    drawn = _drawn(models.Allocation.objects.all(), "transfer", F("amount_fen") - F("recalled_fen"))
    return _of_children(rows, F("amount_fen"), drawn)


def _standing_budgets() -> "QuerySet[Any]":
    return models.Budget.objects.filter(state__in=STANDING_BUDGETS)


def _lines(cut: Cut) -> "QuerySet[Any]":
    rows = models.FundingLine.objects.filter(
        cut.where(project=""), state__in=STANDING_LINES, kind="east_west"
    )
    drawn = _drawn(_standing_budgets(), "line", F("amount_fen") - F("recalled_fen"))
    return _of_children(rows, F("issued_fen") - F("carried_fen") - F("returned_fen"), drawn)


def _budgets(cut: Cut) -> "QuerySet[Any]":
    rows = _standing_budgets().filter(cut.where())
    splits = models.PaymentSplit.objects.filter(paid=True)
    return _of_children(
        rows, F("amount_fen") - F("recalled_fen"), _drawn(splits, "budget", F("amount_fen"))
    )


class Place(NamedTuple):
    """A place where money may rest: its rows, what of them rests, and since when."""

    key: str
    before: str
    text: Text
    noun: str
    query: str
    rows: "Callable[[Cut], QuerySet[Any]]"
    left: str
    since: str


def _payments(cut: Cut) -> "QuerySet[Any]":
    return models.Payment.objects.filter(cut.where())


def _place(key: str, before: str, zh: str, en: str, *rest: Any) -> Place:
    return Place(key, before, Text(zh, en), *rest)


PLACES = (
    _place(
        "in_transit",
        "received",
        "在途：已拨出未到账",
        "Sent, not received",
        "transfer",
        "state=sent",
        lambda cut: models.Transfer.objects.filter(cut.where(project=""), state="sent"),
        "amount_fen",
        "sent_ms",
    ),
    _place(
        "unallocated",
        "allocated",
        "到账未下达",
        "Received, not allocated",
        "transfer",
        "state=received",
        _transfers,
        "left",
        "received_ms",
    ),
    _place(
        "unlined",
        "issued",
        "下达未分指标",
        "Allocated, no line yet",
        "allocation",
        "state=issued",
        _allocations,
        "left",
        "issued_ms",
    ),
    _place(
        "unbudgeted",
        "budgeted",
        "指标未安排到项目",
        "On lines, not on projects",
        "funding_line",
        "state=open",
        _lines,
        "left",
        "issued_ms",
    ),
    _place(
        "unpaid",
        "paid",
        "已安排未支付",
        "Budgeted, not paid",
        "budget",
        "state=assigned",
        _budgets,
        "left",
        "assigned_ms",
    ),
    _place(
        "uncountersigned",
        "ordered",
        "待东部会签",
        "Awaiting the east's key",
        "payment",
        "state=proposed",
        lambda cut: _payments(cut).filter(state="proposed"),
        "amount_fen",
        "proposed_ms",
    ),
    _place(
        "unconfirmed",
        "paid",
        "已下支付令，待银行回单",
        "Ordered, no bank receipt yet",
        "payment",
        "state=ordered",
        lambda cut: _payments(cut).filter(state="ordered"),
        "amount_fen",
        "ordered_ms",
    ),
    _place(
        "parked",
        "paid",
        "停在代理账户",
        "Resting on agent accounts",
        "payment",
        "state=paid",
        lambda cut: _payments(cut).filter(on_agent_accounts(), state__in=PAID_STATES),
        "amount_fen",
        "paid_ms",
    ),
)


def rests(cut: Cut, now_ms: int, limit: int = DEFAULT_DAYS) -> list[Rest]:
    """Return where money rests now; one query a place.

    Args:
        cut: What it is cut to.
        now_ms: Ledger time.
        limit: Days after which the oldest case is worth a question (P8 where it is set).
    """
    found = []
    for place in PLACES:
        sums = place.rows(cut).aggregate(
            fen=Sum(place.left), oldest=Min(place.since), cases=Count("pk")
        )
        since = int(sums["oldest"] or 0)
        days = max(0, day_number(now_ms) - day_number(since)) if since else 0
        words = (place.key, place.before, place.text, place.noun, place.query)
        found.append(Rest(*words, int(sums["fen"] or 0), int(sums["cases"]), days, limit))
    return found
