"""Snapshots: the log itself in chunks, each checked against the network's hash before it is read.

A snapshot copies nothing: the log only grows, so a block's entries are its first `size` ones for ever. The metadata
holds the roots of the complete subtrees of `CHUNK` leaves and the peaks of the rest; together they are the tree, so
whoever is offered a snapshot knows, before the first chunk, that it leads to the hash that the light client verified,
and of each chunk whether it belongs. The joining node then judges every act itself, as `verify` does.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from shanhai.kernel.errors import ProofError, ShanhaiError
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.merkle import HASH_BYTES, Tree, leaf_hash
from shanhai.node.abci_messages import Snapshot
from shanhai.node.chain import Point, app_hash
from shanhai.node.sql import SqlStorage

FORMAT = 1
LEVEL = 7
CHUNK = 1 << LEVEL
"""Entries in a chunk: at most 8 MiB, half of what a consensus node lets pass."""
_HEAD = 12
_LENGTH = 4
TEXTS |= {
    "snapshot.differs": Text(
        "快照与网络确认的状态不符，已拒绝；将改用其他节点的快照",
        "The snapshot does not lead to the state that the network confirmed; refused, another node's is taken",
    ),
    "snapshot.partial": Text(
        "上一次加入在中途停止，数据库只有一部分；请清空该节点的数据库后重新运行 shanhai node join",
        "An earlier join stopped midway and left a part of the log; empty this node's database and run shanhai node "
        "join again",
    ),
}


class Outline(NamedTuple):
    """What a snapshot's metadata says: entries, rules version, chunk roots, peaks of the last, incomplete chunk."""

    size: int
    rules: int
    chunks: tuple[bytes, ...]
    rest: tuple[bytes, ...]

    def raw(self) -> bytes:
        """Return the metadata's bytes."""
        head = self.size.to_bytes(8, "big") + self.rules.to_bytes(4, "big")
        return head + b"".join(self.chunks + self.rest)

    def app_hash(self, suite: Suite) -> bytes:
        """Return the hash of the state that the snapshot leads to."""
        tree = Tree(suite)
        tree.extend(self.chunks)
        whole = Tree.from_peaks(suite, self.size, [*tree.peaks, *self.rest])
        return app_hash(suite, whole.root(), self.rules)


def parse_outline(raw: bytes) -> Outline:
    """Read a snapshot's metadata.

    Raises:
        ProofError: `snapshot.differs`, if it is malformed.
    """
    size, rules = int.from_bytes(raw[:8], "big"), int.from_bytes(raw[8:_HEAD], "big")
    hashes = [raw[at : at + HASH_BYTES] for at in range(_HEAD, len(raw), HASH_BYTES)]
    whole = size >> LEVEL
    fits = len(hashes) == whole + (size % CHUNK).bit_count()
    if not size or not fits or any(len(one) != HASH_BYTES for one in hashes):
        raise ProofError("snapshot.differs")
    return Outline(size, rules, tuple(hashes[:whole]), tuple(hashes[whole:]))


def outline(storage: SqlStorage, point: Point) -> Outline:
    """Return what describes the log as it stood after a block."""
    whole, rest, start = point.size >> LEVEL, [], point.size >> LEVEL << LEVEL
    for level in range(LEVEL - 1, -1, -1):
        if point.size >> level & 1:
            rest.append(storage.node(level, start >> level))
            start += 1 << level
    chunks = tuple(storage.node(LEVEL, index) for index in range(whole))
    return Outline(point.size, point.rules, chunks, tuple(rest))


def offer(storage: SqlStorage, point: Point) -> Snapshot:
    """Return the snapshot that begins at a block."""
    raw = outline(storage, point).raw()
    chunks = -(-point.size // CHUNK)
    return Snapshot(point.height, FORMAT, chunks, sha256(raw).digest(), raw)


def chunk(storage: SqlStorage, point: Point, index: int) -> bytes:
    """Return a chunk's bytes: entries, each after its length."""
    stop = min((index + 1) * CHUNK, point.size)
    entries = storage.packed(index * CHUNK, stop)
    return b"".join(len(one).to_bytes(_LENGTH, "big") + one for one in entries)


def entries_of(raw: bytes) -> Iterator[bytes]:
    """Yield a chunk's entries.

    Raises:
        ProofError: `snapshot.differs`, if it is cut off.
    """
    at = 0
    while at < len(raw):
        end = at + _LENGTH + int.from_bytes(raw[at : at + _LENGTH], "big")
        if end > len(raw):
            raise ProofError("snapshot.differs")
        yield raw[at + _LENGTH : end]
        at = end


def check_chunk(suite: Suite, described: Outline, index: int, entries: Iterable[bytes]) -> None:
    """Refuse a chunk that is not the one that the outline describes.

    Raises:
        ProofError: `snapshot.differs`.
    """
    tree = Tree(suite)
    try:
        tree.extend([leaf_hash(suite, one) for one in entries])
    except ShanhaiError as error:
        raise ProofError("snapshot.differs") from error
    whole = index < len(described.chunks)
    wanted = described.chunks[index : index + 1] if whole else described.rest
    size = CHUNK if whole else described.size % CHUNK
    if tree.size != size or tree.peaks != wanted:
        raise ProofError("snapshot.differs")
