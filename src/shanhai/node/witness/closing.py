"""What a witness signs beside checkpoints: its consent to a new policy, and the close of a sequencer's epoch.

And what the successor makes of a quorum's closes. Source: ledger reference §7.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from shanhai.acts.governance import ProposalState
from shanhai.acts.succession import Close, Closing, ReplaceSequencer
from shanhai.acts.witness_policy import Consent, WitnessPolicy
from shanhai.kernel.canonical import from_base64, to_base64
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.checkpoint import VKey, parse_checkpoint, parse_note
from shanhai.ledger.merkle import consistency_path
from shanhai.node.loop import Node

if TYPE_CHECKING:
    from shanhai.node.records import Storage
    from shanhai.node.witness.mirror import Identity, Mirror

TEXTS |= {
    "consent.unknown": Text(
        "本机副本中没有待确认的见证规则 {id}，请先追上账本再试",
        "This copy holds no proposed witness policy {id}; catch up with the log and try again",
    ),
    "close.uncertified": Text(
        "本机还没有见过达到法定联署数的检查点，无法关闭；请先与其他见证单位互通（规则文件中的 url）",
        "No checkpoint with a quorum of cosignatures was seen here, so nothing can be closed; let the witnesses reach one "
        "another first (`url` in the policy)",
    ),
    "close.behind": Text(
        "最新证书有 {size} 条，这里只有 {have} 条；请先从最新的镜像补齐再接替",
        "The newest certificate covers {size} entries, there are {have} here; catch up from the newest mirror first",
    ),
    "close.differs": Text(
        "各份关闭不是给同一账本、同一接替者的（{what}）；请请各见证单位重新生成",
        "The closes are not of one ledger and one successor ({what}); ask the witnesses to make them again",
    ),
}


class Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `shanhai mirror close` hands out: the signed close and the certificate it speaks of."""

    certificate: str
    close: Close
    ledger: str
    log: str
    successor: str


def consent(storage: "Storage", me: "Identity", id: str) -> Consent:  # noqa: A002 - the field's name
    """Sign a policy that stands proposed in one's own copy of the log.

    Args:
        storage: The copy: a mirror's, or a consortium node's.
        me: Who consents, a witness of the policy in force.
        id: The proposal's.

    Raises:
        InvalidInputError: `consent.unknown`.
    """
    found = storage.find(WitnessPolicy, id)
    if found is None or found.state is not ProposalState.PROPOSED:
        raise InvalidInputError("consent.unknown", id=id)
    signature = me.signer.sign(found.proposal)
    return Consent(vkey=me.vkey.line, sig=to_base64(signature))


def close(mirror: "Mirror", successor: VKey) -> Closed:
    """Close the present sequencer's epoch: from now on nothing of it is looked at.

    Args:
        mirror: The witness.
        successor: Whose key goes on with the log.

    Raises:
        InvalidInputError: `close.uncertified` or `witness.successor`.
        ProofError: `witness.policy`.
    """
    raw, head = mirror.certified.newest(), mirror.head()
    if not raw or head is None:
        raise InvalidInputError("close.uncertified")
    log = mirror.trust.check().newest.log.line
    size = mirror.certified.size
    said = Closing(ledger=head.ledger, log=log, size=size, successor=successor.line)
    mirror.trust.close(said)
    signature = to_base64(mirror.me.signer.sign(said.message))
    made = Close(vkey=mirror.me.vkey.line, size=size, sig=signature)
    return Closed(
        certificate=to_base64(raw),
        close=made,
        ledger=head.ledger,
        log=log,
        successor=successor.line,
    )


def succession(node: Node, given: Sequence[Closed], reason: str) -> ReplaceSequencer:
    """Return the act by which a successor goes on from this copy.

    Args:
        node: The successor's copy of the log.
        given: What the witnesses handed out.
        reason: Why, in a sentence.

    Raises:
        InvalidInputError: `close.behind` or `close.differs`.
        ProofError: If a certificate is no checkpoint.
    """
    for what in ("ledger", "log", "successor"):
        if len({getattr(one, what) for one in given}) != 1:
            raise InvalidInputError("close.differs", what=what)
    newest = max(given, key=lambda one: one.close.size)
    shown = parse_checkpoint(parse_note(from_base64(newest.certificate)).text)
    head = node.head()
    if shown.size > head.size:
        raise InvalidInputError("close.behind", size=shown.size, have=head.size)
    if node.root_at(shown.size) != shown.root:
        raise ProofError("witness.split", size=shown.size, whose="certificate", kept="—")
    path = consistency_path(node.constants.suite, shown.size, head.size, node.storage.node)
    return ReplaceSequencer(
        log=newest.successor,
        certificate=newest.certificate,
        closes=tuple(sorted((one.close for one in given), key=lambda one: one.vkey)),
        path=tuple(one.hex() for one in path),
        reason=reason,
    )
