"""Verify a log file alone: hashes, signatures, authority, rules as they stood, receipts, roots.

Imports no Django; `shanhai verify` calls it. What was not proved is named, never passed over.
"""

from collections.abc import Collection
from typing import BinaryIO, NamedTuple

from shanhai.acts import book
from shanhai.acts.epoch import Epoch
from shanhai.acts.witness_policy import policies_of
from shanhai.kernel.errors import ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.certificate import Certificate, certify
from shanhai.ledger.checkpoint import Note, VKey, parse_note, verify_note
from shanhai.ledger.logfile import LogReader
from shanhai.ledger.merkle import root_at
from shanhai.ledger.policy import Policies, Policy, single
from shanhai.ledger.witness import cosignatures
from shanhai.node.anchor import Anchored, compare
from shanhai.node.founding import origin_of
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
    "verify.checkpoint": Text(
        "联署的检查点（{size} 条）不是这本账的：账中有 {found} 条，或该处的根不同。请取得更新的全本日志再核验；仍不同则报告审计机关",
        "The cosigned checkpoint ({size} entries) is not of this log, which has {found} entries, or another root there. "
        "Fetch the newest log and verify again; tell the audit office if it still differs",
    ),
}


class Report(NamedTuple):
    """What was shown: entries, root (32 bytes), and in words what was not.

    `epochs` are those that name losses; `certificate` says what is final, where the verifier brought a policy.
    """

    entries: int
    root: bytes
    ledger: str
    origin: str
    simulated: bool
    flags: tuple[str, ...]
    witnesses: dict[str, int]
    epochs: tuple[Epoch, ...] = ()
    certificate: Certificate | None = None

    @property
    def line(self) -> str:
        """Return the last line that `shanhai verify` prints."""
        return f"{self.entries} entries, root {self.root.hex()}, OK"


class Trust(NamedTuple):
    """What the verifier brings: a ledger id, an anchor, verifier keys, a witness policy.

    `checkpoint` is a cosigned note over some or all of the log's entries; the log file's own otherwise.
    """

    ledger: str = ""
    anchor: Anchored | None = None
    vkeys: tuple[VKey, ...] = ()
    policy: Policy | None = None
    checkpoint: bytes = b""


class Hashes(Memory):
    """Keeps the hashes of a replay and nothing else: its state stands in the replay."""

    keeps = False
    far = False

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
    for wanted in (trust.ledger, trust.policy.ledger if trust.policy is not None else ""):
        if wanted and reader.header.ledger != wanted:
            raise ProofError("verify.ledger", found=reader.header.ledger, wanted=wanted)
    replay = Replay(storage)
    replay.run(reader)
    known = replay.constants
    if known is None:
        raise ProofError("verify.empty")
    origin = origin_of(replay.state, known)
    if (origin, known.suite.name) != (reader.header.origin, reader.header.suite):
        raise ProofError("verify.header")
    if reader.checkpoint.root != replay.root:
        raise ProofError("verify.root", size=replay.size)
    witnesses = _notes(reader, trust)
    if trust.anchor is not None:
        _anchored(trust.anchor, replay)
    shown = _certificate(reader.note, trust, replay)
    if shown is not None:
        witnesses |= shown.signed
    flags = _flags(trust, witnesses, shown, replay.size)
    return Report(
        *(replay.size, replay.root, known.ledger, origin, known.simulated),
        *(flags, witnesses, _epochs(replay), shown),
    )


def _epochs(replay: Replay) -> tuple[Epoch, ...]:
    """Return the epochs that the log opened, the first one first."""
    found = replay.state[Epoch].values()
    held = (one for one in found if isinstance(one, Epoch))
    return tuple(sorted(held, key=lambda one: one.kept_size))


def _certificate(own: Note, trust: Trust, replay: Replay) -> Certificate | None:
    """Return what the cosignatures show, None where neither the log nor the verifier has a policy."""
    known, policies = replay.constants, _policies(trust, replay)
    if policies is None or known is None:
        return None
    note = parse_note(trust.checkpoint) if trust.checkpoint else own
    shown = certify(note, policies)
    verify_note(note, policies.at(shown.checkpoint.size).logs)
    size, root = shown.checkpoint.size, shown.checkpoint.root
    if size > replay.size or root_at(known.suite, size, replay.storage.node) != root:
        raise ProofError("verify.checkpoint", size=size, found=replay.size)
    return shown


def _policies(trust: Trust, replay: Replay) -> Policies | None:
    """Return the policies that count: the log's, which must follow from the one that was brought, or that one.

    Raises:
        ProofError: `witness.policy`.
    """
    known = replay.constants
    found = policies_of(replay.state, known.ledger) if known is not None else None
    if trust.policy is None or found is None:
        return found or (single(trust.policy) if trust.policy is not None else None)
    if differs := found.agrees(trust.policy):
        raise ProofError("witness.policy", differs=differs)
    return found


def _notes(reader: LogReader, trust: Trust) -> dict[str, int]:
    keys = _keys(trust)
    if any(not key.kind.timed for key in keys):
        verify_note(reader.note, keys)
    return cosignatures(reader.note, keys)


def _keys(trust: Trust) -> Collection[VKey]:
    anchored = trust.anchor.vkey if trust.anchor is not None else None
    return (*trust.vkeys, anchored) if anchored is not None else trust.vkeys


def _anchored(anchor: Anchored, replay: Replay) -> None:
    found, known = anchor.checkpoint, replay.constants
    if known is None:
        return
    policies = policies_of(replay.state, known.ledger)
    origins = {known.origin, *(vkey.name for vkey in policies.logs)} if policies else {known.origin}
    if found.origin not in origins:
        raise ProofError("checkpoint.origin", origin=found.origin)
    compare(found, replay.size, lambda size: root_at(known.suite, size, replay.storage.node))


def _flags(
    trust: Trust, witnesses: dict[str, int], shown: Certificate | None, size: int
) -> tuple[str, ...]:
    flags = []
    if not trust.ledger:
        flags.append("SELF-ASSERTED")
    if trust.anchor is None:
        flags.append("UNANCHORED")
    if not witnesses:
        flags.append("UNWITNESSED")
    if shown is not None and not (shown.final and shown.checkpoint.size == size):
        flags.append("NOT-FINAL")
    return tuple(flags)


__all__ = ["BadEntryError", "Report", "Trust", "verify_log"]
