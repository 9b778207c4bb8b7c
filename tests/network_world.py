"""A consortium of four real nodes under `shanhai network up`, for tests that kill, stop and ask them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shanhai.cli._members import Plan, read_plan
from shanhai.node.status import state_of

PATIENCE_S = 240
"""How long anything may take on a machine that does other things too; nothing is measured here."""


def wait(until: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < end, what
        time.sleep(0.5)


class Network:
    """A network under `shanhai network up`."""

    def __init__(self, folder: Path, *, web: bool = False) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "shanhai.cli", "network", "up"]
        command += ["--data-dir", str(folder), *([] if web else ["--no-web"])]
        environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        self.process = subprocess.Popen(command, env=environ)
        wait(self._serves, "the network serves")
        plan = read_plan(folder)
        assert plan is not None
        self.plan: Plan = plan

    def _serves(self) -> bool:
        assert self.process.poll() is None, "the network ended before it served"
        return (self.folder / "ready").exists()

    def data(self, at: int) -> Path:
        """Return a node's data folder."""
        return self.plan.folder(self.folder, at)

    def url(self, at: int) -> str:
        """Return where a node's pages are."""
        return f"http://localhost:{self.plan.ports[at][2]}"

    def states(self) -> list[dict[str, Any]]:
        """Return how every node stands."""
        return [state_of(self.data(at)) for at in range(len(self.plan.names))]

    def kill(self, at: int, name: str) -> None:
        """Kill one process of a node."""
        os.kill(self.states()[at]["pids"][name], signal.SIGKILL)

    def cut_off(self, at: int) -> Callable[[], None]:
        """Stop both processes of a node where they stand; return what lets them go on."""
        pids = self.states()[at]["pids"]
        pair = [pids[name] for name in ("node", "application")]
        for pid in pair:
            os.kill(pid, signal.SIGSTOP)

        def heal() -> None:
            for pid in pair:
                os.kill(pid, signal.SIGCONT)

        return heal

    def alike(self, size: int) -> bool:
        """Return whether every node has so many entries and the same root, and has its peers."""
        states = self.states()
        same = {(one["size"], one["root"], one["app_hash"]) for one in states}
        return {one["size"] for one in states} == {size} and len(same) == 1

    def end(self) -> int:
        """Stop it and return its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE_S)
