"""Open data: the catalogue, one dataset's dictionary, and its bytes."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanhai.domains.portal import datasets
from shanhai.web.http import WebRequest, page, public
from shanhai.web.portal.tables import Column

FORMS = {
    "csv": ("text/csv; charset=utf-8", datasets.as_csv),
    "json": ("application/json", datasets.as_json),
}
SAMPLE = 5


@public
@require_safe
def catalogue(request: WebRequest) -> HttpResponse:
    """Show what can be downloaded, and the whole log."""
    rows = [(one, len(list(one.rows()))) for one in datasets.DATASETS]
    return page(request, "portal/data.html", {"datasets": rows, "licence": datasets.LICENCE})


def find(name: str) -> datasets.Dataset:
    """Return a dataset by its name.

    Raises:
        Http404: If there is none.
    """
    if name not in datasets.BY_NAME:
        raise Http404(f"no dataset {name}")
    return datasets.BY_NAME[name]


@public
@require_safe
def dataset(request: WebRequest, name: str) -> HttpResponse:
    """Show a dataset's dictionary and its first rows."""
    found = find(name)
    records = datasets.records(found)
    context = {
        "dataset": found,
        "licence": datasets.LICENCE,
        "count": len(records),
        "dictionary": [Column(_("列名")), Column(_("含义"))],
        "columns": [Column(key) for key in found.columns],
        "sample": [list(row.values()) for row in records[:SAMPLE]],
    }
    return page(request, "portal/dataset.html", context)


@public
@require_safe
def download(request: WebRequest, name: str, form: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Return a dataset's bytes as CSV or JSON."""
    found = find(name)
    if form not in FORMS:
        raise Http404(f"no form {form}")
    media_type, make = FORMS[form]
    response = HttpResponse(make(found), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="shanhai-{name}.{form}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
