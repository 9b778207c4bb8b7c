"""Drill `nodeloss`: under load one node loses everything; it comes back empty, judges every act again, and is equal.

The network is four real nodes. Each round kills both processes of one node, deletes its database and its blocks (its
keys and its record of votes stay, as after a restored machine), and waits until it has the size and root of the others.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.cli import _members
from shanhai.cli._load import Load
from shanhai.cli._load_acts import Acts
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.node import comet
from shanhai.node.folder import DATABASE
from shanhai.node.status import state_of
from shanhai.node.supervisor import TICK_S

COUNT = 3
NODES, RATE, SECONDS, PATIENCE_S = 4, 20.0, 8.0, 240.0


def run(plan: Plan) -> Result:
    """Lose a node as often as asked."""
    with tempfile.TemporaryDirectory() as name:
        drill = NodeLoss(Path(name), plan)
        try:
            return drill.run()
        finally:
            drill.end()


class NodeLoss:
    """A network whose nodes this process supervises itself."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder, self.plan, self.tally = folder, plan, Tally()
        self.random = random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
        self.network = _members.plan(NODES, 0, web=False)
        _members.found(folder, self.network)
        self.pairs = list(_members.pairs(folder, self.network, comet.program()))
        for pair in self.pairs:
            pair.start()

    def run(self) -> Result:
        """Lose one node after another."""
        self._wait(
            lambda: all(one["peers"] == NODES - 1 and one["height"] for one in self._states())
        )
        for number in range(self.plan.size):
            lost = self.random.randrange(NODES)
            good = self._round(lost)
            self.tally.count(good=good, what=f"{number}: node{lost} did not come back equal")
        return self.tally.result()

    def _round(self, lost: int) -> bool:
        """Lose a node under load; return whether it is equal afterwards and no act is missing."""
        source = Acts(
            self.network.folder(self.folder, (lost + 1) % NODES),
            _members.read_officers(self.folder),
        )
        rpcs = [one for at, one in enumerate(self.network.rpcs) if at != lost]
        load = Load([*rpcs, self.network.rpcs[lost]], source)
        results: list[dict[str, object]] = []
        sending = Thread(target=lambda: results.append(load.run(RATE, SECONDS)))
        sending.start()
        self._wait(lambda: load.sent > RATE)
        self._lose(lost)
        self._wait(lambda: not sending.is_alive())
        source.storage.connection.close()
        if not results or results[0]["lost"]:
            return False
        return self._wait(self._alike)

    def _lose(self, at: int) -> None:
        """Kill a node and delete what it had."""
        pair = self.pairs[at]
        for program in (pair.node, pair.application):
            if program.process is not None:
                program.process.kill()
                program.process.wait()
        folder = self.network.folder(self.folder, at)
        for path in folder.glob(f"{DATABASE}*"):
            path.unlink()
        data = folder / comet.HOME / "data"
        for path in data.iterdir():
            if path.name != "priv_validator_state.json":
                shutil.rmtree(path)
        if self.plan.plant:  # the planted fault: the node comes back without its peers
            config = folder / comet.HOME / "config/config.toml"
            text = config.read_text(encoding="utf-8")
            config.write_text(
                text.replace("persistent_peers", "# persistent_peers"), encoding="utf-8"
            )

    def _states(self) -> list[dict[str, object]]:
        return [state_of(self.network.folder(self.folder, at)) for at in range(NODES)]

    def _alike(self) -> bool:
        states = self._states()
        return len({(one["size"], one["root"], one["app_hash"]) for one in states}) == 1

    def _wait(self, until: Callable[[], bool]) -> bool:
        """Look after the nodes until something holds; return whether it came to that."""
        patience = PATIENCE_S / 6 if self.plan.plant else PATIENCE_S
        end, asked = time.monotonic() + patience, 0.0
        while time.monotonic() < end:
            for pair in self.pairs:
                pair.tick()
            if time.monotonic() - asked > 1:
                asked = time.monotonic()
                if until():
                    return True
            time.sleep(TICK_S)
        return False

    def end(self) -> None:
        """Stop every node."""
        for pair in self.pairs:
            pair.ask_to_end()
        for pair in self.pairs:
            pair.end()
