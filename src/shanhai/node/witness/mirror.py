"""A mirror: it follows a sequencer's log, re-executes every act, and cosigns what holds.

Pure but for what it is given: the storage, a shelf for small files, another outside the data folder, a key,
the time, and how to read the sequencer. Two conflicting checkpoints are never cosigned: a checkpoint is
cosigned only if it continues the entries this mirror has stored, and what it once cosigned is remembered
outside. Source: design §3 (witnessed), ledger reference §§1, 7.
"""

from typing import NamedTuple

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite, suite_named
from shanhai.ledger.body import ledger_id
from shanhai.ledger.certificate import Certificate, certify
from shanhai.ledger.checkpoint import (
    Checkpoint,
    Note,
    NoteSignature,
    VKey,
    known_signatures,
    parse_checkpoint,
    parse_note,
    verify_note,
)
from shanhai.ledger.entry import unpack
from shanhai.ledger.merkle import (
    Tree,
    consistency_path,
    leaf_hash,
    root_at,
    verify_consistency,
)
from shanhai.ledger.policy import Policy
from shanhai.ledger.signing import Signer
from shanhai.ledger.witness import cosign, make_witness_vkey
from shanhai.node.admission import Signatures
from shanhai.node.founding import constants_of
from shanhai.node.loop import Node, frontier
from shanhai.node.records import Head, Storage
from shanhai.node.replay import BadEntryError
from shanhai.node.seal import reread
from shanhai.node.witness import words  # noqa: F401 - the sentences
from shanhai.node.witness.certified import Certified
from shanhai.node.witness.evidence import Evidence
from shanhai.node.witness.follow import Proven, take_up
from shanhai.node.witness.gossip import Gossip
from shanhai.node.witness.objections import Objections
from shanhai.node.witness.receipts import Receipts
from shanhai.node.witness.remote import Get, Remote
from shanhai.node.witness.shelf import Shelf
from shanhai.node.witness.trust import Trust

CHUNK = 2_048
"""Entries re-executed and written at once."""
FUTURE_MS = 5 * 60_000
"""How far ahead of this machine's clock an entry of a real clock may be."""
HELD, COSIGNED = "held", "cosigned"


class Identity(NamedTuple):
    """Who cosigns: the key's name and the key, which signs nothing else but receipts."""

    name: str
    signer: Signer

    @property
    def vkey(self) -> VKey:
        """Return the verifier key."""
        return make_witness_vkey(self.name, self.signer)


class Shelves(NamedTuple):
    """Where small files lie: in the data folder, and outside it what must survive the loss of the folder."""

    inside: Shelf
    outside: Shelf


class Before(NamedTuple):
    """What was cosigned last, and when (epoch ms)."""

    note: Note
    checkpoint: Checkpoint
    time_ms: int


class Synced(NamedTuple):
    """What a round took up: entries now, and how many of them are new."""

    size: int
    new: int


