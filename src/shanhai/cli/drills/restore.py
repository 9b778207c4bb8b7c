"""Drill `restore`: a backup that is damaged, cut, forged or old restores nothing; a sound one restores every byte.

The faults, in turn: a byte flipped, the file cut, bytes added, a member dropped, a document exchanged or the log
shortened and the whole signed anew with a forger's key, a forked history signed with the true key, a backup older than
the anchor, a restore killed half way. Every tenth round restores the sound backup and compares every table.
The planted fault: nobody checks the file before it is used.
"""

import os
import random
import shutil
import signal
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from shanhai.cli.drills.kill import close
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.world import LOG_KEY, START_MS, World
from shanhai.kernel.errors import ShanhaiError
from shanhai.ledger.checkpoint import make_vkey
from shanhai.ledger.logfile import LogReader
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.admission import Signed
from shanhai.node.backup.checking import examine
from shanhai.node.backup.manifest import DOCUMENTS, FORMAT, LOG, MANIFEST, Manifest, parse_manifest
from shanhai.node.backup.restoring import beside, keep, refuse_full, replay
from shanhai.node.backup.writing import Writer
from shanhai.node.export import log_stream
from shanhai.node.folder import open_storage
from shanhai.node.schema import all_tables

COUNT = 120
ACTS = 24
PAPER = "ab" * 32
OTHER_KEY = Ed25519Signer(b"\x02" * 32)
PAPER_AT = f"{DOCUMENTS}{PAPER[:2]}/{PAPER}"
SOUND_EVERY = 10
KILLED = "killed"
FAULTS = (
    "flipped",
    "cut",
    "longer",
    "dropped",
    "exchanged",
    "shortened",
    "fork",
    "aged",
    KILLED,
)


class Stand(NamedTuple):
    """A ledger's folder and its anchors."""

    folder: Path
    anchors: Path
    world: World


def run(plan: Plan) -> Result:
    """Spoil a backup as often as asked, each way in turn."""
    if not hasattr(os, "fork"):
        return Result(0, 0, 0, skipped="no fork on this system")
    with tempfile.TemporaryDirectory() as name:
        return Drill(plan, Path(name)).run()


def write_backup(stand: Stand, path: Path) -> None:
    """Back up a drill's ledger: its log and one document."""
    node = stand.world.open(stand.folder, stand.anchors)
    sealer = stand.world.sealer(stand.anchors)
    head, known = node.head(), node.constants
    with Writer(path) as writer:
        with node.storage.snapshot(), writer.member(LOG) as file:
            file.writelines(log_stream(node, sealer))
        with writer.member(PAPER_AT, packed=False) as file:
            file.write("模拟公文".encode() * 50)
        stated = Manifest(
            damaged=(),
            format=FORMAT,
            ledger=known.ledger,
            made_ms=START_MS,
            members=tuple(writer.members),
            migrations=(),
            note=sealer.checkpoint(node).decode(),
            origin=known.origin,
            release="0",
            root=head.root.hex(),
            simulated=known.simulated,
            size=head.size,
            suite=known.suite.name,
            vkey=sealer.vkey(node).line,
        )
        writer.finish(stated, LOG_KEY)
        writer.keep()
    close(node)


def _rewritten(source: Path, target: Path, changed: Mapping[str, bytes]) -> None:
    """Write a backup anew with changed members and a list that fits them, signed with a forger's key."""
    with zipfile.ZipFile(source) as old, Writer(target) as writer:
        stated = parse_manifest(old.read(MANIFEST))
        for one in stated.members:
            with writer.member(one.name) as file:
                file.write(changed.get(one.name) or old.read(one.name))
        key = make_vkey(stated.origin, OTHER_KEY).line
        members = tuple(writer.members)
        writer.finish(replace(stated, members=members, vkey=key), OTHER_KEY)
        writer.keep()


