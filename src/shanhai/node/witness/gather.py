"""The sequencer's side: one checkpoint at a time is offered for cosigning, and its cosignatures are gathered.

Mirrors ask at different moments; were each shown the newest head, no two would sign the same one under load.
So an offered checkpoint stands until it is final, or a second has passed and the log has grown.
"""

from collections.abc import Callable

from shanhai.kernel.errors import ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.certificate import Certificate, certify
from shanhai.ledger.checkpoint import (
    Checkpoint,
    Note,
    NoteSignature,
    known_signatures,
    parse_checkpoint,
    parse_note,
    verify_note,
)
from shanhai.ledger.policy import Policies, Policy, single
from shanhai.node.witness.shelf import Shelf

OFFER_MS = 1_000
"""How long an offered checkpoint stands without becoming final."""
OFFERED, FINAL, GATHERED = "offered", "final", "gathered"
TEXTS |= {
    "gather.other": Text(
        "联署的是另一份检查点：第 {size} 条处的根与本账不同。请保留这份文件并立即报告审计机关",
        "This cosigns another checkpoint: at {size} entries its root is not this ledger's. Keep the file and tell the audit "
        "office at once",
    ),
    "gather.nobody": Text(
        "其中没有见证规则所列单位的有效联署；请核对规则文件中的公钥",
        "It holds no valid cosignature of a witness in the policy; compare the keys in the policy file",
    ),
}


class Gathering:
    """Cosignatures of one log, kept on a shelf that every process of the sequencer shares."""

    def __init__(self, policy: Policy | Policies, shelf: Shelf) -> None:
        """Gather.

        Args:
            policy: Whose cosignatures count: one policy, or the log's own by size.
            shelf: Where they are kept.
        """
        self.policies = policy if isinstance(policy, Policies) else single(policy)
        self._shelf = shelf

    @property
    def policy(self) -> Policy:
        """Return the policy of checkpoints to come."""
        return self.policies.newest

    def offered(self, size: int, sign: Callable[[], bytes], now_ms: int) -> bytes:
        """Return the checkpoint that witnesses are to cosign now, with the lines gathered so far.

        Args:
            size: Entries in the log.
            sign: Returns the signed checkpoint over the newest head.
            now_ms: This machine's time, epoch ms.
        """
        with self._shelf.locked():
            since_ms, raw = self._offer()
            if raw is None or self._outdated(raw, since_ms, size, now_ms):
                raw = sign()
                self._shelf.put(OFFERED, f"{now_ms}\n".encode() + raw)
        return self.gathered(raw)

    def _offer(self) -> tuple[int, bytes | None]:
        raw = self._shelf.get(OFFERED)
        if raw is None:
            return 0, None
        since, _, note = raw.partition(b"\n")
        return int(since), note

    def _outdated(self, raw: bytes, since_ms: int, size: int, now_ms: int) -> bool:
        offered = parse_checkpoint(parse_note(raw).text)
        if offered.size == size:
            return False
        final = self._final_size() >= offered.size
        return final or not 0 <= now_ms - since_ms < OFFER_MS

    def gathered(self, raw: bytes) -> bytes:
        """Return a signed checkpoint with the lines gathered for it."""
        note = parse_note(raw)
        return self._joined(note, self._lines(note)).encode()

    def take(self, raw: bytes, root_at: Callable[[int], bytes], size: int) -> Certificate:
        """Take a note with cosignatures, as a witness delivers it.

        Args:
            raw: The checkpoint's note with the witness's line.
            root_at: The log's root at a size up to its own.
            size: Entries in the log.

        Returns:
            What the cosignatures gathered so far show.

        Raises:
            ProofError: `note.…`, `checkpoint.…`, `gather.other` or `gather.nobody`.
        """
        note = parse_note(raw)
        shown = parse_checkpoint(note.text)
        rules = self.policies.at(shown.size)
        verify_note(note, rules.logs)
        if shown.size > size or root_at(shown.size) != shown.root:
            raise ProofError("gather.other", size=shown.size)
        good = self._good(shown, note)
        if not good:
            raise ProofError("gather.nobody")
        with self._shelf.locked():
            whole = self._joined(
                note._replace(signatures=_log_lines(note, rules)), (*self._lines(note), *good)
            )
            self._shelf.put(self._name(shown.size), whole.encode())
            found = certify(whole, rules)
            if found.final and shown.size >= self._final_size():
                self._shelf.put(FINAL, whole.encode())
                self._forget(shown.size)
        return found

    def final(self) -> bytes | None:
        """Return the newest checkpoint that is final, with its cosignatures; None for none yet."""
        return self._shelf.get(FINAL)

    def _final_size(self) -> int:
        raw = self._shelf.get(FINAL)
        return parse_checkpoint(parse_note(raw).text).size if raw is not None else 0

    def _good(self, shown: Checkpoint, note: Note) -> tuple[NoteSignature, ...]:
        """Return the lines of the policy's witnesses that hold."""
        rules = self.policies.at(shown.size)
        found = known_signatures(note, [one.vkey for one in rules.witnesses])
        return tuple(line for _, line in found if certify(Note(shown.text, (line,)), rules).signed)

    def _lines(self, note: Note) -> tuple[NoteSignature, ...]:
        size = parse_checkpoint(note.text).size
        raw = self._shelf.get(self._name(size))
        if raw is None:
            return ()
        kept, rules = parse_note(raw), self.policies.at(size)
        keys = [*rules.logs, *(one.vkey for one in rules.witnesses)]
        same = kept.text == note.text
        return tuple(line for _, line in known_signatures(kept, keys)) if same else ()

    @staticmethod
    def _joined(note: Note, more: tuple[NoteSignature, ...]) -> Note:
        """Add lines, of each witness the first that is known: a flood of later ones adds nothing."""
        lines = list(note.signatures)
        for line in more:
            if all((line.name, line.key_id) != (one.name, one.key_id) for one in lines):
                lines.append(line)
        return note._replace(signatures=tuple(lines))

    @staticmethod
    def _name(size: int) -> str:
        return f"{GATHERED}/{size:015d}"

    def _forget(self, size: int) -> None:
        """Drop what was gathered for older checkpoints: this one covers them."""
        for name in self._shelf.names(GATHERED):
            if name < self._name(size):
                self._shelf.drop(name)


def _log_lines(note: Note, policy: Policy) -> tuple[NoteSignature, ...]:
    return tuple(line for _, line in known_signatures(note, policy.logs))
