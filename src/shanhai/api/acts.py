"""Acts over the API: submit one, submit a batch, try one. `judge` decides; here are only bytes."""

from typing import Any

import msgspec
from django.http import HttpRequest, JsonResponse
from ninja import Router

from shanhai.acts.machine.registry import newest
from shanhai.domains.book import desk
from shanhai.kernel.canonical import encode, from_base64
from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.node.admission import Signed
from shanhai.node.loop import Outcome

router = Router(tags=["acts"])
MOST = 500
OK, FORBIDDEN, CONFLICT, UNPROCESSABLE, UNAVAILABLE = 200, 403, 409, 422, 503
TEXTS |= {
    "api.body": Text(
        "请求须为 JSON：{{“body”: base64url, “signature”: {{…}}}}",
        "The request must be JSON: {{“body”: base64url, “signature”: {{…}}}}",
    ),
    "api.act": Text(
        "地址中的事项 {asked} 与签名内容 {signed} 不符",
        "The address names {asked}, the signed bytes {signed}",
    ),
    "api.many": Text("一次最多提交 {limit} 项", "At most {limit} acts at a time"),
}


class SignedAct(msgspec.Struct, forbid_unknown_fields=True):
    """One signed act: canonical body in base64url, signature block as JSON."""

    body: str
    signature: dict[str, Any] = {}


class SignedActs(msgspec.Struct, forbid_unknown_fields=True):
    """Several signed acts; each gets its own answer."""

    acts: list[SignedAct]


def _read(request: HttpRequest, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.MsgspecError as error:
        raise InvalidInputError("api.body") from error


def _signed(act: SignedAct) -> Signed:
    return Signed(from_base64(act.body), encode(act.signature))


def reasons(refusals: tuple[tuple[str, Facts], ...]) -> dict[str, Any]:
    """Return why an act was refused: code and both sentences, then every reason."""
    checks = [
        {
            "code": code,
            "zh": TEXTS[code].say("zh", facts),
            "en": TEXTS[code].say("en", facts),
            "facts": facts,
        }
        for code, facts in refusals
    ]
    first = checks[0]
    changed = any(check["code"] == "object.changed" for check in checks)
    return {
        "code": first["code"],
        "zh": first["zh"],
        "en": first["en"],
        "changed": changed,
        "checks": checks,
    }


def answer(outcome: Outcome) -> dict[str, Any]:
    """Return the receipt, or the reasons."""
    if outcome.receipt is None:
        return {"act_id": outcome.act_id} | reasons(outcome.refusals)
    receipt = msgspec.to_builtins(outcome.receipt)
    return {"act_id": outcome.act_id, "duplicate": outcome.duplicate, "receipt": receipt}


def _status(outcome: Outcome) -> int:
    if outcome.accepted:
        return OK
    codes = [code for code, _ in outcome.refusals]
    if any(code.startswith("authority.") for code in codes):
        return FORBIDDEN
    ruled = all(
        not code.startswith(("bytes.", "body.malformed", "id.", "signature.")) for code in codes
    )
    return CONFLICT if ruled else UNPROCESSABLE


def failed(error: ShanhaiError) -> JsonResponse:
    """Answer an error of ours as 422, both sentences with it."""
    body = {"code": error.code, "zh": error.say("zh"), "en": error.say("en"), "facts": error.facts}
    return JsonResponse(body, status=UNPROCESSABLE)


@router.post("/acts", auth=None, summary="Submit several signed acts")
def submit_many(request: HttpRequest) -> JsonResponse:
    """Submit up to 500 acts signed one by one or with one gesture; each has its own result."""
    found: SignedActs = _read(request, SignedActs)
    if len(found.acts) > MOST:
        raise InvalidInputError("api.many", limit=MOST)
    outcomes = desk.submit([_signed(act) for act in found.acts])
    return JsonResponse({"results": [answer(one) for one in outcomes]})


@router.post("/acts/{act}", auth=None, summary="Submit a signed act")
def submit(request: HttpRequest, act: str) -> JsonResponse:
    """Submit one signed act; a repeated act id gets its first receipt."""
    found: SignedAct = _read(request, SignedAct)
    signed = _signed(found)
    _same(act, signed.body)
    outcome = desk.submit([signed])[0]
    return JsonResponse(answer(outcome), status=_status(outcome))


@router.post("/acts/{act}/check", auth=None, summary="Try an act without signature")
def check(request: HttpRequest, act: str) -> JsonResponse:
    """Run every rule on a body as it would be signed; nothing is written."""
    found: SignedAct = _read(request, SignedAct)
    raw = from_base64(found.body)
    _same(act, raw)
    tried = desk.try_out(raw)
    lines = [line._asdict() for line in tried.lines]
    return JsonResponse({"accepted": tried.verdict.accepted, "checks": lines})


def _same(asked: str, raw: bytes) -> None:
    """Refuse a body of another act than the address names."""
    try:
        name = newest(asked).row.plain
    except KeyError as error:
        raise InvalidInputError("act.unknown", act=asked) from error
    signed = msgspec.json.decode(raw, type=dict[str, Any]).get("act", "") if raw else ""
    if str(signed).partition("/")[0] != name:
        raise InvalidInputError("api.act", asked=asked, signed=str(signed)[:64])
