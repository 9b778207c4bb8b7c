"""Real nodes of a consortium that a drill supervises itself, and a load on them that must lose nothing."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import Any

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.cli import _members
from shanhai.cli._load import Load
from shanhai.cli._load_acts import Acts
from shanhai.node import comet
from shanhai.node.folder import DATABASE
from shanhai.node.status import state_of
from shanhai.node.supervisor import TICK_S, Pair

PATIENCE_S = 240.0


class Nodes:
    """Some nodes, ready to be started."""

    def __init__(
        self, folder: Path, network: _members.Plan, pairs: Sequence[Pair], patience_s: float
    ) -> None:
        """Begin.

        Args:
            folder: Where the nodes' folders lie.
            network: Names and ports.
            pairs: The nodes.
            patience_s: How long anything may take, in seconds.
        """
        self.folder, self.network, self.pairs = folder, network, list(pairs)
        self.patience_s = patience_s

    @property
    def count(self) -> int:
        """Return how many nodes there are."""
        return len(self.pairs)

    def start(self) -> bool:
        """Start every node; return whether all have executed a block."""
        for pair in self.pairs:
            pair.start()
        return self.wait(lambda: all(one["height"] for one in self.states()))

    def data(self, at: int) -> Path:
        """Return a node's data folder."""
        return self.network.folder(self.folder, at)

    def states(self) -> list[dict[str, Any]]:
        """Return how every node stands."""
        return [state_of(self.data(at)) for at in range(self.count)]

    def size(self, at: int) -> int:
        """Return how many entries a node has."""
        return int(self.states()[at]["size"] or 0)

    def alike(self) -> bool:
        """Return whether every node has the same log and hash."""
        return len({(one["size"], one["root"], one["app_hash"]) for one in self.states()}) == 1

    def wait(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Look after the nodes until something holds; return whether it came to that.

        Args:
            until: Asked every second.
            seconds: For how long, None for as long as anything may take.
        """
        end = time.monotonic() + (self.patience_s if seconds is None else seconds)
        asked = 0.0
        while time.monotonic() < end:
            for pair in self.pairs:
                pair.tick()
            if time.monotonic() - asked > 1:
                asked = time.monotonic()
                if until():
                    return True
            time.sleep(TICK_S)
        return False

    def look_after(self, seconds: float) -> None:
        """Look after the nodes for a while."""
        self.wait(lambda: False, seconds)

    def kill(self, at: int) -> None:
        """Kill both processes of a node."""
        pair = self.pairs[at]
        for program in (pair.node, pair.application):
            if program.process is not None:
                program.process.kill()
                program.process.wait()

    def empty(self, at: int) -> None:
        """Delete a node's database and blocks; its keys and its record of votes stay."""
        for path in self.data(at).glob(f"{DATABASE}*"):
            path.unlink()
        for path in (self.data(at) / comet.HOME / "data").iterdir():
            if path.name != "priv_validator_state.json":
                shutil.rmtree(path)

    def replace(self, at: int, application: Sequence[str]) -> None:
        """Stop a node and start it with another application."""
        pair = self.pairs[at]
        pair.end_both()
        pair.application.command, pair.stopped = list(application), False
        pair.start()

    def end(self) -> None:
        """Stop every node."""
        for pair in self.pairs:
            pair.ask_to_end()
        for pair in self.pairs:
            pair.end()


class Loaded:
    """A load in a thread of its own."""

    def __init__(
        self, nodes: Nodes, rpcs: Sequence[str], rate: float, seconds: float, reads: int = 0
    ) -> None:
        """Begin.

        Args:
            nodes: Who is loaded.
            rpcs: Where acts are handed in.
            rate: Acts a second.
            seconds: For how long.
            reads: Whose database shows the state that acts are signed on.
        """
        self.nodes, self._results = nodes, list[dict[str, Any]]()
        self.source = Acts(nodes.data(reads), _members.read_officers(nodes.folder))
        self.load = Load(rpcs, self.source)
        run = lambda: self._results.append(self.load.run(rate, seconds, nodes.patience_s))  # noqa: E731 - a thread's whole work
        self._thread = Thread(target=run)
        self._thread.start()
        self.nodes.wait(lambda: self.load.sent > rate)

    def nothing_lost(self) -> bool:
        """Wait for its end; return whether every act is final or refused by the rules."""
        self.nodes.wait(lambda: not self._thread.is_alive())
        self._thread.join(self.nodes.patience_s)
        self.source.storage.connection.close()
        return bool(self._results) and not self._results[0]["lost"]
