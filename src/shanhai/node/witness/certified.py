"""The newest certificate a mirror knows: a checkpoint of its own copy under a quorum of cosignatures.

It is read from the sequencer, and put together from the heads that witnesses show one another: a sequencer that
hides a certificate hides it in vain.
"""

from collections.abc import Callable

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.certificate import certify
from shanhai.ledger.checkpoint import Note, parse_checkpoint, parse_note
from shanhai.ledger.policy import Policies
from shanhai.node.witness.remote import Get
from shanhai.node.witness.shelf import Shelf

CERTIFICATE = "certificate"


class Certified:
    """The certificate on one mirror's shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lines: dict[str, Note] = {}  # by text, what was gathered under it

    def newest(self) -> bytes:
        """Return the newest certificate, b"" for none."""
        return self._shelf.get(CERTIFICATE) or b""

    @property
    def size(self) -> int:
        """Return how many entries it covers, 0 for none."""
        raw = self.newest()
        return parse_checkpoint(parse_note(raw).text).size if raw else 0

    def fetch(
        self, get: Get, policies: Policies, root_at: Callable[[int], bytes], size: int
    ) -> None:
        """Take the sequencer's newest certificate, if it is one, of this copy, and newer.

        Args:
            get: Reads the sequencer's files.
            policies: Of the log.
            root_at: This copy's root at a size.
            size: Entries of this copy.
        """
        try:
            self._take(parse_note(get("final")), policies, root_at, size)
        except (InvalidInputError, ProofError):
            return  # none is there, or it is none: nothing is known of one then

    def hear(
        self, raw: bytes, policies: Policies, root_at: Callable[[int], bytes], size: int
    ) -> None:
        """Add a cosigned head, one's own or another witness's; the quorum's makes a certificate."""
        try:
            note = parse_note(raw)
            known = self._lines.get(note.text, Note(note.text, ()))
            lines = dict.fromkeys((*known.signatures, *note.signatures))
            joined = Note(note.text, tuple(lines)[:64])
            if certify(joined, policies).signed:
                self._lines = {text: one for text, one in self._lines.items() if size <= _size(one)}
                self._lines[note.text] = joined
            self._take(joined, policies, root_at, size)
        except (InvalidInputError, ProofError):
            return

    def _take(
        self, note: Note, policies: Policies, root_at: Callable[[int], bytes], size: int
    ) -> None:
        found = certify(note, policies)
        shown = found.checkpoint
        if found.final and self.size < shown.size <= size and root_at(shown.size) == shown.root:
            self._shelf.put(CERTIFICATE, note.encode())


def _size(note: Note) -> int:
    return parse_checkpoint(note.text).size
