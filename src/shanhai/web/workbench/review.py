"""The review queue: compare one by one, decide on many, sign once, see a result for each."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shanhai.acts.machine import Object, fields_of
from shanhai.acts.machine.fields import Field, Kind
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.clock import machine_ms
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.domains.workbench import batches, drafts, duties, queue, todos
from shanhai.domains.workbench.clocks import Urgency
from shanhai.domains.workbench.duties import Duty
from shanhai.domains.workbench.history import history
from shanhai.domains.workbench.queue import Wanted
from shanhai.kernel.text import Text
from shanhai.web.http import UNPROCESSABLE, WebRequest, page
from shanhai.web.middleware import language
from shanhai.web.objects.cells import cell
from shanhai.web.objects.detail import cells
from shanhai.web.workbench import links
from shanhai.web.workbench.batch import IDS, Batch
from shanhai.web.workbench.casefile import Difference
from shanhai.web.workbench.home import line
from shanhai.web.workbench.sections import typed_fields

KIND = "batch"
DEADLINES = (Urgency.OVERDUE, Urgency.TODAY, Urgency.SOON)


class Tab(NamedTuple):
    """One kind of work above the queue."""

    text: Text
    noun: Text
    shown: str
    href: str
    here: bool


class Decision(NamedTuple):
    """One decision that may be taken on the chosen rows."""

    code: str
    text: Text
    primary: bool


def duty_or_404(actor: Actor, code: str) -> Duty:
    """Return a kind of work of the actor's role.

    Raises:
        Http404: If there is none of that name, or it is another role's.
    """
    duty = duties.by_code().get(code)
    if duty is None or actor.role not in duty.row.by:
        raise Http404("not this officer's work")
    return duty


def first(request: WebRequest) -> HttpResponse:
    """Go to the most urgent kind of work."""
    found = todos.groups(request.actor, ledger_now_ms(), shown=0)
    if not found:
        return page(request, "review/queue.html", {"tabs": [], "lines": []})
    return HttpResponseRedirect(reverse("review", args=[found[0].duty.code]))


def decisions(duty: Duty, actor: Actor) -> list[Decision]:
    """Return what may be decided on many at once: the work itself, then the ways out."""
    role = actor.role
    others = duties.ways_out(duty.code, role) if role is not None else ()
    return [
        Decision(act.row.plain, act.row.text, act is duty.act)
        for act in (duty.act, *others)
        if batches.may_batch(act)
    ]


def tabs(actor: Actor, here: Duty, now_ms: int) -> list[Tab]:
    """Return the kinds of work that wait, this one among them."""
    found = todos.groups(actor, now_ms, shown=0)
    made = [
        Tab(
            group.duty.text,
            group.duty.noun_text,
            f"{todos.COUNTED}+" if group.more else str(group.count),
            reverse("review", args=[group.duty.code]),
            group.duty.code == here.code,
        )
        for group in found
    ]
    if not any(tab.here for tab in made):
        href = reverse("review", args=[here.code])
        made.insert(0, Tab(here.text, here.noun_text, "0", href, here=True))
    return made


def review(request: WebRequest, code: str) -> HttpResponse:
    """Show one kind of work as a queue."""
    duty, now = duty_or_404(request.actor, code), ledger_now_ms()
    data = request.GET
    want = Wanted(data.get("q", "").strip()[:100], data.get("due", ""), data.get("after", ""))
    part = queue.part(duty, request.actor, want, now)
    asked = {"q": want.q, "due": want.due}
    keep = {name: value for name, value in asked.items() if value}
    context = {
        "duty": duty,
        "tabs": tabs(request.actor, duty, now),
        "lines": [line(duty, todo) for todo in part.items],
        "decisions": decisions(duty, request.actor),
        "want": want,
        "deadlines": [("", _("全部期限")), *((one.value, one.text) for one in DEADLINES)],
        "next": f"?{urlencode(keep | {'after': part.next})}" if part.next else "",
        "first": f"?{urlencode(keep)}" if want.after else "",
        "limit": batches.MOST,
    }
    return page(request, "review/queue.html", context, fragment="rows")


def case(request: WebRequest, code: str, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show one case beside the queue: its fields, what happened, what changed."""
    duty = duty_or_404(request.actor, code)
    rows = row_of(duty.on).objects.filter(visible(duty.on, request.actor))
    found: Object = struct_or_404(duty.on, rows, id)
    past = history(found)
    context = {
        "duty": duty,
        "found": found,
        "title": names.called(found).say(language()),
        "cells": [one for one in cells(found) if one.field.name != found.title],
        "past": past,
        "changes": _changes(past.before, past.after),
        "href": links.object_href(duty.noun, found.id),
        "act_href": links.act_href(duty, found),
    }
    return page(request, "review/case.html", context, fragment="case")


