"""The certificate: whether a checkpoint is final under a policy, and which collusion it does not cover.

Let `s` domains have cosigned. Another final checkpoint that contradicts this one needs `n − f` domains; at
most `n − s` of them have not cosigned here, so at least `s − f` domains must have cosigned both: that many
liars, together with the sequencer, break what is shown. Source: ledger reference §7 (quorum intersection).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shanhai.kernel.errors import ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger import signing
from shanhai.ledger.checkpoint import (
    Checkpoint,
    Note,
    NoteSignature,
    known_signatures,
    parse_checkpoint,
)
from shanhai.ledger.policy import Policies, Policy
from shanhai.ledger.witness import cosigned_bytes

_TIME_BYTES = 8
_MAX_TIME_S = 2**53
TEXTS |= {
    "certificate.final": Text(
        "已最终确认：{signed} 个故障域联署（需 {quorum} 个，共 {n} 个）",
        "Final: {signed} failure domains cosigned ({quorum} of {n} are needed)",
    ),
    "certificate.open": Text(
        "尚未最终确认：{signed} 个故障域联署，需 {quorum} 个（共 {n} 个），还差 {missing}",
        "Not final: {signed} failure domains cosigned, {quorum} of {n} are needed; missing are {missing}",
    ),
    "certificate.covers": Text(
        "不能防范：账本运行单位与联署方中任意 {breaking} 个故障域串通（{signers}）",
        "Not covered: the sequencer together with any {breaking} of the domains that cosigned ({signers})",
    ),
    "certificate.together": Text(
        "不能防范：联署的节点中任意 {breaking} 个故障域串通（{signers}）",
        "Not covered: any {breaking} of the nodes' failure domains that cosigned ({signers}), acting together",
    ),
    "certificate.interest": Text(
        "不能防范：“{name}”各方串通，其故障域数已达 {breaking} 个",
        "Not covered: collusion within “{name}”, whose domains here number {breaking} or more",
    ),
    "certificate.forged": Text(
        "{name} 的联署不成立，未计入", "The cosignature of {name} does not hold and is not counted"
    ),
}


class Certificate(NamedTuple):
    """What the cosignatures under a checkpoint show.

    `signed` holds the latest time (Unix seconds) by domain; `breaking` is how many of these domains must lie
    before a contradicting checkpoint can be final too, 0 while this one is not final; `uncovered` names the
    interests that hold that many; `forged` the witnesses whose line does not hold; `together` says that there is no
    sequencer beside the witnesses.
    """

    checkpoint: Checkpoint
    signed: dict[str, int]
    missing: tuple[str, ...]
    quorum: int
    faults: int
    breaking: int
    uncovered: tuple[str, ...]
    forged: tuple[str, ...]
    together: bool = False

    @property
    def final(self) -> bool:
        """Return whether n − f domains cosigned."""
        return len(self.signed) >= self.quorum

    def sentences(self) -> list[Text]:
        """Return in both languages what is shown and what is not."""
        count = len(self.signed) + len(self.missing)
        facts: dict[str, int | str] = {
            "signed": len(self.signed),
            "quorum": self.quorum,
            "n": count,
            "missing": "、".join(self.missing),
            "breaking": self.breaking,
            "signers": "、".join(self.signed),
        }
        covers = "certificate.together" if self.together else "certificate.covers"
        said = ["certificate.final", covers] if self.final else ["certificate.open"]
        lines = [_filled(code, facts) for code in said]
        lines += [_filled("certificate.interest", facts | {"name": n}) for n in self.uncovered]
        return lines + [_filled("certificate.forged", {"name": n}) for n in self.forged]


def _filled(code: str, facts: dict[str, int | str]) -> Text:
    return Text(TEXTS[code].say("zh", facts), TEXTS[code].say("en", facts))


def certificate(
    checkpoint: Checkpoint, cosignatures: Iterable[NoteSignature], policy: Policy
) -> Certificate:
    """Say whether a checkpoint is final; the log's own signature is the caller's to check.

    Args:
        checkpoint: What was cosigned.
        cosignatures: Signature lines of any kind, in any order; strangers' are left aside.
        policy: Whose count, and how many.

    Raises:
        ProofError: `checkpoint.origin`, if the checkpoint is of another log than the policy.
    """
    if checkpoint.origin != policy.log.name:
        raise ProofError("checkpoint.origin", origin=checkpoint.origin)
    times, forged = _times(checkpoint.text, tuple(cosignatures), policy)
    signed = {
        domain.name: max(times[one.vkey.name] for one in domain.witnesses if one.vkey.name in times)
        for domain in policy.domains
        if any(one.vkey.name in times for one in domain.witnesses)
    }
    missing = tuple(domain.name for domain in policy.domains if domain.name not in signed)
    final = len(signed) >= policy.quorum
    breaking = len(signed) - policy.faults if final else 0
    uncovered = tuple(
        interest.name
        for interest in policy.interests
        if final and sum(name in signed for name in interest.domains) >= breaking
    )
    counts = policy.quorum, policy.faults, breaking
    return Certificate(checkpoint, signed, missing, *counts, uncovered, forged, policy.together)


def certify(note: Note, policy: Policy | Policies) -> Certificate:
    """Return the certificate of a parsed note over a checkpoint; see `certificate`.

    Of a log's policies, the one in force at the checkpoint's size counts.
    """
    checkpoint = parse_checkpoint(note.text)
    rules = policy.at(checkpoint.size) if isinstance(policy, Policies) else policy
    return certificate(checkpoint, note.signatures, rules)


def double_signers(first: Note, second: Note, policy: Policy) -> tuple[str, ...]:
    """Return the domains whose cosignatures stand under two checkpoints of one size and different roots.

    Both notes are the proof: each of these domains lied.
    """
    one, two = parse_checkpoint(first.text), parse_checkpoint(second.text)
    if one.size != two.size or one.root == two.root:
        return ()
    signed = certify(second, policy).signed
    return tuple(name for name in certify(first, policy).signed if name in signed)


def _times(
    text: str, lines: Sequence[NoteSignature], policy: Policy
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return each witness's latest time, and who has a line that does not hold."""
    times, forged = dict[str, int](), list[str]()
    keys = [one.vkey for one in policy.witnesses]
    for vkey, line in known_signatures(Note(text, tuple(lines)), keys):
        time_s = int.from_bytes(line.signature[:_TIME_BYTES], "big")
        message = cosigned_bytes(text, time_s)
        try:
            signing.verify_raw(
                vkey.kind.alg, vkey.public_key, line.signature[_TIME_BYTES:], message
            )
        except ProofError:
            forged.append(vkey.name)
            continue
        if time_s <= _MAX_TIME_S:
            times[vkey.name] = max(time_s, times.get(vkey.name, 0))
    return times, tuple(sorted({name for name in forged if name not in times}))
