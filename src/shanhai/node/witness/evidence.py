"""Evidence of a lying sequencer: two signed heads that contradict one another, or an entry against the rules.

Two heads are an alarm: nothing is cosigned while they lie there. An entry against the rules is none, because
it may be this software that is old; the entry stands in the log for ever and is refused each time.
"""

from hashlib import sha256

from shanhai.kernel.errors import ProofError
from shanhai.ledger.checkpoint import Checkpoint
from shanhai.node.witness.shelf import Shelf

FOLDER, BROKEN = "evidence", "refused"
_SHORT = 8


class Evidence:
    """What is kept, by the size and root it is about."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def keep(self, shown: Checkpoint, ours: bytes, theirs: bytes) -> str:
        """Keep two signed notes, each once, and return the folder they lie in.

        Args:
            shown: The checkpoint that contradicts.
            ours: The note this mirror holds, its signatures included; b"" if none is left.
            theirs: The other note.
        """
        name = f"{FOLDER}/{shown.size}-{sha256(theirs).hexdigest()[:_SHORT]}"
        if self._shelf.get(f"{name}-theirs") is None:
            self._shelf.put(f"{name}-ours", ours)
            self._shelf.put(f"{name}-theirs", theirs)
        return FOLDER

    def keep_broken(self, index: int, note: bytes, packed: bytes) -> str:
        """Keep an entry that the log signed and the rules refuse; return the folder."""
        self._shelf.put(f"{BROKEN}/{index}-checkpoint", note)
        self._shelf.put(f"{BROKEN}/{index}-entry", packed)
        return BROKEN

    def alarms(self) -> list[str]:
        """Return the names of contradicting heads."""
        return [name for name in self._shelf.names(FOLDER) if name.endswith("-theirs")]

    def check(self) -> None:
        """Refuse to go on while there is an alarm.

        Raises:
            ProofError: `witness.alarm`.
        """
        if self.alarms():
            raise ProofError("witness.alarm", kept=FOLDER)