class Mirror:
    """One organisation's witness of one log."""

    def __init__(
        self, storage: Storage, policy: Policy, me: Identity, shelves: Shelves, chunk: int = CHUNK
    ) -> None:
        self.storage, self.me, self.shelves = storage, me, shelves
        self.trust = Trust(policy, storage, shelves.outside)
        self.certified = Certified(shelves.inside)
        self.evidence, self.chunk = Evidence(shelves.inside), chunk
        self.receipts = Receipts(me, shelves.inside)
        self.objections = Objections(me, shelves.inside)
        self._signatures: Signatures | None = None
        self._tree: Tree | None = None
        self.gossip = Gossip(self)
        self.delivered = b""
        """The note that the sequencer took last."""

    # --- where it stands

    @property
    def policy(self) -> Policy:
        """Return the policy of checkpoints to come: the log's, or the given one where the log has none."""
        return self.trust.policies.newest

    def head(self) -> Head | None:
        """Return where this copy stands, None before anything was taken up."""
        return self.storage.head()

    def node(self) -> Node:
        """Return this copy as a node, for serving and dry runs.

        Raises:
            InvalidInputError: `genesis.missing`, before anything was taken up.
        """
        head = self.head()
        if head is None:
            raise InvalidInputError("genesis.missing")
        return Node(self.storage, constants_of(self.storage, head.ledger))

    def newest(self) -> bytes:
        """Return the newest checkpoint this mirror cosigned, with its line; b"" for none."""
        return self.shelves.inside.get(COSIGNED) or b""

    def held(self) -> Checkpoint | None:
        """Return the newest checkpoint of the log that was found to hold, None for none."""
        found = self._held()
        return found[1] if found is not None else None

    def shown(self) -> bytes:
        """Return the head that others compare with theirs: cosigned or not, the newest it was shown; b"" for none."""
        held, cosigned = self._held(), self.newest()
        if held is None or (cosigned and parse_note(cosigned).text == held[0].text):
            return cosigned
        return held[0].encode()

    def root_at(self, size: int) -> bytes:
        """Return this copy's root at a size up to its own."""
        return self._root_at(self.suite(self.head()), size)

    def _root_at(self, suite: Suite, size: int) -> bytes:
        return root_at(suite, size, self.storage.node)

    def suite(self, head: Head | None) -> Suite:
        """Return the ledger's hash; before genesis is known, what the log's key implies."""
        if head is not None:
            return suite_named(head.suite)
        return suite_named("sm" if self.trust.root.log.kind.alg == "sm2-sm3" else "intl")

    # --- one round

    def sync(self, get: Get, now_ms: int) -> Synced:
        """Take up what the sequencer shows, if it holds.

        Args:
            get: Reads the sequencer's files.
            now_ms: This machine's time, epoch ms.

        Raises:
            ProofError: `witness.…`, `note.…`, `checkpoint.…`: what does not hold; nothing of it was written.
            InvalidInputError: `remote.…`, `follow.future`.
        """
        self.evidence.check()
        note = parse_note(get("checkpoint"))
        shown = self.trust.read(note)
        head = self.head()
        size = head.size if head is not None else 0
        remote = Remote(get, self.suite(head), shown.size)
        self._compare(note, shown, head, remote)
        done = size
        while done < shown.size:
            done = self._take_chunk(remote, shown, done, note, now_ms)
        self.trust.settle(note, shown)
        self.shelves.inside.put(HELD, note.encode())
        self.certified.fetch(get, self.trust.policies, self.root_at, done)
        self.gossip.compare(now_ms)
        return Synced(done, done - size)

    def _held(self) -> tuple[Note, Checkpoint] | None:
        """Return the newest checkpoint of the log that was found to hold."""
        raw = self.shelves.inside.get(HELD)
        if raw is None:
            return None
        note = parse_note(raw)
        return note, parse_checkpoint(note.text)

    def _compare(self, note: Note, shown: Checkpoint, head: Head | None, remote: Remote) -> None:
        """Refuse a checkpoint that does not continue this copy."""
        if head is None:
            return
        suite, held = self.suite(head), self._held()
        if shown.size <= head.size:
            if self._root_at(suite, shown.size) != shown.root:
                raise self.split(note, shown, "sequencer")
            if held is not None and shown.size < held[1].size:
                raise ProofError("witness.rollback", size=shown.size, held=held[1].size)
            return
        if not self.continues(head, shown, remote):
            raise self.split(note, shown, "sequencer")

    def continues(self, head: Head, shown: Checkpoint, remote: Remote) -> bool:
        """Return whether a larger checkpoint continues this copy; False is proven by tiles that lead to its root.

        Raises:
            ProofError: `witness.tiles`, if the tiles prove neither.
        """
        suite = remote.suite
        path = consistency_path(suite, head.size, shown.size, remote.node)
        try:
            verify_consistency(suite, head.size, shown.size, path, head.root, shown.root)
        except ProofError as error:
            theirs = root_at(suite, head.size, remote.node)
            if root_at(suite, shown.size, remote.node) == shown.root and theirs != head.root:
                return False
            raise ProofError("witness.tiles") from error
        return True

    def split(self, note: Note, shown: Checkpoint, whose: str) -> ProofError:
        """Keep both signed heads and return the alarm."""
        held = self._held()
        ours = held[0].encode() if held is not None else b""
        kept = self.evidence.keep(shown, ours, note.encode())
        return ProofError("witness.split", size=shown.size, whose=whose, kept=kept)

    def _take_chunk(
        self, remote: Remote, shown: Checkpoint, start: int, note: Note, now_ms: int
    ) -> int:
        stop = min(shown.size, start + self.chunk)
        packed = list(remote.entries(start, stop))
        suite = remote.suite

        def proven(size: int, root: bytes) -> None:
            path = consistency_path(suite, size, shown.size, remote.node)
            verify_consistency(suite, size, shown.size, path, root, shown.root)

        self._compare_leaves(remote, packed, start, proven)
        try:
            head = take_up(self.storage, packed, proven, self._signatures, now_ms + FUTURE_MS)
        except BadEntryError as error:
            raise self._broken(error, note, packed[error.index - start]) from error
        if head is not None and self._signatures is None:
            known = constants_of(self.storage, head.ledger)
            self._signatures = Signatures(known)
        return stop

    def _compare_leaves(
        self, remote: Remote, packed: list[bytes], start: int, proven: Proven
    ) -> None:
        """Refuse entries that are not those of the signed tree, before any of them is executed."""
        suite, head = remote.suite, self.head()
        if head is None:
            tree = Tree(suite)
            self._check_ledger(suite, packed[0])
        else:
            tree = frontier(constants_of(self.storage, head.ledger), head.size, self.storage)
        leaves = [leaf_hash(suite, raw) for raw in packed]
        tree.extend(leaves)
        try:
            proven(tree.size, tree.root())
        except ProofError as error:
            for index, leaf in enumerate(leaves, start):
                if remote.node(0, index) != leaf:
                    raise ProofError("witness.altered", index=index) from error
            raise ProofError("witness.tiles") from error

    def _check_ledger(self, suite: Suite, genesis: bytes) -> None:
        found = ledger_id(suite, unpack(genesis).body)
        wanted = self.trust.root.ledger
        if wanted and found != wanted:
            raise ProofError("witness.ledger", found=found, wanted=wanted)

    def _broken(self, error: BadEntryError, note: Note, packed: bytes) -> ProofError:
        """Keep the entry that the log signed and the rules refuse."""
        kept = self.evidence.keep_broken(error.index, note.encode(), packed)
        facts = {"reason": error.say("zh"), "reason_en": error.say("en")}
        return ProofError("witness.rule", index=error.index, kept=kept, **facts)

    # --- gossip

    def hear(self, raw: bytes, whose: str, now_ms: int, get: Get | None = None) -> None:
        """Compare a head that another witness was shown; see `Gossip.hear`.

        Raises:
            ProofError: `witness.split`; both signed heads are kept.
        """
        self.gossip.hear(raw, whose, now_ms, get)

    # --- cosigning

    def cosign(self, now_ms: int) -> bytes:
        """Cosign the newest checkpoint that was found to hold.

        Args:
            now_ms: This machine's time, epoch ms.

        Returns:
            The note with this witness's line; the same bytes again while nothing is new.

        Raises:
            ProofError: `witness.…`: why not; `seal.differs` if this copy was damaged.
        """
        self.evidence.check()
        held, head = self._held(), self.head()
        if held is None or head is None:
            raise ProofError("witness.empty")
        note, checkpoint = held
        self.trust.read(note)
        rules = self.trust.check().at(checkpoint.size)
        if not rules.domain_of(self.me.vkey):
            raise ProofError("witness.stranger", vkey=self.me.vkey.line)
        before = self._before(now_ms, head, rules.log)
        self.receipts.check(self.node(), now_ms)
        self.objections.check(self.node(), now_ms)
        if before is not None and before.size > checkpoint.size:
            raise ProofError("witness.rollback", size=checkpoint.size, held=before.size)
        if before is not None and before.size == checkpoint.size and self.newest():
            return self.newest()
        self._tree = reread(constants_of(self.storage, head.ledger), self.storage, head, self._tree)
        line = cosign(note.text, self.me.name, self.me.signer, now_ms // 1000)
        made = Note(note.text, (*_log_lines(note, rules.log), line)).encode()
        self.shelves.outside.put(self._anchor(rules.log), f"{now_ms}\n".encode() + made)
        self.shelves.inside.put(COSIGNED, made)
        self.certified.hear(made, self.trust.policies, self.root_at, head.size)
        return made

    def _anchor(self, log: VKey) -> str:
        return f"{self.me.vkey.key_id.hex()}-{log.key_id.hex()}-{COSIGNED}"

    def _before(self, now_ms: int, head: Head, log: VKey) -> Checkpoint | None:
        """Return what this key cosigned last, by the memory that survives the data folder; compare with it.

        A successor begins a memory of its own: what this key cosigned of a closed epoch after its certificate may
        have been a fork, and the quorum decided.
        """
        found = self.cosigned_before(log)
        if found is None:
            return None
        note, before, last_ms = found
        if before.size > head.size:
            raise ProofError("witness.behind", anchored=before.size, size=head.size)
        if self._root_at(self.suite(head), before.size) != before.root:
            raise self.split(note, before, self.me.name)
        if now_ms < last_ms:
            raise ProofError("witness.clock", now=now_ms, last=last_ms)
        return before

    def cosigned_before(self, log: VKey) -> Before | None:
        """Return what this key cosigned last of a log, by the memory that survives the data folder; None for nothing."""
        raw = self.shelves.outside.get(self._anchor(log))
        if raw is None:
            return None
        time_text, _, rest = raw.partition(b"\n")
        note = parse_note(rest)
        return Before(note, parse_checkpoint(note.text), int(time_text))

    def certificate(self, raw: bytes) -> Certificate:
        """Return what the cosignatures under a note show; the log's own is checked.

        Raises:
            ProofError: `note.…` or `checkpoint.…`.
        """
        note, known = parse_note(raw), self.trust.policies
        verify_note(note, known.logs)
        return certify(note, known)


def _log_lines(note: Note, log: VKey) -> list[NoteSignature]:
    """Return the log's own lines: a witness hands on nobody else's."""
    return [line for _, line in known_signatures(note, [log])]
