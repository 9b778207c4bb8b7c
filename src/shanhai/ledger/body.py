"""The body: what one officer signs with one key, and the window in which it counts.

Source: `docs/dev/ledger-spec.md` sections 2 and 3; RFC 8785 for the encoding.
"""

from typing import Annotated

import msgspec

from shanhai.kernel.canonical import MAX_INT, encode
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.values import check_text, check_value

MAX_BODY_BYTES = 32 * 1024
EARLY_MS = 5 * 60_000
MAX_WINDOW_MS = 15 * 60_000
_NONCE_CHARS = 32
_ACT_PREFIX = b"shanhai/act/v1\n"
_SIGNATURE_PREFIX = b"shanhai/act-sig/v1\n"

Millis = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT)]
Digest = Annotated[str, msgspec.Meta(min_length=64, max_length=64)]
_Digest0 = Annotated[str, msgspec.Meta(max_length=64)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]

TEXTS |= {
    "body.too_large": Text(
        "内容有 {size} 字节，上限 {limit} 字节；长清单请作为文件上传并引用其哈希",
        "The body has {size} bytes, at most {limit} are allowed; upload long lists as a document",
    ),
    "body.malformed": Text(
        "签名内容的 {field} 不符合格式，请刷新页面后重新生成",
        "The field {field} of the signed body is malformed; reload the page and make it again",
    ),
    "body.other_ledger": Text(
        "这份签名属于另一本账，请在本平台重新办理并签名",
        "This was signed for another ledger; make and sign it again on this platform",
    ),
    "body.early": Text(
        "签名时间比本账时间早出五分钟以上，请校准本机时钟后重新签名",
        "It was signed more than five minutes ahead of the ledger's time; set this device's clock "
        "and sign again",
    ),
    "body.expired": Text(
        "签名已过有效期，请核对内容后重新签名",
        "The signature's time has run out; check the content and sign again",
    ),
    "body.window": Text(
        "签名有效期不得超过十五分钟，也不得早于制作时间，请重新签名",
        "A signature may be valid for at most fifteen minutes and not end before it was made; "
        "sign again",
    ),
}


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A checkpoint that the signer's client had verified: tree size in entries, root in hex."""

    size: Count
    root: Digest


class Body(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """What one officer signs with one key.

    `on` is the digest of the subject and of every object the payload names, as the officer saw
    them; `post` the right acted in; times are epoch milliseconds. In genesis `ledger` and `kid`
    are "". Fields are declared in sorted order, which is their order in the bytes.
    """

    act: _Name
    kid: _Digest0
    ledger: _Digest0
    made_ms: Millis
    nonce: Annotated[str, msgspec.Meta(min_length=_NONCE_CHARS, max_length=_NONCE_CHARS)]
    not_after_ms: Millis
    on: _Digest0
    payload: msgspec.Raw
    post: Annotated[str, msgspec.Meta(max_length=64)] = ""
    seen: Seen | None = None
    subject: _Name


_decode = msgspec.json.Decoder(Body).decode


def parse_body(raw: bytes) -> Body:
    """Decode a body and refuse every other spelling of it.

    Args:
        raw: Canonical JSON, at most 32 KiB.

    Returns:
        The body; its `payload` is a canonical JSON object, still as bytes.

    Raises:
        InvalidInputError: If `raw` is too long (`body.too_large`), not JSON of a body
            (`bytes.invalid`), not canonical (`bytes.not_canonical`), or a field is not what it
            should be (`body.malformed`, `value.control`, `value.key`).
    """
    body = _outer(raw)
    check_value(bytes(body.payload))
    check_text(raw)
    _check_digests(body)
    return body


def check_header(body: Body, raw: bytes) -> None:
    """Check a body whose payload the caller had decoded as its act along with it.

    One encoding of both says of the payload all that `parse_body` asks.

    Args:
        body: Decoded from `raw`, payload and all.
        raw: Canonical JSON, at most 32 KiB.

    Raises:
        InvalidInputError: As `parse_body`.
    """
    if len(raw) > MAX_BODY_BYTES:
        raise InvalidInputError("body.too_large", size=len(raw), limit=MAX_BODY_BYTES)
    if encode(body) != raw:
        raise InvalidInputError("bytes.not_canonical")
    check_text(raw)
    _check_digests(body)


def _outer(raw: bytes) -> Body:
    if len(raw) > MAX_BODY_BYTES:
        raise InvalidInputError("body.too_large", size=len(raw), limit=MAX_BODY_BYTES)
    try:
        body = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)) from error
    if encode(body) != raw:
        raise InvalidInputError("bytes.not_canonical")
    if not bytes(body.payload).startswith(b"{"):
        raise InvalidInputError("body.malformed", field="payload")
    return body


def _check_digests(body: Body) -> None:
    if len(body.ledger) != len(body.kid) or len(body.ledger) not in (0, 64):
        raise InvalidInputError("body.malformed", field="ledger, kid")
    if len(body.on) not in (0, 64):
        raise InvalidInputError("body.malformed", field="on")
    seen = body.seen.root if body.seen else ""
    text = f"{body.ledger}{body.kid}{body.nonce}{body.on}{seen}"
    try:
        same = bytes.fromhex(text).hex() == text
    except ValueError:
        same = False
    if not same:
        raise InvalidInputError("body.malformed", field="ledger, kid, nonce, on, seen")


def act_id(suite: Suite, raw: bytes) -> str:
    r"""Return the id by which an act is unique for ever: H("shanhai/act/v1\n" ‖ body), hex."""
    return suite.digest(_ACT_PREFIX + raw)


def ledger_id(suite: Suite, genesis_raw: bytes) -> str:
    """Return a ledger's id: H(body of entry 0), hex (frozen decision 1)."""
    return suite.digest(genesis_raw)


def signed_bytes(ledger: str, alg: str, kid: str, raw: bytes) -> bytes:
    r"""Return the bytes that a key signs for one act.

    Args:
        ledger: The ledger id in hex, "" for genesis.
        alg: `ed25519`, `p256`, `webauthn-p256` or `sm2-sm3`.
        kid: The id of the signing key in hex.
        raw: The body's canonical bytes.

    Returns:
        `"shanhai/act-sig/v1\n" ‖ ledger ‖ "\n" ‖ alg ‖ "\n" ‖ kid ‖ "\n" ‖ body`.
    """
    return _SIGNATURE_PREFIX + f"{ledger}\n{alg}\n{kid}\n".encode() + raw


def check_window(body: Body, ledger_id: str, time_ms: int) -> None:
    """Refuse a body for another ledger or outside its window [made − 5 min, not_after], closed.

    Args:
        body: The parsed body.
        ledger_id: This ledger's id in hex, "" for genesis.
        time_ms: Ledger time, epoch milliseconds.

    Raises:
        Refused: `body.other_ledger`, `body.window` (longer than 15 minutes or ending before it
            was made), `body.early` or `body.expired`.
    """
    if body.ledger != ledger_id:
        raise Refused("body.other_ledger")
    if not 0 <= body.not_after_ms - body.made_ms <= MAX_WINDOW_MS:
        raise Refused("body.window")
    if time_ms < body.made_ms - EARLY_MS:
        raise Refused("body.early")
    if time_ms > body.not_after_ms:
        raise Refused("body.expired")
