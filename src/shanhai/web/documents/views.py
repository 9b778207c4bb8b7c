"""The page of a document: what it looks like, PDF and DOCX, whether its stamped scan is here."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from shanhai.acts.machine import Object
from shanhai.domains import names
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.documents import fonts, selectors
from shanhai.domains.documents.kinds import KINDS, Asked, Kind
from shanhai.domains.documents.paper import Paper
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.web.http import WebRequest, page, public

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFFICERS = frozenset({"draft"})
"""Papers that name who prints them; visitors have no organ to print for."""


class Printed(NamedTuple):
    """A document asked for: its kind, its object, and its paper."""

    kind: Kind
    found: Object
    paper: Paper

    @property
    def code(self) -> str:
        """Return the check code without hyphens."""
        return self.paper.code.replace("-", "")

    @property
    def file_name(self) -> str:
        """Return a name to save it under, without its ending."""
        return f"{self.paper.name} {self.paper.number or names.title(self.found)} {self.code}"


def asked(request: WebRequest, kind: str, id: str) -> Printed:  # noqa: A002 - the address's name
    """Return a document of an object that the actor may see.

    Raises:
        Http404: For an unknown kind, or an object that is missing, invisible or has no such document.
    """
    known = KINDS.get(kind)
    if known is None or (kind in OFFICERS and request.actor.public):
        raise Http404(f"no document {kind}")
    rows = row_of(known.noun).objects.filter(visible(known.noun, request.actor))
    found = struct_or_404(known.noun, rows, id)
    if not known.fits(found):
        raise Http404(f"{id} has no {kind}")
    by = Asked(selectors.organisation_name(request.actor), ledger_now_ms())
    return Printed(known, found, known.build(found, by))


@public
@require_safe
def show(request: WebRequest, kind: str, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show a document's first page, its files, and its scans; officers may add a scan."""
    printed = asked(request, kind, id)
    scans = selectors.scans_of(printed.code)
    context = {
        "printed": printed,
        "kind": printed.kind,
        "paper": printed.paper,
        "found": printed.found,
        "title": names.title(printed.found),
        "scans": scans,
        "stamped": bool(scans),
        "missing": fonts.missing(),
    }
    return page(request, "documents/document.html", context)


def _file(data: bytes, media_type: str, name: str, *, inline: bool) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = _disposition(name, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _disposition(name: str, *, inline: bool) -> str:
    from django.utils.http import content_disposition_header  # noqa: PLC0415 - its only use

    return str(content_disposition_header(not inline, name))


@public
@require_safe
def pdf_file(request: WebRequest, kind: str, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Send the PDF; the same state gives the same bytes."""
    from shanhai.domains.documents import pdf  # noqa: PLC0415 - the compiler is loaded when asked for

    printed = asked(request, kind, id)
    data = pdf.render(printed.paper)
    return _file(data, "application/pdf", f"{printed.file_name}.pdf", inline=True)


@public
@require_safe
def picture(request: WebRequest, kind: str, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Send the first page as a picture."""
    from shanhai.domains.documents import pdf  # noqa: PLC0415 - the compiler is loaded when asked for

    printed = asked(request, kind, id)
    data = pdf.picture(printed.paper)
    return _file(data, "image/png", f"{printed.file_name}.png", inline=True)


@public
@require_safe
def docx_file(request: WebRequest, kind: str, id: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Send the Word document."""
    from shanhai.domains.documents import docx  # noqa: PLC0415 - loaded when asked for

    printed = asked(request, kind, id)
    return _file(docx.render(printed.paper), WORD, f"{printed.file_name}.docx", inline=False)