class Drill:
    """One ledger, its backups, and what is done to them."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.tally, self.folder = plan, Tally(), folder
        self.random = random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
        self.world = World(plan.seed, ACTS)
        acts = self.world.acts
        half = acts[: ACTS // 2]
        self.mine = self._stand("mine", half)
        self.old = self._backed_up(self.mine, "old", half)
        self.sound = self._backed_up(self.mine, "sound", acts)
        self.forked = self._backed_up(self._stand("forked", ()), "forked", list(reversed(acts)))

    def _stand(self, name: str, acts: Sequence[Signed]) -> Stand:
        """Found the ledger in a folder with anchors of its own."""
        made = Stand(self.folder / name / "data", self.folder / name / "anchors", self.world)
        node = self.world.begin(made.folder, made.anchors)
        node.submit_many(acts, self.world.now)
        close(node)
        return made

    def _backed_up(self, stand: Stand, name: str, acts: Sequence[Signed]) -> Path:
        """Enter acts and back up; what was entered before is entered once."""
        node = self.world.open(stand.folder, stand.anchors)
        node.submit_many(acts, self.world.now)
        close(node)
        path = self.folder / f"{name}.backup"
        write_backup(stand, path)
        return path

    def run(self) -> Result:
        """Spoil and restore."""
        for number, fault in enumerate(islice(cycle(FAULTS), self.plan.size)):
            path, target = self.folder / f"{number}.backup", self.folder / f"{number}.data"
            getattr(self, f"_{fault}")(path)
            good = (
                self._killed_restore(path, target)
                if fault == KILLED
                else self._refused(path, target)
            )
            self.tally.count(good=good, what=f"{number}: {fault}")
            if number % SOUND_EVERY == 0:
                self.tally.count(good=self._restores(self.sound), what=f"{number}: sound")
            path.unlink()
        return self.tally.result()

    def _restore(self, path: Path, target: Path, die_at: int = 0) -> None:
        """Restore as the command does: check, build beside, name it last."""
        refuse_full(target)
        if not self.plan.plant:  # the planted fault: nobody looks
            examine(path, self.mine.anchors)
        made = beside(target)
        storage = open_storage(made, {}, create=True)
        try:
            with zipfile.ZipFile(path) as archive, archive.open(LOG) as log:
                entries = _until(LogReader(log), die_at)  # type: ignore[arg-type]  # read as a file
                replay(storage, entries)
        finally:
            storage.connection.close()
        keep(made, target)

    def _refused(self, path: Path, target: Path) -> bool:
        """Return whether nothing came of it."""
        try:
            self._restore(path, target)
        except (ShanhaiError, zipfile.BadZipFile, OSError, KeyError, EOFError, zlib.error):
            return not self.plan.plant and not target.exists()
        return False

    def _restores(self, path: Path) -> bool:
        """Restore a sound backup and compare every table."""
        target = self.folder / "again"
        self._restore(path, target)
        mine, made = open_storage(self.mine.folder, {}), open_storage(target, {})
        try:
            return all(mine.rows(table) == made.rows(table) for table in all_tables())
        finally:
            mine.connection.close()
            made.connection.close()
            shutil.rmtree(target)

    def _killed_restore(self, path: Path, target: Path) -> bool:
        """Kill a restore at a random entry: there must be no target, and a second restore must do."""
        at, child = self.random.randrange(1, ACTS), os.fork()
        if child == 0:
            try:
                self._restore(path, target, at)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status) and not target.exists() and self._restores(path)

    # --- the faults: each writes a spoilt backup

    def _flipped(self, path: Path) -> None:
        spoilt = bytearray(self.sound.read_bytes())
        spoilt[self.random.randrange(len(spoilt))] ^= 1 << self.random.randrange(8)
        path.write_bytes(spoilt)

    def _cut(self, path: Path) -> None:
        whole = self.sound.read_bytes()
        path.write_bytes(whole[: self.random.randrange(len(whole))])

    def _longer(self, path: Path) -> None:
        more = self.random.randbytes(1 + self.random.randrange(40))
        path.write_bytes(self.sound.read_bytes() + more)

    def _dropped(self, path: Path) -> None:
        with zipfile.ZipFile(self.sound) as old, zipfile.ZipFile(path, "w") as new:
            new.comment = old.comment
            gone = self.random.choice(old.namelist())
            for name in old.namelist():
                if name != gone:
                    new.writestr(name, old.read(name))

    def _exchanged(self, path: Path) -> None:
        _rewritten(self.sound, path, {PAPER_AT: self.random.randbytes(20)})

    def _shortened(self, path: Path) -> None:
        with zipfile.ZipFile(self.old) as old:
            _rewritten(self.sound, path, {LOG: old.read(LOG)})

    def _fork(self, path: Path) -> None:
        path.write_bytes(self.forked.read_bytes())

    def _aged(self, path: Path) -> None:
        path.write_bytes(self.old.read_bytes())

    def _killed(self, path: Path) -> None:
        path.write_bytes(self.sound.read_bytes())


def _until(entries: Iterable[bytes], die_at: int) -> Iterator[bytes]:
    """Yield entries; die before that one, 0 for never."""
    for number, one in enumerate(entries):
        if die_at and number == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        yield one
