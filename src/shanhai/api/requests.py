"""What comes in: who asks, and JSON within its limits."""

from typing import TYPE_CHECKING, TypeVar

import msgspec
from django.http import HttpRequest

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

if TYPE_CHECKING:
    from shanhai.domains.accounts.actor import Actor

T = TypeVar("T")
ONE_BYTES = 96 * 1024
"""An act's body is at most 32 KiB, 44 KiB in base64url; a passkey's block adds at most 10 KiB."""
MANY_BYTES = 4 * 2**20
JSON = "application/json"
TEXTS["api.json"] = Text(
    "请求内容不符合接口定义（{detail}），字段见 /api/openapi.json",
    "The request does not fit its definition ({detail}); the fields stand in /api/openapi.json",
)


class ApiRequest(HttpRequest):
    """A request with its actor, as our middleware leaves it."""

    actor: "Actor"


def read_json(request: HttpRequest, kind: type[T], limit: int = ONE_BYTES) -> T:
    """Return the request's JSON as a struct; unknown fields are refused.

    Args:
        request: Its body has not been read yet.
        kind: The struct.
        limit: Most bytes.

    Raises:
        InvalidInputError: `api.media_type`, `api.too_large` or `api.json`.
    """
    if request.content_type != JSON:
        found = (request.content_type or "—")[:60]
        raise InvalidInputError("api.media_type", wanted=JSON, found=found)
    raw = read_bytes(request, limit)
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError("api.json", detail=str(error)[:200]) from error


def read_bytes(request: HttpRequest, limit: int) -> bytes:
    """Return the request's body, refused by its length before it is read.

    Raises:
        InvalidInputError: `api.too_large`.
    """
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > limit:
        raise InvalidInputError("api.too_large", limit=limit)
    return request.read(int(length))
