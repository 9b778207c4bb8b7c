"""What the node must know of genesis: a ledger's constants, its founders' signatures, its rules versions.

Beside `validators` this is the only module of the node that knows single nouns. Source: frozen decisions 1, 2 and 26.
"""

from typing import Any, NamedTuple

from shanhai.acts import governance
from shanhai.acts.genesis import LEDGER, Genesis, Ledger
from shanhai.acts.governance import RULESET, ProposalState, Ruleset
from shanhai.acts.machine.authority import Key, KeyState
from shanhai.acts.machine.objects import Object
from shanhai.acts.machine.registry import Act
from shanhai.acts.machine.view import Store, View
from shanhai.acts.witness_policy import (
    WITNESSES,
    WitnessPolicy,
    WitnessSteps,
    policy_of,
)
from shanhai.kernel.canonical import decode, from_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite, suite_named
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import Body, ledger_id, parse_body, signed_bytes
from shanhai.ledger.checkpoint import parse_vkey
from shanhai.ledger.entry import parse_founders
from shanhai.ledger.signing import WebOrigins, check_public_key, kid_of, verify_raw

UNKNOWN_RULES = "rules.unknown"
TEXTS |= {
    UNKNOWN_RULES: Text(
        "自第 {index} 条起适用规则版本 {version}，本程序只认识到版本 {known}：请先更新本节点的程序再启动，已入账的不受影响",
        "From entry {index} on rules version {version} applies, and this software knows them up to {known} only: update it, "
        "then start again; what is in the log stays",
    ),
    "genesis.missing": Text(
        "这里还没有账本，请先运行 shanhai ledger init",
        "There is no ledger here yet; run shanhai ledger init first",
    ),
    "genesis.present": Text(
        "这里已有账本，不能再次创世；请换一个数据目录",
        "There is a ledger here already; use another data folder",
    ),
    "genesis.invalid": Text(
        "创世内容不成立（{detail}），请按文档重新生成",
        "The genesis does not hold ({detail}); make it again as documented",
    ),
}


class Constants(NamedTuple):
    """What genesis fixed for ever."""

    ledger: str
    suite: Suite
    origin: str
    simulated: bool
    members_only: bool
    web: WebOrigins


class Founding(NamedTuple):
    """A checked genesis: its body, constants, founding objects and first rules version."""

    body: Body
    constants: Constants
    objects: list[Object]
    rules: int


def check_genesis(raw: bytes, signatures: bytes) -> Founding:
    """Check entry 0: form, founding keys, and one signature of each of them.

    Args:
        raw: The body's canonical bytes.
        signatures: The canonical array of founders' signatures.

    Raises:
        InvalidInputError: If body, payload or signatures are malformed (`genesis.invalid` says what).
        ProofError: `signature.invalid` or `signature.algorithm`.
    """
    body = parse_body(raw)
    if body.act != Genesis.row.name or body.ledger or body.subject != LEDGER or body.post:
        raise InvalidInputError("genesis.invalid", detail="act, ledger, subject, post")
    payload = decode(bytes(body.payload), Genesis)
    suite = suite_named(payload.suite)
    keys = {key.id: key for key in payload.keys}
    for key in payload.keys:
        _check_key(suite, key)
    signed = {one.kid: one for one in parse_founders(signatures)}
    if len(keys) != len(payload.keys) or signed.keys() != keys.keys():
        raise InvalidInputError("genesis.invalid", detail="keys, signatures")
    for kid, one in signed.items():
        if one.alg != keys[kid].alg:
            raise ProofError("signature.algorithm", alg=one.alg)
        message = signed_bytes("", one.alg, kid, raw)
        verify_raw(one.alg, from_base64(keys[kid].public), from_base64(one.sig), message)
    ledger = next(one for one in payload.founded() if isinstance(one, Ledger))
    for policy in payload.witnesses:
        _check_policy(payload, policy)
    return Founding(
        body, _constants(ledger, ledger_id(suite, raw)), payload.founded(), payload.rules
    )


def _check_key(suite: Suite, key: Key) -> None:
    public = from_base64(key.public)
    check_public_key(key.alg, public)
    foreign = (key.alg == "sm2-sm3") is not (suite.name == "sm")
    if foreign or key.id != kid_of(suite, public) or key.state is not KeyState.ACTIVE:
        raise InvalidInputError("genesis.invalid", detail=f"key {key.id[:16]}")


def _check_policy(payload: Genesis, found: WitnessPolicy) -> None:
    """Refuse a first witness policy that cannot hold, or is of another log."""
    try:
        policy = policy_of(found, "")
    except InvalidInputError as error:
        raise InvalidInputError("genesis.invalid", detail=error.say("en")) from error
    algs = {policy.log.kind.alg, *(one.vkey.kind.alg for one in policy.witnesses)}
    wanted = {"sm2-sm3" if payload.suite == "sm" else "ed25519"}
    settled = found.state is ProposalState.CONFIRMED and not found.before
    if policy.log.name != payload.origin or algs != wanted or not settled:
        raise InvalidInputError("genesis.invalid", detail="witnesses")


def _constants(ledger: Ledger, id: str) -> Constants:  # noqa: A002 - the field's name
    return Constants(
        id,
        suite_named(ledger.suite),
        ledger.origin,
        ledger.simulated,
        ledger.publication.value == "members",
        WebOrigins(ledger.rp_id, ledger.web_origins),
    )


def constants_of(store: Store, id: str) -> Constants:  # noqa: A002 - the field's name
    """Return the constants of a ledger that is in `store`.

    Raises:
        InvalidInputError: `genesis.missing`.
    """
    ledger = store.find(Ledger, LEDGER)
    if ledger is None:
        raise InvalidInputError("genesis.missing")
    return _constants(ledger, id)


def origin_of(store: Store, known: Constants) -> str:
    """Return the origin of checkpoints now: genesis', or the one under which a successor goes on."""
    found = store.find(WitnessSteps, WITNESSES)
    newest = store.find(WitnessPolicy, found.steps[0].policy) if found is not None else None
    return parse_vkey(newest.log).name if newest is not None else known.origin


class RulesClock:
    """Which rules version judges the entry at an index."""

    def __init__(self) -> None:
        self._ruleset: Any = None
        self._next = self._version = 0

    def at(self, view: View | Store, index: int) -> int:
        """Return the version in force at an entry index.

        Raises:
            InvalidInputError: `genesis.missing`, or `rules.unknown` where this software is too old.
        """
        found = view.find(Ruleset, RULESET)
        if found is not self._ruleset or index >= self._next:
            if found is None:
                raise InvalidInputError("genesis.missing")
            later = [step.since_index for step in found.steps if step.since_index > index]
            self._ruleset, self._version = found, found.at(index)
            if self._version > governance.NEWEST:
                self._ruleset = None
                raise InvalidInputError(
                    UNKNOWN_RULES, version=self._version, known=governance.NEWEST, index=index
                )
            self._next = min(later, default=1 << 62)
        return self._version


def is_founding(kind: type[Act]) -> bool:
    """Return whether this is the act that only entry 0 may be."""
    return kind is Genesis
