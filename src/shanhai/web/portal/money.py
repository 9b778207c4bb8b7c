"""Money by stage of the chain: what each stage is, and how far it has come."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanhai.domains.portal import chain
from shanhai.web.http import WebRequest, page, public
from shanhai.web.portal.home import ledger_parts
from shanhai.web.portal.tables import Column


@public
@require_safe
def money(request: WebRequest) -> HttpResponse:
    """Show the nine stages with their meaning; they are never added."""
    labels = (_("环节"), _("怎么算的"), _("金额（万元）"))
    context = {
        "chain": ledger_parts(request)["chain"],
        "stages": chain.STAGES,
        "columns": [Column(label, label == labels[2]) for label in labels],
    }
    return page(request, "portal/money.html", context)
