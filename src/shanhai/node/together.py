"""A consortium's certificate: each node cosigns what it executed, and gathers the others' cosignatures of one root.

Consensus decided every block, but a reader offline cannot ask it. So each node signs checkpoints under the ledger's
common origin and cosigns them with the same key; n − f failure domains' cosignatures of one size and root make the
checkpoint final, by the policy in genesis. Nothing is cosigned but this node's own log, read again from its disk.
Source: design §3 (each node cosigns, so the proof format is the same), docs/dev/adr/0009.
"""

from collections.abc import Callable, Sequence

import msgspec

from shanhai.acts.witness_policy import policies_of
from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.ledger.certificate import Certificate, certify
from shanhai.ledger.checkpoint import (
    NOTE_KINDS,
    Checkpoint,
    VKey,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    sign_note,
)
from shanhai.ledger.policy import Domain, Policies, Policy, Witness, checked
from shanhai.ledger.signing import Signer
from shanhai.ledger.witness import cosign, make_witness_vkey
from shanhai.node.comet import Member
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer
from shanhai.node.witness.gather import Gathering
from shanhai.node.witness.shelf import Shelf

LIARS = 3
Ask = Callable[[str, str], bytes]
"""Given a node's address and a path below `/ledger/`, returns what lies there or raises InvalidInputError."""


def policy_of_nodes(members: Sequence[Member], origin: str) -> Policy | None:
    """Return the policy by which checkpoints of a new consortium are final, None where a member names no key.

    Each organisation is one failure domain, and as many may lie as votes bear.

    Args:
        members: The organisations that found it.
        origin: Of the ledger's checkpoints.

    Raises:
        InvalidInputError: `policy.…` or `note.key`.
    """
    if not members or not all(one.cosigner for one in members):
        return None
    keys = [parse_vkey(one.cosigner) for one in members]
    domains = tuple(
        Domain(one.name, (Witness(key, one.url.rstrip("/")),))
        for one, key in zip(members, keys, strict=True)
    )
    log = VKey(origin, NOTE_KINDS[keys[0].kind.alg], keys[0].public_key)
    return checked(Policy(log, domains, (len(members) - 1) // LIARS))


def cosigning(member: Member, signer: Signer, url: str) -> Member:
    """Return a member with the key by which its node cosigns, and its site ("" for none).

    Raises:
        InvalidInputError: `note.name`, if a note cannot carry the node's name.
    """
    key = make_witness_vkey(member.name, signer)
    return msgspec.structs.replace(member, cosigner=key.line, url=url)


class Together:
    """One node's share in the certificate."""

    def __init__(self, node: Node, sealer: Sealer, shelf: Shelf) -> None:
        """Begin.

        Args:
            node: Its ledger.
            sealer: Signs its checkpoints.
            shelf: Where cosignatures are gathered.
        """
        self._node, self._sealer, self._shelf = node, sealer, shelf

    def _policies(self) -> Policies | None:
        """Return the log's policies, None where its witnesses do not keep it together."""
        found = policies_of(self._node.storage, self._node.constants.ledger)
        return found if found is not None and found.newest.together else None

    def signed(self, size: int, time_s: int) -> bytes | None:
        """Return this node's checkpoint of a size, signed and cosigned.

        Args:
            size: Entries, at most what this node has.
            time_s: This machine's time, Unix seconds.

        Returns:
            None for a size that is not here yet, or where this node's key is none of the policy's.

        Raises:
            ProofError: `seal.differs`, if this node's disk does not lead to its root.
        """
        policies, head = self._policies(), self._node.head()
        if policies is None or not 0 < size <= head.size:
            return None
        me = self._witness(policies.at(size))
        if me is None:
            return None
        self._sealer.checkpoint(self._node)
        origin, signer = policies.at(size).log.name, self._sealer.signer
        text = Checkpoint(origin, size, self._node.root_at(size)).text
        line = cosign(text, me.name, signer, time_s)
        return sign_note(text, origin, signer).with_signature(line).encode()

    def _witness(self, policy: Policy) -> VKey | None:
        public = self._sealer.signer.public_key
        return next((one.vkey for one in policy.witnesses if one.vkey.public_key == public), None)

    def gather(self, ask: Ask, now_ms: int) -> Certificate | None:
        """Ask the others to cosign what is offered now, until it is final.

        Args:
            ask: Reads another node's files.
            now_ms: This machine's time, epoch ms.

        Returns:
            What the cosignatures show, None where nothing is to be gathered.

        Raises:
            ProofError: `seal.differs`; `gather.other`, if another node signed another root: one of the two lies.
        """
        policies, size = self._policies(), self._node.head().size
        if policies is None or not size:
            return None
        gathering = Gathering(policies, self._shelf)
        raw = gathering.offered(size, lambda: self._sealer.checkpoint(self._node), now_ms)
        shown = certify(parse_note(raw), policies)
        if shown.final:
            return shown
        at = parse_checkpoint(parse_note(raw).text).size
        own, rules = self.signed(at, now_ms // 1000), policies.at(at)
        if own is not None:
            shown = gathering.take(own, self._node.root_at, size)
        me = self._witness(rules)
        for one in rules.witnesses:
            if one.url and one.vkey != me:
                shown = self._take(gathering, ask, one.url, at) or shown
        return shown

    def _take(self, gathering: Gathering, ask: Ask, url: str, at: int) -> Certificate | None:
        try:
            raw = ask(url, f"cosigned/{at}")
        except InvalidInputError:
            return None  # it is away, or not so far yet
        try:
            return gathering.take(raw, self._node.root_at, self._node.head().size)
        except ShanhaiError as error:
            if error.code == "gather.other":  # both signed: one of the two nodes lies
                self._shelf.put(f"evidence/{at:015d}-theirs", raw)
                raise
            return None
