"""Verify a log file alone: hashes, signatures, authority, rules as they stood, receipts, roots.

Imports no Django; `shanhai verify` calls it. What was not proved is named, never passed over.
"""

from collections.abc import Collection
from typing import BinaryIO, NamedTuple

from shanhai.acts import book
from shanhai.acts.epoch import Epoch
from shanhai.kernel.errors import ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.checkpoint import Checkpoint, VKey, verify_note
from shanhai.ledger.logfile import LogReader
from shanhai.ledger.merkle import root_at
from shanhai.ledger.witness import cosignatures
from shanhai.node.anchor import Anchored, compare
from shanhai.node.memory import Memory
from shanhai.node.records import Batch, Head
from shanhai.node.replay import BadEntryError, Replay
from shanhai.node.schema import LEVEL_BITS

RULES = book.__name__
"""Importing the book registers every noun and act: without it no rule could be replayed."""
TEXTS |= {
    "verify.ledger": Text(
        "这是账本 {found} 的文件，不是 {wanted}",
        "This file is of ledger {found}, not {wanted}",
    ),
    "verify.header": Text(
        "文件首行的来源或密码套件与创世记录不同",
        "Origin or suite in the file's header differ from genesis",
    ),
    "verify.root": Text(
        "重新计算的根与文件末尾的检查点不同：{size} 条中有内容被改动",
        "The root computed anew differs from the checkpoint at the end: something in {size} entries was changed",
    ),
    "verify.empty": Text("文件中没有任何记录", "The file holds no entry"),
}


class Report(NamedTuple):
    """What was shown: entries, root (32 bytes), in words what was not, and the epochs that name losses."""

    entries: int
    root: bytes
    ledger: str
    origin: str
    simulated: bool
    flags: tuple[str, ...]
    witnesses: dict[str, int]
    epochs: tuple[Epoch, ...] = ()

    @property
    def line(self) -> str:
        """Return the last line that `shanhai verify` prints."""
        return f"{self.entries} entries, root {self.root.hex()}, OK"


class Trust(NamedTuple):
    """What the verifier brings: a ledger id, an anchor, verifier keys of the log and of witnesses."""

    ledger: str = ""
    anchor: Anchored | None = None
    vkeys: tuple[VKey, ...] = ()


class Hashes(Memory):
    """Keeps the hashes of a replay and nothing else: its state stands in the replay."""

    keeps = False

    def __init__(self) -> None:
        super().__init__()
        self.leaves: list[bytes] = []

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return self.nodes[level << LEVEL_BITS | index] if level else self.leaves[index]

    def extend(self, batch: Batch, head: Head) -> None:
        """Write a batch's hashes and the head it leads to."""
        del head
        self.leaves += batch.leaves
        self.nodes.update(batch.nodes)


def verify_log(file: BinaryIO, trust: Trust) -> Report:
    """Replay a log file and compare it with what the verifier trusts.

    Args:
        file: Open at its beginning, binary.
        trust: What is known from elsewhere.

    Raises:
        BadEntryError: The first entry that does not hold.
        ProofError: If header, note or anchor do not fit.
    """
    reader, storage = LogReader(file), Hashes()
    if trust.ledger and reader.header.ledger != trust.ledger:
        raise ProofError("verify.ledger", found=reader.header.ledger, wanted=trust.ledger)
    replay = Replay(storage)
    replay.run(reader)
    known = replay.constants
    if known is None:
        raise ProofError("verify.empty")
    if (known.origin, known.suite.name) != (reader.header.origin, reader.header.suite):
        raise ProofError("verify.header")
    if reader.checkpoint.root != replay.root:
        raise ProofError("verify.root", size=replay.size)
    witnesses = _notes(reader, trust)
    if trust.anchor is not None:
        _anchored(trust.anchor, known.origin, replay)
    flags = _flags(trust, witnesses)
    return Report(
        replay.size,
        replay.root,
        known.ledger,
        known.origin,
        known.simulated,
        flags,
        witnesses,
        _epochs(replay),
    )


def _epochs(replay: Replay) -> tuple[Epoch, ...]:
    """Return the epochs that the log opened, the first one first."""
    found = replay.block.state[Epoch].values() if replay.block is not None else ()
    held = (one for one in found if isinstance(one, Epoch))
    return tuple(sorted(held, key=lambda one: one.kept_size))


def _notes(reader: LogReader, trust: Trust) -> dict[str, int]:
    keys = _keys(trust)
    if any(not key.kind.timed for key in keys):
        verify_note(reader.note, keys)
    return cosignatures(reader.note, keys)


def _keys(trust: Trust) -> Collection[VKey]:
    anchored = trust.anchor.vkey if trust.anchor is not None else None
    return (*trust.vkeys, anchored) if anchored is not None else trust.vkeys


def _anchored(anchor: Anchored, origin: str, replay: Replay) -> None:
    found: Checkpoint = anchor.checkpoint
    if found.origin != origin:
        raise ProofError("checkpoint.origin", origin=found.origin)
    suite = replay.constants.suite if replay.constants else None
    if suite is not None:
        compare(found, replay.size, lambda size: root_at(suite, size, replay.storage.node))


def _flags(trust: Trust, witnesses: dict[str, int]) -> tuple[str, ...]:
    flags = []
    if not trust.ledger:
        flags.append("SELF-ASSERTED")
    if trust.anchor is None:
        flags.append("UNANCHORED")
    if not witnesses:
        flags.append("UNWITNESSED")
    return tuple(flags)


__all__ = ["BadEntryError", "Report", "Trust", "verify_log"]
