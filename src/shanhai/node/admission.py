"""What is asked of signed bytes before any rule: form, ledger, window, history seen, key, signature.

Source: frozen decisions 8, 10 and 12; design §3. Order as in `docs/dev/architecture.md`.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from shanhai.acts.machine.authority import Key, Post
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.registry import ACTS, Act
from shanhai.acts.machine.view import State, View
from shanhai.kernel.canonical import decoder, encode, from_base64
from shanhai.kernel.errors import InvalidInputError, Refused, ShanhaiError
from shanhai.kernel.ids import check_id
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import Body, Seen, check_header, parse_body, signed_bytes
from shanhai.ledger.entry import Entry, parse_signature
from shanhai.ledger.signing import kid_of, verify, verify_raw
from shanhai.node.founding import Constants, is_founding

if TYPE_CHECKING:
    from collections import defaultdict

_NAME = len(b'{"act":"')
"""Where the act's name begins in a canonical body."""
_AS_BODY: Any = {
    "frozen": True,
    "kw_only": True,
    "forbid_unknown_fields": True,
    "omit_defaults": True,
    "gc": False,
}
VERIFIED = 20_000
"""How many (act id, signature) pairs are remembered as verified."""
TEXTS |= {
    "act.unknown": Text(
        "没有名为 {act} 的事项，请升级客户端或核对名称",
        "There is no act {act}; update the client or check the name",
    ),
    "key.unknown": Text(
        "签名密钥 {kid} 未登记，请先登记密钥",
        "The signing key {kid} is not registered; register it first",
    ),
    "seen.ahead": Text(
        "您的客户端已见到第 {size} 条，本节点还没有，请稍后重试",
        "Your client has seen {size} entries, this node has not yet; try again shortly",
    ),
    "seen.fork": Text(
        "您的客户端在第 {size} 条时见到的账本与本节点不同：有人出示了两本账。双方检查点已留存，请立即联系审计机关",
        "At {size} entries your client saw another history than this node has: somebody shows two ledgers. "
        "Both checkpoints are kept; call the audit office at once",
    ),
}


Parsed = tuple[Body, Act]


class Signed(NamedTuple):
    """What a client submits: a body and its signature block, both canonical JSON."""

    body: bytes
    signature: bytes


class Shape(NamedTuple):
    """An act as it is read in one go: the decoder of body and payload, the prefix of a new subject."""

    decode: Callable[[bytes], Any]
    prefix: str


_SHAPES: dict[bytes, Shape] = {}
"""By the act's name; none of a name that is not registered, for anybody may send one."""


def _shape(name: bytes) -> Shape:
    """Return how the body of an act of that name is read.

    Raises:
        Refused: `act.unknown`, of genesis too, which only entry 0 may be.
    """
    found = _SHAPES.get(name)
    if found is None:
        kind = ACTS.get(name.decode())
        if kind is None or is_founding(kind):
            raise Refused("act.unknown", act="")
        fields = [("payload", kind)]
        body = msgspec.defstruct("TypedBody", fields, bases=(Body,), **_AS_BODY)
        prefix = kind.row.on.prefix if kind.row.creates else ""
        found = _SHAPES[name] = Shape(decoder(body), prefix)
    return found


def parse_act(raw: bytes) -> Parsed:
    """Decode a body and its payload; only canonical bytes of a registered act pass.

    Raises:
        InvalidInputError: If body or payload is malformed or not canonical, or a new subject's id is.
        Refused: `act.unknown`.
    """
    try:
        return _parsed(raw)
    except (ShanhaiError, msgspec.MsgspecError, UnicodeDecodeError):
        body = parse_body(raw)  # says first what is wrong with the bytes themselves
        return body, parse_payload(body)


def _parsed(raw: bytes) -> Parsed:
    """Decode body and payload at once and compare their one encoding with the bytes."""
    shape = _shape(raw[_NAME : raw.find(b'"', _NAME)])
    body = shape.decode(raw)
    check_header(body, raw)
    if shape.prefix:
        check_id(body.subject, shape.prefix)
    return body, body.payload


def parse_payload(body: Body) -> Act:
    """Decode a body's payload into its act.

    Raises:
        InvalidInputError: If it is malformed or not canonical, or a new subject's id is.
        Refused: `act.unknown`.
    """
    kind = ACTS.get(body.act)
    if kind is None:
        raise Refused("act.unknown", act=body.act)
    raw = bytes(body.payload)
    try:
        payload: Act = decoder(kind)(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)) from error
    if encode(payload) != raw:
        raise InvalidInputError("bytes.not_canonical")
    if kind.row.creates and kind.row.on.prefix:
        check_id(body.subject, kind.row.on.prefix)
    if is_founding(kind):
        raise Refused("act.unknown", act=body.act)
    return payload


def reads(body: Body, payload: Act, wanted: "defaultdict[type[Object], set[str]]") -> None:
    """Note the objects that judging will ask for first, so that a batch is read ahead of being judged."""
    on, dids = _reading(type(payload))
    subject = body.subject
    wanted[on].add(subject)
    wanted[Key].add(body.kid)
    wanted[Post].add(body.post)
    wanted[Did].update([prefix + subject for prefix in dids])
    for kind, id in payload.refers():  # noqa: A001 - the field's name
        wanted[kind].add(id)


