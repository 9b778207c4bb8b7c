"""Pictures: all objects at one size of the log, in deterministic bytes, so that a node need not execute what led to them.

A picture is a manifest and chunks of about a megabyte, each named by its SHA-256: one line an object, its noun and its
canonical bytes, sorted by noun and id. It is made from one reading snapshot beside every writer, once for each state
entry, and the newest two are kept, as files: `snapshots/<size>/manifest`, `1`, `2` … What derives from the objects
(totals, holders of unique values, search) is left out and made again. Source: frozen decision 28; ledger reference §9.
"""

import secrets
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from shanhai.acts.machine.objects import NOUNS, Object
from shanhai.acts.state import StateRoot, due
from shanhai.kernel.canonical import decode, encode
from shanhai.kernel.errors import ProofError, ShanhaiError
from shanhai.kernel.files import write_bytes
from shanhai.kernel.suite import Suite, suite_named
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.records import Storage
from shanhai.node.state_root import nouns, recorded

FOLDER, MANIFEST = "snapshots", "manifest"
PREFIX = "snapshot"
"""Where pictures are served, below `/ledger/`: `snapshot`, `snapshot/<size>/<number>`."""
CHUNK_BYTES = 1 << 20
KEPT = 2
TEXTS["snapshot.broken"] = Text(
    "快照不完整或被改动（{part}），已拒绝，没有写入任何内容；请稍后重试，或换一个来源（账本运行单位或另一镜像的网址）",
    "The snapshot is cut off or altered ({part}); it was refused and nothing was written. Try again later, or take another "
    "source: the sequencer's site or another mirror's",
)


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a picture is of: the log at a size, and the state entry by which it is checked.

    `root` is the log's at `size`; `state_root` is that of all objects at `state_size`, as a state entry among the first
    `size` says. Digests are hex; `chunks` are SHA-256.
    """

    version: int = 1
    ledger: str
    suite: str
    size: int
    root: str
    objects: int
    state_size: int
    state_root: str
    chunks: tuple[str, ...]

    def check(self) -> None:
        """Refuse one that cannot hold, whatever its chunks are.

        Raises:
            ProofError: `snapshot.broken`.
        """
        ordered = 0 < self.state_size < self.size and due(self.state_size) == self.state_size
        if self.version != 1 or not ordered or not self.chunks:
            raise ProofError("snapshot.broken", part=MANIFEST)


def parse_manifest(raw: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        ProofError: `snapshot.broken`.
    """
    try:
        found = decode(raw, Manifest)
    except ShanhaiError as error:
        raise ProofError("snapshot.broken", part=MANIFEST) from error
    found.check()
    return found


def newest_recorded(storage: Storage, suite: Suite, size: int) -> StateRoot | None:
    """Return the newest state root that the log holds, None before the first."""
    at = due(size)
    while at:
        found = recorded(storage, suite, at)
        if found is not None:
            return found
        at = due(at - 1)
    return None


def lines(storage: Storage) -> Iterator[bytes]:
    """Yield every object that is not derived, as a picture's line."""
    for kind in nouns():
        begin = kind.noun.encode() + b" "
        for _, raw in storage.stored(kind):
            yield b"%b%b\n" % (begin, raw)


def chunks(storage: Storage) -> Iterator[tuple[bytes, int]]:
    """Yield a picture's chunks, and how many objects each holds."""
    waiting, size = list[bytes](), 0
    for line in lines(storage):
        waiting.append(line)
        size += len(line)
        if size >= CHUNK_BYTES:
            yield b"".join(waiting), len(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting), len(waiting)


def objects_of(raw: bytes, part: str) -> Iterator[tuple[type[Object], Object]]:
    """Yield a chunk's objects.

    Args:
        raw: The chunk.
        part: What it is called in a refusal.

    Raises:
        ProofError: `snapshot.broken`, if a line is no canonical object of a noun that a picture holds.
    """
    if not raw.endswith(b"\n"):
        raise ProofError("snapshot.broken", part=part)
    for line in raw[:-1].split(b"\n"):
        name, _, packed = line.partition(b" ")
        kind = NOUNS.get(name.decode("ascii", "replace"))
        if kind is None or kind.derived:
            raise ProofError("snapshot.broken", part=part)
        try:
            yield kind, decode(packed, kind)
        except ShanhaiError as error:
            raise ProofError("snapshot.broken", part=part) from error


class Album:
    """The pictures of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER

    def sizes(self) -> list[int]:
        """Return the sizes of which there is a picture, newest first."""
        if not self.folder.is_dir():
            return []
        names = (one.name for one in self.folder.iterdir())
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    def manifest(self, size: int) -> Manifest:
        """Return a picture's manifest.

        Raises:
            ProofError: `snapshot.broken`.
        """
        return parse_manifest(self.part(size, MANIFEST) or b"")

    def part(self, size: int, name: str) -> bytes | None:
        """Return a picture's file, None for none."""
        try:
            return (self.folder / str(size) / name).read_bytes()
        except OSError:
            return None

    def renew(self, storage: Storage) -> Manifest | None:
        """Take a picture if there is none yet with the log's newest state entry; keep the newest two.

        Returns:
            The new picture's manifest, None where none was due.
        """
        with storage.snapshot():
            head = storage.head()
            if head is None:
                return None
            suite = suite_named(head.suite)
            said = newest_recorded(storage, suite, head.size)
            if said is None or self._has(said):
                return None
            made = self._take(storage, said)
        self._prune()
        return made

    def _has(self, said: StateRoot) -> bool:
        for size in self.sizes():
            try:
                if self.manifest(size).state_size >= said.size:
                    return True
            except ProofError:  # a disk's fault: it is made anew
                shutil.rmtree(self.folder / str(size))
        return False

    def _take(self, storage: Storage, said: StateRoot) -> Manifest | None:
        head = storage.head()
        if head is None:
            return None
        passing = self.folder / f".{secrets.token_hex(6)}.part"
        passing.mkdir(parents=True)
        try:
            hashes, count = list[str](), 0
            for raw, objects in chunks(storage):
                hashes.append(sha256(raw).hexdigest())
                count += objects
                write_bytes(passing / str(len(hashes)), raw)
            made = Manifest(
                ledger=head.ledger,
                suite=head.suite,
                size=head.size,
                root=head.root.hex(),
                objects=count,
                state_size=said.size,
                state_root=said.root,
                chunks=tuple(hashes),
            )
            write_bytes(passing / MANIFEST, encode(made))
            shutil.rmtree(self.folder / str(head.size), ignore_errors=True)
            passing.rename(self.folder / str(head.size))
        finally:
            shutil.rmtree(passing, ignore_errors=True)
        return made

    def _prune(self) -> None:
        for size in self.sizes()[KEPT:]:
            shutil.rmtree(self.folder / str(size), ignore_errors=True)

    def served(self, path: str) -> bytes | None:
        """Return the file at a path below `/ledger/`: the newest manifest, or one chunk; None for none.

        Args:
            path: `snapshot` or `snapshot/<size>/<number>`.
        """
        if path == PREFIX:
            return next((self.part(size, MANIFEST) for size in self.sizes()), None)
        size, _, number = path.removeprefix(f"{PREFIX}/").partition("/")
        if not (size.isdecimal() and size.isascii() and number.isdecimal() and number.isascii()):
            return None
        return self.part(int(size), str(int(number)))
