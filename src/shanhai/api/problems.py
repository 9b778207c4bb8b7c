"""Answers to what cannot be done: RFC 9457 problems with a code and a sentence in both languages.

Source: RFC 9457; statuses after style §3: missing rights 403, rules 409, storage 503, other input 422.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpResponse, JsonResponse

from shanhai.kernel.errors import Refused, ShanhaiError, StorageError
from shanhai.kernel.text import TEXTS, Facts, Text

MEDIA_TYPE = "application/problem+json"
Reasons = Sequence[tuple[str, Facts]]
TEXTS |= {
    "api.not_found": Text(
        "没有这项内容，或您无权查看；请核对地址，或先登录",
        "There is no such thing, or you may not see it; check the address, or sign in first",
    ),
    "api.method": Text(
        "此地址不接受 {method}，可用：{allowed}",
        "This address does not take {method}; use {allowed}",
    ),
    "api.failed": Text(
        "服务器出错，本次没有写入任何内容，请稍后重试",
        "The server failed and wrote nothing; try again later",
    ),
    "api.refused": Text("无权访问", "You may not see this"),
    "api.media_type": Text(
        "请以 {wanted} 发送，收到的是 {found}", "Send this as {wanted}; it came as {found}"
    ),
    "api.too_large": Text(
        "请求超过 {limit} 字节，请分批提交", "The request exceeds {limit} bytes; send it in parts"
    ),
}
STATUS = {
    "api.refused": 403,
    "ledger.unknown": 404,
    "genesis.missing": 404,
    "api.not_found": 404,
    "api.method": 405,
    "api.too_large": 413,
    "api.media_type": 415,
    "api.too_many": 429,
    "api.failed": 500,
}
"""Statuses that HTTP itself gives a meaning to; clients act on them without reading further."""
BAD, FORBIDDEN, CONFLICT, UNPROCESSABLE, UNAVAILABLE = 400, 403, 409, 422, 503
_FORM = ("bytes.", "body.malformed", "body.too_large", "value.", "id.", "signature.", "payload.")


def check(code: str, facts: Facts) -> dict[str, Any]:
    """Return one reason in both languages."""
    text = TEXTS[code]
    return {"code": code, "zh": text.say("zh", facts), "en": text.say("en", facts), "facts": facts}


def reasons(refusals: Reasons) -> dict[str, Any]:
    """Return the first reason, then every one; `changed` says that what was signed is stale."""
    checks = [check(code, facts) for code, facts in refusals]
    changed = any(one["code"] == "object.changed" for one in checks)
    return checks[0] | {"changed": changed, "checks": checks}


def status_of_codes(codes: Sequence[str]) -> int:
    """Return the status of refusal codes: rights 403, malformed bytes 422, rules 409."""
    if any(code.startswith("authority.") for code in codes):
        return FORBIDDEN
    if len(codes) == 1 and codes[0] in STATUS:
        return STATUS[codes[0]]
    return UNPROCESSABLE if any(code.startswith(_FORM) for code in codes) else CONFLICT


def status_of(error: ShanhaiError) -> int:
    """Return the status that an error of ours answers with."""
    if isinstance(error, StorageError):
        return UNAVAILABLE
    if error.code in STATUS:
        return STATUS[error.code]
    return status_of_codes([error.code]) if isinstance(error, Refused) else UNPROCESSABLE


def problem(status: int, refusals: Reasons, **more: Any) -> JsonResponse:
    """Answer a problem; `title` is the Chinese sentence, the codes are for programs."""
    said = reasons(refusals)
    body = {"type": "about:blank", "title": said["zh"], "status": status} | said | more
    return JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def failed(error: ShanhaiError) -> HttpResponse:
    """Answer an error of ours; 429 says how long to wait in its header too."""
    response = problem(status_of(error), [(error.code, error.facts)])
    if error.code == "api.too_many":
        response["Retry-After"] = str(error.facts["seconds"])
    return response


def of_status(status: int) -> HttpResponse:
    """Answer for something that refused without a reason of ours."""
    codes = {found: code for code, found in STATUS.items()}
    return problem(status, [(codes.get(status, "api.failed"), {})])


def missing() -> JsonResponse:
    """Answer for what is missing or invisible, alike."""
    return problem(STATUS["api.not_found"], [("api.not_found", {})])


def not_allowed(method: str, allowed: str) -> HttpResponse:
    """Answer a verb that the address does not take."""
    facts: Facts = {"method": method, "allowed": allowed}
    response = problem(STATUS["api.method"], [("api.method", facts)])
    response["Allow"] = allowed
    return response


def plain_json(value: Any, status: int = 200, media_type: str = "application/json") -> HttpResponse:
    """Answer a value; encoded by msgspec, which keeps every digit of an integer."""
    return HttpResponse(msgspec.json.encode(value), status=status, content_type=media_type)
