"""A protected way to complain and to object, and to follow what became of it.

No address is kept: the flood limit sees a keyed hash for an hour, the log a route. The receipt is shown once.
"""

import json
import secrets
import time
from typing import Any

import msgspec
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from shanhai.acts.notice import Notice
from shanhai.acts.project import Project
from shanhai.domains.book import witnesses
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.intake import roots, selectors, services
from shanhai.domains.intake.content import IntakeKind
from shanhai.domains.portal import bucket, notices
from shanhai.domains.portal.provinces import PROVINCES
from shanhai.domains.rows import row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.kernel.text import TEXTS, Text
from shanhai.web.http import UNPROCESSABLE, WebRequest, page, public
from shanhai.web.middleware import language
from shanhai.web.portal import uploads
from shanhai.web.portal.notices import notice_or_404
from shanhai.web.portal.tables import province_options

ONCE_SECONDS = 24 * 3600
TEXTS |= {
    "intake.once": Text(
        "这份材料已经收到，回执已显示过一次；如未记下查询码，请重新提交",
        "This was received already and its receipt was shown once; if you lost the code, submit again",
    ),
    "intake.region": Text("请选择事情发生在哪个省", "Choose the province where it happened"),
    "portal.objections_over": Text(
        "该公示的异议期已过；仍可通过“举报与反映”提交",
        "The time for objections to this notice is over; you can still use the complaint page",
    ),
}
FIELDS = {"intake.region": "region", "intake.contact": "contact", "intake.files": "files"}


def sender_of(request: HttpRequest) -> str:
    """Return what tells senders apart for the flood limit; behind TLS the address its proxy saw."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return hops.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")


def machine_ms() -> int:
    """Return the machine's time, for the flood limit."""
    return time.time_ns() // 1_000_000


def _once(request: HttpRequest) -> None:
    token = request.POST.get("once", "")[:64]
    if not token or not cache.add(f"portal.once/{token}", 1, ONCE_SECONDS):
        raise InvalidInputError("intake.once")


def take(request: WebRequest, kind: IntakeKind, about: services.Concern) -> services.Handed:
    """Take a posted form in: limit floods, seal, and commit to a root where one is due."""
    files = uploads.attached(request)
    text, contact = request.POST.get("text", ""), ""
    if request.POST.get("who") == "named":
        contact = request.POST.get("contact", "")
    bucket.take(sender_of(request), machine_ms())
    now = ledger_now_ms()
    _once(request)
    try:
        handed = services.submission_take(
            suite=node().constants.suite,
            kind=kind,
            text=text,
            about=about,
            now_ms=now,
            contact=contact,
            files=files,
        )
    except InvalidInputError:
        cache.delete(f"portal.once/{request.POST.get('once', '')[:64]}")
        raise
    if roots.due(now):
        roots.root_commit()
    return handed


def form_page(
    request: WebRequest, template: str, context: dict[str, Any], error: ShanhaiError | None = None
) -> HttpResponse:
    """Show a form, with its error beside the field and what was written kept."""
    field = FIELDS.get(error.code, "text") if error else ""
    sentence = error.say(language()) if error else ""
    context |= {
        "once": secrets.token_hex(16),
        "errors": [(field, sentence)] if error else [],
        "error": {field: sentence} if error else {},
        "given": request.POST,
        "most_files": services.MOST_FILES,
        "most_mb": services.MOST_BYTES >> 20,
    }
    return page(request, template, context, status=UNPROCESSABLE if error else 200)


def receipt_page(
    request: WebRequest, handed: services.Handed, kind: IntakeKind, notice: str = ""
) -> HttpResponse:
    """Show the receipt, this once; with an objection's, where witnesses take it."""
    kept = {
        "number": handed.number,
        "code": handed.code,
        "kind": kind.value,
        "received_ms": handed.received_ms,
        "leaf": handed.leaf,
        "ledger": node().constants.ledger,
        "suite": node().constants.suite.name,
        "content": msgspec.to_builtins(handed.content),
    }
    urls = witnesses.addresses() if notice else []
    said = json.dumps({"sha256": handed.leaf, "notice": notice})
    lodge = {"urls": urls, "said": said} if urls else None
    context = {"handed": handed, "kept": kept, "kind": kind, "lodge": lodge}
    return page(request, "portal/receipt.html", context)


