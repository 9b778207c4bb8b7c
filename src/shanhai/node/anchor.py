"""The anchor: the newest signed checkpoint, kept outside the data folder.

A log on one disk is not tamper-evident by itself: a restored backup or a dropped tail is a valid shorter
log. The anchor lies in the user's state directory by ledger id and only moves forward (compare and swap
under a lock, synced to disk). Source: design §3; reliability reference §1 finding 1.
"""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.files import write_bytes
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.checkpoint import Checkpoint, VKey, parse_checkpoint, parse_note, parse_vkey

TEXTS |= {
    "anchor.ahead": Text(
        "锚点记录了 {anchored} 条，数据库只有 {size} 条：数据被回退或恢复了旧备份，拒绝启动。请恢复最新数据；"
        "如确需从旧数据继续，请先由审计机关取证后移走锚点文件",
        "The anchor has seen {anchored} entries, the database has {size}: data was rolled back or an old backup "
        "restored. Restore the newest data; to go on from the old, have the audit office take evidence and move "
        "the anchor file away",
    ),
    "anchor.differs": Text(
        "第 {size} 条处的根与锚点不同：历史被改写，拒绝继续。请保留现场并联系审计机关",
        "At {size} entries the root differs from the anchor: history was rewritten. Keep everything as it is and "
        "call the audit office",
    ),
    "anchor.malformed": Text(
        "锚点文件格式不正确，请从另一份检查点恢复",
        "The anchor file is malformed; restore it from another copy of a checkpoint",
    ),
}


class Anchored(NamedTuple):
    """What an anchor file holds: the log's verifier key, the signed note, and its checkpoint."""

    vkey: VKey | None
    note: bytes
    checkpoint: Checkpoint


def parse_anchor(raw: bytes) -> Anchored:
    """Read an anchor: a verifier key line, then the signed note; a bare note passes too.

    Raises:
        ProofError: `anchor.malformed`.
    """
    first, _, rest = raw.partition(b"\n")
    try:
        try:
            vkey, note = parse_vkey(first.decode()), rest
        except (InvalidInputError, UnicodeDecodeError):
            vkey, note = None, raw
        return Anchored(vkey, note, parse_checkpoint(parse_note(note).text))
    except ProofError as error:
        raise ProofError("anchor.malformed") from error


def write_anchor(vkey: VKey, note: bytes) -> bytes:
    """Return the bytes of an anchor file."""
    return f"{vkey.line}\n".encode() + note


def compare(anchored: Checkpoint, size: int, root_at: Callable[[int], bytes]) -> None:
    """Refuse a log that is shorter than the anchor or has another root at its size.

    Raises:
        ProofError: `anchor.ahead` or `anchor.differs`.
    """
    if anchored.size > size:
        raise ProofError("anchor.ahead", anchored=anchored.size, size=size)
    if root_at(anchored.size) != anchored.root:
        raise ProofError("anchor.differs", size=anchored.size)


def default_folder(environ: Mapping[str, str]) -> Path:
    """Return the user's folder of anchors: SHANHAI_ANCHORS, else the state directory."""
    if named := environ.get("SHANHAI_ANCHORS"):
        return Path(named)
    state = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(state) / "shanhai/anchors"


class Anchor:
    """One ledger's anchor file."""

    def __init__(self, folder: Path, ledger: str) -> None:
        self.path = folder / ledger
        self._newest: tuple[bytes, Anchored] | None = None  # as last read
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the anchor against every other process."""
        with self.path.with_name(self.path.name + ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def read(self) -> Anchored | None:
        """Return what is anchored, None on the first start.

        Raises:
            ProofError: `anchor.malformed`.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        if self._newest is None or self._newest[0] != raw:
            self._newest = raw, parse_anchor(raw)
        return self._newest[1]

    def replace(self, new: Anchored, vkey: VKey) -> None:
        """Put a new checkpoint in place, on disk before this returns; called under `locked`."""
        raw = write_anchor(vkey, new.note)
        write_bytes(self.path, raw)
        self._newest = raw, new
