"""Declaring a project as a task list; amending and resubmitting one are the same list, filled already."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from shanhai.acts.machine import fields_of
from shanhai.acts.machine.registry import newest
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_declare import DECLARERS, Declare
from shanhai.acts.roles import Role
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import desk
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.clock import machine_ms
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.domains.workbench import drafts
from shanhai.domains.workbench.drafts import Draft, Kept, StaleDraftError, Typed
from shanhai.kernel.periods import iso, year_of
from shanhai.web.acts.page import typed
from shanhai.web.http import UNPROCESSABLE, WebRequest, page
from shanhai.web.middleware import language
from shanhai.web.workbench.afterwards import after
from shanhai.web.workbench.casefile import CaseFile
from shanhai.web.workbench.choices import nearest_pair
from shanhai.web.workbench.sections import (
    SECTIONS,
    Section,
    fields_in,
    form_of,
    query,
    section_of,
    typed_fields,
)

KIND = "declare"
CONFLICT = 409
BY_STATE = {
    ProjectState.VILLAGE_NOTICE: "project.amend",
    ProjectState.RETURNED: "project.resubmit",
}


def declarer_or_404(actor: Actor) -> Actor:
    """Return the actor if the role declares projects.

    Raises:
        Http404: For everyone else.
    """
    if actor.role not in DECLARERS:
        raise Http404("only village, township and owner declare")
    return actor


def case_or_404(request: WebRequest, draft_id: str) -> CaseFile:
    """Return one's own draft with all that its pages show.

    Raises:
        Http404: If it is missing, somebody else's, or the role declares nothing.
    """
    draft = drafts.draft_of(declarer_or_404(request.actor), draft_id, KIND)
    if draft is None:
        raise Http404("no such draft")
    return CaseFile(request, draft)


def start(request: WebRequest) -> HttpResponse:
    """Say what a declaration needs and list the drafts; POST begins one."""
    actor = declarer_or_404(request.actor)
    if request.method == "POST":
        made = _begin(actor, Declare.row.plain, desk.fresh_id(Declare), _first(actor))
        return HttpResponseRedirect(reverse("draft", args=[made.id]))
    opened = [CaseFile(request, draft) for draft in drafts.drafts_open(actor, KIND)]
    return page(request, "declare/start.html", {"opened": opened, "sections": SECTIONS})


def _begin(actor: Actor, act: str, subject: str, content: Typed) -> Draft:
    return drafts.draft_start(
        actor=actor,
        kind=KIND,
        act=act,
        subject=subject,
        content=Kept(typed=content),
        now_ms=machine_ms(),
    )


def _first(actor: Actor) -> Typed:
    """Return what a new declaration starts from: this year, one's own place, its nearest pair."""
    found: Typed = {"region": [actor.region], "year": [str(year_of(ledger_now_ms()))]}
    found["pairing"] = [nearest_pair(actor)]
    if actor.role is Role.OWNER:
        found["owner"] = [actor.organisation]
    return found


def change(request: WebRequest, project: str) -> HttpResponse:
    """Take up the draft that amends or resubmits a project, begun from its present content."""
    actor = declarer_or_404(request.actor)
    rows = row_of(Project).objects.filter(visible(Project, actor))
    found = struct_or_404(Project, rows, project)
    act = BY_STATE.get(found.state)
    if act is None or found.declarer != actor.organisation:
        return HttpResponseRedirect(reverse("object", args=["project", project]))
    draft = drafts.draft_for(actor, act, project)
    if draft is None:
        wanted = fields_of(newest(act))
        content = {f.name: _as_typed(typed(f, getattr(found, f.name))) for f in wanted}
        draft = _begin(actor, act, project, content)
    return HttpResponseRedirect(reverse("draft", args=[draft.id]))


