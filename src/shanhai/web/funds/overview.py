"""/funds: the chain of money facts, where money rests, and both spending rates by year and project."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from shanhai.acts.clocks import PROJECT_DAYS
from shanhai.acts.machine import Setting
from shanhai.acts.payment import Payment
from shanhai.acts.project import Project
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.funds import idle, rates, stages
from shanhai.domains.funds.stages import Cut, cut_of
from shanhai.domains.rows import by_id, structs
from shanhai.domains.scope import visible
from shanhai.kernel.regions import COUNTRY, look_up
from shanhai.kernel.text import Text
from shanhai.web.funds.drawing import draw
from shanhai.web.http import WebRequest, page, public

PROJECTS, DIFFERENCES = 20, 20
YEARS = 6


class Head(NamedTuple):
    """A plain heading of a table."""

    label: Text
    numeric: bool = False


def _heads(*pairs: tuple[str, str, bool]) -> list[Head]:
    return [Head(Text(zh, en), numeric) for zh, en, numeric in pairs]


HEADS = {
    "chain_heads": _heads(
        ("环节", "Stage", False),
        ("金额（元）", "Yuan", True),
        ("怎么算的", "What it counts", False),
    ),
    "difference_heads": _heads(
        ("支付", "Payment", False),
        ("项目", "Project", False),
        ("金额（元）", "Yuan", True),
        ("已退款（元）", "Refunded, yuan", True),
        ("付到时间", "Paid on", False),
    ),
    "year_heads": _heads(
        ("年度", "Year", False),
        ("到账（元）", "Received, yuan", True),
        ("指标（元）", "Lines, yuan", True),
        ("国库已付（元）", "Paid out, yuan", True),
        ("国库口径", "Treasury", True),
        ("收款人口径", "Final payee", True),
    ),
    "project_heads": _heads(
        ("项目", "Project", False),
        ("预算（元）", "Budget, yuan", True),
        ("已付（元）", "Paid, yuan", True),
        ("国库口径", "Treasury", True),
        ("收款人口径", "Final payee", True),
    ),
}


class YearRates(NamedTuple):
    """A year's two rates."""

    year: int
    href: str
    rates: rates.Rates


def limit_days(region: str, now_ms: int) -> int:
    """Return after how many days resting money is worth a question: P8 where it is set, else 30."""
    keys = [f"{PROJECT_DAYS.id}/{cut}" for cut in look_up(region or COUNTRY)]
    known = by_id(Setting, keys)
    for key in keys:
        found = known[key].at(now_ms) if key in known else None
        if found is not None:
            return found.value
    return idle.DEFAULT_DAYS


def asked(request: WebRequest) -> Cut:
    """Read the cut from the address; what lies outside the actor's side falls back to it."""
    year = request.GET.get("year", "")
    digits = {
        name: code if (code := request.GET.get(name, "").strip()).isdigit() else ""
        for name in ("region", "east_region")
    }
    return cut_of(request.actor, year=int(year) if year.isdigit() else 0, **digits)


def link(cut: Cut, **changes: Any) -> str:
    """Return the address of the overview with some parts changed."""
    parts = {**cut._asdict(), **changes}
    query = urlencode({name: value for name, value in parts.items() if value})
    return reverse("funds") + (f"?{query}" if query else "")


def _lines(cut: Cut, actor: Actor) -> list[dict[str, Any]]:
    found = rates.by_project(cut, PROJECTS)
    known = by_id(Project, (one.project for one in found)) if found else {}
    return [
        {"rate": one, "name": known[one.project].name if one.project in known else one.project}
        for one in found
        if actor.public or one.project in known
    ]


@public
def funds(request: WebRequest) -> HttpResponse:
    """Show where money flows and rests, to officers for their side, to everyone as sums."""
    cut, now = asked(request), ledger_now_ms()
    years = stages.years(cut)
    chain = stages.chain(cut)
    differing = rates.differing(cut).filter(visible(Payment, request.actor))
    payments = structs(Payment, differing[:DIFFERENCES])
    context: dict[str, Any] = {
        "cut": cut,
        "place": names.region(cut.region) if cut.region else None,
        "donor": names.region(cut.east_region) if cut.east_region else None,
        "years": [(year, link(cut, year=year)) for year in years],
        "all_years": link(cut, year=0),
        "chain": chain,
        "empty": not any(one.fen for one in chain),
        "drawing": draw(chain[:-1]),
        "rates": (both := rates.rates(cut)),
        "both": (both.treasury, both.payee),
        "rests": idle.rests(cut, now, limit_days(cut.region, now)),
        "by_year": [
            YearRates(year, link(cut, year=year), rates.rates(cut._replace(year=year)))
            for year in years[:YEARS]
        ],
        "projects": _lines(cut, request.actor),
        "differing": payments,
        "project_names": names.of((Project, one.project) for one in payments),
        **HEADS,
    }
    return page(request, "funds/overview.html", context)
