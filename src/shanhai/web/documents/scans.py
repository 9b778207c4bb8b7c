"""Registering a stamped scan: the QR code on it says which document it is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.documents import services
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.http import UNPROCESSABLE, WebRequest, page
from shanhai.web.middleware import language


def register(request: WebRequest) -> HttpResponse:
    """Take an uploaded scan (its hash) and go to the document that it turned out to be."""
    context = {"expected": request.POST.get("expected", ""), "back": "", "error": ""}
    if request.method != "POST":
        return page(request, "documents/scan.html", context)
    digest = request.POST.get("scan", "").strip().lower()
    if not digest:
        context["error"] = _("请先选择扫描件，等上传完成后再登记")
        return page(request, "documents/scan.html", context, status=UNPROCESSABLE)
    try:
        scan = services.scan_match(
            actor=request.actor,
            digest=digest,
            now_ms=ledger_now_ms(),
            expected=context["expected"],
        )
    except InvalidInputError as error:
        context["error"] = error.say(language())
        return page(request, "documents/scan.html", context, status=UNPROCESSABLE)
    messages.success(request, _("扫描件已按二维码登记，文件状态为已盖章。"))
    return redirect("document", kind=scan.kind, id=scan.object_id)
