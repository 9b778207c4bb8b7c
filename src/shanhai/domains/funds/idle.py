"""Where money rests on its way, how much and since when: facts for questions, never verdicts.

Source: funds reference D04 (parked), D38 (滞留), D39 (闲置), P8; §8.3 no. 4: a flag is a 疑点, not a violation.
"""

from typing import NamedTuple

from django.db.models import BigIntegerField, F, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from shanhai.domains.funds import models
from shanhai.domains.funds.rates import on_agent_accounts
from shanhai.domains.funds.stages import PAID_STATES, STANDING_LINES, Cut
from shanhai.domains.rows import Row
from shanhai.kernel.periods import day_number
from shanhai.kernel.text import Text

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


def _drawn(rows: "QuerySet[Row]", by: str, amount: Amount) -> Coalesce:
    """Return a subquery: what the children of a row take of it, 0 where there are none."""
    sums = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(sum=Sum(amount))
    return Coalesce(Subquery(sums.values("sum")), 0, output_field=BigIntegerField())


def _rest(rows: "QuerySet[Row]", left: "Amount | str", since: str) -> tuple[int, int, int]:
    found = rows.aggregate(fen=Sum(left), oldest=Min(since))
    return int(found["fen"] or 0), int(found["oldest"] or 0), rows.count()


def _of_children(rows: "QuerySet[Row]", whole: Amount, drawn: Coalesce) -> "QuerySet[Row]":
    return rows.annotate(left=whole - drawn).filter(left__gt=0)


def _allocations(cut: Cut) -> "QuerySet[Row]":
    rows = models.Allocation.objects.filter(cut.where(project=""))
    lines = models.FundingLine.objects.filter(state__in=STANDING_LINES)
    takes = F("issued_fen") - F("carried_fen") - F("returned_fen")
    return _of_children(
        rows, F("amount_fen") - F("recalled_fen"), _drawn(lines, "allocation", takes)
    )


def _transfers(cut: Cut) -> "QuerySet[Row]":
    rows = models.Transfer.objects.filter(cut.where(project=""), state="received")
    drawn = _drawn(models.Allocation.objects, "transfer", F("amount_fen") - F("recalled_fen"))
    return _of_children(rows, F("amount_fen"), drawn)


def _lines(cut: Cut) -> "QuerySet[Row]":
    rows = models.FundingLine.objects.filter(
        cut.where(project=""), state__in=STANDING_LINES, kind="east_west"
    )
    drawn = _drawn(models.Budget.objects, "line", F("amount_fen") - F("recalled_fen"))
    return _of_children(rows, F("issued_fen") - F("carried_fen") - F("returned_fen"), drawn)


def _budgets(cut: Cut) -> "QuerySet[Row]":
    rows = models.Budget.objects.filter(cut.where())
    splits = models.PaymentSplit.objects.filter(paid=True)
    return _of_children(
        rows, F("amount_fen") - F("recalled_fen"), _drawn(splits, "budget", F("amount_fen"))
    )


def rests(cut: Cut, now_ms: int, limit: int = DEFAULT_DAYS) -> list[Rest]:
    """Return where money rests now; two queries a place.

    Args:
        cut: What it is cut to.
        now_ms: Ledger time.
        limit: Days after which the oldest case is worth a question (P8 where it is set).
    """
    payments = models.Payment.objects.filter(cut.where())
    sent = models.Transfer.objects.filter(cut.where(project=""), state="sent")
    parked = payments.filter(on_agent_accounts(), state__in=PAID_STATES)
    waiting = payments.filter(state="proposed")
    ordered = payments.filter(state="ordered")
    places = (
        ("in_transit", "received", "在途：已拨出未到账", "Sent, not received", "transfer", "state=sent", _rest(sent, "amount_fen", "sent_ms")),
        ("unallocated", "allocated", "到账未下达", "Received, not allocated", "transfer", "state=received", _rest(_transfers(cut), "left", "received_ms")),
        ("unlined", "issued", "下达未分指标", "Allocated, no line yet", "allocation", "state=issued", _rest(_allocations(cut), "left", "issued_ms")),
        ("unbudgeted", "budgeted", "指标未安排到项目", "On lines, not on projects", "funding_line", "state=open", _rest(_lines(cut), "left", "issued_ms")),
        ("unpaid", "paid", "已安排未支付", "Budgeted, not paid", "budget", "state=assigned", _rest(_budgets(cut), "left", "assigned_ms")),
        ("uncountersigned", "ordered", "待东部会签", "Awaiting the east's key", "payment", "state=proposed", _rest(waiting, "amount_fen", "proposed_ms")),
        ("unconfirmed", "paid", "已下支付令，待银行回单", "Ordered, no bank receipt yet", "payment", "state=ordered", _rest(ordered, "amount_fen", "ordered_ms")),
        ("parked", "paid", "停在代理账户", "Resting on agent accounts", "payment", "state=paid", _rest(parked, "amount_fen", "paid_ms")),
    )  # fmt: skip
    return [
        Rest(
            key,
            before,
            Text(zh, en),
            noun,
            query,
            fen,
            cases,
            max(0, day_number(now_ms) - day_number(since)) if since else 0,
            limit,
        )
        for key, before, zh, en, noun, query, (fen, since, cases) in places
    ]
