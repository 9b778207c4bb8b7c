"""What leaves a node: the log file, a proof, and the files under `/ledger/` (C2SP tiles, checkpoint, key)."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from shanhai.acts.machine.authority import Key
from shanhai.kernel.canonical import from_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import parse_body
from shanhai.ledger.checkpoint import parse_checkpoint, parse_note
from shanhai.ledger.commitment import Opening
from shanhai.ledger.entry import unpack
from shanhai.ledger.logfile import log_chunks, make_header
from shanhai.ledger.merkle import consistency_path, inclusion_path
from shanhai.ledger.proof import Proof, Status, make_extra, write_proof
from shanhai.ledger.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    available,
    bundle_bytes,
    parse_path,
    tile_bytes,
)
from shanhai.node.loop import Node, storing
from shanhai.node.seal import Sealer

TEXTS["export.index"] = Text(
    "账本只有 {size} 条，没有第 {index} 条",
    "The ledger has {size} entries, there is no entry {index}",
)


class Served(NamedTuple):
    """A file under `/ledger/`: its bytes and type, and whether it can never change."""

    body: bytes
    content_type: str = "application/octet-stream"
    immutable: bool = False
    members_only: bool = False


def export_log(node: Node, sealer: Sealer, file: BinaryIO) -> int:
    """Write the log file of the ledger as it stands, from one snapshot.

    Args:
        node: The ledger.
        sealer: Signs its checkpoint.
        file: Open for writing, binary.

    Returns:
        How many entries were written.
    """
    with storing(), node.storage.snapshot():
        file.writelines(log_stream(node, sealer))
        return node.head().size


def log_stream(node: Node, sealer: Sealer) -> Iterator[bytes]:
    """Return the log file piece by piece, over the head as it stands at this call.

    No snapshot is held while it is read: entries below a head never change, so a slow reader keeps
    nobody waiting.

    Args:
        node: The ledger.
        sealer: Signs its checkpoint.
    """
    with storing(), node.storage.snapshot():
        head = node.head()
        note = sealer.checkpoint(node)
        genesis = next(iter(node.storage.packed(0, 1)))
        origin = sealer.vkey(node).name
    header = make_header(node.constants.suite, origin, genesis)
    return log_chunks(header, node.storage.packed(0, head.size), note)


def consistency(node: Node, size1: int, size2: int) -> list[bytes]:
    """Return the hashes which prove that the tree of `size1` is a prefix of that of `size2`.

    Args:
        node: The ledger.
        size1: Entries of the older tree, at least 1.
        size2: Entries of the newer tree, at most the head's.

    Raises:
        InvalidInputError: `proof.range`.
    """
    with storing(), node.storage.snapshot():
        head = node.head()
        if not 0 < size1 <= size2 <= head.size:
            raise InvalidInputError("proof.range", index=size1, size=min(size2, head.size))
        return consistency_path(node.constants.suite, size1, size2, node.storage.node)


def prove(
    node: Node,
    sealer: Sealer,
    index: int,
    openings: Iterable[Opening] = (),
    voided_by: int = 0,
    note: bytes = b"",
) -> bytes:
    """Return the proof file of an entry.

    Args:
        node: The ledger.
        sealer: Signs its checkpoint.
        index: The entry.
        openings: What its holder discloses.
        voided_by: The entry that voided it, 0 for none.
        note: A checkpoint of this ledger over more entries than `index`; the head's otherwise. An act that was
            voided only after it is proven to the head.

    Raises:
        InvalidInputError: `export.index`.
    """
    with storing(), node.storage.snapshot():
        head, storage = node.head(), node.storage
        if not 0 <= index < head.size:
            raise InvalidInputError("export.index", size=head.size, index=index)
        packed = next(iter(storage.packed(index, index + 1)))
        size = parse_checkpoint(parse_note(note).text).size if note else 0
        if not max(index, voided_by) < size <= head.size:
            size, note = head.size, sealer.checkpoint(node)
        path = inclusion_path(node.constants.suite, index, size, storage.node)
        body = parse_body(unpack(packed).body)
        key = storage.find(Key, body.kid)
        public = from_base64(key.public) if key is not None else b""
        status = Status(size, voided_by)
        extra = make_extra(packed, public, tuple(openings), status)
        return write_proof(Proof(index, tuple(path), note, extra))


def serve(node: Node, sealer: Sealer, path: str) -> Served | None:
    """Return the file at a path below `/ledger/`, or None where there is none.

    Entry bundles of a ledger whose publication is `members` come marked `members_only`; the caller
    decides who is one.

    Args:
        node: The ledger.
        sealer: Signs its checkpoint.
        path: `vkey`, `checkpoint`, `tile/…`.
    """
    if path == "vkey":
        return Served(f"{sealer.vkey(node).line}\n".encode(), "text/plain; charset=utf-8")
    if path == "checkpoint":
        with storing(), node.storage.snapshot():
            return Served(sealer.checkpoint(node), "text/plain; charset=utf-8")
    return serve_tile(node, path)


def serve_tile(node: Node, path: str) -> Served | None:
    """Return the tile or bundle at a path below `/ledger/`, or None where there is none.

    Args:
        node: The ledger.
        path: `tile/…`.
    """
    try:
        tile = parse_path(path)
    except InvalidInputError:
        return None
    with storing(), node.storage.snapshot():
        if tile.width > available(tile, node.head().size):
            return None
        return _tile(node, tile)


def _tile(node: Node, tile: Tile) -> Served:
    if tile.level != ENTRIES:
        return Served(tile_bytes(tile, node.storage.node), immutable=True)
    start = tile.index * WIDTH
    entries: Iterator[bytes] = node.storage.packed(start, start + tile.width)
    return Served(bundle_bytes(entries), immutable=True, members_only=node.constants.members_only)
