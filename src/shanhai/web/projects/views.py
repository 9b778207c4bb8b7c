"""The page of a project; one published elsewhere has a simpler page that says only what its source says."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from shanhai.acts.budget import Budget
from shanhai.acts.change import Change
from shanhai.acts.finding import Finding
from shanhai.acts.hold import HoldState
from shanhai.acts.line import FundingLine
from shanhai.acts.lot import Lot
from shanhai.acts.notice import Notice, Objection
from shanhai.acts.project import Project, ProjectState
from shanhai.domains import names
from shanhai.domains.book import timeline
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.book.timeline import Event
from shanhai.domains.projects import selectors
from shanhai.domains.projects.selectors import Belongings
from shanhai.domains.rows import by_id
from shanhai.web.http import WebRequest, page, public
from shanhai.web.ledger.proof import qr
from shanhai.web.objects import actions
from shanhai.web.objects.cells import tone
from shanhai.web.objects.detail import cells
from shanhai.web.projects import figures, lifecycle
from shanhai.web.projects.next_steps import next_steps
from shanhai.web.projects.papers import papers
from shanhai.web.projects.tree import tree
from shanhai.web.projects.versions import versions

RECENT_EVENTS, RECENT_VERSIONS = 12, 3
"""What a page shows at first; `?all=1` shows as many entries as a timeline does, and every version among them."""
IN_FORCE = (HoldState.APPROVED, HoldState.EXECUTED)


class Told(NamedTuple):
    """An entry of the timeline, with the name of what it was about."""

    event: Event
    about: str


@public
def project_page(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show a project to whoever may see it."""
    project = selectors.project_or_404(request.actor, id)
    if project.state is ProjectState.RECORDED:
        return page(
            request, "project/recorded.html", _common(request, project, timeline.events(project))
        )
    found = selectors.belongings(request.actor, project)
    events = timeline.events(project)
    context = _common(request, project, events)
    context |= _standing(request, project, found, events)
    context |= _money(project, found, events)
    context |= _past(project, found, events, whole=bool(request.GET.get("all")))
    context |= {
        "branches": tree(found),
        "notices": found.of(Notice),
        "objections": found.of(Objection),
        "findings": found.of(Finding),
        "holds": found.holds,
        "held": any(one.state in IN_FORCE for one in found.holds),
        "papers": papers([project, *_everything(found)]),
    }
    return page(request, "project/object.html", context)


def _common(request: WebRequest, project: Project, events: list[Event]) -> dict[str, Any]:
    first = timeline.first_index(project)
    url = request.build_absolute_uri(reverse("project", args=[project.id]))
    return {
        "project": project,
        "title": project.name,
        "number": f"{project.region[:6]}-{project.year}-{first:06}",
        "place": names.region(project.region),
        "east": names.region(project.east_region) if project.east_region else None,
        "tone": tone(project.state),
        "cells": cells(project),
        "actions": actions.on(project, request.actor),
        "events": events,
        "url": url,
        "qr": qr(url),
    }


def _standing(
    request: WebRequest, project: Project, found: Belongings, events: list[Event]
) -> dict[str, Any]:
    now = ledger_now_ms()
    standing = lifecycle.standing(project, found.of(Lot), found.of(Notice), events, now)
    return {
        "standing": standing,
        "clock": lifecycle.clock_words(standing),
        "next": [] if standing.ended else next_steps(project, found, request.actor),
    }


def _money(project: Project, found: Belongings, events: list[Event]) -> dict[str, Any]:
    budgets = found.of(Budget)
    sums = selectors.money(project)
    lines = by_id(FundingLine, (one.line for one in budgets))
    return {
        "figures": figures.figures(project, found, sums, events),
        "sources": figures.sources(budgets, lines),
    }


def _everything(found: Belongings) -> list[Any]:
    return [one for many in found.found.values() for one in many] + list(found.holds)


def _past(
    project: Project, found: Belongings, events: list[Event], *, whole: bool
) -> dict[str, Any]:
    most, changes = (timeline.SHOWN, None) if whole else (RECENT_EVENTS, RECENT_VERSIONS)
    titles = {one.id: names.title(one) for one in _everything(found)}
    told = timeline.events_of([project.id, *titles], most + 1)
    revised = versions(events, found.of(Change), None if changes is None else changes + 1)
    return {
        "told": [Told(event, titles.get(event.subject, "")) for event in told[:most]],
        "earlier": not whole and len(told) > most,
        "versions": revised[:changes],
        "more_versions": not whole and len(revised) > RECENT_VERSIONS,
    }
