"""Files under `/ledger/`, which other people's clients read: C2SP tiles, checkpoint, key, proofs, log.

Source: C2SP tlog-tiles (content types, caching, compression), tlog-proof (`.tlog-proof`). Nothing here
speaks the page's language or depends on a cookie, so that any cache may stand in front.
"""

import gzip
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shanhai.domains.book import archive, witnesses
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.intake import lodging
from shanhai.kernel.errors import InvalidInputError, ProofError, Refused, ShanhaiError
from shanhai.ledger.checkpoint import MAX_NOTE_BYTES
from shanhai.node.witness.letter import HEADER
from shanhai.web.http import WebRequest, public, status_of

TEXT = "text/plain; charset=utf-8"
NOT_FOUND = 404
FRESH = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_MEMBERS = "private, max-age=31536000, immutable"
STATUS = {"ledger.unknown": 404, "genesis.missing": 404}
View = Callable[..., HttpResponseBase]


def ledger_file(view: View) -> View:
    """Make a view one of the ledger's files: public, GET and HEAD, readable from any origin, errors as text."""

    @wraps(view)
    def wrapped(request: HttpRequest, **named: Any) -> HttpResponseBase:
        try:
            response = view(request, **named)
        except ShanhaiError as error:
            status = STATUS.get(error.code) or status_of(error)
            response = plain(f"{error.say('zh')}\n{error.say('en')}\n", status)
        response.setdefault("Cache-Control", FRESH)
        response["Access-Control-Allow-Origin"] = "*"
        response.same_for_all = True  # type: ignore[attr-defined]  # read by the language middleware
        return response

    made: View = public(require_safe(wrapped))
    return made


def plain(text: str, status: int = 200) -> HttpResponse:
    """Answer a text."""
    return HttpResponse(text, content_type=TEXT, status=status)


@ledger_file
def static_file(request: WebRequest, path: str) -> HttpResponseBase:
    """Serve `vkey`, `checkpoint` and `final`."""
    return _static(request, path)


@ledger_file
def cosigned(_request: WebRequest, size: int) -> HttpResponseBase:
    """Serve the checkpoint of a size as this node of a consortium cosigned it."""
    raw = archive.cosigned(size) if node_or_none() else b""
    if not raw:
        return plain("本节点没有这一条数的联署\nThis node has cosigned no such size\n", NOT_FOUND)
    return plain(raw.decode())


@csrf_exempt
@public
@require_POST
def cosignatures(request: HttpRequest) -> HttpResponseBase:
    """Take a checkpoint that a witness cosigned; the signatures inside are the authority."""
    try:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > MAX_NOTE_BYTES:
            raise ProofError("note.malformed")
        found = witnesses.take(request.read(int(length)))
    except ShanhaiError as error:
        return plain(f"{error.told}\n", status_of(error))
    lines = [f"{said.zh}\n{said.en}\n" for said in found.sentences()]
    return plain("".join(lines))


@csrf_exempt
@public
@require_POST
def objections(request: HttpRequest) -> HttpResponseBase:
    """Take the receipt of an objection from a witness, and lodge it; the signature inside is the authority."""
    try:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > lodging.MAX_BYTES:
            raise ProofError("lodging.receipt")
        made = lodging.lodge(request.read(int(length)))
    except ShanhaiError as error:
        return plain(f"{error.told}\n", status_of(error))
    return plain(f"已登记 lodged {made}\n" if made else "此前已登记 lodged before\n")


@ledger_file
def tile(request: WebRequest, rest: str) -> HttpResponseBase:
    """Serve a tile or an entry bundle; only bundles of a members' ledger ask who is there."""
    return _static(request, f"tile/{rest}")


@ledger_file
def snapshot(request: WebRequest, rest: str) -> HttpResponseBase:
    """Serve a chunk of a snapshot; those of a members' ledger ask who is there."""
    return _static(request, f"snapshot/{rest}")


def _static(request: WebRequest, path: str) -> HttpResponseBase:
    found = archive.served(path) if node_or_none() else None
    if found is None:
        return plain("本账本没有这个文件\nThis ledger has no such file\n", NOT_FOUND)
    if found.members_only and not _member(request, path):
        raise Refused("authority.members")
    response = HttpResponse(found.body, content_type=found.content_type)
    if found.immutable:
        response["Cache-Control"] = FOR_MEMBERS if found.members_only else FOR_EVER
    if path.startswith(("tile/entries/", "snapshot/")):
        _compress(request, response)
    return response


def _member(request: WebRequest, path: str) -> bool:
    """Return whether an officer or a witness asks."""
    known = archive.may_read(request.actor, "")
    return known or witnesses.may_read(request.headers.get(HEADER, ""), f"/ledger/{path}")


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    """Compress an entry bundle for a client that takes gzip; hashes would only grow."""
    response["Vary"] = "Accept-Encoding"
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
        response["Content-Encoding"] = "gzip"


def takes_gzip(header: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip (RFC 9110 §12.5.3)."""
    weights = {}
    for part in header.split(","):
        name, _, parameter = part.strip().lower().partition(";")
        weights[name.strip()] = parameter.strip().removeprefix("q=") or "1"
    found = weights.get("gzip", weights.get("*", "0"))
    return found.replace(".", "").strip("0") != ""


@ledger_file
def proof_file(request: WebRequest, ref: str) -> HttpResponseBase:
    """Serve the proof file of an entry, by index or act id; `?download` names it as a file."""
    found = archive.readable(request.actor, ref)
    response = plain(archive.proof(found).decode())
    kind = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{kind}; filename="{found.index}.tlog-proof"'
    return response


@ledger_file
def proof_json(request: WebRequest, ref: str) -> HttpResponseBase:
    """Serve the same proof as JSON."""
    found = archive.readable(request.actor, ref)
    return JsonResponse(archive.proof_parts(archive.proof(found)))


@ledger_file
def consistency(request: WebRequest) -> HttpResponseBase:
    """Serve the consistency path between two sizes, `?from=&to=`, as hex."""
    sizes = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(size.isascii() and size.isdigit() and len(size) <= archive.DIGITS for size in sizes):
        raise InvalidInputError("ledger.sizes")
    first, second = map(int, sizes)
    return JsonResponse({"from": first, "to": second, "path": archive.consistency(first, second)})


@ledger_file
def trust(_request: WebRequest) -> HttpResponseBase:
    """Serve what proofs are compared with, as JSON."""
    return JsonResponse(archive.trust(), json_dumps_params={"ensure_ascii": False})


@ledger_file
def whole_log(request: WebRequest) -> HttpResponseBase:
    """Serve the whole log as one file that `shanhai verify` and `verify.html` read."""
    head = archive.opened()[0].head()
    response = StreamingHttpResponse(
        archive.log_stream(request.actor), content_type="application/octet-stream"
    )
    name = f"shanhai-{head.ledger[:8]}-{head.size}.log"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
