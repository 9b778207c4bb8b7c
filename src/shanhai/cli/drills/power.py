"""Drill `power`: the current fails under a writer; no acknowledged act is lost.

An ext4 file system on a loop device is shut down by `EXT4_IOC_SHUTDOWN` without flushing its log, as a
power cut would, then mounted again. The writer stands still when the cut falls: an fdatasync that races
the shutdown is an artefact of the method (reliability reference §1 finding 2). The planted fault is
`synchronous=OFF`, which must lose. Source: Linux `include/uapi/linux/ext4.h`.
"""

import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from shanhai.cli.drills.kill import close
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.world import World
from shanhai.kernel.errors import ShanhaiError
from shanhai.ledger.body import act_id
from shanhai.node.fsck import check
from shanhai.node.sql import SqlStorage

COUNT = 20
ACTS = 400
AT_LEAST = 5
"""So many acts are acknowledged before a cut: on a slow machine, too, there is something to lose."""
SIZE_MB = 64
SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = struct.pack("I", 2)


def run(plan: Plan) -> Result:
    """Cut the power as often as asked."""
    missing = [
        name for name in ("mkfs.ext4", "mount", "umount", "losetup") if not shutil.which(name)
    ]
    if os.geteuid() != 0:
        return Result(0, 0, 0, skipped="needs root, to mount a loop device")
    if missing:
        return Result(0, 0, 0, skipped=f"missing: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as name:
        disk = Disk(Path(name))
        reason = disk.make()
        if reason:
            return Result(0, 0, 0, skipped=reason)
        try:
            return Power(plan, Path(name), disk).run()
        finally:
            disk.unmount()


class Disk:
    """A small ext4 file system in a file, on a loop device of its own."""

    def __init__(self, folder: Path) -> None:
        self.image, self.place = folder / "image", folder / "disk"

    def make(self) -> str:
        """Make and mount it; return why that is impossible, "" if it stands."""
        self.place.mkdir()
        with self.image.open("wb") as file:
            file.truncate(SIZE_MB << 20)
        made = _quiet("mkfs.ext4", "-q", "-F", str(self.image))
        return made or self.mount()

    def mount(self) -> str:
        """Mount it, replaying its journal; return why that failed, "" if it did not."""
        return _quiet("mount", "-o", "loop", str(self.image), str(self.place))

    def unmount(self) -> None:
        """Unmount it; its loop device goes with it."""
        _quiet("umount", str(self.place))

    def cut(self) -> None:
        """Shut the file system down at once, nothing more reaches the disk."""
        handle = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, NO_LOG_FLUSH)
        finally:
            os.close(handle)


def _quiet(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{command[0]}: {done.stderr.strip()}"


class Power:
    """Writers on a disk that fails."""

    def __init__(self, plan: Plan, folder: Path, disk: Disk) -> None:
        self.plan, self.folder, self.disk, self.tally = plan, folder, disk, Tally()
        self.random = random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
        self.world = World(plan.seed, ACTS)

    def run(self) -> Result:
        """Cut as often as asked."""
        acknowledged = 0
        for number in range(self.plan.size):
            data, anchors = self.disk.place / f"data-{number}", self.folder / f"anchors-{number}"
            close(self.world.begin(data, anchors))
            os.sync()
            ids = self._writer(data, anchors)
            self.disk.unmount()
            reason = self.disk.mount()
            good = not reason and self._sound(data, anchors, ids)
            acknowledged += len(ids)
            self.tally.count(good=good, what=f"cut {number} after {len(ids)} acts {reason}")
            shutil.rmtree(data, ignore_errors=True)
        return self.tally.result(f"acknowledged before the cuts: {acknowledged}")

    def _writer(self, data: Path, anchors: Path) -> list[str]:
        """Start a writer, hold it still, cut, and return what it had acknowledged."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            try:
                self._write(data, anchors, write)
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as lines:
            first = [lines.readline() for _ in range(AT_LEAST)]
            time.sleep(self.random.random() * 0.3)
            os.kill(child, signal.SIGSTOP)
            time.sleep(0.03)
            self.disk.cut()
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "".join([*first, lines.read()]).split()

    def _write(self, data: Path, anchors: Path, acknowledge: int) -> None:
        node = self.world.open(data, anchors)
        storage = node.storage
        assert isinstance(storage, SqlStorage)  # noqa: S101 - narrows the type
        if self.plan.plant:
            storage.connection.execute("PRAGMA synchronous=OFF")
        for act in self.world.acts:
            if node.submit(act, self.world.now).accepted:
                id = act_id(node.constants.suite, act.body)  # noqa: A001 - the field's name
                os.write(acknowledge, f"{id}\n".encode())

    def _sound(self, data: Path, anchors: Path, ids: list[str]) -> bool:
        try:
            node = self.world.open(data, anchors)
        except ShanhaiError:
            return False
        storage = node.storage
        assert isinstance(storage, SqlStorage)  # noqa: S101 - narrows the type
        sound = storage.known(ids).keys() == set(ids) and not check(
            storage, self.world.sealer(anchors)
        )
        storage.connection.close()
        return sound
