"""The front page: what this is, where the ledger stands, who is paired, where the money is."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanhai.domains.book.handle import node_or_none
from shanhai.domains.portal import chain, figures, notices, pairs, projects, tiles
from shanhai.web.http import WebRequest, chart_page, page, public
from shanhai.web.portal import charts
from shanhai.web.portal.tables import Column

FEW = 5


def map_of(scheme: str) -> dict[str, Any]:
    """Return what the map of pairs and its table show for one scheme."""
    scheme = scheme if scheme in pairs.SCHEMES else pairs.LATEST
    found = pairs.of_scheme(scheme)
    return {
        "scheme": scheme,
        "schemes": pairs.SCHEMES,
        "pairs": found,
        "tiles": tiles.tiles(found),
        "links": tiles.links(found),
        "both": any(tile.role == "both" for tile in tiles.tiles(found)),
        "box": tiles.ISLANDS,
        "box_middle": tiles.ISLANDS_MIDDLE,
        "size": (tiles.WIDTH, tiles.HEIGHT),
        "columns": [Column(_("支援方")), Column(_("受援方")), Column(_("核实情况"))],
        "note": _("共 {count} 对，其中 {unconfirmed} 对待核。来源见开放数据逐行。").format(
            count=len(found), unconfirmed=sum(p.unconfirmed for p in found)
        ),
    }


def spine_parts() -> dict[str, Any]:
    """Return what the chart of national figures and its table show."""
    rows = figures.spine()
    labels = (_("期间"), _("亿元"), _("口径"), _("截至"), _("来源"))
    return {
        "spine": rows,
        "spine_chart": charts.spine_chart(rows),
        "spine_columns": [Column(label, label == labels[1]) for label in labels],
    }


def ledger_parts(request: WebRequest) -> Mapping[str, Any]:
    """Return what the front page reads from the ledger, nothing where none was founded."""
    if node_or_none() is None:
        return {"chain": None, "notices": [], "recorded": []}
    return {
        "chain": chain.chain(),
        "notices": notices.running(request.actor, size=FEW)[:FEW],
        "recorded": projects.recorded(request.actor),
    }


@public
@require_safe
@chart_page
def home(request: WebRequest) -> HttpResponse:
    """Show the front page to everybody."""
    context = {
        "map": map_of(request.GET.get("scheme", "")),
        **spine_parts(),
        **ledger_parts(request),
    }
    return page(request, "portal/home.html", context)


@public
@require_safe
def pairs_map(request: WebRequest, scheme: str) -> HttpResponse:
    """Return the map of one scheme alone, for the switch."""
    return page(request, "portal/map.html", {"map": map_of(scheme)})
