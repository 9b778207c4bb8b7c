"""Acts over the API: submit one, submit a batch, try one. `judge` decides; here are only bytes.

Sending the same signed bytes again is safe: an act's id is unique for ever, and a repeated act gets its
first receipt with `duplicate: true`.
"""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from shanhai.acts.machine.registry import Act, newest
from shanhai.api import describe, problems
from shanhai.api.problems import plain_json
from shanhai.api.requests import MANY_BYTES, read_json
from shanhai.domains.book import desk
from shanhai.kernel.canonical import encode, from_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.admission import Signed
from shanhai.node.loop import Outcome

MOST = 500
OK = 200
TEXTS |= {
    "api.act": Text(
        "地址中的事项 {asked} 与签名内容 {signed} 不符",
        "The address names {asked}, the signed bytes {signed}",
    ),
    "api.many": Text("一次提交 1 至 {limit} 项", "Send 1 to {limit} acts at a time"),
}


class SignedAct(msgspec.Struct, forbid_unknown_fields=True):
    """One signed act: canonical body in unpadded base64url, signature block as JSON."""

    body: str
    signature: dict[str, Any]


class SignedActs(msgspec.Struct, forbid_unknown_fields=True):
    """Several signed acts; each gets its own answer."""

    acts: list[SignedAct]


class Tried(msgspec.Struct, forbid_unknown_fields=True):
    """A body to be tried without signature."""

    body: str


def _signed(act: SignedAct) -> Signed:
    return Signed(from_base64(act.body), encode(act.signature))


def answer(outcome: Outcome) -> dict[str, Any]:
    """Return the receipt, or the reasons."""
    if outcome.receipt is None:
        return {"act_id": outcome.act_id} | problems.reasons(outcome.refusals)
    return {
        "act_id": outcome.act_id,
        "duplicate": outcome.duplicate,
        "receipt": msgspec.to_builtins(outcome.receipt),
        "proof_url": f"/ledger/proof/{outcome.act_id}",
    }


def submit_many(request: HttpRequest) -> HttpResponse:
    """Submit up to 500 acts signed one by one or with one gesture; each has its own result."""
    found = read_json(request, SignedActs, MANY_BYTES)
    if not 1 <= len(found.acts) <= MOST:
        raise InvalidInputError("api.many", limit=MOST)
    outcomes = desk.submit([_signed(act) for act in found.acts])
    return plain_json({"results": [answer(one) for one in outcomes]})


def submit(request: HttpRequest, act: str) -> HttpResponse:
    """Submit one signed act; a repeated act id gets its first receipt."""
    kind = known(act)
    signed = _signed(read_json(request, SignedAct))
    _same(kind, act, signed.body)
    outcome = desk.submit([signed])[0]
    if not outcome.accepted:
        status = problems.status_of_codes([code for code, _ in outcome.refusals])
        return problems.problem(status, outcome.refusals, act_id=outcome.act_id)
    return plain_json(answer(outcome))


def check(request: HttpRequest, act: str) -> HttpResponse:
    """Run every rule on a body as it would be signed; nothing is written."""
    kind = known(act)
    raw = from_base64(read_json(request, Tried).body)
    _same(kind, act, raw)
    tried = desk.try_out(raw)
    lines = [line._asdict() for line in tried.lines]
    return plain_json({"accepted": tried.verdict.accepted, "checks": lines})


def listed(_request: HttpRequest) -> HttpResponse:
    """List every act: what it does, on which noun, in which states, by whom, under which rules."""
    return plain_json({"acts": [describe.act(one) for one in describe.newest_acts()]})


def shown(_request: HttpRequest, act: str) -> HttpResponse:
    """Describe one act, its fields with labels and limits, and its payload's JSON Schema."""
    kind = known(act)
    return plain_json(describe.act(kind) | {"fields": describe.fields(kind)})


def schema(_request: HttpRequest, act: str) -> HttpResponse:
    """Return the JSON Schema (2020-12) of an act's payload."""
    return plain_json(describe.schema(known(act)), media_type="application/schema+json")


def known(asked: str) -> type[Act]:
    """Return the newest version of an act that may be submitted.

    Raises:
        InvalidInputError: `api.not_found`.
    """
    try:
        kind = newest(asked)
    except KeyError as error:
        raise InvalidInputError("api.not_found") from error
    if kind.row.plain not in describe.names():
        raise InvalidInputError("api.not_found")
    return kind


def _same(kind: type[Act], asked: str, raw: bytes) -> None:
    """Refuse a body of another act than the address names."""
    try:
        signed = str(msgspec.json.decode(raw, type=dict[str, Any]).get("act", ""))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)[:200]) from error
    if signed.partition("/")[0] != kind.row.plain:
        raise InvalidInputError("api.act", asked=asked, signed=signed[:64])
