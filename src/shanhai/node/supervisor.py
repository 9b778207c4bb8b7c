"""Keeps a node alive: the application first, then its consensus node, both together or neither.

A consensus node whose application died ends by itself, and one that was started alone waits for ever; so whichever
of the two dies, the other is stopped and both start anew, after a pause that grows while they keep dying. What an
application ends with on purpose is not started again: a person must act, and reads why in the node's log.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import IO

import msgspec

from shanhai.kernel.files import write_bytes
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.comet import HOME, SOCKET
from shanhai.node.service import STOPPED

PIDS = "pids.json"
LOG = "node.log"
HALTED, REFUSED, REPLAYED = b"CONSENSUS FAILURE!!!", b"Error in validation", b"AppHash after replay"
PARTED = b"wrong Block.Header."
ASTRAY = (b"is higher than core (", b"is too far below block store base (")
"""What a consensus node writes: that it halts inside and goes on running; that it cannot take a block which the others
signed, looked at after their signatures; that replaying led elsewhere; that a block's hashes are not its own; that the
application's blocks and its own do not meet."""
FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_S = 0.5, 10.0, 20.0
STOP_S = 5.0
TICK_S = 0.05
LEAST_ROOM, ENOUGH_ROOM = 200 << 20, 400 << 20
"""Bytes: a node stops before its disk is full, since what a full disk leaves inside is anybody's guess, and goes on above."""
LOOK_S = 1.0
_PR_SET_PDEATHSIG = 1
TEXTS["consensus.parted"] = Text(
    "本节点算出的状态与网络确认的不同，已停止：程序或规则被改过，或数据库、共识数据被改写或换成了别的账本的。请换回与其他单位相同版本的程序，"
    "保留现场备查，再清空本节点的数据库和共识数据（保留 priv_validator_state.json），移走它错记的锚点，重新启动，区块会自动补齐",
    "This node came to another state than the network confirmed, and stopped: its software or rules were altered, or its "
    "database or consensus data were rewritten or are another ledger's. Put back the version that the others run and keep a "
    "copy of what is here; then empty database and consensus data (but priv_validator_state.json), move the anchor of the "
    "wrong state away and start again; the blocks are fetched",
)
TEXTS["consensus.astray"] = Text(
    "数据库与共识数据接不上，已停止：两者不是同一时刻的，或共识数据是别的账本的。请从同一份备份恢复两者；没有备份就清空两者"
    "（保留 priv_validator_state.json）重新启动，区块会自动补齐",
    "Database and consensus data do not meet, so the node stopped: they are not of one moment, or the consensus data is "
    "another ledger's. Restore both from one backup; without one empty both (but priv_validator_state.json) and start "
    "again, the blocks are fetched",
)
TEXTS["consensus.disk"] = Text(
    "磁盘只剩 {megabytes} MB，节点已停下，已入账的不受影响；请在 {path} 所在的磁盘上腾出空间（至少 {enough} MB），腾出后节点会自己继续",
    "Only {megabytes} MB are free: the node was stopped before the disk is full; what is final is not lost. Make room on the "
    "disk of {path} (at least {enough} MB free), and the node goes on by itself",
)


class Health(Enum):
    """What the log of a consensus node says of it."""

    WELL = "well"
    HALTED = "halted"
    PARTED = "parted"
    ASTRAY = "astray"


STOPS = {Health.PARTED: "consensus.parted", Health.ASTRAY: "consensus.astray"}
"""What a person must mend, and what is said then."""


def health(said: bytes) -> Health:
    """Return how a consensus node does by what it wrote; a bad proposal of another node is no fault of this one."""
    lines = said.splitlines()
    if any(
        REPLAYED in one or (PARTED in one and (HALTED in one or REFUSED in one)) for one in lines
    ):
        return Health.PARTED
    if any(mark in one for one in lines for mark in ASTRAY):
        return Health.ASTRAY
    return Health.HALTED if any(HALTED in one for one in lines) else Health.WELL


def room(folder: Path) -> int:
    """Return how many bytes are free on a folder's disk."""
    return shutil.disk_usage(folder).free


