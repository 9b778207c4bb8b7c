"""The officers' inbox: what people handed in, cut to who may deal with it; each opening is logged with its reason."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shanhai.acts.notice import ORGANS
from shanhai.acts.objection import AcceptObjection, RefuseObjection
from shanhai.domains.accounts.keys import active_kids
from shanhai.domains.book import desk
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.intake import selectors, services
from shanhai.domains.intake.content import Content, IntakeKind, IntakeState
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.acts.config import sign_config
from shanhai.web.acts.page import NEW, ActPage
from shanhai.web.http import UNPROCESSABLE, WebRequest, page
from shanhai.web.middleware import language
from shanhai.web.portal.tables import Column, query

DECISIONS = (
    IntakeState.ACCEPTED,
    IntakeState.ANSWERED,
    IntakeState.TRANSFERRED,
    IntakeState.REFUSED,
)


def choices(kind: type[IntakeKind | IntakeState]) -> list[tuple[str, str]]:
    """Return a closed list as the options of a filter."""
    return [("", _("全部")), *((one.value, one.text.say(language())) for one in kind)]


@require_safe
def inbox(request: WebRequest) -> HttpResponse:
    """Show what the officer's post has to deal with; a post without an inbox finds no page."""
    if not selectors.may_handle(request.actor):
        raise Http404("this post has no inbox")
    params = {name: request.GET.get(name, "") for name in ("state", "kind")}
    after = request.GET.get("after", "")
    rows = list(
        selectors.inbox(request.actor, state=params["state"], kind=params["kind"], after=after)
    )
    more = len(rows) > selectors.PAGE
    rows = rows[: selectors.PAGE]
    labels = (_("编号"), _("类别"), _("地区"), _("收件时间"), _("署名"), _("状态"))
    context = {
        "rows": [(row, IntakeKind(row.kind), IntakeState(row.state)) for row in rows],
        "params": params,
        "states": choices(IntakeState),
        "kinds": choices(IntakeKind),
        "columns": [Column(label) for label in labels],
        "next": query(params, after=rows[-1].number) if more else "",
        "first": query(params) if after else "",
        "waiting": selectors.waiting(request.actor),
    }
    return page(request, "portal/inbox.html", context, fragment="rows")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: WebRequest, number: str) -> HttpResponse:
    """Show one submission; POST opens it with a reason, or records what was done."""
    found = selectors.submission_or_404(request.actor, number)
    if request.method != "POST":
        return item_page(request, found)
    if request.POST.get("step") == "sign":
        return sign(request, found)
    try:
        if request.POST.get("step") == "open":
            reason = request.POST.get("reason", "")
            opened = services.submission_open(
                actor=request.actor, submission=found, reason=reason, now_ms=ledger_now_ms()
            )
            return item_page(request, found, opened)
        return record(request, found)
    except InvalidInputError as error:
        return item_page(request, found, error=error)


def record(request: WebRequest, found: selectors.Letter) -> HttpResponseRedirect:
    """Record a step and come back to the page."""
    try:
        state = IntakeState(request.POST.get("state", ""))
    except ValueError as error:
        raise InvalidInputError("intake.note") from error
    services.submission_step(
        actor=request.actor,
        submission=found,
        state=state,
        note=request.POST.get("note", ""),
        now_ms=ledger_now_ms(),
    )
    return redirect("portal_inbox_item", found.number)


def item_page(
    request: WebRequest,
    found: selectors.Letter,
    opened: Content | None = None,
    error: InvalidInputError | None = None,
) -> HttpResponse:
    """Render a submission, sealed or opened."""
    field = "reason" if error and error.code.startswith("vault.") else "note"
    objection = selectors.objection_of(found)
    context: dict[str, Any] = {
        "found": found,
        "kind": IntakeKind(found.kind),
        "state": IntakeState(found.state),
        "opened": opened,
        "steps": selectors.steps(found),
        "openings": selectors.openings(found),
        "decisions": [(one.value, one.text.say(language())) for one in DECISIONS],
        "objection": objection,
        "on_ledger": found.kind == IntakeKind.OBJECTION.value,
        "may_decide": objection is None and request.actor.role in ORGANS,
        "closed": IntakeState(found.state) in services.CLOSED,
        "errors": [(field, error.say(language()))] if error else [],
        "given": request.POST,
    }
    status = UNPROCESSABLE if error else 200
    return page(request, "portal/inbox_item.html", context, status=status)


@never_cache
@require_safe
def file(request: WebRequest, number: str, at: int) -> HttpResponse:
    """Return one file of a submission that this officer opened before; the reading is logged again."""
    found = selectors.submission_or_404(request.actor, number)
    if not selectors.opened_by(found, request.actor):
        raise Http404("not opened yet")
    reason = _("查看附件 {place}").format(place=at + 1)
    opened = services.submission_open(
        actor=request.actor, submission=found, reason=reason, now_ms=ledger_now_ms()
    )
    if at >= len(opened.files):
        raise Http404("no such file")
    facts = opened.files[at]
    response = HttpResponse(services.submission_file(found, at), content_type=facts.media_type)
    suffix = facts.name.rpartition(".")[2].lower()
    response["Content-Disposition"] = f'attachment; filename="{number}-{at + 1}.{suffix}"'
    return response


def sign(request: WebRequest, found: selectors.Letter) -> HttpResponse:
    """Show the bytes that accept or refuse an objection on the ledger, bound to its receipt."""
    accept = request.POST.get("decision") == "accept"
    act = AcceptObjection if accept else RefuseObjection
    if found.kind != IntakeKind.OBJECTION.value or request.actor.role not in ORGANS:
        raise Http404("nothing to decide")
    reason = request.POST.get("reason", "").strip()
    if not accept and not reason:
        return item_page(request, found, error=InvalidInputError("intake.note"))
    values = {"notice": found.target, "receipt": found.leaf, "received_ms": found.received_ms}
    if not accept:
        values["reason"] = reason[:400]
    shown = ActPage(request, act, desk.fresh_id(act))
    kids = active_kids(request.actor.person)
    prepared = desk.prepare(
        actor=request.actor,
        payload=desk.payload_of(act, values),
        subject=shown.subject_id,
        kid=kids[0] if kids else "",
    )
    back = reverse("portal_inbox_item", args=[found.number])
    config = None
    if prepared.verdict.accepted:
        key_url = reverse("act", args=[act.row.on.noun, NEW, act.row.verb]) + "?kid="
        config = sign_config(request, [prepared], kids, next=back, key_url=key_url)
    context = {
        "page": shown,
        "draft": prepared,
        "config": config,
        "no_key": not kids,
        "title": _("核对"),
        "back": back,
    }
    return page(request, "acts/check.html", context)
