"""Gossip: the heads that other witnesses were shown, compared with one's own copy."""

from typing import TYPE_CHECKING

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.checkpoint import Checkpoint, Note, parse_checkpoint, parse_note
from shanhai.node.witness.remote import Get, Remote

if TYPE_CHECKING:
    from shanhai.node.witness.mirror import Mirror

STALE_MS = 60_000
"""How long the sequencer may give less than another witness has seen."""


class Gossip:
    """What one mirror heard."""

    def __init__(self, mirror: "Mirror") -> None:
        self._mirror = mirror
        self._ahead: dict[str, tuple[Note, int]] = {}  # what others saw and we have not, since when
        self._heard: dict[str, bytes] = {}  # what was compared already

    def hear(self, raw: bytes, whose: str, now_ms: int, get: Get | None = None) -> None:
        """Compare a head that another witness was shown.

        Args:
            raw: A note signed by the log; anything else accuses nobody and is ignored.
            whose: The other's name, for the alarm.
            now_ms: This machine's time, epoch ms.
            get: Reads the other's copy, so that a head ahead of this one is compared at once.

        Raises:
            ProofError: `witness.split`; both signed heads are kept.
        """
        if self._heard.get(whose) == raw:
            return
        mirror = self._mirror
        try:
            note = parse_note(raw)
            shown = mirror.trust.read(note)
        except ProofError:
            return
        self._hear(note, shown, whose, now_ms)
        head = mirror.head()
        if head is None:
            return
        mirror.certified.hear(raw, mirror.trust.policies, mirror.root_at, head.size)
        if get is None or shown.size <= head.size:
            return
        try:
            continues = mirror.continues(head, shown, Remote(get, mirror.suite(head), shown.size))
        except (InvalidInputError, ProofError):
            return  # the other's copy proves nothing
        if not continues:
            raise mirror.split(note, shown, whose)

    def _hear(self, note: Note, shown: Checkpoint, whose: str, since_ms: int) -> None:
        head = self._mirror.head()
        if head is None or shown.size > head.size:
            known = self._ahead.get(whose)
            self._ahead[whose] = (note, known[1] if known else since_ms)
            return
        self._ahead.pop(whose, None)
        if self._mirror.root_at(shown.size) != shown.root:
            raise self._mirror.split(note, shown, whose)
        self._heard[whose] = note.encode()

    def compare(self, now_ms: int) -> None:
        """Compare what others saw before us, now that we may have it.

        Raises:
            ProofError: `witness.split`, `witness.stale`.
        """
        for whose, (note, since_ms) in list(self._ahead.items()):
            self._hear(note, parse_checkpoint(note.text), whose, since_ms)
        head = self._mirror.head()
        for whose, (note, since_ms) in self._ahead.items():
            seen = parse_checkpoint(note.text).size
            if head is not None and now_ms - since_ms > STALE_MS:
                raise ProofError("witness.stale", whose=whose, seen=seen, size=head.size)