def _as_typed(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["1"] if value else []
    return [str(getattr(value, "value", value))]


def tasks(request: WebRequest, draft: str) -> HttpResponse:
    """Show the task list."""
    return page(request, "declare/tasks.html", {"case": case_or_404(request, draft)})


def section_page(request: WebRequest, draft: str, section: str) -> HttpResponse:
    """Show one section; POST keeps it as typed, then shows what to mend or goes on."""
    case, found = case_or_404(request, draft), section_of(section)
    if found is None or not fields_in(found, case.act):
        raise Http404("no such section")
    if request.method != "POST":
        return _section(case, found)
    names = fields_in(found, case.act)
    sent = typed_fields(case.act, names, request.POST)
    version = None if request.POST.get("force") else _number(request.POST.get("version", ""))
    try:
        made = drafts.section_save(
            draft=case.draft, section=section, typed=sent, version=version, now_ms=machine_ms()
        )
    except StaleDraftError as stale:
        return _stale(case, found, sent, stale)
    if "X-Autosave" in request.headers:
        return JsonResponse({"version": made, "saved": iso(machine_ms())[-5:]})
    return _go_on(case_or_404(request, draft), found, request.POST)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _section(case: CaseFile, section: Section, **more: Any) -> HttpResponse:
    form = more.pop("form", None) or case.form(section)
    status = more.pop("status", 200)
    context = {
        "case": case,
        "section": section,
        "form": form,
        "reasons": case.reasons(section),
        "version": case.kept.versions.get(section.name, 0),
        **more,
    }
    return page(case.request, "declare/section.html", context, status=status)


def _go_on(case: CaseFile, section: Section, data: QueryDict) -> HttpResponse:
    form = case.form(section)
    if data.get("then") == "later":
        return HttpResponseRedirect(reverse("draft", args=[case.id]))
    if not form.is_valid():
        return _section(case, section, form=form, status=UNPROCESSABLE)
    return HttpResponseRedirect(case.following(section))


def _stale(case: CaseFile, section: Section, sent: Typed, stale: StaleDraftError) -> HttpResponse:
    """Show both versions of a section that was saved elsewhere; nothing is overwritten unseen."""
    if "X-Autosave" in case.request.headers:
        return JsonResponse({"stale": stale.say(language())}, status=CONFLICT)
    only = fields_in(section, case.act)
    mine = form_of(section, case.act, Kept(typed=sent), case.options)
    theirs = form_of(section, case.act, Kept(typed=stale.theirs), case.options)
    pairs = [
        {"label": ours.field.text, "old": _plain(other), "new": _plain(ours)}
        for ours, other in zip(mine, theirs, strict=True)
        if sent.get(ours.field.name) != stale.theirs.get(ours.field.name)
    ]
    context = {"stale": stale, "pairs": pairs, "sent": query(sent).lists(), "only": only}
    return _section(case, section, form=mine, status=CONFLICT, **context)


def _plain(shown: Any) -> str:
    offered = dict(shown.options)
    text = str(offered.get(shown.value, shown.value))
    return f"{text} 万元" if shown.unit == "wan" and text else text


def check(request: WebRequest, draft: str) -> HttpResponse:
    """Show every rule, then the bytes to be signed, read by the signing script."""
    case = case_or_404(request, draft)
    if case.left:
        return HttpResponseRedirect(reverse("draft", args=[draft]))
    lines = case.prepared.lines if case.prepared is not None else []
    passed = sum(line.ok for line in lines)
    context = {"case": case, "lines": lines, "passed": passed, "config": case.config()}
    return page(request, "declare/check.html", context)


def done(request: WebRequest, draft: str) -> HttpResponse:
    """Confirm what the ledger has, and say what comes next; before that, go back to the check."""
    case = case_or_404(request, draft)
    found = drafts.entered(case.draft)
    if found is None:
        return HttpResponseRedirect(reverse("draft_check", args=[draft]))
    drafts.draft_close(case.draft)
    return page(request, "declare/done.html", {"case": case, "entry": found} | after(case, found))


@require_POST
def remove(request: WebRequest, draft: str) -> HttpResponse:
    """Delete a draft; the ledger never knew of it."""
    drafts.draft_remove(case_or_404(request, draft).draft)
    return HttpResponseRedirect(reverse("declare"))
