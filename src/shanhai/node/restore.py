"""Giving and taking snapshots: what the four requests of the snapshot connection come to."""

from shanhai.kernel.errors import ProofError, ShanhaiError, StorageError
from shanhai.kernel.suite import INTL, SM, Suite
from shanhai.node import snapshot
from shanhai.node.abci_messages import (
    Applied,
    ApplySnapshotChunk,
    ApplySnapshotChunkAnswer,
    LoadSnapshotChunk,
    Offered,
    OfferSnapshot,
    Snapshot,
)
from shanhai.node.chain import Chain, Point
from shanhai.node.replay import Replay
from shanhai.node.sql import SqlStorage


class Restore:
    """One node's side of it."""

    def __init__(self, storage: SqlStorage, chain: Chain) -> None:
        self.storage, self.chain = storage, chain
        self.point: Point | None = None
        self._suite: Suite = INTL
        self._outline = snapshot.Outline(0, 0, (), ())
        self._height, self._hash = 0, b""
        self._replay = Replay(storage)

    def list(self) -> list[Snapshot]:
        """Return the snapshots that this node offers, newest first."""
        return [snapshot.offer(self.storage, point) for point in self.chain.kept()]

    def load(self, asked: LoadSnapshotChunk) -> bytes:
        """Return a chunk's bytes, none where there is no such snapshot or chunk."""
        for point in self.chain.kept():
            if point.height == asked.height and asked.format == snapshot.FORMAT:
                return snapshot.chunk(self.storage, point, asked.chunk)
        return b""

    def offered(self, request: OfferSnapshot) -> Offered:
        """Say whether a snapshot leads to the hash that the light client verified.

        Raises:
            StorageError: `snapshot.partial`, if the database holds something already.
        """
        if self.storage.head() is not None:
            raise StorageError("snapshot.partial")
        if request.snapshot.format != snapshot.FORMAT:
            return Offered.REJECT_FORMAT
        try:
            found = snapshot.parse_outline(request.snapshot.metadata)
        except ProofError:
            return Offered.REJECT
        fitting = [one for one in (INTL, SM) if found.app_hash(one) == request.app_hash]
        if not fitting:
            return Offered.REJECT
        self._suite, self._outline = fitting[0], found
        self._height, self._hash = request.snapshot.height, request.app_hash
        return Offered.ACCEPT

    def apply(self, request: ApplySnapshotChunk) -> ApplySnapshotChunkAnswer:
        """Check a chunk against the outline, judge its acts, and after the last one write where the ledger stands."""
        try:
            entries = list(snapshot.entries_of(request.chunk))
            snapshot.check_chunk(self._suite, self._outline, request.index, entries)
        except ProofError:
            again, shunned = [request.index], [request.sender]
            return ApplySnapshotChunkAnswer(Applied.RETRY, again, shunned)
        try:
            for one in entries:
                self._replay.step(one)
        except ShanhaiError:
            return ApplySnapshotChunkAnswer(Applied.ABORT)
        if self._replay.size == self._outline.size:
            self._end()
        return ApplySnapshotChunkAnswer(Applied.ACCEPT)

    def _end(self) -> None:
        replay, described = self._replay, self._outline
        with self.storage.transaction():
            replay.flush()
            point = Point(self._height, replay.time_ms, described.size, described.rules, self._hash)
            self.chain.put(point, None)
        self.storage.forget()
        self.point = point
