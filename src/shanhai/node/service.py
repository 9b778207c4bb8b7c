"""The application's process: serves one folder's ledger to its consensus node until it is told to stop.

It ends with 0 when asked to, with `STOPPED` when going on would be wrong and a person must act, with `FAILED` when
a restart may help (a full disk, a lost socket). What ended it stands on the last lines of its error output.
"""

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.kernel.errors import Halt, ShanhaiError, StorageError
from shanhai.node.abci import Server
from shanhai.node.checker import Checker
from shanhai.node.comet import SOCKET
from shanhai.node.consensus import Application
from shanhai.node.folder import open_storage, sealer
from shanhai.node.loop import Node, Publisher
from shanhai.node.pictures import Album
from shanhai.node.submitter import NetworkNode

STOPPED, FAILED = 3, 4
SEAL_S = 0.05
"""So long after a block is the head signed and anchored: meanwhile the network has its answer and goes on, and a node
that catches up seals once for many blocks. That an act stands is the network's word, on the disks of most nodes."""
YOUNG = 20_000
"""So many new objects are looked through for cycles at a time: acts that wait make many, and no cycles."""
AGAIN = frozenset({"storage.failed", "rpc.unreachable"})


class Service:
    """One folder's application."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.code = folder, 0
        self._end: asyncio.Event | None = None
        self._unsealed: Callable[[], None] | None = None
        self._checker = Checker()

    def run(self) -> int:
        """Serve until SIGTERM or a failure; return the process's exit code."""
        try:
            storage = open_storage(self.folder, create=True)
            application = Application(
                storage,
                self._publisher,
                soon=self.soon,
                after=self.after,
                checker=self._checker,
            )
            application.snapshots.album = Album(self.folder)
            application.snapshots.told = self.told
            self._check_clock(application)
            Path(SOCKET).unlink(missing_ok=True)
        except (ShanhaiError, Halt) as error:
            self.failed(error)
            return self.code
        asyncio.run(self._serve(application))
        self._checker.close()
        storage.connection.close()
        return self.code

    def _publisher(self, node: Node) -> Publisher:
        keeper = sealer(self.folder, node.constants.ledger)
        keeper.start(node)
        return keeper

    def soon(self, seal: Callable[[], None]) -> None:
        """Seal a moment later, once for every block that is committed until then."""
        if self._unsealed is None:
            asyncio.get_running_loop().call_later(SEAL_S, self.seal)
        self._unsealed = seal

    def after(self, write: Callable[[], None]) -> None:
        """Write a block as soon as the network has its answer."""
        asyncio.get_running_loop().call_soon(self._do, write)

    def seal(self) -> None:
        """Seal what was committed and is not sealed; a failure ends the process."""
        seal, self._unsealed = self._unsealed, None
        if seal is not None:
            self._do(seal)

    def _do(self, what: Callable[[], None]) -> None:
        try:
            what()
        except BaseException as error:  # noqa: BLE001 - whatever it is, this node must stop
            self.failed(error)

    @staticmethod
    def _check_clock(application: Application) -> None:
        """Refuse a clock that lies behind the ledger: this node's votes would bear a false time."""
        node, now = application.node, time.time_ns() // 1_000_000
        if node is None or application.point is None:
            return
        behind = application.point.time_ms - now
        if behind > NetworkNode.tolerance_ms:
            raise StorageError("clock.behind", ms=behind)

    async def _serve(self, application: Application) -> None:
        self._end = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end.set)
        gc.freeze()  # what was imported is never collected, so it need not be looked through
        gc.set_threshold(YOUNG)
        server = await Server(application.answer, self.failed).listen(Path(SOCKET))
        await self._end.wait()
        server.close()
        await asyncio.sleep(0)  # lets the last answer go out
        self.seal()

    @staticmethod
    def told(error: ShanhaiError) -> None:
        """Say why an offered snapshot was refused; another one may come."""
        words = error.told
        print(words, file=sys.stderr, flush=True)  # noqa: T201 - the supervisor reads it

    def failed(self, error: BaseException) -> None:
        """Say what went wrong and end the process."""
        if isinstance(error, ShanhaiError):
            self.code = FAILED if error.code in AGAIN else STOPPED
            words = error.told
        else:
            self.code = FAILED
            code = "storage.failed" if isinstance(error, Halt) else "abci.failed"
            told = StorageError(code, detail=f"{type(error).__name__}: {error}")
            words = f"{code}: {told.say('zh')}\n{told.say('en')}"
        print(words, file=sys.stderr, flush=True)  # noqa: T201 - the supervisor reads it
        if self._end is not None:
            if self.code == STOPPED:  # at once, before the supervisor ends it for another reason
                os._exit(STOPPED)
            self._end.set()
