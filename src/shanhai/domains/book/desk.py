"""The one desk through which acts pass: prepare the bytes, try them, submit them signed.

No service decides on an act: `judge` does. The vault is written first, then the act with everything it
changes in one transaction, then checkpoint, anchor and answer.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from shanhai.acts.machine import Act, Verdict, fields_of, on_digest
from shanhai.acts.machine.fields import Field, Kind, row_type
from shanhai.acts.machine.registry import Guard
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.vault.services import LedgerMark, is_kept, values_seal
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.ids import new_id
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.ledger.body import Body, Seen
from shanhai.node.admission import Signed, parse_act
from shanhai.node.loop import Node, Outcome

WINDOW_MS = 15 * 60_000
EARLIER_MS = 1_000
NONCE_BYTES = 16
TEXTS["payload.invalid"] = Text(
    "填写内容不符合要求：{detail}", "What was filled in does not fit: {detail}"
)


class Line(NamedTuple):
    """One rule as the check page shows it."""

    code: str
    ok: bool
    zh: str
    en: str
    source: str

    @property
    def sentence(self) -> Text:
        """Return the rule's sentence in both languages."""
        return Text(self.zh, self.en)


class Prepared(NamedTuple):
    """The bytes to be signed, and what judging them says now."""

    raw: bytes
    body: Body
    payload: Act
    verdict: Verdict

    @property
    def lines(self) -> list[Line]:
        """Return every check in words, failures first."""
        guards = {guard.code: guard for guard in self.payload.row.guards}
        found = [_line(code, facts, guards.get(code)) for code, facts in self.verdict.checks]
        return sorted(dict.fromkeys(found), key=lambda line: line.ok)


def _line(code: str, facts: Facts | None, guard: Guard | None) -> Line:
    source = guard.source if guard else ""
    if facts is not None:
        return Line(code, False, TEXTS[code].say("zh", facts), TEXTS[code].say("en", facts), source)  # noqa: FBT003 - a field
    words = PASSED.get(code) or Text(f"规则 {code}：通过", f"Rule {code}: passed")
    return Line(code, True, words.zh, words.en, source)  # noqa: FBT003 - a field


PASSED = {
    "object.changed": Text(
        "内容与账本一致，没有被他人改动", "The content stands as the ledger has it"
    ),
    "object.state": Text("当前环节可以办理", "The state allows it"),
    "authority.post": Text("岗位有效", "The post is held"),
    "authority.role": Text("岗位角色相符", "The role fits"),
    "authority.key": Text("密钥有效且属于本人", "The key is valid and yours"),
    "authority.custody": Text("密钥保管方式符合要求", "The key's custody fits"),
    "authority.delay": Text("密钥和岗位已过等待期", "Key and post are past their delay"),
    "authority.same": Text("与前序经办人不是同一人", "Another person did the earlier step"),
    "authority.scope": Text("在岗位管辖范围内", "It lies in your region"),
    "authority.organisation": Text("属于本单位事项", "It belongs to your organisation"),
    "effects": Text("金额合计与编号均未超出限制", "Totals and unique values hold"),
}


def mark() -> LedgerMark:
    """Return what commitments are bound to."""
    constants = node().constants
    return LedgerMark(constants.ledger, constants.suite)


def fresh_id(act: type[Act]) -> str:
    """Return an id for the object that an act makes."""
    return new_id(act.row.on.prefix, ledger_now_ms(), secrets.token_bytes(10))


def sealed(
    act: type[Act], subject: str, committer: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Replace personal values and free text by commitments, keeping the openings in the vault.

    A commitment that the vault keeps already stays as it is: a payment names the account its contract filed.
    """
    plain = {
        f.name: str(values[f.name])
        for f in fields_of(act)
        if f.kind is Kind.COMMITMENT and values.get(f.name) and not is_kept(str(values[f.name]))
    }
    made: dict[str, Any] = dict(values)
    if plain:
        made |= values_seal(mark=mark(), object_id=subject, committer=committer, values=plain)
    for field in fields_of(act):
        if field.kind is Kind.ROWS and field.name in made:
            made[field.name] = _sealed_rows(field, subject, committer, made[field.name])
    return made


def _sealed_rows(
    field: Any, subject: str, committer: str, rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    names = [f.name for f in fields_of(row_type(field)) if f.kind is Kind.COMMITMENT]
    done = []
    for place, row in enumerate(rows):
        plain = {f"{field.name}.{place}.{name}": str(row[name]) for name in names if row.get(name)}
        kept = (
            values_seal(mark=mark(), object_id=subject, committer=committer, values=plain)
            if plain
            else {}
        )
        done.append(dict(row) | {label.rpartition(".")[2]: value for label, value in kept.items()})
    return done


def blinded(act: type[Act], values: Mapping[str, Any]) -> dict[str, Any]:
    """Replace what would be committed by its hash, for a dry run: rules read open fields only.

    Nothing reaches the vault, so a form may be tried while it is being filled in.
    """
    digest = node().constants.suite.digest
    return _blinded(fields_of(act), values, digest)


def _blinded(
    fields: Sequence[Field], values: Mapping[str, Any], digest: Callable[[bytes], str]
) -> dict[str, Any]:
    made = dict(values)
    for field in fields:
        value = made.get(field.name)
        if field.kind is Kind.COMMITMENT and value and not is_kept(str(value)):
            made[field.name] = digest(str(value).encode())
        elif field.kind is Kind.ROWS and value:
            inner = fields_of(row_type(field))
            made[field.name] = [_blinded(inner, row, digest) for row in value]
    return made


def payload_of(act: type[Act], values: Mapping[str, Any]) -> Act:
    """Build a payload from plain values.

    Raises:
        InvalidInputError: `payload.invalid` where a value breaks its field's limits.
    """
    try:
        return msgspec.convert(dict(values), act)
    except msgspec.ValidationError as error:
        raise InvalidInputError("payload.invalid", detail=str(error)) from error


def prepare(
    *, actor: Actor, payload: Act, subject: str, kid: str, seen: Seen | None = None
) -> Prepared:
    """Make the bytes to be signed and try them.

    Args:
        actor: Who will sign, in which post.
        payload: The act, its personal values sealed already.
        subject: The object acted on, or the id of the one to be made.
        kid: The key that will sign.
        seen: The checkpoint that the signer's client verifies before it signs; the head's otherwise.
    """
    book, now = node(), ledger_now_ms()
    head = book.head()
    body = Body(
        ledger=book.constants.ledger,
        act=payload.row.name,
        subject=subject,
        on=on_digest(book.storage, book.constants.suite, payload, subject),
        post="" if payload.row.open_door else actor.post,
        kid=kid,
        nonce=secrets.token_bytes(NONCE_BYTES).hex(),
        made_ms=now - EARLIER_MS,
        not_after_ms=now - EARLIER_MS + WINDOW_MS,
        seen=seen or Seen(root=head.root.hex(), size=head.size),
        payload=msgspec.Raw(encode(payload)),
    )
    return Prepared(encode(body), body, payload, book.dry_run(body, payload, now))


def try_out(raw: bytes) -> Prepared:
    """Try bytes that a client made itself, without signature."""
    body, payload = parse_act(raw)
    return Prepared(raw, body, payload, node().dry_run(body, payload, ledger_now_ms()))


def submit(signed: Sequence[Signed]) -> list[Outcome]:
    """Submit signed acts; each has its own answer."""
    book: Node = node()
    return book.submit_many(list(signed), ledger_now_ms())
