"""Giving and taking snapshots: what the four requests of the snapshot connection come to.

Two formats. `snapshot.FORMAT` is the log alone, which the joining node executes. `PICTURE` is a picture of all objects
and the log, which it hashes and does not execute: the light client vouches for the log's root, a state entry in the log
for the objects (`adoption`). One is taken in the block that holds a state entry, at the same height on every node.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from hashlib import sha256

from shanhai.acts.state import RecordState
from shanhai.kernel.errors import ProofError, ShanhaiError, StorageError
from shanhai.kernel.suite import INTL, SM, Suite
from shanhai.node import snapshot
from shanhai.node.abci_messages import (
    Applied,
    ApplySnapshotChunk,
    ApplySnapshotChunkAnswer,
    ListSnapshots,
    ListSnapshotsAnswer,
    LoadSnapshotChunk,
    LoadSnapshotChunkAnswer,
    Offered,
    OfferSnapshot,
    OfferSnapshotAnswer,
    Snapshot,
)
from shanhai.node.adoption import Adoption
from shanhai.node.chain import Chain, Point
from shanhai.node.founding import UNKNOWN_RULES
from shanhai.node.pictures import MANIFEST, Album, Manifest, parse_manifest
from shanhai.node.records import Record
from shanhai.node.replay import Replay
from shanhai.node.sql import SqlStorage

PICTURE = 2
SETTLED = 3
"""Blocks after a picture's before it is offered: the light client asks for the next two, and else refuses it for good."""
_LENGTH = 4


def metadata(outline: snapshot.Outline, manifest: bytes) -> bytes:
    """Return what describes a picture and its log: the outline behind its length, then the manifest."""
    raw = outline.raw()
    return len(raw).to_bytes(_LENGTH, "big") + raw + manifest


def parse_metadata(raw: bytes) -> tuple[snapshot.Outline, Manifest]:
    """Read it.

    Raises:
        ProofError: `snapshot.differs` or `snapshot.broken`, if one does not fit the other either.
    """
    end = _LENGTH + int.from_bytes(raw[:_LENGTH], "big")
    outline, manifest = snapshot.parse_outline(raw[_LENGTH:end]), parse_manifest(raw[end:])
    if manifest.size != outline.size:
        raise ProofError("snapshot.broken", part=MANIFEST)
    return outline, manifest


