"""The rounds in which a consortium's node gathers cosignatures, in a thread beside its pages; it holds no lock."""

import sys
import threading
import time
from pathlib import Path

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.kernel.errors import Halt, ShanhaiError
from shanhai.ledger.certificate import Certificate
from shanhai.node.folder import log_signer, open_storage
from shanhai.node.founding import constants_of
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer
from shanhai.node.together import Together
from shanhai.node.witness.folder import shelf
from shanhai.node.witness.http import Client

EVERY_S = 1.0
PATIENCE_S = 2.0
"""How long another node's answer may take: one that is away must not hold up the others."""


class Rounds:
    """One folder's rounds, over a connection of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._together: Together | None = None
        self._clients: dict[str, Client] = {}
        self._said = ""

    def ask(self, url: str, path: str) -> bytes:
        """Return what lies at a node's site, over a connection that is kept."""
        client = self._clients.get(url)
        if client is None:
            client = self._clients[url] = Client(url, PATIENCE_S)
        return client.get(path)

    def once(self, now_ms: int) -> Certificate | None:
        """Run one round.

        Args:
            now_ms: This machine's time, epoch ms.
        """
        if self._together is None:
            storage = open_storage(self._folder)
            head = storage.head()
            if head is None:
                storage.connection.close()
                return None
            node = Node(storage, constants_of(storage, head.ledger))
            keeper = Sealer(log_signer(self._folder), None)
            self._together = Together(node, keeper, shelf(self._folder))
        return self._together.gather(self.ask, now_ms)

    def run(self) -> None:
        """Run rounds without end; what speaks against one is said once."""
        while True:
            time.sleep(EVERY_S)
            try:
                self.once(time.time_ns() // 1_000_000)
                self._said = ""
            except (ShanhaiError, Halt, OSError) as error:
                self._tell(error)

    def _tell(self, error: BaseException) -> None:
        said = str(error)
        if isinstance(error, ShanhaiError):
            said = error.told
        if said != self._said:
            self._said = said
            sys.stderr.write(f"{said}\n")


def start(folder: Path) -> threading.Thread:
    """Start the rounds in a thread that ends with the server."""
    thread = threading.Thread(target=Rounds(folder).run, name="together", daemon=True)
    thread.start()
    return thread
