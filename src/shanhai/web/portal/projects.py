"""The public list of projects, as a table or as cards."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanhai.acts.project import ProjectState
from shanhai.domains import listings, names
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.portal import projects
from shanhai.web.http import WebRequest, page, public
from shanhai.web.middleware import language
from shanhai.web.portal.cite import cite
from shanhai.web.portal.tables import query, sorting

VIEWS = ("table", "cards")


@public
@require_safe
def project_list(request: WebRequest) -> HttpResponse:
    """Show projects, filtered and page by page."""
    want = listings.asked(projects.PUBLIC_LIST, request.GET.dict())
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    params = {"q": want.q, **want.filters, "view": "" if view == VIEWS[0] else view}
    context: dict[str, Any] = {"want": want, "view": view, "params": params, "rows": []}
    context["switch"] = {name: query(params, view=name) for name in VIEWS}
    context["columns"] = headings(params, want.sort)
    if node_or_none() is not None:
        context |= found_parts(request, want, params)
    return page(request, "portal/projects.html", context, fragment="rows")


def headings(params: dict[str, str], sort: str) -> list[Any]:
    """Return the table's headings with their sort links."""
    columns = (
        ("name", _("项目"), False),
        ("region", _("地区"), False),
        ("year", _("年度"), True),
        ("category", _("类别"), False),
        ("planned_fen", _("金额（万元）"), True),
        ("state", _("状态"), False),
    )
    return sorting(columns, params, sort)


def found_parts(
    request: WebRequest, want: listings.Asked, params: dict[str, str]
) -> dict[str, Any]:
    """Return one page of projects with its neighbours and filters; seven queries however many."""
    part = listings.page(projects.PUBLIC_LIST, request.actor, want)
    kept = {**params, "sort": want.sort}
    found = projects.choices(request.actor)
    every = ("", _("全部"))
    return {
        "rows": [(project, cite(project.source)) for project in part.items],
        "count": listings.count(projects.PUBLIC_LIST, request.actor, want),
        "next": query(kept, after=part.next) if part.next else "",
        "previous": query(kept, before=part.previous) if part.previous else "",
        "first": query(kept) if want.after or want.before else "",
        "counties": [
            every,
            *((code, names.region(code).say(language())) for code in found["county"]),
        ],
        "years": [every, *((str(year), str(year)) for year in found["year"])],
        "categories": [every, *((name, name) for name in found["category"])],
        "states": [every, *((one.value, one.text.say(language())) for one in ProjectState)],
    }
