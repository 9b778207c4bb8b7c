"""Drill `kill`: a writer dies at each named point and at random; no acknowledged act is lost, none enters twice.

The writer is a process of its own. Its points: after the vault, before the commit, after the transaction,
the checkpoint, the anchor, and before the answer.
"""

import os
import random
import signal
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.world import World
from shanhai.kernel.errors import ShanhaiError
from shanhai.ledger.body import act_id
from shanhai.node.fsck import check
from shanhai.node.loop import Node
from shanhai.node.sql import SqlStorage

COUNT = 120
ACTS = 12
POINTS = (
    "after_vault",
    "before_commit",
    "after_transaction",
    "after_checkpoint",
    "after_anchor",
    "before_answer",
    "random",
)
VAULT = 'CREATE TABLE IF NOT EXISTS "drill_vault" ("id" integer PRIMARY KEY, "opening" text)'


def run(plan: Plan) -> Result:
    """Kill as often as asked, each point in turn."""
    if not hasattr(os, "fork"):
        return Result(0, 0, 0, skipped="no fork on this system")
    return Kill(plan).run()


def close(node: Node, *statements: str) -> None:
    """Run some last statements on a node's database and leave it."""
    storage = node.storage
    assert isinstance(storage, SqlStorage)  # noqa: S101 - narrows the type
    for statement in statements:
        storage.connection.execute(statement)
    storage.connection.close()


class Kill:
    """Runs one writer after another and looks at what each left behind."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.tally = plan, Tally()
        self.random = random.Random(plan.seed)  # noqa: S311 - a drill repeats itself
        self.world = World(plan.seed, ACTS)

    def run(self) -> Result:
        """Kill one writer after another."""
        survived = 0
        for number, point in enumerate(islice(cycle(POINTS), self.plan.size)):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                node = self.world.begin(folder / "data", folder / "anchors")
                close(node, VAULT)
                at = self.random.randrange(1, ACTS)
                acknowledged, killed = self._writer(folder, point, at)
                if not killed:
                    survived += 1
                    continue
                good = self._sound(folder, acknowledged)
                self.tally.count(good=good, what=f"{number}: {point} at act {at}")
        return self.tally.result(f"writers that ended before they were killed: {survived}")

    def _writer(self, folder: Path, point: str, at: int) -> tuple[list[str], bool]:
        """Start a writer, let it die, and return what it had acknowledged and whether it was killed."""
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            try:
                self._write(folder, point, at, write)
            finally:
                os._exit(0)
        os.close(write)
        if point == "random":
            time.sleep(self.random.random() * 0.04)
            os.kill(child, signal.SIGKILL)
        with os.fdopen(read) as lines:
            acknowledged = lines.read().split()
        _, status = os.waitpid(child, 0)
        return acknowledged, os.WIFSIGNALED(status)

    def _write(self, folder: Path, point: str, at: int, acknowledge: int) -> None:
        passed = 0

        def crash(here: str) -> None:
            nonlocal passed
            if here == point:
                passed += 1
                if passed == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        node = self.world.open(folder / "data", folder / "anchors", crash)
        storage = node.storage
        assert isinstance(storage, SqlStorage)  # noqa: S101 - narrows the type
        for number, act in enumerate(self.world.acts):
            storage.connection.execute('INSERT INTO "drill_vault" VALUES (?, ?)', (number, "模拟"))
            crash("after_vault")
            id = act_id(node.constants.suite, act.body)  # noqa: A001 - the field's name
            if self.plan.plant:  # the planted fault: the answer goes out before the act is written
                os.write(acknowledge, f"{id}\n".encode())
            if node.submit(act, self.world.now).accepted:
                os.write(acknowledge, f"{id}\n".encode())

    def _sound(self, folder: Path, acknowledged: list[str]) -> bool:
        """Start again as the platform would, and look for what was promised."""
        try:
            node = self.world.open(folder / "data", folder / "anchors")
        except ShanhaiError as error:
            self.tally.notes.append(str(error))
            return False
        storage = node.storage
        assert isinstance(storage, SqlStorage)  # noqa: S101 - narrows the type
        known = storage.known(sorted(set(acknowledged)))
        (vault,) = storage.connection.execute('SELECT count(*) FROM "drill_vault"').fetchone()
        if known.keys() != set(acknowledged) or vault < len(known):
            return False
        answers = node.submit_many(self.world.acts, self.world.now)
        whole = node.head().size == ACTS + 1 and all(one.accepted for one in answers)
        repeated = all(one.duplicate for one in answers if one.act_id in known)
        sound = not check(storage, self.world.sealer(folder / "anchors"))
        storage.connection.close()
        return whole and repeated and sound
