"""/funds/ledger: the payment ledger (支付台账), with totals that say what they add up."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpResponse

from shanhai.acts.fiscal_year import FiscalYear, FrozenMonth
from shanhai.acts.payment import Payment
from shanhai.domains import listings
from shanhai.domains.funds.stages import ORDERED_STATES, PAID_STATES
from shanhai.domains.listings import LISTINGS
from shanhai.domains.rows import row_of, structs
from shanhai.domains.scope import visible
from shanhai.web.http import WebRequest, page
from shanhai.web.objects import actions
from shanhai.web.objects.lists import filters, heads, lines, query

MONTHS = 12


def totals(rows: Any) -> dict[str, int]:
    """Return the sums of the rows that the filters keep, whatever page is shown; one query."""
    found = rows.aggregate(
        proposed=Sum("amount_fen", filter=Q(state="proposed")),
        ordered=Sum("amount_fen", filter=Q(state__in=ORDERED_STATES)),
        paid=Sum("amount_fen", filter=Q(state__in=PAID_STATES)),
        refunded=Sum("refunded_fen"),
        count=Count("pk"),
    )
    return {name: int(value or 0) for name, value in found.items()}


def payments(request: WebRequest) -> HttpResponse:
    """Show the ledger of payments to officers."""
    found, actor = LISTINGS[Payment.noun], request.actor
    want = listings.asked(found, request.GET.dict())
    part = listings.page(found, actor, want)
    months = row_of(FrozenMonth).objects.filter(visible(FrozenMonth, actor))
    years = row_of(FiscalYear).objects.filter(visible(FiscalYear, actor))
    context: dict[str, Any] = {
        "heads": heads(found, want),
        "lines": lines(found, part.items),
        "filters": filters(found, want),
        "want": want,
        "totals": totals(listings.matching(found, actor, want)),
        "next": query(want, after=part.next) if part.next else "",
        "previous": query(want, before=part.previous) if part.previous else "",
        "first": query(want) if want.after or want.before else "",
        "export": query(want),
        "months": structs(FrozenMonth, months.order_by("-year", "-month", "pk")[:MONTHS]),
        "years": structs(FiscalYear, years.order_by("-year", "pk")[:MONTHS]),
        "new": [*actions.new(FrozenMonth, actor), *actions.new(FiscalYear, actor)],
    }
    return page(request, "funds/ledger.html", context, fragment="rows")