def _about(request: WebRequest) -> Project | None:
    wanted = request.POST.get("about") or request.GET.get("about", "")
    rows = row_of(Project).objects.filter(visible(Project, request.actor), pk=wanted)
    return next(iter(structs(Project, rows[:1])), None) if wanted else None


@public
@csrf_exempt  # checked inside, after the files' handlers are chosen
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: WebRequest) -> HttpResponse:
    """Take a complaint, named or anonymous."""
    uploads.hold(request)
    return _complaint(request)


@csrf_protect
def _complaint(request: WebRequest) -> HttpResponse:
    node()
    project = _about(request)
    context = {"project": project, "provinces": provinces()}
    if request.method != "POST":
        return form_page(request, "portal/complaint.html", context)
    try:
        handed = take(request, IntakeKind.COMPLAINT, concern(request, project))
    except InvalidInputError as error:
        return form_page(request, "portal/complaint.html", context, error)
    return receipt_page(request, handed, IntakeKind.COMPLAINT)


def provinces() -> list[tuple[str, str]]:
    """Return the provinces to choose from, none chosen beforehand."""
    return [("", _("请选择")), *province_options(PROVINCES)[1:]]


def concern(request: HttpRequest, project: Project | None) -> services.Concern:
    """Return what a complaint is about: a project of the ledger, else a province.

    Raises:
        InvalidInputError: `intake.region` where neither is named.
    """
    if project is not None:
        owner = project.owner or project.declarer
        return services.Concern("project", project.id, project.region, "", owner)
    region = request.POST.get("region", "")
    if region not in PROVINCES:
        raise InvalidInputError("intake.region")
    return services.Concern(region=region)


@public
@csrf_exempt  # checked inside, after the files' handlers are chosen
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: WebRequest, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Take an objection to a notice that runs."""
    uploads.hold(request)
    return _objection(request, notice_or_404(request, id))


@csrf_protect
def _objection(request: WebRequest, notice: Notice) -> HttpResponse:
    detail = notices.detail(request.actor, notice)
    context = {"detail": detail, "notice": notice, "project": detail.project}
    if not detail.open_for_objections:
        raise InvalidInputError("portal.objections_over")
    if request.method != "POST":
        return form_page(request, "portal/objection.html", context)
    about = services.Concern("notice", notice.id, notice.region, notice.organ)
    try:
        handed = take(request, IntakeKind.OBJECTION, about)
    except InvalidInputError as error:
        return form_page(request, "portal/objection.html", context, error)
    return receipt_page(request, handed, IntakeKind.OBJECTION, notice.id)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: WebRequest) -> HttpResponse:
    """Show what became of a submission to whoever holds its receipt."""
    if request.method != "POST":
        return page(request, "portal/status.html", {"given": request.GET, "errors": []})
    try:
        bucket.take(f"status/{sender_of(request)}", machine_ms(), capacity=bucket.MANY)
        found = services.submission_seen_by_sender(
            request.POST.get("number", ""), request.POST.get("code", "")
        )
    except InvalidInputError as error:
        context = {"given": request.POST, "errors": [("number", error.say(language()))]}
        return page(request, "portal/status.html", context, status=UNPROCESSABLE)
    return page(request, "portal/status_found.html", found_parts(found))


def found_parts(found: selectors.Letter) -> dict[str, Any]:
    """Return what a sender sees: steps, who opened it, the ledger's answer, and the proof of receipt."""
    proof = roots.proof_of(found)
    return {
        "found": found,
        "kind": IntakeKind(found.kind),
        "steps": selectors.steps(found),
        "openings": selectors.openings(found),
        "objection": selectors.objection_of(found),
        "proof": proof,
        "proof_data": proof._asdict() | {"suite": node().constants.suite.name} if proof else {},
        "title": _("办理进度"),
    }
