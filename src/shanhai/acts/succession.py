"""Replacing a sequencer: a new epoch of the same log, under another key and origin.

A quorum of witnesses closes the old sequencer's epoch, each by signing who succeeds it and the size of the newest
certificate (final checkpoint) it knows. The successor goes on from a log that contains the newest of these
certificates. One round of cosigning has no change of view: a sequencer that shows two histories can lock half of the
witnesses on each, and this is the way out. Source: ledger reference §7.
"""

from typing import Annotated, Any

import msgspec

from shanhai.acts.governance import ProposalState
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Object,
    act,
    count,
    guard,
    label,
    rows,
    word,
)
from shanhai.acts.roles import Role
from shanhai.acts.witness_policy import (
    WITNESSES,
    VKeyLine,
    WitnessPolicy,
    WitnessSteps,
    has_policy,
    in_force,
    policies_of,
    policy_of,
    signers,
)
from shanhai.kernel.canonical import encode, from_base64, from_hex
from shanhai.kernel.errors import ProofError, ShanhaiError
from shanhai.ledger.certificate import certify
from shanhai.ledger.checkpoint import Checkpoint, parse_note, parse_vkey, verify_note
from shanhai.ledger.merkle import HASH_BYTES, verify_consistency

CLOSE = b"shanhai/epoch-close/v1\n"
MAX_CERTIFICATE = 24_000


class Close(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A witness's close: the size of the newest certificate it knows, and its signature, unpadded base64url."""

    vkey: VKeyLine
    size: Annotated[int, count("最新证书的条数", "Entries of the newest certificate", ge=1)]
    sig: Annotated[str, word("签名", "Signature", max_length=120)]


class Closing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a witness signs when it closes an epoch."""

    ledger: str
    log: str
    size: int
    successor: str

    @property
    def message(self) -> bytes:
        """Return the signed bytes."""
        return CLOSE + encode(self)


@guard(
    "succession.key",
    "接替者的公钥不符合要求：须是同一密码套件的账本公钥，名称须是新的来源标识",
    "The successor's key is not acceptable: a log's key of the same suite, under an origin of its own",
    "ledger reference §7",
)
def sound_key(payload: "ReplaceSequencer", case: Case[None]) -> Facts | None:
    """Another key, of the same suite, under an origin that this log never had."""
    old = in_force(case)
    if old is None:
        return None
    try:
        new = parse_vkey(payload.log)
    except ShanhaiError:
        return {}
    before = parse_vkey(old.log)
    steps = case.get(WitnessSteps, WITNESSES).steps
    used = {parse_vkey(case.get(WitnessPolicy, one.policy).log).name for one in steps}
    same = new.kind == before.kind and new.public_key != before.public_key
    return None if same and new.name not in used else {}


@act(
    "sequencer.replace/1",
    "更换账本运行单位",
    "Replace the sequencer",
    on=WitnessPolicy,
    by=(Role.NODE, Role.RULEKEEPER),
    grade=Grade.GOVERN,
    also=(has_policy, sound_key),
)
class ReplaceSequencer(Act, frozen=True, kw_only=True):
    """Go on with this log under another key, from a place that a quorum of witnesses closed."""

    log: Annotated[str, word("接替者的账本公钥", "Successor's verifier key", max_length=400)]
    certificate: Annotated[str, word("最新证书", "Newest certificate", max_length=MAX_CERTIFICATE)]
    closes: Annotated[tuple[Close, ...], rows("见证单位的关闭", "Closes", least=1, most=128)]
    path: Annotated[tuple[str, ...], label("一致性路径", "Consistency path")] = ()
    reason: Annotated[str, word("理由", "Reason", max_length=200)]

    @guard(
        "succession.place",
        "接替须紧接在账本末尾，并写明所见的条数和根；请重新生成",
        "A succession follows at once on the log's end and names its size and root as seen; make it again",
    )
    def at_its_place(self, case: Case[None]) -> Facts | None:
        """The body's `seen`, whose root the ledger checks, is the whole log."""
        seen = case.body.seen
        return None if seen is not None and seen.size == case.at.index else {}

    @guard(
        "succession.certificate",
        "所附证书不成立：须是原运行单位签名、达到法定联署数的检查点，且本账是它的延续",
        "The certificate does not hold: it is to be a final checkpoint of the old sequencer, and this log its "
        "continuation",
        "ledger reference §7",
    )
    def certified(self, case: Case[None]) -> Facts | None:
        """The newest certificate is final, and this log continues it."""
        return None if in_force(case) is None or self.start(case) is not None else {}

    @guard(
        "succession.closes",
        "须有 {need} 个故障域关闭原运行单位的纪元，有效的只有 {have} 个；请向其余见证单位取得 shanhai mirror close 的输出，"
        "证书须是其中最新的一份",
        "{need} failure domains must close the old sequencer's epoch, {have} did; ask the other witnesses for what "
        "shanhai mirror close prints, and take the newest of their certificates",
        "ledger reference §7",
    )
    def closed(self, case: Case[None]) -> Facts | None:
        """A quorum closed, none of them knowing a newer certificate."""
        old, start = in_force(case), self.start(case)
        if old is None or start is None:
            return None
        policy = policy_of(old, case.body.ledger)
        have = set[str]()
        for one in self.closes:
            said = Closing(ledger=case.body.ledger, log=old.log, size=one.size, successor=self.log)
            if one.size <= start.size:
                have |= signers(policy, [(one.vkey, one.sig)], said.message)
        return None if len(have) >= policy.quorum else {"need": policy.quorum, "have": len(have)}

    def start(self, case: Case[Any]) -> Checkpoint | None:
        """Return the certified checkpoint, None if it does not hold."""
        try:
            return self._start(case)
        except ShanhaiError:
            return None

    def _start(self, case: Case[Any]) -> Checkpoint:
        note = parse_note(from_base64(self.certificate))
        policies = policies_of(case, case.body.ledger)
        if policies is None:
            raise ProofError("note.unsigned")
        shown, seen = certify(note, policies), case.body.seen
        size = shown.checkpoint.size
        verify_note(note, policies.at(size).logs)
        if not shown.final or seen is None or size > seen.size:
            raise ProofError("note.unsigned")
        path = [from_hex(one, HASH_BYTES) for one in self.path]
        root = from_hex(seen.root, HASH_BYTES)
        verify_consistency(case.view.suite, size, seen.size, path, shown.checkpoint.root, root)
        return shown.checkpoint

    def effects(self, case: Case[None]) -> list[Object]:
        """From the tree that ends with this entry on, the log is the successor's."""
        steps = case.get(WitnessSteps, WITNESSES)
        old = case.get(WitnessPolicy, steps.steps[0].policy)
        made = old.but(id=case.id, log=self.log, before=old.id, state=ProposalState.CONFIRMED)
        return [made, steps.then(made.id, case.at.index)]
