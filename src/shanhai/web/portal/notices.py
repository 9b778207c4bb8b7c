"""Notices for the public: what is put up, until when, and how to object."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanhai.acts.machine import fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.acts.notice import Notice
from shanhai.acts.project import Project
from shanhai.domains.book import timeline
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.portal import notices
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.web.http import WebRequest, page, public
from shanhai.web.objects.cells import Cell, cell
from shanhai.web.portal.tables import query

SHOWN = (
    "year",
    "category",
    "sector",
    "place",
    "content",
    "planned_fen",
    "approved_fen",
    "households",
    "people",
    "poor_households",
    "poor_people",
    "start_ms",
    "finish_ms",
    "number",
)
"""What the rules of 公告公示 ask a notice to name, as far as the project has it."""
PAPERS = ("application", "minutes", "targets", "linkage", "approval", "plan_minutes")


@public
@require_safe
def notice_list(request: WebRequest) -> HttpResponse:
    """Show notices that run now, or those that are over."""
    over = request.GET.get("when") == "over"
    after = request.GET.get("after", "")
    items = []
    if node_or_none() is not None:
        choose = notices.over if over else notices.running
        items = choose(request.actor, after=after)
    more = items[notices.PAGE :]
    when = "over" if over else ""
    context = {
        "items": items[: notices.PAGE],
        "over": over,
        "next": query({"when": when, "after": items[notices.PAGE - 1].notice.id}) if more else "",
        "first": query({"when": when}) or "?" if after else "",
    }
    return page(request, "portal/notices.html", context)


def notice_or_404(request: WebRequest, id: str) -> Notice:  # noqa: A002 - the address's name
    """Return a notice that the reader may see."""
    return struct_or_404(Notice, row_of(Notice).objects.filter(visible(Notice, request.actor)), id)


def cells(project: Project | None, wanted: tuple[str, ...]) -> list[Cell]:
    """Return the named fields that the project has something in."""
    if project is None:
        return []
    fields = {field.name: field for field in fields_of(Project)}
    made = [cell(fields[name], project, {}) for name in wanted if getattr(project, name)]
    return [one for one in made if one.text != "—"]


@public
@require_safe
def notice_page(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show what a notice publicises, its clock, its objections and its proofs."""
    found = notice_or_404(request, id)
    detail = notices.detail(request.actor, found)
    events = timeline.events(found)
    context: dict[str, Any] = {
        "detail": detail,
        "notice": found,
        "project": detail.project,
        "title": detail.project.name if detail.project else found.place,
        "cells": cells(detail.project, SHOWN),
        "papers": [c for c in cells(detail.project, PAPERS) if c.field.kind is Kind.DIGEST],
        "hashes": hashes(found),
        "steps": notices.progress(found),
        "events": events,
        "opened": events[-1] if events else None,
    }
    return page(request, "portal/notice.html", context)


def hashes(found: Notice) -> list[tuple[str, str]]:
    """Return the hashes of what was put up and photographed."""
    named = (
        (_("公示内容"), found.page),
        (_("公示照片"), found.photo),
        (_("期满照片"), found.closing_photo),
    )
    return [(label, digest) for label, digest in named if digest]