class Restore:
    """One node's side of it."""

    def __init__(self, storage: SqlStorage, chain: Chain) -> None:
        self.storage, self.chain = storage, chain
        self.album: Album | None = None
        """Where pictures lie; without one only the log is offered."""
        self.told: Callable[[ShanhaiError], None] = lambda _: None
        """Hears why an offered snapshot was refused."""
        self.point: Point | None = None
        self._suite: Suite = INTL
        self._outline = snapshot.Outline(0, 0, (), ())
        self._height, self._hash = 0, b""
        self._replay = Replay(storage)
        self._adoption: Adoption | None = None
        self._held = ExitStack()

    # --- giving

    def due(self, records: Iterable[Record]) -> bool:
        """Return whether a picture is due after a block with these entries: it holds a state entry."""
        return self.album is not None and any(one.act == RecordState.row.name for one in records)

    def take(self, *, pictured: bool) -> None:
        """Take the picture that is due after the block just written."""
        if pictured and self.album is not None:
            self.album.renew(self.storage)

    def _pictures(self) -> list[Point]:
        newest = self.chain.newest()
        if self.album is None or newest is None:
            return []
        sizes, latest = self.album.sizes(), newest.height - SETTLED
        return [one for one in self.chain.pictured() if one.size in sizes and one.height <= latest]

    def heights(self) -> list[int]:
        """Return the heights of the pictures that this node offers, newest first."""
        return [point.height for point in self._pictures()]

    def list_snapshots(self, _: ListSnapshots) -> ListSnapshotsAnswer:
        """Offer the newest pictures, or the log where there is none."""
        found = [self._offer(point) for point in self._pictures()]
        logs = self.chain.kept() if not found else []
        return ListSnapshotsAnswer(
            [*found, *(snapshot.offer(self.storage, point) for point in logs)]
        )

    def _offer(self, point: Point) -> Snapshot:
        outline = snapshot.outline(self.storage, point)
        manifest = self._part(point, MANIFEST)
        count = len(parse_manifest(manifest).chunks) + -(-point.size // snapshot.CHUNK)
        raw = metadata(outline, manifest)
        return Snapshot(point.height, PICTURE, count, sha256(raw).digest(), raw)

    def _part(self, point: Point, name: str) -> bytes:
        return (self.album.part(point.size, name) if self.album is not None else None) or b""

    def load_chunk(self, asked: LoadSnapshotChunk) -> LoadSnapshotChunkAnswer:
        """Give one chunk of an offered snapshot, nothing if it is none."""
        return LoadSnapshotChunkAnswer(self._load(asked))

    def _load(self, asked: LoadSnapshotChunk) -> bytes:
        points = self._pictures() if asked.format == PICTURE else self.chain.kept()
        for point in points:
            if point.height != asked.height:
                continue
            if asked.format == snapshot.FORMAT:
                return snapshot.chunk(self.storage, point, asked.chunk)
            objects = len(parse_manifest(self._part(point, MANIFEST)).chunks)
            if asked.chunk < objects:
                return self._part(point, str(asked.chunk + 1))
            return snapshot.chunk(self.storage, point, asked.chunk - objects)
        return b""

    # --- taking

    def offer_snapshot(self, request: OfferSnapshot) -> OfferSnapshotAnswer:
        """Take a snapshot if it leads to the hash that the light client verified.

        Raises:
            StorageError: `snapshot.partial`, if the database holds something already.
        """
        return OfferSnapshotAnswer(self._offered(request))

    def _offered(self, request: OfferSnapshot) -> Offered:
        self._let_go()
        if self.storage.head() is not None:
            raise StorageError("snapshot.partial")
        raw, manifest = request.snapshot.metadata, None
        if request.snapshot.format not in (snapshot.FORMAT, PICTURE):
            return Offered.REJECT_FORMAT
        try:
            if request.snapshot.format == PICTURE:
                found, manifest = parse_metadata(raw)
            else:
                found = snapshot.parse_outline(raw)
            self._suite, self._outline = _suite_of(found, request.app_hash), found
        except ProofError as error:
            self.told(error)
            return Offered.REJECT
        self._height, self._hash = request.snapshot.height, request.app_hash
        self._replay = Replay(self.storage)
        if manifest is not None:
            self._held.enter_context(self.storage.transaction())
            self._adoption = Adoption(self.storage, manifest)
        return Offered.ACCEPT

    def apply(self, request: ApplySnapshotChunk) -> ApplySnapshotChunkAnswer:
        """Check a chunk against the outline, take it up, and after the last one write where the ledger stands."""
        adoption = self._adoption
        objects = len(adoption.manifest.chunks) if adoption is not None else 0
        again = ApplySnapshotChunkAnswer(Applied.RETRY, [request.index], [request.sender])
        if adoption is not None and request.index < objects:
            if sha256(request.chunk).hexdigest() != adoption.manifest.chunks[request.index]:
                return again
            return self._adopt(lambda: adoption.lay(request.index + 1, request.chunk))
        index = request.index - objects
        try:
            entries = list(snapshot.entries_of(request.chunk))
            snapshot.check_chunk(self._suite, self._outline, index, entries)
        except ProofError:
            return again
        if adoption is not None:
            return self._adopt(lambda: self._enter(adoption, entries))
        return self._execute(entries)

    def _execute(self, entries: list[bytes]) -> ApplySnapshotChunkAnswer:
        """Judge every act of the log itself."""
        try:
            for one in entries:
                self._replay.step(one)
        except ShanhaiError as error:
            self.told(error)
            return ApplySnapshotChunkAnswer(Applied.ABORT)
        if self._replay.size == self._outline.size:
            with self.storage.transaction():
                self._replay.flush()
                self._end(self._replay.time_ms)
        return ApplySnapshotChunkAnswer(Applied.ACCEPT)

    def _adopt(self, step: Callable[[], None]) -> ApplySnapshotChunkAnswer:
        """Take a step; what does not hold is undone, and another snapshot is asked for."""
        try:
            step()
        except ShanhaiError as error:
            self._let_go()
            if error.code == UNKNOWN_RULES:  # no snapshot can mend that
                raise
            self.told(error)
            return ApplySnapshotChunkAnswer(Applied.REJECT_SNAPSHOT)
        return ApplySnapshotChunkAnswer(Applied.ACCEPT)

    def _enter(self, adoption: Adoption, entries: list[bytes]) -> None:
        adoption.enter(entries)
        if adoption.tree.size < self._outline.size:
            return
        adoption.finish()
        head = self.storage.head()
        if head is None or head.rules != self._outline.rules:
            raise ProofError("snapshot.differs")
        self._end(head.time_ms)
        self._held.close()
        self._adoption = None
        self.storage.forget()

    def _end(self, time_ms: int) -> None:
        """Write where the ledger stands, in the transaction that is held."""
        outline = self._outline
        point = Point(self._height, time_ms, outline.size, outline.rules, self._hash)
        self.chain.put(point, None)
        self.storage.forget()
        self.point = point

    def _let_go(self) -> None:
        """Undo what was laid down of a snapshot that is not finished."""
        held, self._held, self._adoption = self._held, ExitStack(), None
        held.__exit__(_Undone, _Undone(), None)


def _suite_of(outline: snapshot.Outline, app_hash: bytes) -> Suite:
    """Return the suite under which an outline leads to a hash.

    Raises:
        ProofError: `snapshot.differs`, under none.
    """
    for one in (INTL, SM):
        if outline.app_hash(one) == app_hash:
            return one
    raise ProofError("snapshot.differs")


class _Undone(Exception):  # noqa: N818 - no error: it ends a transaction without a trace
    """A snapshot is given up."""