def _fields(one: msgspec.Struct) -> tuple[Field, ...]:
    return fields_of(type(one))


def _changes(before: Any, after: Any) -> list[Difference]:
    if before is None or after is None:
        return []
    refs = [
        (f.ref, getattr(one, f.name))
        for one in (before, after)
        for f in _fields(one)
        if f.kind is Kind.REF and f.ref is not None
    ]
    known = names.of(refs)  # type: ignore[arg-type]  # references are to nouns
    shared = set(type(before).__struct_fields__)
    return [
        Difference(f.text, cell(f, before, known).text, cell(f, after, known).text)
        for f in _fields(after)
        if f.name in shared and getattr(before, f.name) != getattr(after, f.name)
    ]


def decide(request: WebRequest, code: str) -> HttpResponse:
    """Begin a batch with the rows chosen; it is kept, so that nothing is lost on the way."""
    duty = duty_or_404(request.actor, code)
    ids = list(dict.fromkeys(request.POST.getlist(IDS)))[: batches.MOST]
    act = batches.decision(request.POST.get("decision", ""))
    allowed = {one.code for one in decisions(duty, request.actor)}
    if not ids or act is None or act.row.plain not in allowed:
        messages.warning(request, _("请先勾选要办理的事项，再选择决定。"))
        return HttpResponseRedirect(reverse("review", args=[code]))
    draft = drafts.draft_start(
        actor=request.actor,
        kind=KIND,
        act=act.row.plain,
        subject=code,
        content=drafts.Kept(typed={IDS: ids}),
        now_ms=machine_ms(),
    )
    return HttpResponseRedirect(reverse("batch", args=[draft.id]))


def batch_or_404(request: WebRequest, draft: str) -> Batch:
    """Return one's own batch.

    Raises:
        Http404: If it is missing, somebody else's, or not this post's work.
    """
    found = drafts.draft_of(request.actor, draft, KIND)
    if found is None:
        raise Http404("no such batch")
    duty_or_404(request.actor, found.subject)
    return Batch(request, found)


def batch(request: WebRequest, draft: str) -> HttpResponse:
    """Ask once what belongs to every row; POST keeps it and goes on to the bytes."""
    found = batch_or_404(request, draft)
    if request.method != "POST":
        return page(request, "review/batch.html", {"batch": found, "form": found.form})
    data = request.POST.copy()
    if data.get("add_row"):
        name = f"{data['add_row']}-rows"
        data[name] = str(int(data.get(name, "1") or 1) + 1)
    form = found.over(data)
    typed = typed_fields(found.act, found.shared, data)
    if data.get("add_row") or not form.is_valid():
        drafts.rows_save(draft=found.draft, typed=typed, rows=[], now_ms=machine_ms())
        status = 200 if data.get("add_row") else UNPROCESSABLE
        return page(request, "review/batch.html", {"batch": found, "form": form}, status=status)
    made = batches.rows_of(found.duty, found.act, found.found)
    rows = batches.sealed_rows(found.act, request.actor, made, form.values)
    drafts.rows_save(draft=found.draft, typed=typed, rows=rows, now_ms=machine_ms())
    return HttpResponseRedirect(reverse("batch_sign", args=[draft]))


def sign(request: WebRequest, draft: str) -> HttpResponse:
    """Try every row, say in words which cannot be done, and offer the others to one gesture."""
    found = batch_or_404(request, draft)
    if not found.kept.rows:
        return HttpResponseRedirect(reverse("batch", args=[draft]))
    context = {"batch": found, "config": found.config(), "language": language()}
    return page(request, "review/sign.html", context)


def result(request: WebRequest, draft: str) -> HttpResponse:
    """Show what became of every row, from the ledger; a reload shows the same."""
    found = batch_or_404(request, draft)
    if not found.kept.rows:
        return HttpResponseRedirect(reverse("batch", args=[draft]))
    if found.entered and not found.ready and not found.refused:
        drafts.draft_close(found.draft)
    return page(request, "review/result.html", {"batch": found})
