"""Published figures: the national spine, one scope at a time, provincial aid, audit findings."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanhai.data import facts
from shanhai.data.facts import Figure
from shanhai.domains.portal import figures, metrics
from shanhai.web.http import WebRequest, chart_page, page, public
from shanhai.web.portal import charts
from shanhai.web.portal.cite import cite
from shanhai.web.portal.home import spine_parts
from shanhai.web.portal.tables import Column, sorting

CARD = (
    "fiscal_aid",
    "fiscal_aid_per_county",
    "consumption",
    "rural_labour_employed",
    "enterprises_new",
    "enterprise_investment",
    "co_built_parks",
    "cadres_exchanged",
)
CARD_PERIOD = "2023"


def card() -> list[tuple[Figure, object, object, object]]:
    """Return the latest national set, figure by figure, with names and source."""
    found = {f.metric: f for f in facts.latest_figures() if f.scope == figures.NATION}
    national = {
        f.metric: f
        for f in facts.latest_figures()
        if f.scope == figures.NATION and f.period == CARD_PERIOD
    }
    shown = [national[name] for name in CARD if name in national and name in found]
    return [
        (f, metrics.metric(f.metric), metrics.unit(f.unit), cite(f.source, f.publisher))
        for f in shown
    ]


@public
@require_safe
@chart_page
def figures_page(request: WebRequest) -> HttpResponse:
    """Show the national spine, or the figures of one scope by kind."""
    scope = request.GET.get("scope", "")
    scope = scope if scope in metrics.SCOPES else figures.NATION
    groups = [
        (
            group.kind,
            [
                (f, metrics.metric(f.metric), metrics.unit(f.unit), cite(f.source, f.publisher))
                for f in group.rows
            ],
        )
        for group in figures.of_scope(scope)
    ]
    labels = (_("期间"), _("指标"), _("数值"), _("截至"), _("来源"))
    context = {
        "scope": scope,
        "scopes": metrics.SCOPES,
        "scope_name": metrics.scope(scope),
        "national": scope == figures.NATION,
        "groups": groups,
        "columns": [Column(label, label == labels[2]) for label in labels],
        "card": card(),
        **spine_parts(),
    }
    return page(request, "portal/figures.html", context)


@public
@require_safe
@chart_page
def aid(request: WebRequest) -> HttpResponse:
    """Show provincial aid to other regions, 2019–2023, as chart and sortable table."""
    sort = request.GET.get("sort", "-2023")
    rows = figures.aid_rows(sort)
    columns = [("", _("省"), False), *((str(y), str(y), True) for y in figures.AID_YEARS)]
    context = {
        "rows": rows,
        "columns": sorting(columns, {}, sort),
        "aid_chart": charts.aid_chart(rows),
        "source": cite(rows[0].years[0].source),
    }
    return page(request, "portal/aid.html", context)


@public
@require_safe
def findings(request: WebRequest) -> HttpResponse:
    """Show published audit findings by class; amounts are never added."""
    labels = (_("年份"), _("审计机关与范围"), _("问题"), _("数额"), _("说明"), _("来源"))
    classes = [
        (one, [(finding, cite(finding.source)) for finding in one.rows])
        for one in figures.findings()
    ]
    context = {
        "classes": classes,
        "columns": [Column(label, label == labels[3]) for label in labels],
        "count": sum(len(one.rows) for one in figures.findings()),
    }
    return page(request, "portal/findings.html", context)
