"""Receiving a file in chunks: begin, append, ask where it stands, finish, cancel. Answers are JSON."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shanhai.domains.book.handle import node
from shanhai.domains.clock import machine_ms
from shanhai.domains.files import services
from shanhai.kernel.errors import InvalidInputError, Refused, ShanhaiError
from shanhai.kernel.text import TEXTS, Text
from shanhai.web.http import WebRequest, status_of
from shanhai.web.middleware import language

Answer = Callable[..., Mapping[str, Any]]
TEXTS["file.no_post"] = Text(
    "上传文件须先登录并选定岗位", "Sign in and choose a post before you upload"
)


class Begin(msgspec.Struct, frozen=True):
    """What a browser says of a file before sending it."""

    name: str
    size: int
    digest: str = ""


def answers_json(view: Answer) -> Callable[..., HttpResponse]:
    """Turn what a view returns, or refuses, into JSON; only officers in a post upload."""

    @wraps(view)
    def decorated(request: WebRequest, **parts: str) -> HttpResponse:
        try:
            if request.actor.public:
                raise Refused("file.no_post")
            return JsonResponse(dict(view(request, **parts)))
        except ShanhaiError as error:
            facts = {"code": error.code, "sentence": error.say(language()), **error.facts}
            return JsonResponse(facts, status=status_of(error))

    return decorated


def _where(upload: Any) -> dict[str, Any]:
    return {
        "upload": upload.id,
        "received": upload.received,
        "href": reverse("upload", args=[upload.id]),
        "finish": reverse("upload_finish", args=[upload.id]),
    }


def _kept(document: Any) -> dict[str, Any]:
    return {
        "digest": document.digest,
        "size": document.size,
        "page": reverse("file", args=[document.digest]),
    }


@require_POST
@answers_json
def start(request: WebRequest) -> Mapping[str, Any]:
    """Begin an upload or go on with it; a document that is here already needs no bytes."""
    try:
        asked = msgspec.json.decode(request.body, type=Begin)
    except msgspec.MsgspecError as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)) from error
    if not asked.digest and node().constants.suite.name != "sm":
        raise InvalidInputError("file.hash")
    begun = services.upload_start(
        actor=request.actor,
        name=asked.name,
        size=asked.size,
        digest=asked.digest,
        now_ms=machine_ms(),
    )
    return _where(begun) if hasattr(begun, "received") else _kept(begun)


@require_http_methods(["GET", "HEAD", "PUT", "DELETE"])
@answers_json
def chunk(request: WebRequest, upload: str) -> Mapping[str, Any]:
    """GET says where an upload stands, PUT `?offset=` appends, DELETE drops it."""
    if request.method == "DELETE":
        services.upload_cancel(actor=request.actor, upload=upload)
        return {"cancelled": upload}
    if request.method in {"GET", "HEAD"}:
        return _where(services.upload_of(request.actor, upload))
    offset = request.GET.get("offset", "")
    if not offset.isdigit():
        raise InvalidInputError("file.offset", expected=0)
    return _where(
        services.upload_append(
            actor=request.actor, upload=upload, offset=int(offset), data=request.body
        )
    )


@require_POST
@answers_json
def finish(request: WebRequest, upload: str) -> Mapping[str, Any]:
    """Check the whole against its hash and keep it."""
    suite = node().constants.suite.name
    return _kept(
        services.upload_finish(actor=request.actor, upload=upload, suite=suite, now_ms=machine_ms())
    )