@cache
def _reading(kind: type[Act]) -> tuple[type[Object], tuple[str, ...]]:
    """Return an act's noun, and what the ids of its own and forbidden doings begin with."""
    row = kind.row
    acts = (row.plain, *(never.act for never in row.not_by if not never.via))
    return row.on, tuple(f"{act}/" for act in acts)


def check_seen(seen: Seen, size: int, root_at: Callable[[int], str]) -> None:
    """Refuse an act whose signer's client saw a state that is none of this ledger (frozen decision 10).

    Args:
        seen: The checkpoint in the body.
        size: Entries so far, in the batch too.
        root_at: The true root at a size, in hex.

    Raises:
        Refused: `seen.ahead`, which may be retried, or `seen.fork`.
    """
    if seen.size > size:
        raise Refused("seen.ahead", size=seen.size)
    ours = root_at(seen.size)
    if ours != seen.root:
        raise Refused("seen.fork", size=seen.size, theirs=seen.root, ours=ours)


class Signatures:
    """Checks signatures by registered keys, each (act id, signature) once."""

    def __init__(self, constants: Constants) -> None:
        self.constants = constants
        self._verified: set[tuple[str, bytes]] = set()
        self._public: dict[str, bytes] = {}
        self.plain = "sm2-sm3" if constants.suite.name == "sm" else "ed25519"
        self._begin = f'{{"alg":"{self.plain}","sig":"'.encode()
        self._said: dict[str, bytes] = {}  # by kid, what stands before a body in signed bytes

    def ahead(self, state: State, asked: Iterable[tuple[str, Signed, Parsed]]) -> None:
        """Check a batch's signatures one after another; what does not hold is told at its act's turn."""
        check = self.check
        for act_id, signed, (body, payload) in asked:
            try:
                check(state, body, payload, signed, act_id)
            except ShanhaiError:
                continue

    def check(
        self, view: View | State, body: Body, payload: Act, signed: Signed | Entry, act_id: str
    ) -> None:
        """Refuse an act whose key is unknown or whose signature does not hold.

        Raises:
            Refused: `key.unknown`.
            ProofError: As `signing.verify`.
            InvalidInputError: If the signature block is malformed.
        """
        pair = act_id, signed.signature
        if pair in self._verified:
            return
        alg, public = self._key(view, body, payload)
        if not self._plainly(alg, public, body.kid, signed):
            block = parse_signature(signed.signature)
            known = self.constants
            verify(known.suite, alg, public, block, known.ledger, body.kid, signed.body, known.web)
        self.note(*pair)

    def unchecked(
        self, view: View | State, parsed: Parsed, signed: Signed, act_id: str
    ) -> tuple[bytes, bytes, bytes] | None:
        """Return key, signature and message of a bare signature that was not checked yet; None of any other."""
        if (act_id, signed.signature) in self._verified:
            return None
        try:
            alg, public = self._key(view, *parsed)
            raw = self._raw(alg, parsed[0].kid, signed)
        except ShanhaiError:
            return None
        return None if raw is None else (public, *raw)

    def note(self, act_id: str, signature: bytes) -> None:
        """Remember that a signature holds."""
        if len(self._verified) >= VERIFIED:
            self._verified.clear()
            self._said.clear()
        self._verified.add((act_id, signature))

    def _raw(self, alg: str, kid: str, signed: Signed | Entry) -> tuple[bytes, bytes] | None:
        """Return a bare signature and what it is over; None of any other block."""
        block, begin = signed.signature, self._begin
        if alg != self.plain or not block.startswith(begin) or not block.endswith(b'"}'):
            return None
        said = self._said.get(kid)
        if said is None:
            said = self._said[kid] = signed_bytes(self.constants.ledger, alg, kid, b"")
        try:
            return from_base64(block[len(begin) : -2].decode()), said + signed.body
        except (ShanhaiError, UnicodeDecodeError):
            return None

    def _plainly(self, alg: str, public: bytes, kid: str, signed: Signed | Entry) -> bool:
        """Return whether a bare signature holds; any other block, and what does not hold, is `verify`'s to say."""
        raw = self._raw(alg, kid, signed)
        if raw is None:
            return False
        try:
            verify_raw(alg, public, *raw)
        except ShanhaiError:
            return False
        return True

    def _key(self, view: View | State, body: Body, payload: Act) -> tuple[str, bytes]:
        if payload.row.open_door:
            alg, public = getattr(payload, "alg", ""), from_base64(getattr(payload, "public", ""))
            if not alg or body.post or kid_of(self.constants.suite, public) != body.kid:
                raise Refused("key.unknown", kid=body.kid)
            return alg, public
        key = view.find(Key, body.kid)
        if key is None:
            raise Refused("key.unknown", kid=body.kid)
        found = self._public.get(key.id)
        if found is None:
            found = self._public[key.id] = from_base64(key.public)
        return key.alg, found
