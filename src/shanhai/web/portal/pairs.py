"""Who helps whom: provinces by scheme, counties, the key counties, and one province's page."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanhai.data import facts
from shanhai.data.base import Standing
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.portal import figures, metrics, pairs, projects
from shanhai.domains.portal.provinces import PROVINCES, code_of
from shanhai.web.http import WebRequest, page, public
from shanhai.web.portal.cite import cite
from shanhai.web.portal.home import map_of
from shanhai.web.portal.tables import Column, province_options, sorting


@public
@require_safe
def pairs_page(request: WebRequest) -> HttpResponse:
    """Show the map of pairs with their sources, one scheme at a time."""
    shown = map_of(request.GET.get("scheme", ""))
    sort = request.GET.get("sort", "")
    columns = (
        ("donor", _("支援方"), False),
        ("recipient", _("受援方"), False),
        ("standing", _("核实情况"), False),
        ("", _("来源"), False),
    )
    shown["rows"] = [(pair, cite(pair.source)) for pair in pairs.of_scheme(shown["scheme"], sort)]
    shown["columns"] = sorting(columns, {"scheme": shown["scheme"]}, sort)
    context = {
        "map": shown,
        "counts": pairs.key_counts(),
        "known": len(pairs.county_pairs()),
    }
    return page(request, "portal/pairs.html", context)


@public
@require_safe
def counties(request: WebRequest) -> HttpResponse:
    """Show the known pairs of cities and counties, filtered by province, collaboration and words."""
    params = {name: request.GET.get(name, "").strip() for name in ("province", "scheme", "q")}
    found = pairs.county_pairs(params["province"], params["q"])
    shown = [pair for pair in found if params["scheme"] in ("", pair.scheme)]
    every = pairs.county_pairs()
    codes = {code_of(name) for p in every for name in (p.donor_province, p.recipient_province)}
    labels = (_("协作"), _("支援方"), _("受援方"), _("期间"), _("核实情况"), _("来源"))
    context = {
        "rows": [(pair, cite(pair.source)) for pair in shown],
        "total": len(every),
        "params": params,
        "columns": [Column(label) for label in labels],
        "provinces": province_options(codes - {""}),
        "schemes": [("", _("全部"))] + [(s, s) for s in dict.fromkeys(p.scheme for p in every)],
    }
    return page(request, "portal/counties.html", context, fragment="rows")


@public
@require_safe
def key_counties(request: WebRequest) -> HttpResponse:
    """Show the 160 national key counties, and apart from them the 25 of Sichuan."""
    province, q = request.GET.get("province", ""), request.GET.get("q", "").strip()
    found = [c for c in pairs.key_counties(province) if q in f"{c.county}{c.prefecture}"]
    labels = (_("县"), _("市州"), _("省"), _("县代码"), _("核实情况"))
    context = {
        "rows": found,
        "province": province,
        "q": q,
        "columns": [Column(label) for label in labels],
        "counts": pairs.key_counts(),
        "provinces": province_options(c.province.code for c in pairs.key_counts()),
        "sichuan": facts.sichuan_key_counties(),
    }
    return page(request, "portal/key_counties.html", context, fragment="rows")


@public
@require_safe
def province(request: WebRequest, code: str) -> HttpResponse:
    """Show one province: its partners in each scheme, county pairs, key counties, figures, projects."""
    found = PROVINCES.get(code)
    if found is None:
        raise Http404(f"no province {code}")
    return page(request, "portal/province.html", province_parts(request, code))


def province_parts(request: WebRequest, code: str) -> dict[str, Any]:
    """Return what a province's page shows; one query to the ledger."""
    key = pairs.key_counties(code)
    shown = [(figure, *figures.named(figure)) for figure in figures.of_province(code)]
    ledger = node_or_none() is not None
    return {
        "province": PROVINCES[code],
        "schemes": [
            (text, pairs.of_province(code, scheme)) for scheme, text in pairs.SCHEMES.items()
        ],
        "counties": pairs.county_pairs(code),
        "key": key,
        "key_unconfirmed": sum(c.standing is not Standing.QUOTED for c in key),
        "aid": figures.aid_of_province(code),
        "figures": [
            (figure, name, where, metrics.unit(figure.unit), cite(figure.source, figure.publisher))
            for figure, name, where in shown
        ],
        "figure_columns": figure_columns(),
        "projects": projects.of_region(request.actor, code[:2]) if ledger else [],
    }


def figure_columns() -> list[Column]:
    """Return the headings of a table of figures: every number beside its kind and source."""
    labels = (_("范围"), _("期间"), _("指标"), _("数值"), _("口径"), _("来源"))
    return [Column(label, label == labels[3]) for label in labels]
