"""Whom a mirror believes: the policy it was given, those of the log, and the close of an epoch it signed itself.

The policy file is the root of trust. Where the log has policies of its own, the file must be one of them, and the
log's count from there on, because each was agreed on under the quorum of the one before. A mirror that closed a
sequencer's epoch listens to that sequencer no more.
"""

import msgspec

from shanhai.acts.succession import Closing
from shanhai.acts.witness_policy import policies_of
from shanhai.kernel.canonical import decode, encode
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.checkpoint import (
    Checkpoint,
    Note,
    VKey,
    known_signatures,
    parse_checkpoint,
    parse_vkey,
    verify_note,
)
from shanhai.ledger.policy import Policies, Policy, single
from shanhai.node.records import Storage
from shanhai.node.witness.shelf import Shelf

CLOSED = "closed"


class Trust:
    """The keys that one mirror listens to."""

    def __init__(self, root: Policy, storage: Storage, shelf: Shelf) -> None:
        """Begin.

        Args:
            root: The policy it was given.
            storage: Its copy of the log.
            shelf: What survives the data folder; a close lies there.
        """
        self.root, self._storage, self._shelf = root, storage, shelf

    @property
    def policies(self) -> Policies:
        """Return the log's policies, or the given one where the log has none."""
        head = self._storage.head()
        found = policies_of(self._storage, head.ledger) if head is not None else None
        return found or single(self.root)

    def check(self) -> Policies:
        """Return the policies that count, if they follow from the given one.

        Raises:
            ProofError: `witness.policy`, with what differs.
        """
        found = self.policies
        if differs := found.agrees(self.root):
            raise ProofError("witness.policy", differs=differs)
        return found

    @property
    def logs(self) -> tuple[VKey, ...]:
        """Return every key of the log that is known here: of its policies, of the given one, of a successor."""
        closed = self.closed()
        more = (parse_vkey(closed.successor),) if closed is not None else ()
        return tuple(dict.fromkeys((*more, *self.policies.logs, self.root.log)))

    def read(self, note: Note) -> Checkpoint:
        """Return the checkpoint of a note, if the log's present key signed it.

        Raises:
            ProofError: `note.…`, `checkpoint.…`, `witness.empty`; `witness.closed` for a sequencer that was replaced.
        """
        current = self._current()
        signed = known_signatures(note, current)
        if not signed and (over := known_signatures(note, self.logs)):
            raise ProofError("witness.closed", log=over[0][0].name, successor=current[0].name)
        key = verify_note(note, current)[0]
        shown = parse_checkpoint(note.text)
        if shown.origin != key.name:
            raise ProofError("checkpoint.origin", origin=shown.origin)
        if shown.size == 0:
            raise ProofError("witness.empty")
        return shown

    def _current(self) -> list[VKey]:
        """Return the keys whose checkpoints are looked at: after a close, the successor's alone."""
        closed, known = self.closed(), self.policies
        if closed is not None and known.newest.log.line == closed.log:
            return [parse_vkey(closed.successor)]
        ahead = [self.root.log] if self.root.log not in known.logs else []
        return [known.newest.log, *ahead]

    def settle(self, note: Note, shown: Checkpoint) -> None:
        """Refuse a checkpoint that is not of the key which the log itself names for its size.

        Raises:
            ProofError: `note.unsigned` or `witness.policy`.
        """
        verify_note(note, [self.check().at(shown.size).log])

    def closed(self) -> Closing | None:
        """Return the newest close that this mirror signed, None for none."""
        raw = self._shelf.get(self._name)
        return decode(raw, Closing) if raw is not None else None

    @property
    def _name(self) -> str:
        return f"{self.root.log.key_id.hex()}-{CLOSED}"

    def close(self, closing: Closing) -> None:
        """Remember a close, before it is signed.

        Raises:
            InvalidInputError: `witness.successor`, if this log bore the successor's key already.
        """
        successor = parse_vkey(closing.successor)
        if successor.kind.timed or successor in self.policies.logs:
            raise InvalidInputError("witness.successor", name=successor.name)
        self._shelf.put(self._name, encode(msgspec.structs.replace(closing)))
