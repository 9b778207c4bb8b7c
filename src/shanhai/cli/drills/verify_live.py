"""Drill `verify-live`: verification beside a writer raises no false alarm.

A checker that reads entries and head in two looks sees tampering where there is none; ours reads one
snapshot. The planted fault takes the snapshot away.
"""

import contextlib
import io
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shanhai.cli.drills.kill import close
from shanhai.cli.drills.result import Plan, Result, Tally
from shanhai.cli.drills.world import DATABASE, World
from shanhai.kernel.errors import ShanhaiError
from shanhai.node.anchor import parse_anchor
from shanhai.node.export import export_log
from shanhai.node.fsck import check
from shanhai.node.loop import Node
from shanhai.node.sqlite import SqliteStorage, connect
from shanhai.node.verify import Trust, verify_log

COUNT = 200
ACTS = 400


class Torn(SqliteStorage):
    """The planted fault: each statement sees another state."""

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold nothing."""
        yield


def run(plan: Plan) -> Result:
    """Verify as often as asked while another process appends."""
    if not hasattr(os, "fork"):
        return Result(0, 0, 0, skipped="no fork on this system")
    tally, world = Tally(), World(plan.seed, ACTS)
    with tempfile.TemporaryDirectory() as name:
        while tally.fired < plan.size:
            folder = Path(name) / str(tally.fired)
            _round(plan, tally, world, folder)
    return tally.result()


def _round(plan: Plan, tally: Tally, world: World, folder: Path) -> None:
    """Let one writer fill a ledger and verify until it is done."""
    close(world.begin(folder / "data", folder / "anchors"))
    child = os.fork()
    if child == 0:
        try:
            _write(world, folder)
        finally:
            os._exit(0)
    try:
        kind = Torn if plan.plant else SqliteStorage
        storage = kind(connect(folder / "data" / DATABASE))
        while tally.fired < plan.size and os.waitpid(child, os.WNOHANG)[0] == 0:
            before = _size(storage)
            problems = check(storage, None) or _exported(world, folder, storage)
            if (
                _size(storage) != before
            ):  # the head moved meanwhile: the fault that this drill is about
                tally.count(good=not problems, what=str(problems[:1]))
        storage.connection.close()
    finally:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _size(storage: SqliteStorage) -> int:
    head = storage.head()
    return head.size if head is not None else 0


def _exported(world: World, folder: Path, storage: SqliteStorage) -> list[ShanhaiError]:
    """Export and verify against the anchor as it stood before."""
    path = folder / "anchors" / world.constants.ledger
    anchor = parse_anchor(path.read_bytes())
    sealer = world.sealer(folder / "anchors")
    file = io.BytesIO()
    try:
        export_log(Node(storage, world.constants), sealer, file)
        verify_log(io.BytesIO(file.getvalue()), Trust(world.constants.ledger, anchor))
    except ShanhaiError as error:
        return [error]
    return []


def _write(world: World, folder: Path) -> None:
    node = world.open(folder / "data", folder / "anchors")
    for act in world.acts:
        node.submit(act, world.now)
