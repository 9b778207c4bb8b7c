"""The page of a document, its bytes, and the documents an officer uploaded."""

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from shanhai.acts.roles import Role
from shanhai.domains.files import kinds, selectors
from shanhai.domains.files.services import MAX_BYTES
from shanhai.web.http import WebRequest, page, public

IMAGES = frozenset({"image/jpeg", "image/png"})
INLINE = frozenset(kind.media_type for kind in kinds.KINDS if kind.inline)
ALONE = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A stored file runs nothing and loads nothing, whatever it holds."""


@require_safe
def mine(request: WebRequest) -> HttpResponse:
    """Show what the officer uploaded, a place to upload, and to the operator the damaged files."""
    operator = request.actor.role in (Role.ADMIN, Role.NODE)
    return page(
        request,
        "files/mine.html",
        {
            "documents": selectors.documents_mine(request.actor),
            "uploads": selectors.uploads_mine(request.actor),
            "damaged": selectors.damaged() if operator else [],
            "operator": operator,
            "limit_mb": MAX_BYTES >> 20,
        },
    )


@public
@require_safe
def viewer(request: WebRequest, digest: str) -> HttpResponse:
    """Say what a document is, which entries name it, and whether it is whole."""
    shown = selectors.document_or_404(request.actor, digest)
    context = {
        "shown": shown,
        "document": shown.document,
        "image": shown.document.media_type in IMAGES,
        "inline": shown.document.media_type in INLINE,
        "public": selectors.is_public(shown.document, shown.mentions),
    }
    return page(request, "files/file.html", context)


def _bytes(request: WebRequest, digest: str, *, inline: bool) -> HttpResponseBase:
    shown = selectors.document_or_404(request.actor, digest)
    document = shown.document
    if not shown.present:
        raise Http404(f"the bytes of {digest} are gone")
    inline = inline and document.media_type in INLINE
    response = FileResponse(
        shown.path.open("rb"),
        as_attachment=not inline,
        filename=document.name,
        content_type=document.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = ALONE
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{digest}"'
    return response


@public
@require_safe
def opened(request: WebRequest, digest: str) -> HttpResponseBase:
    """Show a PDF or picture in the browser; other kinds are downloaded."""
    return _bytes(request, digest, inline=True)


@public
@require_safe
def download(request: WebRequest, digest: str) -> HttpResponseBase:
    """Send the bytes under the document's own name."""
    return _bytes(request, digest, inline=False)