def _with_parent() -> None:
    """Ask the kernel to end this process when the supervisor ends; elsewhere than on Linux nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Program:
    """One program of a node: its command, and the process while it runs."""

    def __init__(
        self, command: Sequence[str], folder: Path, environ: Mapping[str, str], log: IO[bytes]
    ) -> None:
        self.command, self.folder, self.environ, self._log = list(command), folder, environ, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its output goes to the node's log."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            cwd=self.folder,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            preexec_fn=_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )

    @property
    def pid(self) -> int:
        """Return its process id, 0 while it does not run."""
        return self.process.pid if self.process is not None and self.alive else 0

    @property
    def alive(self) -> bool:
        """Return whether it runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def code(self) -> int | None:
        """Return what it ended with."""
        return self.process.poll() if self.process is not None else None

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.alive:
            self.process.terminate()

    def wait_for_end(self, seconds: float) -> None:
        """Wait, and kill it when it takes too long."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Pair:
    """One node: application and consensus node, and the pages beside them where they are wanted."""

    def __init__(
        self,
        folder: Path,
        comet: Path,
        environ: Mapping[str, str],
        pages: Sequence[str] = (),
        room: Callable[[Path], int] = room,
    ) -> None:
        """Prepare; nothing starts.

        Args:
            folder: The node's data folder.
            comet: The consensus program.
            environ: Of all its processes.
            pages: The command that serves pages, none for a node without.
            room: How many bytes are free where a folder lies.
        """
        self._room, self._looked, self.full = room, -LOOK_S, False
        self.folder, self._log = folder, (folder / LOG).open("ab")
        command = [sys.executable, "-m", "shanhai.cli", "node", "application", "."]
        self.application = Program(command, folder, environ, self._log)
        home = str(folder / HOME)
        self.node = Program([str(comet), "start", "--home", home], folder, environ, self._log)
        self.pages = Program(pages, folder, environ, self._log) if pages else None
        self.stopped = self._paired = False
        self._pause, self._next, self._since, self._read = FIRST_PAUSE_S, 0.0, 0.0, 0

    def start(self) -> None:
        """Start the application, and once it listens its consensus node."""
        (self.folder / SOCKET).unlink(missing_ok=True)
        self._since, self._paired = time.monotonic(), False
        self._read = (self.folder / LOG).stat().st_size
        self.application.start()

    def tick(self) -> None:
        """Look after the node once; called again and again."""
        if self.stopped or self._without_room():
            return
        if self.pages is not None and not self.pages.alive and self._listens():
            self.pages.start()
        if self._next:
            if time.monotonic() >= self._next:
                self._next = 0.0
                self.start()
        elif not self.application.alive or (self._paired and not self.node.alive):
            self._restart()
        elif (found := self._health()) is not Health.WELL:
            self._restart(found)
        elif not self._paired and self._listens():
            self.node.start()
            self._paired = True
        self._write()

    def _without_room(self) -> bool:
        """Return whether the node rests because its disk is nearly full; stop it, say so, or let it go on."""
        now = time.monotonic()
        if now - self._looked < LOOK_S:
            return self.full
        self._looked, free = now, self._room(self.folder)
        if not self.full and free < LEAST_ROOM:
            self.full = True
            self._say(
                "consensus.disk",
                megabytes=free >> 20,
                enough=ENOUGH_ROOM >> 20,
                path=str(self.folder),
            )
            self.end_both()
            self._write()
        elif self.full and free >= ENOUGH_ROOM:
            self.full, self._next = False, now
        return self.full

    def _say(self, code: str, **facts: str | int) -> None:
        """Write a sentence to the node's log; where that has no room, to the supervisor's error output."""
        line = f"{code}: {TEXTS[code].say('zh', facts)}\n{TEXTS[code].say('en', facts)}\n"
        try:
            self._log.write(line.encode())
            self._log.flush()
        except OSError:
            sys.stderr.write(line)

    def _listens(self) -> bool:
        """Return whether the application takes connections."""
        path = os.path.relpath(self.folder / SOCKET)  # a socket's path is short or refused
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path)
            except OSError:
                return False
        return True

    def _health(self) -> Health:
        """Read what was written to the log since the last look."""
        path = self.folder / LOG
        size = path.stat().st_size
        if size <= self._read:
            return Health.WELL
        with path.open("rb") as file:
            file.seek(self._read)
            said = file.read(size - self._read)
        whole = said.rfind(b"\n") + 1
        self._read += whole
        return health(said[:whole])

    def _restart(self, found: Health = Health.WELL) -> None:
        now = time.monotonic()
        if found is Health.WELL and self.application.alive:
            found = self._health()
        self.end_both()
        if found in STOPS:
            self._say(STOPS[found])
        if found in STOPS or self.application.code == STOPPED:
            self.stopped = True
            self._write()
            return
        steady = now - self._since > STEADY_S
        self._pause = FIRST_PAUSE_S if steady else min(self._pause * 2, LONGEST_PAUSE_S)
        self._next = time.monotonic() + (FIRST_PAUSE_S if steady else self._pause / 2)

    def end_both(self) -> None:
        """Stop consensus node and application; the next start is a new one."""
        for program in (self.node, self.application):
            program.ask_to_end()
            program.wait_for_end(STOP_S)

    def _write(self) -> None:
        """Say which processes the node consists of, for `status`."""
        now = {"application": self.application.pid, "node": self.node.pid}
        if self.pages is not None:
            now["web"] = self.pages.pid
        raw = msgspec.json.encode(now | {"stopped": int(self.stopped)})
        path = self.folder / PIDS
        if not path.exists() or path.read_bytes() != raw:
            with suppress(
                OSError
            ):  # a full disk must not end the node's keeper; `status` is late, no more
                write_bytes(path, raw)

    def last_words(self, lines: int = 4) -> str:
        """Return the end of the node's log: why it stopped."""
        said = (self.folder / LOG).read_text(encoding="utf-8", errors="replace")
        return "\n".join(said.splitlines()[-lines:])

    def ask_to_end(self) -> None:
        """Ask pages and consensus node to end; the application follows in `end`."""
        self.stopped = True
        for program in (self.pages, self.node):
            if program is not None:
                program.ask_to_end()

    def end(self) -> None:
        """Wait for everything to end."""
        for program in (self.pages, self.node):
            if program is not None:
                program.wait_for_end(STOP_S)
        self.application.ask_to_end()
        self.application.wait_for_end(STOP_S)
        self._write()
        self._log.close()


class Supervisor:
    """Some nodes on this machine, until SIGTERM or SIGINT."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.pairs, self._ending = list(pairs), False

    def run(
        self, ready: Callable[[], bool] = lambda: True, done: Callable[[], None] = lambda: None
    ) -> int:
        """Keep every node alive; return 0 when asked to end, 1 when no node is left that may run.

        Args:
            ready: Asked until it says yes.
            done: Called once then.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for pair in self.pairs:
            pair.start()
        told = False
        while not self._ending and not all(pair.stopped for pair in self.pairs):
            for pair in self.pairs:
                pair.tick()
            if not told and ready():
                told = True
                done()
            time.sleep(TICK_S)
        for pair in self.pairs:
            pair.ask_to_end()
        for pair in self.pairs:
            pair.end()
        return 0 if self._ending else 1

    def _end(self, *_: object) -> None:
        self._ending = True
